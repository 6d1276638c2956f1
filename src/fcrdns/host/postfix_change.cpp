// Changes of a Postfix configuration. What concerns sending goes to the services that send (master.cf, -o): in main.cf,
// inet_protocols would close the way in as well, and smtp_address_preference only changes which family comes first.
#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/change.hpp"
#include "fcrdns/host/postfix_edit.hpp"
#include "fcrdns/host/postfix_routes.hpp"

namespace fcrdns::host {
namespace {

using namespace postfix;

constexpr std::string_view standard_folder = "/etc/postfix";

/// A setting to be made or taken away: of a service, or of main.cf where that is empty.
struct Step {
  std::string service, name;
  std::optional<std::string> value;
};

/// "smtp/unix: inet_protocols = ipv4"
std::string in_words(const Step& step) {
  const auto where = step.service.empty() ? "" : base::escape(step.service) + ": ";
  return where + step.name + (step.value ? " = " + *step.value : " taken away");
}

/// Fit for a command that is pasted.
bool is_plain(std::string_view text) {
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || std::string_view("._/:=-").find(static_cast<char>(c)) != std::string_view::npos; };
  return !text.empty() && text.front() != '-' && std::ranges::all_of(text, fits);
}

bool is_v4_only(std::string_view protocols) {
  const auto words = split_words(protocols, list_space);
  return !words.empty() && std::ranges::all_of(words, [](const Word& w) { return base::equals_ignoring_case(w.text, "ipv4"); });
}

std::vector<Step> v4_only(const Instance& instance, const std::vector<const Service*>& services) {
  std::vector<Step> steps;
  for (const auto* const service : services)
    if (!is_v4_only(instance.value("inet_protocols", service).value)) steps.push_back({service->id(), "inet_protocols", "ipv4"});
  return steps;
}

/// In main.cf for all; in master.cf for the service that has a HELO of its own, or is the only one asked for.
std::vector<Step> say_helo(const Instance& instance, const std::vector<const Service*>& services, bool all, const std::string& name) {
  std::vector<Step> steps;
  for (const auto* const service : services) {
    if (instance.value("smtp_helo_name", service).value == name) continue;
    const bool own = !all || service->own.contains("smtp_helo_name");
    Step step{own ? service->id() : "", "smtp_helo_name", name};
    if (std::ranges::none_of(steps, [&](const Step& s) { return s.service == step.service; })) steps.push_back(std::move(step));
  }
  return steps;
}

std::string_view bind_parameter(const net::Address& address) { return address.is_v4() ? "smtp_bind_address" : "smtp_bind_address6"; }

std::vector<Step> bind_source(const Instance& instance, const std::vector<const Service*>& services, const net::Address& address) {
  std::vector<Step> steps;
  const auto name = bind_parameter(address);
  for (const auto* const service : services)
    if (instance.value(name, service).value != address.text()) steps.push_back({service->id(), std::string(name), address.text()});
  return steps;
}

std::vector<Step> unbind(const Instance& instance, const std::vector<const Service*>& services, const net::Address& address) {
  std::vector<Step> steps;
  const std::string name(bind_parameter(address));
  const auto is_it = [&](const Service* service) {
    const auto bound = net::Address::parse(instance.value(name, service).value);
    return bound && *bound == address;
  };
  for (const auto* const service : services)
    if (service->own.contains(name) && is_it(service)) steps.push_back({service->id(), name, std::nullopt});
  if (instance.main.contains(name) && is_it(nullptr)) steps.push_back({"", name, std::nullopt});
  return steps;
}

/// postconf(1): -P for what a service has of its own, -X and -PX to take away.
std::optional<std::string> command_of(const std::vector<Step>& steps, const std::string& folder) {
  const std::string where = folder == standard_folder ? "" : " -c " + folder;
  std::map<std::string, std::string> arguments;  // by option, "" before "-P"
  for (const auto& step : steps) {
    const auto argument = (step.service.empty() ? "" : step.service + "/") + step.name + (step.value ? "=" + *step.value : "");
    if (!is_plain(argument)) return std::nullopt;
    arguments[step.service.empty() ? (step.value ? "" : " -X") : (step.value ? " -P" : " -PX")] += " " + argument;
  }
  std::string command;
  for (const auto& [option, all] : arguments) command += "postconf" + where + option + all + " && ";
  return command + "postfix" + where + " reload";
}

void add_edits(Change& change, const Instance& instance, Files& files, const std::vector<Step>& steps) {
  for (const auto* const name : {"main.cf", "master.cf"}) {
    const bool of_main = std::string_view(name) == "main.cf";
    const auto text = files.read(instance.file(name));
    if (!text) continue;
    Edit edit{instance.file(name), *text, *text};
    for (const auto& step : steps) {
      if (step.service.empty() != of_main) continue;
      edit.after = of_main ? with_parameter(edit.after, step.name, step.value)
                           : with_option(edit.after, step.service, step.name, step.value);
    }
    if (edit.after != edit.before) change.edits.push_back(std::move(edit));
  }
}

struct Told {
  Wish::What what;
  std::string_view caution;
};
constexpr Told cautions[] = {
    {Wish::What::v4_only, "receivers that have IPv6 only become unreachable; receiving over IPv6 is left alone"},
    {Wish::What::bind_source, "only for an address that is always there: while it is absent, mail leaves from another one"},
    {Wish::What::unbind, "mail then leaves from the address the kernel chooses"},
};

}  // namespace

std::optional<Change> change_postfix(const Mta& mta, const Wish& wish, Files& files, const std::vector<std::string>& clients) {
  const auto instance = read_instance(files, {mta.hostname, "", ""}, mta.config);
  if (!instance || !instance->main_seen) return std::nullopt;
  const auto wanted = clients.empty() ? services_in_use(files, *instance) : clients;
  std::vector<const Service*> services;
  for (const auto& service : instance->services)
    if (service.sends() && std::ranges::find(wanted, service.id()) != wanted.end()) services.push_back(&service);

  std::vector<Step> steps;
  switch (wish.what) {
    case Wish::What::v4_only: steps = v4_only(*instance, services); break;
    case Wish::What::say_helo: steps = say_helo(*instance, services, clients.empty(), base::without_final_dot(wish.name)); break;
    case Wish::What::bind_source: steps = bind_source(*instance, services, wish.address); break;
    case Wish::What::unbind: steps = unbind(*instance, services, wish.address); break;
  }
  if (steps.empty() || (wish.what == Wish::What::say_helo && !is_plain(wish.name))) return std::nullopt;

  Change change;
  if (!mta.generated_by.empty()) {
    change.instead = "the files in " + mta.config + " are written anew by " + mta.generated_by + ": make the change there";
    for (const auto& step : steps) change.instead += (&step == &steps.front() ? " (" : ", ") + in_words(step);
    change.instead += ")";
  } else {
    add_edits(change, *instance, files, steps);
    if (const auto command = command_of(steps, instance->folder); command && is_plain(instance->folder))
      change.commands.push_back(*command);
  }
  const bool standard = instance->folder == standard_folder;
  change.check = change.reload = standard ? std::vector<std::string>{"postfix"} : std::vector<std::string>{"postfix", "-c", instance->folder};
  change.check.emplace_back("check");
  change.reload.emplace_back("reload");
  const auto* const caution = std::ranges::find(cautions, wish.what, &Told::what);
  if (caution != std::end(cautions)) change.caution = caution->caution;
  return change;
}

}  // namespace fcrdns::host
