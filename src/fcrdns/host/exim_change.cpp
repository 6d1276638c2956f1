// Changes of Exim. For one address family the routers are told, not disable_ipv6, which closes the way in as well, and not
// dns_ipv4_lookup, which takes part in every check of who connects. Where Debian's update-exim4.conf writes the configuration,
// its template (or conf.d) and local macros are edited.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/change.hpp"
#include "fcrdns/host/exim_config.hpp"
#include "fcrdns/host/exim_debian.hpp"
#include "fcrdns/host/text_lines.hpp"

namespace fcrdns::host {
namespace {

using exim::Config;
using exim::Driver;
using exim::Option;

/// An option of a router or a transport as it should be; no value: it goes.
struct Step {
  const Driver* driver;
  std::string option;
  std::optional<std::string> value;
  std::string_view macro;  ///< Debian's, which says the same; empty: none
};

/// Debian's transports take these from macros.
struct Macro {
  std::string_view transport, option, macro;
};
constexpr Macro debian_macros[] = {{"remote_smtp", "interface", "REMOTE_SMTP_INTERFACE"},
                                   {"remote_smtp", "helo_data", "REMOTE_SMTP_HELO_DATA"},
                                   {"remote_smtp_smarthost", "helo_data", "REMOTE_SMTP_HELO_DATA"}};

std::string_view transport_of(std::string_view client) { return client.substr(0, client.find(' ')); }

class Editor {
 public:
  Editor(const exim::Lines& lines, Files& files, std::string_view macros_file) : lines_(lines), files_(files), macros_file_(macros_file) {}

  void carry_out(const Step& step) {
    const auto* const there = step.driver->find(step.option);
    if (!step.macro.empty() && by_macro(step, there)) return;
    auto* const text = open(there != nullptr ? there->origin.file : step.driver->origin.file);
    if (text == nullptr) return;
    if (there == nullptr) {
      if (step.value) insert(*text, *step.driver, fmt::format("  {} = {}", step.option, *step.value));
      return;
    }
    const auto at = number_of(*text, there->origin);
    if (!at) return;
    std::size_t count = 1;  // lines that it goes on over
    while (*at + count - 1 < text->lines.size() && base::trim(text->lines[*at + count - 2]).ends_with('\\')) ++count;
    if (step.value) text->replace(*at, count, fmt::format("  {} = {}", step.option, *step.value));
    else text->erase(*at, count);
  }

  std::vector<Edit> edits() {
    std::vector<Edit> out;
    for (auto& [file, text] : open_)
      if (auto edit = text.edit(); edit.before != edit.after) out.push_back(std::move(edit));
    return out;
  }

 private:
  TextLines* open(const std::string& file) {
    const auto found = open_.find(file);
    if (found != open_.end()) return &found->second;
    const auto content = files_.read(file);
    return content ? &open_.emplace(file, TextLines(file, *content)).first->second : nullptr;
  }

  /// Lines move while others are put in: what was written tells them apart.
  static std::optional<std::size_t> number_of(const TextLines& text, const Origin& origin) {
    std::optional<std::size_t> best;
    const auto off = [&](std::size_t number) { return number > origin.line ? number - origin.line : origin.line - number; };
    for (std::size_t number = 1; number <= text.lines.size(); ++number)
      if (base::escape(base::trim(text.lines[number - 1]), 200) == origin.text && (!best || off(number) < off(*best))) best = number;
    return best;
  }

  /// Behind its "driver = ...", or its name.
  static void insert(TextLines& text, const Driver& driver, std::string line) {
    const auto* const kind = driver.find("driver");
    auto at = kind != nullptr && kind->origin.file == driver.origin.file ? number_of(text, kind->origin) : std::nullopt;
    if (at && *at < number_of(text, driver.origin).value_or(0)) at.reset();
    if (!at) at = number_of(text, driver.origin);
    if (at) text.insert_before(*at + 1, std::move(line));
  }

  /// The macro's definition where there is one, else a new one among the local macros; false: no such file.
  bool by_macro(const Step& step, const Option* there) {
    const auto macro = std::ranges::find(lines_.macros, step.macro, &exim::Macro::name);
    const bool named = there != nullptr && there->origin.text.find(step.macro) == std::string::npos;
    if (named) return false;  // set without the macro
    if (macro != lines_.macros.end()) {
      auto* const text = open(macro->origin.file);
      const auto at = text == nullptr ? std::nullopt : number_of(*text, macro->origin);
      if (!at) return done_.contains(step.macro);
      if (step.value) text->replace(*at, 1, fmt::format("{} = {}", step.macro, *step.value));
      else text->erase(*at);
      done_.emplace(step.macro, true);
      return true;
    }
    if (done_.contains(step.macro)) return true;
    auto* const text = step.value && files_.exists(macros_file_) ? open(std::string(macros_file_)) : nullptr;
    if (text == nullptr) return false;
    text->append(fmt::format("{} = {}", step.macro, *step.value));
    done_.emplace(step.macro, true);
    return true;
  }

