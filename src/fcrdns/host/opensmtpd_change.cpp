// Changes of OpenSMTPD: words of smtpd.conf. `mta limit inet4` stands in no manual, but smtpd(8) has it (measured with 6.8).
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/change.hpp"
#include "fcrdns/host/opensmtpd_config.hpp"
#include "fcrdns/host/text_lines.hpp"

namespace fcrdns::host {
namespace {

using opensmtpd::Directive;
using opensmtpd::Token;

/// A stretch of a text, and what comes in its place.
struct Cut {
  std::size_t at = 0, end = 0;
  std::string with{};
};

std::string apply(std::string text, std::vector<Cut> cuts) {
  std::ranges::sort(cuts, {}, &Cut::at);
  for (auto cut = cuts.rbegin(); cut != cuts.rend(); ++cut) text.replace(cut->at, cut->end - cut->at, cut->with);
  return text;
}

/// The word `name` of a directive, from the action's method on.
const Token* find_option(const Directive& directive, std::string_view name) {
  for (std::size_t i = 3; i < directive.tokens.size(); ++i)
    if (directive.tokens[i].says(name)) return &directive.tokens[i];
  return nullptr;
}

/// Where what belongs to an option ends: a word, a table, or up to "}".
std::size_t end_of_value(const Directive& directive, const Token& option) {
  auto at = static_cast<std::size_t>(&option - directive.tokens.data()) + 1;
  if (at >= directive.tokens.size()) return option.end;
  if (directive.tokens[at].is("{"))
    while (at + 1 < directive.tokens.size() && !directive.tokens[at].is("}")) ++at;
  return directive.tokens[at].end;
}

std::string sources(const std::vector<net::Address>& addresses) {
  if (addresses.size() == 1) return fmt::format("\"{}\"", addresses.front().text());
  std::string text = "{ ";
  for (const auto& address : addresses) text += fmt::format("{}\"{}\"", text.size() > 2 ? ", " : "", address.text());
  return text + " }";
}

std::optional<Cut> cut_for(const Directive& directive, const Client& client, const Wish& wish) {
  const auto behind_method = directive.tokens[2].end;
  if (wish.what == Wish::What::say_helo) {
    if (client.helo.value == wish.name) return std::nullopt;
    const auto said = fmt::format("helo \"{}\"", wish.name);
    const auto* const helo = find_option(directive, "helo");
    return helo == nullptr ? Cut{behind_method, behind_method, " " + said} : Cut{helo->at, end_of_value(directive, *helo), said};
  }
  std::vector<net::Address> kept;
  bool had = false;
  for (const auto& bind : client.bind) {
    had = had || bind.value == wish.address;
    const bool stays = wish.what == Wish::What::unbind ? bind.value != wish.address : bind.value.family() != wish.address.family();
    if (stays) kept.push_back(bind.value);
  }
  if (had == (wish.what == Wish::What::bind_source)) return std::nullopt;
  if (wish.what == Wish::What::bind_source) kept.push_back(wish.address);
  const auto* const src = find_option(directive, "src");
  if (src == nullptr) return Cut{behind_method, behind_method, " src " + sources(kept)};
  const auto end = end_of_value(directive, *src);
  if (!kept.empty()) return Cut{src->at, end, "src " + sources(kept)};
  return Cut{src->at > 0 ? src->at - 1 : 0, end, ""};
}

/// "mta limit inet4", in place of a limit of the kind, else in front of the first action.
std::optional<Cut> family_limit(const std::vector<Directive>& directives) {
  for (const auto& directive : directives) {
    const auto& tokens = directive.tokens;
    if (tokens.size() < 3 || !tokens[0].says("mta") || !tokens[1].says("limit") || tokens[2].says("for")) continue;
    const auto inet6 = std::ranges::find_if(tokens, [](const Token& token) { return token.says("inet6"); });
    if (inet6 != tokens.end()) return Cut{inet6->at, inet6->end, "inet4"};
  }
  for (const auto& directive : directives)
    if (directive.tokens[0].says("action")) return Cut{directive.tokens[0].at, directive.tokens[0].at, "mta limit inet4\n"};
  return std::nullopt;
}

/// The file itself, and what it includes.
void edit_file(const std::string& path, const Mta& mta, const Wish& wish, Files& files, const std::vector<std::string>& clients,
               std::map<std::string, std::string, std::less<>>& macros, Change& change, int depth) {
  const auto content = files.read(path);
  if (!content) return;
  const auto directives = opensmtpd::parse(*content, path, macros);
  std::vector<Cut> cuts;
  if (wish.what == Wish::What::v4_only) {
    if (change.edits.empty())
      if (auto cut = family_limit(directives)) cuts.push_back(std::move(*cut));
  } else {
    for (const auto& directive : directives) {
      if (directive.tokens.size() < 3 || !directive.tokens[0].says("action") || !directive.tokens[2].says("relay")) continue;
      const auto* const client = mta.client(base::escape(directive.tokens[1].text, 64));
      if (client == nullptr || (!clients.empty() && std::ranges::find(clients, client->name) == clients.end())) continue;
      if (auto cut = cut_for(directive, *client, wish)) cuts.push_back(std::move(*cut));
    }
  }
  if (!cuts.empty()) change.edits.push_back({path, *content, apply(*content, std::move(cuts))});
  for (const auto& directive : directives)
    if (depth < 8 && change.edits.size() < 20 && directive.tokens.size() == 2 && directive.tokens[0].says("include"))
      edit_file(directive.tokens[1].text, mta, wish, files, clients, macros, change, depth + 1);
}

}  // namespace

std::optional<Change> change_opensmtpd(const Mta& mta, const Wish& wish, Files& files, const std::vector<std::string>& clients) {
  const auto is_v4 = [](const Client& client) { return client.families.value == Families::v4; };
  if (wish.what == Wish::What::v4_only && std::ranges::all_of(mta.clients, is_v4)) return std::nullopt;
  if (wish.what == Wish::What::say_helo && !is_plain_name(wish.name)) return std::nullopt;
  Change change;
  std::map<std::string, std::string, std::less<>> macros;
  edit_file(mta.config, mta, wish, files, clients, macros, change, 0);
  if (change.edits.empty()) return std::nullopt;
  change.check = {"smtpd", "-n", "-f", mta.config};
  if (mta.config == "/etc/smtpd.conf") change.check.resize(2);
  change.reload = {"systemctl", "restart", "opensmtpd"};
  if (wish.what == Wish::What::v4_only) change.caution = "servers that have IPv6 addresses only become unreachable; it counts for every relay action";
  const bool both = std::ranges::any_of(mta.clients, [](const Client& client) { return client.families.value == Families::both; });
  if (wish.what == Wish::What::bind_source && both && std::ranges::none_of(mta.clients, [&](const Client& client) {
        return std::ranges::any_of(client.bind, [&](const auto& bind) { return bind.value.family() != wish.address.family(); });
      }))
    change.caution = fmt::format("src with addresses of one family ends the other one: name one of each in src {{ }} where mail should leave over {} too",
                                 wish.address.is_v4() ? "IPv6" : "IPv4");
  return change;
}

}  // namespace fcrdns::host
