// Places are told apart by their namespaces. A mail server that runs under a service manager may have a mount namespace of
// its own (PrivateTmp= and the like, systemd.exec(5)) and is on the machine itself all the same: what makes a container is
// another network, other process numbers, or the name of its control group.
#include "fcrdns/host/place.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/place_containers.hpp"
#include "fcrdns/host/place_processes.hpp"

namespace fcrdns::host {
namespace {

/// Where packages put a mail server's configuration.
constexpr std::array configurations{"/etc/postfix/main.cf", "/etc/exim4", "/etc/exim/exim.conf", "/etc/exim.conf", "/etc/smtpd.conf",
                                    "/etc/opensmtpd/smtpd.conf", "/etc/smtpd/smtpd.conf", "/etc/mail/sendmail.cf", "/etc/haraka",
                                    "/opt/stalwart/etc/config.toml", "/opt/stalwart-mail/etc/config.toml", "/etc/stalwart/config.toml"};

bool is_of_machine(const Process& process, const Process& self) {
  if (process.group != GroupName() && process.group != self.group) return false;
  return process.is_hidden() || (process.net == self.net && process.pids == self.pids);
}

bool is_same_place(const Process& a, const Process& b) {
  return a.is_hidden() || b.is_hidden() ? a.group == b.group : a.net == b.net && a.mnt == b.mnt;
}

/// The name that `ip netns` knows a network by; empty: none.
std::string network_name(const Files& machine, int pid) {
  struct stat wanted{}, is{};
  if (::stat(fmt::format("/proc/{}/ns/net", pid).c_str(), &wanted) != 0) return {};
  for (const auto& name : Files(machine).list("/run/netns"))
    if (::stat(machine.outside("/run/netns/" + name).c_str(), &is) == 0 && is.st_ino == wanted.st_ino && is.st_dev == wanted.st_dev)
      return base::escape(name, 64);
  return {};
}

/// What a process's machine calls itself; empty: not to be seen, or as ours.
std::string host_name(const std::string& proc, int pid) {
  if (proc == "/proc") {
    const auto kernel = kernel_of(pid);
    const auto name = kernel ? (*kernel)->hostname() : std::string();
    return name == own_kernel()->hostname() ? std::string() : name;
  }
  const auto name = Files(fmt::format("{}/{}/root", proc, pid)).read("/etc/hostname");
  return name ? base::escape(base::trim(*name), 64) : std::string();
}

/// Tells containers by name; asks the daemons once, when the first one is found.
class Namer {
 public:
  Namer(const std::string& proc, const Files& machine) : proc_(proc), machine_(machine) {}

  const std::vector<Container>& containers() {
    if (!containers_) containers_ = ask_for_containers(machine_);
    return *containers_;
  }
  const Container* container_of(const Process& process) {
    const auto& all = containers();
    if (const auto found = std::ranges::find(all, process.group.id, &Container::id); found != all.end()) return &*found;
    if (process.is_hidden()) return nullptr;
    for (const auto& one : all) {  // a control group namespace hides the id
      const auto first = ask_for_first_process(one);
      const auto its = first ? look_at(proc_, *first) : std::nullopt;
      if (its && !its->is_hidden() && is_same_place(*its, process)) return &one;
    }
    return nullptr;
  }
  std::string name_of(const Process& process, const Container* container) const {
    if (container != nullptr && !container->name.empty()) return container->name;
    if (!process.group.id.empty()) return process.group.id.substr(0, 12);
    if (!process.group.name.empty()) return process.group.name;
    if (auto name = host_name(proc_, process.pid); !name.empty()) return name;
    if (auto name = network_name(machine_, process.pid); !name.empty()) return name;
    return fmt::format("of process {}", process.pid);
  }

