// Can this PTR target be a host name at all? RFC 952 and RFC 1123 2.1 (letters, digits, hyphens), RFC 6761, RFC 6762,
// RFC 7686, RFC 9476 (names that never lead anywhere on the public tree). What cannot is never sent out as a question.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "fcrdns/base/text.hpp"
#include "fcrdns/dns/reverse.hpp"
#include "fcrdns/verdict/iprev.hpp"

namespace fcrdns::verdict {
namespace {

/// What a label holds; several may be set.
enum Kind : std::uint8_t { digit = 1, letter = 2, hyphen = 4, underscore = 8, other = 16 };
constexpr auto kinds = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(other);
  for (unsigned char c = '0'; c <= '9'; ++c) table[c] = digit;
  for (unsigned char c = 'a'; c <= 'z'; ++c) table[c] = table[c & 0xdfU] = letter;
  table['-'] = hyphen;
  table['_'] = underscore;
  return table;
}();

/// All that one pass over a name tells: a scan looks at millions.
struct Look {
  std::string_view first, last;  // labels
  std::size_t labels = 0;
  unsigned in_last = 0, in_all = 0;  // kinds
  bool hyphen_at_end = false;        // of a label, or its beginning

  explicit Look(const dns::Name& name) {
    const auto octets = name.wire();
    const std::string_view wire(reinterpret_cast<const char*>(octets.data()), octets.size());
    for (std::size_t at = 0; octets[at] != 0; at += 1U + octets[at]) {
      last = wire.substr(at + 1, octets[at]);
      if (labels++ == 0) first = last;
      in_last = 0;
      for (const char c : last) in_last |= kinds[static_cast<unsigned char>(c)];
      in_all |= in_last;
      hyphen_at_end = hyphen_at_end || last.front() == '-' || last.back() == '-';
    }
  }
};

/// The octets of the labels with dots between, nothing escaped: what a careless program would take for text.
std::string joined(const dns::Name& name) {
  std::string text;
  for (std::size_t i = 0; i < name.label_count(); ++i) (text += i ? "." : "") += name.label(i);
  return text;
}

/// An address where a name belongs: "203.0.113.5.", one label "2001:db8::1", "[203.0.113.5]". No top-level domain is a
/// number (RFC 1123 2.1), so a last label of digits alone is enough.
bool is_ip_literal(const dns::Name& name, const Look& look) {
  if (look.in_last == digit) return true;
  if (look.first.find_first_of(":[.") == std::string_view::npos) return false;
  auto text = joined(name);
  if (text.size() > 2 && text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  return net::Address::parse(text).has_value();
}

bool is_own_reverse_name(const dns::Name& name, const Look& look, const net::Address& client) {
  return base::equals_ignoring_case(look.last, "arpa") && name == dns::reverse_name(client);
}

bool is_special_use(std::string_view top_level) {
  return std::ranges::any_of(std::initializer_list<std::string_view>{"local", "onion", "alt", "localhost"},
                             [&](auto word) { return base::equals_ignoring_case(top_level, word); });
}

}  // namespace

Usability usability(const dns::Name& name, const net::Address& client) {
  if (name.is_root()) return Usability::root;
  const Look look(name);
  if (is_ip_literal(name, look)) return Usability::ip_literal;
  if (is_own_reverse_name(name, look, client)) return Usability::own_reverse_name;
  if ((look.in_all & other) != 0 || look.hyphen_at_end) return Usability::not_a_host_name;
  if (look.labels == 1) return base::equals_ignoring_case(look.first, "localhost") ? Usability::localhost : Usability::single_label;
  if (is_special_use(look.last)) return Usability::special_use;
  return (look.in_all & underscore) != 0 ? Usability::usable_underscore : Usability::usable;
}

}  // namespace fcrdns::verdict
