// Can this PTR target be a host name at all? RFC 952 and RFC 1123 2.1 (letters, digits, hyphens), RFC 6761, RFC 6762,
// RFC 7686, RFC 9476 (names that never lead anywhere on the public tree). What cannot is never sent out as a question.
#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/dns/reverse.hpp"
#include "fcrdns/verdict/iprev.hpp"

namespace fcrdns::verdict {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string_view last_label(const dns::Name& name) { return name.label(name.label_count() - 1); }

/// The octets of the labels with dots between, nothing escaped: what a careless program would take for text.
std::string joined(const dns::Name& name) {
  std::string text;
  for (std::size_t i = 0; i < name.label_count(); ++i) (text += i ? "." : "") += name.label(i);
  return text;
}

/// An address where a name belongs: "203.0.113.5.", one label "2001:db8::1", "[203.0.113.5]". No top-level domain is a
/// number (RFC 1123 2.1), so a last label of digits alone is enough.
bool is_ip_literal(const dns::Name& name) {
  if (std::ranges::all_of(last_label(name), is_digit)) return true;
  if (name.label(0).find_first_of(":[.") == std::string_view::npos) return false;  // nearly every name: a scan asks for millions
  auto text = joined(name);
  if (text.size() > 2 && text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  return net::Address::parse(text).has_value();
}

bool is_host_label(std::string_view label) {
  return !label.starts_with('-') && !label.ends_with('-') &&
         std::ranges::all_of(label, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

bool is_special_use(std::string_view top_level) {
  return std::ranges::any_of(std::initializer_list<std::string_view>{"local", "onion", "alt", "localhost"},
                             [&](auto word) { return base::equals_ignoring_case(top_level, word); });
}

}  // namespace

Usability usability(const dns::Name& name, const net::Address& client) {
  if (name.is_root()) return Usability::root;
  if (is_ip_literal(name)) return Usability::ip_literal;
  if (name == dns::reverse_name(client)) return Usability::own_reverse_name;
  bool underscore = false;
  const auto labels = name.label_count();
  for (std::size_t i = 0; i < labels; ++i) {
    if (!is_host_label(name.label(i))) return Usability::not_a_host_name;
    underscore = underscore || name.label(i).find('_') != std::string_view::npos;
  }
  if (labels == 1)
    return base::equals_ignoring_case(name.label(0), "localhost") ? Usability::localhost : Usability::single_label;
  if (is_special_use(last_label(name))) return Usability::special_use;
  return underscore ? Usability::usable_underscore : Usability::usable;
}

}  // namespace fcrdns::verdict
