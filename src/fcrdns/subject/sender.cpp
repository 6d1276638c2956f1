// The envelope sender (RFC 5321 4.1.2, Reverse-path) as a person or a log writes it.
#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/subject/subject.hpp"

namespace fcrdns::subject {

base::Expected<std::string> parse_sender(std::string_view text) {
  auto given = base::trim(text);
  const bool bracketed = given.starts_with('<') && given.ends_with('>') && given.size() > 1;
  if (bracketed) given = given.substr(1, given.size() - 2);
  if (given.empty() && bracketed) return std::string();
  const auto refuse = [&](std::string_view why) {
    return base::fault(fmt::format("\"{}\": {}; give user@domain, a domain, or <> for the null sender", base::escape(given, 80), why));
  };
  if (given.empty()) return refuse("nothing there");
  if (!given.starts_with('"') && given.find_first_of("<>") != given.npos) return refuse("a bracket without its partner");
  const auto at = given.rfind('@');
  const auto user = at == given.npos || at == 0 ? "postmaster" : given.substr(0, at);  // RFC 7208 4.3
  const auto domain = at == given.npos ? given : given.substr(at + 1);
  if (user.size() > 64) return refuse("the part before the \"@\" has more than 64 octets");
  if (std::ranges::any_of(user, [](unsigned char c) { return c < 0x20 || c == 0x7f; }) || (user.find(' ') != user.npos && !user.starts_with('"')))
    return refuse("no white space can stand before the \"@\"");
  const auto name = parse_name(domain);
  if (!name) return base::fault(name.error().message);
  return std::string(user) + "@" + base::without_final_dot(name->text());
}

}  // namespace fcrdns::subject
