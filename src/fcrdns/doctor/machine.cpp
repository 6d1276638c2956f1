#include "fcrdns/doctor/machine.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "fcrdns/base/text.hpp"
#include "fcrdns/doctor/quoted.hpp"

namespace fcrdns::doctor {
namespace {

namespace fs = std::filesystem;
using host::Kind;
using host::Place;

/// Where a place is, and what the readers are to look at there; `config` empty: where the packages put it.
struct Where {
  Place place;
  std::string config;
};

/// Mail servers' settings inside the folders of projects.
constexpr std::string_view project_configs[] = {"data/conf/postfix", "config", "docker-data/dms/config", "overrides/postfix"};

bool is_root_of_a_system(const fs::path& folder) {
  std::error_code none;
  return fs::is_directory(folder / "etc", none) && !fs::exists(folder / "main.cf", none);
}

base::Expected<Where> given_folder(const std::string& given) {
  std::error_code error;
  const auto path = fs::absolute(given, error).lexically_normal();
  if (error || !fs::exists(path, error)) return base::fault("--config-dir " + base::escape(given) + ": there is nothing of that name");
  auto text = path.string();
  if (text.size() > 1 && text.ends_with('/')) text.pop_back();
  Place place;
  if (is_root_of_a_system(path)) {
    place.root = text;
    return Where{place, ""};
  }
  host::Files files;
  auto project = host::find_project(files, text);
  if (!project) return Where{place, text};
  for (const auto& running : host::find_places())
    if (running.project && running.project->folder == project->folder) return Where{running, ""};
  place.project = std::move(project);
  for (const auto sub : project_configs)
    if (fs::exists(path / sub / "main.cf", error)) return Where{place, (path / sub).string()};
  return Where{place, text};
}

std::string name_of(const Place& place) { return place.container.empty() ? "this machine itself" : "container " + base::escape(place.container, 80); }

/// The one that most likely sends: a project's container, then this machine, then any other container; what runs first.
base::Expected<Where> choose(const Options& options, Machine& machine) {
  if (!options.container.empty()) {
    auto place = host::find_container(options.container);
    if (!place) return std::unexpected(place.error());
    return Where{*std::move(place), ""};
  }
  if (!options.config_dir.empty()) return given_folder(options.config_dir);
  auto places = host::find_places();
  std::erase_if(places, [&](const Place& place) {
    machine.hidden = machine.hidden || place.hidden;
    return place.hidden;
  });
  if (machine.hidden)
    machine.unseen.emplace_back("a mail server that this user may not look at, its network and its files: sudo fcrdns doctor");
  if (places.empty()) return Where{};
  std::ranges::stable_sort(places, {}, [](const Place& place) {
    return std::pair(place.pid == 0, place.project ? 0 : place.container.empty() && !place.own_network ? 1 : 2);
  });
  for (std::size_t i = 1; i < places.size(); ++i)
    if (places[i].pid != 0)
      machine.elsewhere.push_back(fmt::format("a mail server runs in {} too{}", name_of(places[i]),
                                              places[i].container.empty() ? "" : ": fcrdns doctor --container " + base::escape(places[i].container, 80)));
  return Where{places.front(), ""};
}

/// By the name of the process.
std::optional<Kind> kind_of_process(int pid) {
  constexpr std::array<std::pair<std::string_view, Kind>, 8> names{{
      {"master", Kind::postfix}, {"exim4", Kind::exim}, {"exim", Kind::exim}, {"smtpd", Kind::opensmtpd}, {"sendmail-mta", Kind::sendmail},
      {"sendmail", Kind::sendmail}, {"haraka", Kind::haraka}, {"stalwart", Kind::stalwart},
  }};
  if (pid == 0) return std::nullopt;
  host::Files proc;
  auto comm = proc.read(fmt::format("/proc/{}/comm", pid)).value_or("");
  const auto word = base::trim(comm);
  for (const auto& [name, kind] : names)
    if (word == name || (name.size() > 6 && word.starts_with(name))) return kind;
  return std::nullopt;
}

std::optional<base::WallTime> changed_at(const fs::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return base::WallTime{std::chrono::seconds{info.st_mtime}};
}

/// Of the folder's own files, or the one file.
std::optional<base::WallTime> last_change(const host::Files& files, const std::vector<host::Mta>& mtas) {
  std::optional<base::WallTime> out;
  for (const auto& mta : mtas) {
    if (mta.config.empty()) continue;
    const fs::path path = files.outside(mta.config);
    std::error_code error;
    out = std::max(out, fs::is_directory(path, error) ? std::nullopt : changed_at(path));
    for (fs::directory_iterator each(path, error), end; !error && each != end; each.increment(error))
      if (each->is_regular_file(error)) out = std::max(out, changed_at(each->path()));
  }
  return out;
}

/// Where there is no mail server: any program that sends by itself, as the system resolves names.
host::Mta any_program(const host::Names& names) {
  host::Mta out;
  out.hostname = names.fqdn.empty() ? names.hostname : names.fqdn;
  host::Client client{.name = "any program"};
  client.order.value = host::Order::as_resolved;
  client.helo.value = out.hostname;
  out.clients.push_back(std::move(client));
  out.routes.push_back({.client = "any program"});
  return out;
}

void read_configuration(Reached& reached, const std::string& config) {
  auto& machine = reached.machine;
  machine.local = host::read_local_names(*reached.files, machine.hostname);
  machine.mtas = host::read_all(*reached.files, machine.local.names, config);
  machine.running = kind_of_process(machine.place.pid);
  if (machine.running) std::ranges::stable_partition(machine.mtas, [&](const host::Mta& mta) { return mta.kind == *machine.running; });
  for (const auto& mta : machine.mtas)
    if (mta.kind == machine.mtas.front().kind) machine.senders.push_back(mta);
  if (machine.senders.empty()) machine.senders.push_back(any_program(machine.local.names));
  machine.configured = last_change(*reached.files, machine.senders);
}

void read_kernel(Machine& machine, host::Kernel& kernel) {
  machine.addresses = kernel.addresses();
  machine.routes = kernel.routes();
  machine.rules = kernel.rules();
  for (const auto& one : machine.addresses) {
    if (std::ranges::find(machine.use_tempaddr, one.interface, &std::pair<std::string, int>::first) != machine.use_tempaddr.end()) continue;
    if (const auto set = kernel.use_tempaddr(one.interface)) machine.use_tempaddr.emplace_back(one.interface, *set);
  }
}

}  // namespace

base::Expected<Reached> reach(const Options& options, base::WallTime now) {
  Reached out;
  auto& machine = out.machine;
  machine.now = now;
  auto where = choose(options, machine);
  if (!where) return std::unexpected(where.error());
  machine.place = std::move(where->place);
  out.files = std::make_unique<host::Files>(machine.place.root);
  if (machine.place.hidden) {
    machine.unseen.push_back(fmt::format("the network and the files of {}: this user may not look at them; sudo fcrdns doctor", name_of(machine.place)));
  } else if (machine.place.own_network) {
    auto kernel = host::kernel_of(machine.place.pid);
    if (kernel) out.kernel = *std::move(kernel);
    else machine.unseen.push_back(fmt::format("the network of {}: {}", name_of(machine.place), kernel.error().message));
  } else {
    out.kernel = host::own_kernel();
  }
  if (out.kernel) machine.hostname = base::escape(out.kernel->hostname(), 255);
  if (out.kernel) read_kernel(machine, *out.kernel);
  read_configuration(out, where->config);
  if (machine.place.assumed && machine.mtas.empty()) {  // what runs has its configuration elsewhere: in a container
    machine.hidden = true;
    machine.unseen.emplace_back("the files of a mail server that runs here: sudo fcrdns doctor");
  }
  machine.outside = host::look_outside(*out.files, *host::own_kernel());  // this host translates, not the container
  if (!machine.outside.nat_unseen.empty()) machine.unseen.push_back(machine.outside.nat_unseen);

  std::vector<std::string> logs = options.logs;
  if (logs.empty())
    for (const auto& sender : machine.senders)
      for (const auto& log : sender.logs) {
        const auto path = out.files->outside(log);
        if (std::ranges::find(logs, path) == logs.end()) logs.push_back(path);
      }
  machine.quoted = quoted_in_logs(logs, now, machine.unseen);
  if (machine.mtas.empty() && !machine.hidden && ::geteuid() != 0)
    machine.unseen.emplace_back("mail servers in containers, and what only root may read: sudo fcrdns doctor");
  return out;
}

void note_unseen_files(Reached& reached) {
  for (const auto& file : reached.files->unseen()) {
    auto line = base::escape(file.path, 300) + " " + std::string(host::to_word(file.why));
    if (std::ranges::find(reached.machine.unseen, line) == reached.machine.unseen.end()) reached.machine.unseen.push_back(std::move(line));
  }
}

}  // namespace fcrdns::doctor
