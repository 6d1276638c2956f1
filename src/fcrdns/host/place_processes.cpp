#include "fcrdns/host/place_processes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <ranges>
#include <set>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/files.hpp"

namespace fcrdns::host {
namespace {

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value > 0 ? std::optional(value) : std::nullopt;
}

std::string link(const std::string& path) {
  std::error_code error;
  const auto target = std::filesystem::read_symlink(path, error);
  return error ? std::string() : target.string();
}

int parent_in(std::string_view status) {
  for (const auto line : base::split(status, '\n'))
    if (line.starts_with("PPid:")) return number(base::trim(line.substr(5))).value_or(0);
  return 0;
}

std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // without a slash: npos + 1 is 0
}

Process look(const std::string& proc, const std::string& name) {
  Files files(proc);
  Process out;
  if (const auto status = files.read("/" + name + "/status")) out.parent = parent_in(*status);
  const auto folder = proc + "/" + name;
  out.net = link(folder + "/ns/net");
  out.mnt = link(folder + "/ns/mnt");
  out.pids = link(folder + "/ns/pid");
  if (auto root = link(folder + "/root"); root != "/") out.root = std::move(root);
  if (const auto group = files.read("/" + name + "/cgroup")) out.group = parse_group(*group);
  return out;
}

/// A name as the kernel keeps it (at most 15 octets), and what must stand in the command line besides.
struct Server {
  std::string_view name;
  bool (*fits)(const std::vector<std::string_view>& arguments);
};
bool any(const std::vector<std::string_view>&) { return true; }
bool of_postfix(const std::vector<std::string_view>& arguments) { return arguments[0].find("postfix") != std::string_view::npos; }
bool listens(const std::vector<std::string_view>& arguments) {  // the command of this name, which hands over one mail, does not
  return arguments[0].starts_with("sendmail: ") ||
         std::ranges::any_of(arguments, [](std::string_view word) { return word.starts_with("-bd") || word.starts_with("-bD"); });
}
bool runs_haraka(const std::vector<std::string_view>& arguments) {
  return std::ranges::any_of(arguments | std::views::take(4), [](std::string_view word) {
    const auto name = file_name(word);
    return name == "haraka" || name == "haraka.js";
  });
}
constexpr std::array<Server, 12> servers{{{"master", of_postfix}, {"exim4", any}, {"exim", any}, {"smtpd", any}, {"sendmail", listens},
                                          {"sendmail-mta", listens}, {"node", runs_haraka}, {"MainThread", runs_haraka},
                                          {"haraka", any}, {"Haraka", any}, {"stalwart", any}, {"stalwart-mail", any}}};

}  // namespace

std::optional<Process> look_at(const std::string& proc, int pid) {
  const auto name = fmt::format("{}", pid);
  if (!Files(proc).exists("/" + name)) return std::nullopt;
  auto process = look(proc, name);
  process.pid = pid;
  return process;
}

Process look_at_self(const std::string& proc) { return look(proc, "self"); }

bool is_mail_server(std::string_view name, const std::vector<std::string_view>& arguments) {
  return !arguments.empty() && std::ranges::any_of(servers, [&](const Server& server) { return server.name == name && server.fits(arguments); });
}

std::vector<int> list_processes(const std::string& proc) {
  std::vector<int> out;
  for (const auto& name : Files(proc).list("/"))
    if (const auto pid = number(name)) out.push_back(*pid);
  std::ranges::sort(out);
  return out;
}

std::vector<Process> find_mail_servers(const std::string& proc) {
  Files files(proc);
  std::vector<Process> found;
  std::set<int> numbers;
  for (const auto pid : list_processes(proc)) {
    const auto name = files.read(fmt::format("/{}/comm", pid));
    if (!name || std::ranges::find(servers, base::trim(*name), &Server::name) == servers.end()) continue;
    const auto line = files.read(fmt::format("/{}/cmdline", pid));
    if (!line || !is_mail_server(base::trim(*name), base::split(std::string_view(*line).substr(0, 65536), '\0'))) continue;
    if (auto process = look_at(proc, pid)) {
      numbers.insert(pid);
      found.push_back(std::move(*process));
    }
  }
  std::erase_if(found, [&](const Process& process) { return numbers.contains(process.parent); });
  return found;
}

}  // namespace fcrdns::host