  const exim::Lines& lines_;
  Files& files_;
  std::string_view macros_file_;
  std::map<std::string, TextLines> open_;
  std::map<std::string, bool, std::less<>> done_;
};

std::string list_of(const std::vector<net::Address>& addresses) {
  std::string text = "<;";
  for (const auto& address : addresses) text += (text.size() > 2 ? " ; " : " ") + address.text();
  return text;
}

/// Steps for one client: of its transport, or of the routers that lead to it.
class Planner {
 public:
  Planner(const Config& config, const Wish& wish, bool debian) : config_(config), wish_(wish), debian_(debian) {}

  void plan(const Client& client) {
    const auto* const transport = config_.transport(transport_of(client.name));
    if (transport == nullptr) return;
    switch (wish_.what) {
      case Wish::What::v4_only: return v4_only(client, *transport);
      case Wish::What::say_helo:
        if (client.helo.value != wish_.name) put(*transport, "helo_data", wish_.name);
        return;
      case Wish::What::bind_source:
      case Wish::What::unbind: return bind(client, *transport);
    }
  }
  std::vector<Step> steps;

 private:
  void put(const Driver& driver, std::string_view option, std::optional<std::string> value) {
    const auto same = [&](const Step& step) { return step.driver == &driver && step.option == option; };
    if (std::ranges::any_of(steps, same)) return;
    std::string_view macro;
    for (const auto& known : debian_macros)
      if (debian_ && known.transport == driver.name && known.option == option) macro = known.macro;
    steps.push_back({&driver, std::string(option), std::move(value), macro});
  }

  void bind(const Client& client, const Driver& transport) {
    std::vector<net::Address> kept;
    bool had = false;
    for (const auto& bind : client.bind) {
      had = had || bind.value == wish_.address;
      if (wish_.what == Wish::What::unbind ? bind.value != wish_.address : bind.value.family() != wish_.address.family()) kept.push_back(bind.value);
    }
    if (had == (wish_.what == Wish::What::bind_source)) return;
    if (wish_.what == Wish::What::bind_source) kept.insert(wish_.address.is_v4() ? kept.begin() : kept.end(), wish_.address);
    put(transport, "interface", kept.empty() ? std::nullopt : std::optional(list_of(kept)));
  }

  void v4_only(const Client& client, const Driver& transport) {
    if (client.families.value == Families::v4) return;
    for (const auto& router : config_.routers) {
      const bool leads = router.text("transport") == transport.name || router.text("route_list").find(transport.name) != std::string_view::npos;
      if (!leads) continue;
      if (router.text("driver") == "dnslookup") put(router, "ipv4_only", "true");
      else if (router.text("driver") == "manualroute") put(router, "ignore_target_hosts", without_v6(router));
    }
  }
  static std::string without_v6(const Driver& router) {
    auto list = exim::split_list(router.text("ignore_target_hosts"));
    list.emplace_back("::/0");
    std::string text = "<;";
    for (const auto& item : list) text += (text.size() > 2 ? " ; " : " ") + item;
    return text;
  }

  const Config& config_;
  const Wish& wish_;
  bool debian_;
};

constexpr std::string_view v4_caution =
    "servers that have IPv6 addresses only become unreachable, and a check of senders by `verify = sender` refuses theirs. Not disable_ipv6, which closes inbound IPv6 as well";

}  // namespace

std::optional<Change> change_exim(const Mta& mta, const Wish& wish, Files& files, const std::vector<std::string>& clients) {
  if (wish.what == Wish::What::say_helo && !is_plain_name(wish.name)) return std::nullopt;
  const bool debian = !mta.generated_by.empty();
  const auto slash = mta.config.rfind('/');
  const auto folder = mta.config.starts_with("/var/lib/") ? std::string(exim::debian_folder) : files.exists(mta.config + "/update-exim4.conf.conf") ? mta.config : mta.config.substr(0, slash);
  const Names names{mta.hostname, mta.hostname, mta.domain};
  std::vector<exim::Part> parts;
  if (debian) parts = exim::debian_parts(files, names, folder);
  else if (const auto content = files.read(mta.config)) parts.push_back({mta.config, *content});
  const auto lines = exim::read_lines(files, parts);
  const auto config = exim::read_config(lines);
  Planner planner(config, wish, debian);
  for (const auto& client : mta.clients)
    if (clients.empty() || std::ranges::find(clients, client.name) != clients.end()) planner.plan(client);
  const auto macros = folder + (debian && exim::is_split(files, folder) ? "/conf.d/main/000_localmacros" : "/exim4.conf.localmacros");
  Editor editor(lines, files, macros);
  for (const auto& step : planner.steps) editor.carry_out(step);
  Change change;
  change.edits = editor.edits();
  if (change.edits.empty()) return std::nullopt;
  const bool is_exim4 = debian || mta.config.starts_with(exim::debian_folder);
  if (debian) change.check = {"update-exim4.conf", "--check"};
  else change.check = {is_exim4 ? "exim4" : "exim", "-C", mta.config, "-bV"};
  change.reload = {"systemctl", is_exim4 ? "reload" : "restart", is_exim4 ? "exim4" : "exim"};
  if (wish.what == Wish::What::v4_only) change.caution = v4_caution;
  if (wish.what == Wish::What::bind_source) change.caution = "where this address is missing, at boot perhaps, connects over its family fail";
  return change;
}

}  // namespace fcrdns::host
