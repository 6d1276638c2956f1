#include "fcrdns/spf/record.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::spf {
namespace {

constexpr std::string_view version = "v=spf1";
constexpr std::size_t shown = 80;  // octets of a term that a fault quotes

enum class Argument : std::uint8_t { none, domain, optional_domain, network };
struct Row {
  std::string_view word;
  Kind kind;
  Argument argument;
  bool lengths;  // dual-cidr-length may follow
};
constexpr std::array<Row, 8> mechanisms{{
    {"all", Kind::all, Argument::none, false},
    {"include", Kind::include, Argument::domain, false},
    {"a", Kind::a, Argument::optional_domain, true},
    {"mx", Kind::mx, Argument::optional_domain, true},
    {"ptr", Kind::ptr, Argument::optional_domain, false},
    {"ip4", Kind::ip4, Argument::network, true},
    {"ip6", Kind::ip6, Argument::network, true},
    {"exists", Kind::exists, Argument::domain, false},
}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name_character(char c) { return is_alpha(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; }

std::unexpected<base::Fault> bad(std::string_view term, std::string_view what) {
  return base::fault(fmt::format("\"{}\": {}", base::escape(term, shown), what));
}

/// Cuts "/24" or "//64" with its slashes off the end, when digits stand there. Leading zeros are none (5.6).
base::Expected<std::optional<std::uint8_t>> take_length(std::string_view& text, std::string_view slashes, unsigned longest) {
  auto digits = text.size();
  while (digits > 0 && is_digit(text[digits - 1])) --digits;
  const auto number = text.substr(digits);
  if (number.empty() || !text.substr(0, digits).ends_with(slashes)) return std::nullopt;
  unsigned value = 0;
  for (const char c : number.substr(0, 4)) value = value * 10 + static_cast<unsigned>(c - '0');
  if (value > longest || (number.size() > 1 && number[0] == '0'))
    return base::fault(fmt::format("the length is a number from 0 to {}", longest));
  text.remove_suffix(number.size() + slashes.size());
  return static_cast<std::uint8_t>(value);
}

/// dual-cidr-length of a and mx (5.3): "/24", "//64", "/24//64".
base::Expected<std::string_view> take_lengths(std::string_view text, Mechanism& out) {
  const auto six = take_length(text, "//", 128);
  if (!six) return std::unexpected(six.error());
  if (*six) out.length6 = **six;
  const auto four = take_length(text, "/", 32);
  if (!four) return std::unexpected(four.error());
  if (*four) out.length4 = **four;
  return text;
}

/// ip4 and ip6 (5.6): an address of that family, and at most one length.
base::Expected<Mechanism> with_network(Mechanism out, std::string_view text) {
  const bool four = out.kind == Kind::ip4;
  const auto length = take_length(text, "/", four ? 32 : 128);
  if (!length) return std::unexpected(length.error());
  if (*length) (four ? out.length4 : out.length6) = **length;
  const auto address = net::Address::parse(text);
  if (!address || address->is_v4() != four) return base::fault(four ? "not an IPv4 address" : "not an IPv6 address");
  out.network = *address;
  return out;
}

/// What stands behind the word of a mechanism: ":domain", lengths, or nothing.
base::Expected<Mechanism> with_argument(Mechanism out, std::string_view text, const Row& row) {
  if (row.argument == Argument::network) {
    if (!text.starts_with(':')) return base::fault("an address is missing");
    return with_network(std::move(out), text.substr(1));
  }
  if (row.lengths) {
    const auto rest = take_lengths(text, out);
    if (!rest) return std::unexpected(rest.error());
    text = *rest;
  }
  if (text.empty()) {
    if (row.argument == Argument::domain) return base::fault("a domain is missing");
    return out;
  }
  if (row.argument == Argument::none || text[0] != ':') return base::fault("nothing of that kind may stand there");
  auto target = parse_macro(text.substr(1), MacroPlace::domain);
  if (!target) return std::unexpected(target.error());
  out.target = std::move(*target);
  return out;
}

/// exp and redirect at most once each (6); any other one has no effect but must be well formed.
base::Expected<void> add_modifier(Record& record, std::string_view term) {
  const auto sign = term.find('=');
  const auto word = base::to_lower(term.substr(0, sign));
  const bool known = word == "redirect" || word == "exp";
  auto macro = parse_macro(term.substr(sign + 1), known ? MacroPlace::domain : MacroPlace::modifier);
  if (!macro) return bad(term, macro.error().message);
  if (!known) return {};
  auto& place = word == "exp" ? record.explanation : record.redirect;
  if (place) return bad(term, "stands there twice");
  place = Modifier{std::string(term), std::move(*macro)};
  return {};
}

}  // namespace

std::string_view Mechanism::unqualified() const {
  const std::string_view all = text;
  return all.substr(all.find_first_not_of("+-~?"));
}

bool Mechanism::joins(const net::Address& client, const net::Address& other) const {
  return net::Prefix{other, client.is_v4() ? length4 : length6}.contains(client);
}

bool is_record(std::string_view text) {
  return base::equals_ignoring_case(text.substr(0, version.size()), version) &&
         (text.size() == version.size() || text[version.size()] == ' ');
}

std::vector<std::string_view> terms_of(std::string_view record) {
  std::vector<std::string_view> terms;
  for (const auto term : base::split(record.substr(version.size()), ' '))
    if (!term.empty()) terms.push_back(term);
  return terms;
}

bool is_modifier(std::string_view term) {
  const auto sign = term.find('=');
  return sign != term.npos && sign > 0 && is_alpha(term[0]) && std::ranges::all_of(term.substr(0, sign), is_name_character);
}

base::Expected<Mechanism> parse_mechanism(std::string_view term) {
  constexpr std::array<std::pair<char, Result>, 4> qualifiers{
      {{'+', Result::pass}, {'-', Result::fail}, {'~', Result::softfail}, {'?', Result::neutral}}};
  Mechanism out{.text = std::string(term)};
  auto rest = term;
  for (const auto& [sign, result] : qualifiers)
    if (term.starts_with(sign)) {
      out.result = result;
      rest.remove_prefix(1);
      break;
    }
  const auto word = rest.substr(0, rest.find_first_of(":/"));
  const auto* row = std::ranges::find_if(mechanisms, [word](const Row& r) { return base::equals_ignoring_case(r.word, word); });
  if (row == mechanisms.end()) return bad(term, "no such mechanism");
  out.kind = row->kind;
  auto whole = with_argument(std::move(out), rest.substr(word.size()), *row);
  if (!whole) return bad(term, whole.error().message);
  return whole;
}

base::Expected<Record> parse_record(std::string_view text) {
  Record record;
  for (const auto term : terms_of(text)) {
    if (is_modifier(term)) {
      if (const auto added = add_modifier(record, term); !added) return std::unexpected(added.error());
      continue;
    }
    auto mechanism = parse_mechanism(term);
    if (!mechanism) return std::unexpected(mechanism.error());
    record.mechanisms.push_back(std::move(*mechanism));
  }
  return record;
}

}  // namespace fcrdns::spf
