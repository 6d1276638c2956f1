#include "fcrdns/generator/forward_rows.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/net/special_purpose.hpp"
#include "fcrdns/verdict/iprev.hpp"

namespace fcrdns::generator {
namespace {

constexpr std::size_t most_skipped = 1000, most_apexes = 100'000, most_pool = 0xffff'ff00;

/// Networks that run reverse zones of their own for addresses that the public tree cannot have.
constexpr std::string_view private_kinds[] = {"private", "cgn", "ula", "benchmark"};

bool can_have_ptr(const net::Address& address) {
  const auto special = net::SpecialPurposeTable::built_in().find(address);
  return !special || special->treatment != net::Treatment::not_asked || std::ranges::count(private_kinds, special->kind) > 0;
}

bool is_letter(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_letter_or_digit(unsigned char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

/// What nearly all names are, told in one pass: two labels or more of letters, digits and hyphens inside, the last one letters
/// only and not as long as "arpa". The verdict would say the same.
bool is_plain_host(const dns::Name& name) {
  const auto wire = name.wire();
  std::size_t labels = 0, last = 0;
  for (std::size_t at = 0; wire[at] != 0; at += 1U + wire[at], ++labels) {
    const auto label = wire.subspan(at + 1, wire[last = at]);
    if (label.front() == '-' || label.back() == '-') return false;
    if (!std::ranges::all_of(label, [](auto c) { return is_letter_or_digit(c) || c == '-'; })) return false;
  }
  const auto top = wire.subspan(last + 1, wire[last]);
  return labels > 1 && top.size() != 4 && std::ranges::all_of(top, is_letter);
}

/// A name below .local and the like leads nowhere on the public tree, but many private networks have such hosts.
bool can_be_host(const dns::Name& name, const net::Address& address) {
  if (is_plain_host(name)) return true;
  const auto usability = verdict::usability(name, address);
  return verdict::is_usable(usability) || usability == verdict::Usability::special_use;
}

}  // namespace

std::optional<Skipped::Why> ForwardRows::why_not(const net::Address& address, const dns::Name& name, bool opted_out) const {
  if (opted_out) return Skipped::Why::opted_out;
  if (!options_.only.empty() && std::ranges::none_of(options_.only, [&](const auto& block) { return block.contains(address); }))
    return Skipped::Why::not_in_block;
  if (!can_have_ptr(address)) return Skipped::Why::no_public_ptr;
  if (!name.is_root() && name.label(0) == "*") return Skipped::Why::wildcard;
  if (!can_be_host(name, address)) return Skipped::Why::not_a_host_name;
  return std::nullopt;
}

void ForwardRows::add(const net::Address& address, const dns::Name& name, std::optional<std::uint32_t> ttl, std::size_t line,
                      bool opted_out) {
  ++readable_;
  const auto why = why_not(address, name, opted_out);
  if (why && count_skipped()) derived.skipped.push_back({line, name.text() + ' ' + address.text(), *why});
  if (why && options_.existing.empty()) return;  // only what stands in the reverse zone already asks for it
  const auto octets = name.wire();
  const std::string_view wire(reinterpret_cast<const char*>(octets.data()), octets.size());
  if (pool_.size() + wire.size() > most_pool) return unreadable(line, name.text(), "there are more names than fit; give the data in parts");
  // Addresses of one host mostly stand side by side.
  const bool again = !rows.empty() && std::string_view(pool_).substr(rows.back().name) == wire;
  const auto at = again ? rows.back().name : static_cast<std::uint32_t>(pool_.size());
  if (!again) pool_ += wire;
  rows.push_back({address, !why, at, ttl.value_or(options_.ttl), static_cast<std::uint32_t>(line)});
}

void ForwardRows::add_apex(const dns::Name& name) {
  if (apexes_.size() < most_apexes) apexes_.insert(name);
}

dns::Name ForwardRows::name(const ForwardRow& row) const {
  std::size_t end = row.name;
  while (pool_[end] != '\0') end += 1U + static_cast<unsigned char>(pool_[end]);
  return *dns::Name::from_wire(base::octets_of(std::string_view(pool_).substr(row.name, end + 1 - row.name)));
}

bool ForwardRows::count_skipped() {
  ++derived.skipped_count;
  return derived.skipped.size() < most_skipped;
}

void ForwardRows::unreadable(std::size_t line, std::string_view text, std::string_view why) {
  ++derived.unreadable;
  const bool told = count_skipped();
  if (!told && !first_unreadable.empty()) return;
  auto shown = fmt::format("\"{}\": {}", base::escape(text, 60), why);
  if (first_unreadable.empty()) first_unreadable = fmt::format("line {}: {}", line, shown);
  if (told) derived.skipped.push_back({line, std::move(shown), Skipped::Why::unreadable});
}

void ForwardRows::skip(const ForwardRow& row, Skipped::Why why) {
  if (count_skipped()) derived.skipped.push_back({row.line, name(row).text() + ' ' + row.address.text(), why});
}

base::Expected<dns::Name> parse_host(std::string_view text, const std::optional<dns::Name>& origin) {
  auto name = dns::Name::parse(text);
  if (!name || !origin || name->label_count() != 1 || text.ends_with('.')) return name;
  return name->with_suffix(dns::Name(), *origin);
}

bool opts_out(std::string_view comment) {
  if (comment.find("ptr") == std::string_view::npos && comment.find("PTR") == std::string_view::npos) return false;
  constexpr std::string_view between = " \t,;.#()";
  while (true) {
    const auto begin = comment.find_first_not_of(between);
    if (begin == std::string_view::npos) return false;
    comment.remove_prefix(begin);
    const auto word = comment.substr(0, comment.find_first_of(between));
    if (base::equals_ignoring_case(word, "no-ptr") || base::equals_ignoring_case(word, "noptr")) return true;
    comment.remove_prefix(word.size());
  }
}

std::optional<std::uint32_t> parse_ttl(std::string_view text) {
  constexpr std::uint64_t most = 0x7fff'ffff;
  constexpr std::pair<char, std::uint32_t> units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
  std::uint64_t total = 0, number = 0;
  bool digits = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      number = number * 10 + static_cast<unsigned>(c - '0');
      digits = true;
    } else {
      const auto* unit = std::ranges::find(units, static_cast<char>(c | 0x20), &std::pair<char, std::uint32_t>::first);
      if (!digits || unit == std::end(units)) return std::nullopt;
      total += number * unit->second;
      number = 0;
      digits = false;
    }
    if (number > most || total > most) return std::nullopt;
  }
  if (text.empty()) return std::nullopt;
  total += number;  // a number without a unit is seconds
  return total > most ? std::nullopt : std::optional(static_cast<std::uint32_t>(total));
}

}  // namespace fcrdns::generator
