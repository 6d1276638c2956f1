#include "fcrdns/remedy/owners_way.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "fcrdns/base/text.hpp"
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

/// Every `from` that stands alone, not as a part of a longer word.
void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos;) {
    const auto end = at + from.size();
    if ((at > 0 && is_word(text[at - 1]) && is_word(from.front())) || (end < text.size() && is_word(text[end]) && is_word(from.back()))) {
      at = end;
      continue;
    }
    text.replace(at, from.size(), to);
    at += to.size();
  }
}

/// Reverse names and zones of the examples: a whole name becomes this address's, a zone the one it is in.
void replace_reverse_names(std::string& text, const Blanks& blanks) {
  constexpr std::string_view tail = "in-addr.arpa";
  for (std::size_t at = 0; (at = text.find(tail, at)) != text.npos;) {
    auto begin = at;
    while (begin > 0 && (text[begin - 1] == '.' || text[begin - 1] == '-' || is_word(text[begin - 1]))) --begin;
    const auto end = at + tail.size();
    const auto found = std::string_view(text).substr(begin, end - begin);
    std::string instead(found);
    if (net::parse_reverse_name(found)) instead = base::without_final_dot(blanks.place.name);
    else if (begin < at && blanks.place.zone) instead = base::without_final_dot(blanks.place.zone->text());
    text.replace(begin, end - begin, instead);
    at = begin + instead.size();
  }
  if (blanks.place.zone) replace_all(text, "-n 15", "-n " + relative_to(blanks.place.name, *blanks.place.zone));
}

bool tells_of_ipv6(std::string_view text) { return base::to_lower(text).find("ipv6") != std::string::npos; }

/// One way of several in a catalogue text, and what stands beside it.
struct Way {
  std::string first, beside;
};

/// A way that is told for IPv4, with the mention that IPv6 has its like beside it, is turned to IPv6 for such addresses.
/// What else speaks of IPv6 stays beside it.
void turn_to_family(Way& way, const net::Address& address) {
  if (address.is_v4()) {
    if (way.beside.starts_with("IPv6") || way.beside.starts_with("(IPv6")) way.beside.clear();
    return;
  }
  constexpr std::string_view v4 = "ipv4";
  if (!tells_of_ipv6(way.beside) || way.first.find(v4) == std::string::npos) return;
  for (std::size_t at = 0; (at = way.first.find(v4, at)) != std::string::npos;) way.first.replace(at, v4.size(), "ipv6");
  way.beside.clear();
}

/// "set ... ; also: ... ; --reset": what comes first is the line to paste.
std::string command_line(std::string_view text, const Blanks& blanks) {
  constexpr std::string_view next = " ; ";
  Way way{std::string(text.substr(0, text.find(next))), {}};
  while (text.find(next) != text.npos) {
    text.remove_prefix(text.find(next) + next.size());
    const auto part = text.substr(0, text.find(next));
    if (tells_of_ipv6(part)) way.beside += (way.beside.empty() ? "" : "; ") + std::string(part);
  }
  turn_to_family(way, blanks.address);
  if (way.first.ends_with('=')) way.first += base::without_final_dot(blanks.name);
  if (blanks.address.is_v6() && !way.beside.empty()) way.first += "  (" + way.beside + ")";
  return filled(way.first, blanks);
}

std::string api_line(const provider::Api& api, const Blanks& blanks) {
  // What a path has behind it in brackets concerns other kinds of addresses; further bases are of other regions.
  Way path{api.path.substr(0, api.path.find(" (")), {}};
  if (path.first.size() < api.path.size()) path.beside = base::trim(std::string_view(api.path).substr(path.first.size()));
  path.first = base::trim(path.first);
  turn_to_family(path, blanks.address);

  constexpr std::string_view next = " | ";
  auto base = api.base.substr(0, api.base.find(next));
  const auto others = base.size() < api.base.size() ? api.base.substr(base.size() + next.size()) : std::string();
  if (base.ends_with('/') && path.first.starts_with('/')) base.pop_back();
  auto line = base.starts_with("http") || base.empty() ? fmt::format("{} {}{}", api.method, base, path.first)
                                                       : fmt::format("{} {}", api.method, path.first);
  if (!api.body.empty()) line += "  " + api.body;
  if (!path.beside.empty()) line += "  " + path.beside;
  if (!base.starts_with("http") && !base.empty()) line += "  at: " + base;
  if (!others.empty()) line += "  (or " + others + ")";
  return filled(line, blanks);
}

/// What one owner offers, a line each.
std::vector<std::string> ways_of(const provider::Provider& known, const Blanks& blanks) {
  std::vector<std::string> out;
  const auto add = [&](std::string_view kind, std::string_view text, bool verified) {
    out.push_back(fmt::format("{}: {}{}", kind, text, verified ? "" : words::not_confirmed));
  };
  const auto v4 = blanks.address.is_v4();
  const auto concerns = [&](provider::Condition kind) { return kind != provider::Condition::no_ipv6 || !v4; };
  if ((v4 ? known.customer_sets_v4 : known.customer_sets_v6) == provider::Known::no)
    out.push_back(fmt::format(words::customers_cannot, v4 ? "IPv4" : "IPv6"));
  if (known.from_server_name) out.emplace_back(words::rename_server);
  if (known.panel) add("panel", filled(known.panel->text, blanks), known.panel->verified);
  if (known.cli) add("command", command_line(known.cli->text, blanks), known.cli->verified);
  if (known.api) add("API", api_line(*known.api, blanks), known.api->verified);
  if (known.terraform) add("Terraform", filled(known.terraform->text, blanks), known.terraform->verified);
  if (known.ansible) add("Ansible", filled(known.ansible->text, blanks), known.ansible->verified);
  if (known.ticket) add("ticket", filled(known.ticket->text, blanks), known.ticket->verified);
  for (const auto& needed : known.conditions)
    if (concerns(needed.kind)) add("needs", filled(needed.text, blanks), needed.verified);
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
  std::string out(text);
  const auto address = blanks.address.text();
  replace_reverse_names(out, blanks);
  for (const std::string_view example : {"ADDRESS", "IP_ID_OR_ADDRESS", "{ip}", "{address}", "{ipAddress}", "203.0.113.5"})
    replace_all(out, example, address);
  replace_all(out, "mail.example.com", base::without_final_dot(blanks.name));
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
