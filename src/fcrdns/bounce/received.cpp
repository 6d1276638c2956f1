#include "fcrdns/bounce/received.hpp"

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/fields.hpp"
#include "fcrdns/net/special_purpose.hpp"

namespace fcrdns::bounce {
namespace {

constexpr int max_hops = 50;

bool is_same_host(std::string_view a, std::string_view b) {
  return !a.empty() && base::equals_ignoring_case(base::without_final_dot(a), base::without_final_dot(b));
}

std::optional<net::Address> address_in(std::string_view text) {
  const auto open = text.find('[');
  const auto close = text.find(']', open == std::string_view::npos ? text.size() : open);
  if (close == std::string_view::npos) return std::nullopt;
  auto inside = text.substr(open + 1, close - open - 1);
  if (base::equals_ignoring_case(inside.substr(0, 5), "IPv6:")) inside.remove_prefix(5);
  const auto address = net::Address::parse(inside);
  return address ? std::optional(address->unmapped()) : std::nullopt;
}

/// What stands behind " WORD " outside of parentheses, up to the next of these words.
std::string_view clause(std::string_view text, std::string_view word) {
  constexpr std::string_view words[] = {"from", "by", "via", "with", "id", "for"};
  int depth = 0;
  std::size_t begin = std::string_view::npos, start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    if (c == '(') ++depth;
    if (c == ')' && depth > 0) --depth;
    if (c == ';' && depth == 0) return begin == std::string_view::npos ? std::string_view{} : text.substr(begin, i - begin);
    if (c != ' ') continue;
    const auto token = text.substr(start, i - start);
    start = i + 1;
    if (depth > 0 || std::ranges::none_of(words, [&](auto one) { return base::equals_ignoring_case(one, token); })) continue;
    if (begin != std::string_view::npos) return text.substr(begin, start - 1 - token.size() - begin);
    if (base::equals_ignoring_case(token, word)) begin = std::min(start, text.size());
  }
  return begin == std::string_view::npos ? std::string_view{} : text.substr(begin);
}

std::string first_word(std::string_view text) {
  text = base::trim(text);
  return std::string(text.substr(0, std::min(text.find_first_of(" \t()[];"), text.size())));
}

}  // namespace

bool is_public(const net::Address& address) {
  const auto block = net::SpecialPurposeTable::built_in().find(address);
  return !block || block->treatment != net::Treatment::not_asked;
}

Hop parse_received(std::string_view value) {
  Hop hop;
  const auto text = unfold(value, 2048);
  const auto from = clause(text, "from");
  hop.helo = first_word(from);
  if (const auto open = from.find('('); open != std::string_view::npos) {
    const auto comment = base::trim(from.substr(open + 1));
    auto name = first_word(comment);
    if (name.find('@') != std::string::npos) name = name.substr(name.rfind('@') + 1);  // qmail's ident
    if (!base::equals_ignoring_case(name, "HELO") && !base::equals_ignoring_case(name, "unknown")) hop.name = std::move(name);
  }
  hop.address = address_in(from);
  hop.by = first_word(clause(text, "by"));
  const auto with = base::to_lower(first_word(clause(text, "with")));
  hop.submitted = with.ends_with("a") || with == "local" || with.starts_with("http") || from.empty();  // RFC 3848: ESMTPA, ESMTPSA
  return hop;
}

std::optional<net::Address> address_of_reporter(std::string_view header, std::string_view sending_host) {
  for (int hops = 0; hops < max_hops;) {
    const auto field = next_field(header);
    if (!field) break;
    if (!base::equals_ignoring_case(field->name, "Received")) continue;
    ++hops;
    const auto hop = parse_received(field->value);
    const bool from_it = is_same_host(hop.name, sending_host) || (hop.name.empty() && is_same_host(hop.helo, sending_host));
    if (!hop.submitted && from_it && !hop.by.empty() && !is_same_host(hop.by, sending_host) && hop.address && is_public(*hop.address))
      return hop.address;
  }
  return std::nullopt;
}

std::optional<LastHop> hop_into(std::string_view header, std::string_view refuser) {
  std::optional<Hop> last;
  for (int hops = 0; hops < max_hops;) {
    const auto field = next_field(header);
    if (!field) break;
    if (!base::equals_ignoring_case(field->name, "Received")) continue;
    ++hops;
    auto hop = parse_received(field->value);
    if (last) {  // the field before: the sending server took the mail from somebody
      const auto& from = last->name.empty() ? last->helo : last->name;
      if (!is_same_host(hop.by, last->helo) && !is_same_host(hop.by, last->name)) return std::nullopt;
      return LastHop{from, *last->address};
    }
    if (hop.submitted || !is_same_host(hop.by, refuser) || !hop.address || !is_public(*hop.address)) return std::nullopt;
    last = std::move(hop);
  }
  return std::nullopt;
}

}  // namespace fcrdns::bounce
