#include "fcrdns/bounce/advice.hpp"

#include <algorithm>

#include "fcrdns/base/text.hpp"

namespace fcrdns::bounce {
namespace {

bool is_of_reverse_name(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '.'; }

/// "mail PTR 64.128.10.120.in-addr.arpa": what should be the record's name stands as its content.
bool swaps_fields(std::string_view lower) {
  for (auto at = lower.find("ptr"); at != std::string_view::npos; at = lower.find("ptr", at + 3)) {
    auto begin = lower.find_first_not_of(" \t|", at + 3);
    if (begin == std::string_view::npos) return false;
    auto end = begin;
    while (end < lower.size() && end - begin < 80 && is_of_reverse_name(lower[end])) ++end;
    const auto rest = lower.substr(end);
    // The name of the tree begins with letters that digits of it may look like.
    const bool v4 = rest.starts_with("in-addr.arpa"), v6 = rest.starts_with("ip6.arpa");
    if (end - begin >= 8 && (v4 || v6)) return true;
  }
  return false;
}

/// Named as what to do, not as what to leave.
bool gives_half_fix(std::string_view lower) {
  constexpr std::string_view option = "smtp_address_preference";
  for (auto at = lower.find(option); at != std::string_view::npos; at = lower.find(option, at + option.size())) {
    const auto behind = lower.substr(at + option.size(), 12);
    const auto before = lower.substr(at - std::min<std::size_t>(at, 12), std::min<std::size_t>(at, 12));
    if (behind.find("ipv4") != std::string_view::npos && before.find("not ") == std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

std::vector<Advice> bad_advice(std::string_view text) {
  const auto lower = base::to_lower(text);
  std::vector<Advice> out;
  if (swaps_fields(lower)) out.push_back(Advice::swapped_fields);
  if (gives_half_fix(lower)) out.push_back(Advice::ipv4_preference);
  return out;
}

}  // namespace fcrdns::bounce
