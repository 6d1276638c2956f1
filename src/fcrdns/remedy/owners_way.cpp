#include "fcrdns/remedy/owners_way.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "fcrdns/base/text.hpp"
#include "fcrdns/remedy/setting.hpp"
#include "fcrdns/remedy/words.hpp"

namespace fcrdns::remedy {
namespace {

using owner::Candidate;
using owner::Certainty;

constexpr std::size_t lines_of_hint = 3;  // enough to find the place; nobody knows that it is the right one

std::string_view told_by(owner::Source source) {
  switch (source) {
    case owner::Source::rdap: return "RDAP";
    case owner::Source::delegation: return "name servers";
    case owner::Source::ptr: return "default names";
  }
  return "";
}

std::string with_certainty(const Candidate& owner) {
  switch (owner.certainty) {
    case Certainty::sure: return fmt::format("{} ({})", owner.name, told_by(owner.source));
    case Certainty::likely: return fmt::format("{}, likely ({})", owner.name, told_by(owner.source));
    case Certainty::hint: break;
  }
  return fmt::format("perhaps {} ({})", owner.name, told_by(owner.source));
}

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/// Names of other people's zones go near a shell only when nothing in them speaks to it; RFC 2317 has a slash.
bool is_safe(std::string_view name) {
  std::string without(name);
  std::erase(without, '/');
  return is_plain(without);
}

/// What stands for a place holder; nothing: it is the user's to fill in.
std::optional<std::string> value_of(std::string_view holder, const Blanks& blanks) {
  const auto& place = blanks.place;
  if (holder == "ADDRESS") return blanks.address.text();
  if (holder == "HOSTNAME") return base::without_final_dot(blanks.name);
  if (holder == "REVERSE_NAME" && is_safe(place.name)) return base::without_final_dot(place.name);
  if (holder == "ZONE" && place.zone && is_safe(place.zone->text())) return base::without_final_dot(place.zone->text());
  if (holder == "RELATIVE" && place.zone && is_safe(place.name)) return relative_to(place.name, *place.zone);
  return std::nullopt;
}

/// What one line tells of a request.
std::string api_line(const provider::Api& api, const Blanks& blanks) {
  const auto& path = api.path_for(blanks.address);
  const auto& body = api.body_for(blanks.address);
  const bool url = api.base.starts_with("http");
  auto line = fmt::format("{} {}{}", api.method, url ? api.base : "", path);
  if (!body.empty()) line += "  " + body;
  if (!url && !api.base.empty()) line += "  at: " + api.base;
  return filled(line, blanks);
}

/// What one owner offers, a line each.
std::vector<std::string> ways_of(const provider::Provider& known, const Blanks& blanks) {
  std::vector<std::string> out;
  const auto add = [&](std::string_view kind, std::string_view text, bool verified) {
    out.push_back(fmt::format("{}: {}{}", kind, text, verified ? "" : words::not_confirmed));
  };
  const auto v4 = blanks.address.is_v4();
  // What undoing it brings is of no use yet, and what takes time is no need.
  const auto concerns = [&](provider::Condition kind) {
    return kind != provider::Condition::delete_is_default && (kind != provider::Condition::no_ipv6 || !v4);
  };
  if ((v4 ? known.customer_sets_v4 : known.customer_sets_v6) == provider::Known::no)
    out.push_back(fmt::format(words::customers_cannot, v4 ? "IPv4" : "IPv6"));
  if (known.from_server_name) out.emplace_back(words::rename_server);
  const auto way = [&](std::string_view kind, const std::optional<provider::Text>& text) {
    if (text && (v4 || !text->ipv4_only)) add(kind, filled(text->text_for(blanks.address), blanks), text->verified);
  };
  way("panel", known.panel);
  way("command", known.cli);
  if (known.api && (v4 || !known.api->ipv4_only)) add("API", api_line(*known.api, blanks), known.api->verified);
  way("Terraform", known.terraform);
  way("Ansible", known.ansible);
  way("ticket", known.ticket);
  for (const auto& needed : known.conditions)
    if (concerns(needed.kind)) add(needed.kind == provider::Condition::asynchronous ? "note" : "needs", filled(needed.text, blanks), needed.verified);
  if (!v4 && !known.ipv6.empty()) out.push_back("IPv6: " + known.ipv6);
  return out;
}

}  // namespace

std::string who(std::span<const Candidate> owners) {
  std::string out;
  for (const auto& owner : owners) out += (out.empty() ? "" : " or ") + with_certainty(owner);
  return out;
}

std::string filled(std::string_view text, const Blanks& blanks) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto end = at;
    while (end < text.size() && is_word(text[end])) ++end;
    if (end == at) {
      out += text[at++];
      continue;
    }
    const auto word = text.substr(at, end - at);
    const auto value = value_of(word, blanks);
    out += value ? *value : std::string(word);
    at = end;
  }
  return out;
}

std::vector<std::string> ways(std::span<const Candidate> owners, const Blanks& blanks) {
  const auto catalogued = [&](bool hints) {
    std::vector<const provider::Provider*> out;
    for (const auto& owner : owners) {
      if ((owner.certainty == Certainty::hint) != hints || owner.provider.empty()) continue;
      const auto* known = provider::find(owner.provider);
      if (known != nullptr && std::ranges::find(out, known) == out.end()) out.push_back(known);
    }
    return out;
  };
  std::vector<std::string> out;
  const auto known = catalogued(false);
  for (const auto* provider : known)
    for (auto& line : ways_of(*provider, blanks))
      out.push_back(known.size() > 1 ? fmt::format("{}, {}", provider->name, line) : std::move(line));
  if (!out.empty()) return out;
  for (const auto* provider : catalogued(true)) {
    auto lines = ways_of(*provider, blanks);
    lines.resize(std::min(lines.size(), lines_of_hint));
    for (const auto& line : lines) out.push_back(fmt::format("perhaps {}, {}", provider->name, line));
  }
  return out;
}

}  // namespace fcrdns::remedy