 private:
  const std::string& proc_;
  const Files& machine_;
  std::optional<std::vector<Container>> containers_;
};

Place on_machine(const Process& process, const Process& self, const std::string& proc, const std::string& root) {
  Place place;
  place.pid = process.pid;
  place.assumed = process.is_hidden();
  place.root = process.root == self.root || process.is_hidden() ? root : fmt::format("{}/{}/root", proc, process.pid);
  return place;
}

Place in_container(const Process& process, const Process& self, const std::string& proc, Files& machine, Namer& namer) {
  const auto* const container = namer.container_of(process);
  Place place;
  place.container = namer.name_of(process, container);
  place.pid = process.pid;
  place.hidden = process.is_hidden();
  place.own_network = !process.is_hidden() && process.net != self.net;
  place.root = fmt::format("{}/{}/root", proc, process.pid);
  const auto folder = container != nullptr ? container->folder : std::string();
  place.project = find_project(machine, folder);
  return place;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value > 0 ? std::optional(value) : std::nullopt;
}

/// A mail server in the container of this process, else that process.
Process sender_in(const Process& process, const std::string& proc) {
  for (const auto& server : find_mail_servers(proc))
    if (is_same_place(server, process)) return server;
  return process;
}

/// The first process that `fits`, among those that are not of the machine.
template <typename Fits>
std::optional<Process> first_process(const std::string& proc, const Process& self, const Fits& fits) {
  for (const auto pid : list_processes(proc)) {
    auto process = look_at(proc, pid);
    if (process && !is_of_machine(*process, self) && fits(*process)) return process;
  }
  return std::nullopt;
}

bool group_is_called(const Process& process, std::string_view word) {
  return process.group.name == word || is_called({.id = process.group.id}, word);
}

base::Expected<std::optional<Process>> told_by_daemons(std::string_view word, const std::string& proc, Namer& namer) {
  std::vector<Container> called;
  std::ranges::copy_if(namer.containers(), std::back_inserter(called), [&](const Container& one) { return is_called(one, word); });
  if (called.empty()) return std::nullopt;
  if (called.size() > 1) {
    std::string names;
    for (const auto& one : called) names += (names.empty() ? "" : ", ") + one.name;
    return base::fault(fmt::format("several containers are called {}: {}", base::escape(word, 80), names));
  }
  if (const auto first = ask_for_first_process(called.front())) return look_at(proc, *first);
  return std::nullopt;
}

}  // namespace

std::vector<Place> find_places(const std::string& proc, const std::string& root) {
  Files machine(root);
  Namer namer(proc, machine);
  const auto self = look_at_self(proc);
  std::vector<Place> places;
  std::vector<Process> seen;
  std::set<std::string> roots;  // of the machine itself
  for (const auto& process : find_mail_servers(proc)) {
    if (is_of_machine(process, self)) {
      auto place = on_machine(process, self, proc, root);
      if (roots.insert(place.root == root ? root : process.root).second) places.push_back(std::move(place));
    } else if (std::ranges::none_of(seen, [&](const Process& other) { return is_same_place(other, process); })) {
      seen.push_back(process);
      places.push_back(in_container(process, self, proc, machine, namer));
    }
  }
  if (places.empty() && std::ranges::any_of(configurations, [&](const char* path) { return machine.exists(path); })) {
    places.emplace_back();
    places.back().root = root;
  }
  return places;
}

base::Expected<Place> find_container(std::string_view name, const std::string& proc, const std::string& root) {
  Files machine(root);
  Namer namer(proc, machine);
  const auto self = look_at_self(proc);
  auto told = told_by_daemons(name, proc, namer);
  if (!told) return std::unexpected(told.error());
  auto process = std::move(*told);
  if (!process) process = first_process(proc, self, [&](const Process& one) { return group_is_called(one, name); });
  if (const auto pid = number(name); !process && pid) process = look_at(proc, *pid);
  std::set<std::string> asked;
  if (!process)
    process = first_process(proc, self, [&](const Process& one) {
      return !one.is_hidden() && asked.insert(one.net + one.pids).second && host_name(proc, one.pid) == name;
    });
  if (!process)
    return base::fault(fmt::format("no container called {} is running{}; docker ps or podman ps lists them", base::escape(name, 80),
                                   ::geteuid() == 0 ? "" : ", or this user may not see it (sudo)"));
  return in_container(sender_in(*process, proc), self, proc, machine, namer);
}

}  // namespace fcrdns::host
