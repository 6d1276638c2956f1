// main.cf and master.cf: postconf(5), master(5). Postfix refuses to run with what is told here as a problem; the rest of the
// file is read all the same.
#include "fcrdns/host/postfix_config.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::host::postfix {
namespace {

constexpr std::size_t max_problems = 200;
constexpr std::size_t max_services = 2'000;
constexpr std::size_t fields_before_arguments = 8;  // name, type, private, unprivileged, chroot, wakeup, maxproc, command
constexpr std::string_view types[] = {"inet", "unix", "fifo", "pass", "unix-dgram"};

std::string last_part(std::string_view path) {
  const auto slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

/// -o name=value, -o {name = value}, -oname=value: for the services of Postfix.
void take_options(Service& service, const std::vector<Word>& words, std::string_view file, Problems& problems) {
  for (auto i = fields_before_arguments; i < words.size(); ++i) {
    auto at = words[i].at;
    auto text = words[i].inside();
    if (!text.starts_with("-o")) continue;
    if (text = text.substr(2); text.empty()) {
      if (++i == words.size()) return add_problem(problems, file, service.line, "-o without name=value");
      text = words[i].inside();
      at = words[i].at;
    }
    const auto line = service.lines.part_at(at).line;
    const auto setting = split_setting(text);
    if (!setting) {
      add_problem(problems, file, line, "-o needs name=value: \"" + base::escape(text, 80) + '"');
      continue;
    }
    const auto& [name, value] = *setting;
    service.own.insert_or_assign(std::string(name), Setting{std::string(value), {std::string(file), line, "-o " + base::escape(text)}});
  }
}

/// gethostname(2), made whole with mydomain: what Postfix takes for myhostname.
std::string default_hostname(const std::string& machine, const std::string& mydomain) {
  if (machine.find('.') != std::string::npos) return machine;
  return machine + "." + (mydomain.empty() ? "localdomain" : mydomain);
}

std::string domain_of(std::string_view hostname) {
  const auto dot = hostname.find('.');
  return dot == std::string_view::npos ? "localdomain" : std::string(hostname.substr(dot + 1));
}

}  // namespace

void add_problem(Problems& problems, std::string_view file, std::size_t line, std::string_view what) {
  auto problem = base::escape(file) + (line == 0 ? " " : ":" + std::to_string(line) + ": ") + std::string(what);
  if (problems.size() < max_problems && std::ranges::find(problems, problem) == problems.end()) problems.push_back(std::move(problem));
}

Settings parse_main(std::string_view text, std::string_view file, Problems& problems) {
  Settings settings;
  for (const auto& line : logical_lines(text)) {
    const auto shown = base::escape(base::trim(line.text), 80);
    const auto setting = split_setting(line.text);
    if (line.text.front() == ' ' || line.text.front() == '\t')
      add_problem(problems, file, line.line(), "continues no line before it, Postfix ignores it: \"" + shown + '"');
    else if (!setting)
      add_problem(problems, file, line.line(), "is not \"name = value\", Postfix does not run with that: \"" + shown + '"');
    else
      settings.insert_or_assign(std::string(setting->first), Setting{std::string(setting->second),
          {std::string(file), line.line(), base::escape(setting->first) + " = " + base::escape(setting->second)}});
  }
  return settings;
}

std::vector<Service> parse_master(std::string_view text, std::string_view file, Problems& problems) {
  std::vector<Service> services;
  for (auto& line : logical_lines(text)) {
    const auto words = split_words(line.text, white_space);
    const bool continues = line.text.front() == ' ' || line.text.front() == '\t';
    if (continues || words.size() < fields_before_arguments || std::ranges::find(types, words[1].text) == std::end(types)) {
      add_problem(problems, file, line.line(), "is no service, Postfix does not run with that: \"" +
                                                   base::escape(base::trim(line.text), 80) + '"');
      continue;
    }
    Service service{std::string(words[0].text), std::string(words[1].text), last_part(words[7].text), {}, {}, line.line(), line};
    for (auto i = fields_before_arguments; i < words.size(); ++i) service.arguments.emplace_back(words[i].inside());
    take_options(service, words, file, problems);
    if (const auto twin = std::ranges::find(services, service.id(), &Service::id); twin != services.end()) *twin = std::move(service);
    else if (services.size() < max_services) services.push_back(std::move(service));
  }
  return services;
}

const Service* Instance::service(std::string_view name, std::string_view type) const {
  const auto found = std::ranges::find_if(services, [&](const Service& s) { return s.name == name && s.type == type; });
  return found == services.end() ? nullptr : &*found;
}

const Setting* Instance::setting(std::string_view name, const Service* service) const {
  if (service != nullptr)
    if (const auto own = service->own.find(name); own != service->own.end()) return &own->second;
  const auto set = main.find(name);
  return set == main.end() ? nullptr : &set->second;
}

Expanded Instance::evaluate(std::string_view name, const Service* service) const {
  bool asked_domain = false;  // myhostname asks for mydomain, which asks for myhostname
  const Lookup raw = [&](std::string_view wanted) -> std::optional<std::string> {
    if (const auto* const set = setting(wanted, service)) return set->value;
    if (wanted == "config_directory") return folder;
    if (wanted == "myhostname") {
      const auto* const domain = setting("mydomain", service);
      return default_hostname(names.hostname, domain != nullptr ? domain->value : "");
    }
    if (wanted == "mydomain") {
      const auto* const host = setting("myhostname", service);
      if (std::exchange(asked_domain, true)) return "localdomain";
      const auto value = domain_of(host != nullptr ? expand(host->value, raw).text : default_hostname(names.hostname, ""));
      asked_domain = false;
      return value;
    }
    const auto standard = default_of(wanted);
    return standard ? std::optional(std::string(*standard)) : std::nullopt;
  };
  const auto value = raw(name);
  return value ? expand(*value, raw) : Expanded{};
}

Set<std::string> Instance::value(std::string_view name, const Service* service) const {
  const auto* const set = setting(name, service);
  auto expanded = evaluate(name, service);
  return {std::string(base::trim(expanded.text)), set != nullptr ? std::optional(set->origin) : std::nullopt};
}

std::string Instance::trouble(std::string_view name, const Service* service) const { return evaluate(name, service).trouble; }

bool Instance::is_yes(std::string_view name, const Service* service) const {
  return base::equals_ignoring_case(value(name, service).value, "yes");
}

std::optional<Instance> read_instance(Files& files, const Names& names, std::string folder) {
  Instance instance;
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  instance.folder = std::move(folder);
  instance.names = names;
  const auto main_file = instance.file("main.cf"), master_file = instance.file("master.cf");
  const auto main = files.read(main_file), master = files.read(master_file);
  const auto is_missing = [](const auto& text) { return !text && text.error() == Unreadable::missing; };
  if (is_missing(main) && is_missing(master)) return std::nullopt;
  instance.main_seen = main.has_value();
  instance.master_seen = master.has_value();
  if (main) instance.main = parse_main(*main, main_file, instance.problems);
  else add_problem(instance.problems, main_file, 0, to_word(main.error()));
  if (master) instance.services = parse_master(*master, master_file, instance.problems);
  else add_problem(instance.problems, master_file, 0, to_word(master.error()));
  return instance;
}

}  // namespace fcrdns::host::postfix
