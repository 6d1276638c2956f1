// Ids and their words: the arguments of a finding filled into what words.cpp says about it.
#include <algorithm>
#include <array>

#include "fcrdns/finding/words.hpp"

namespace fcrdns::finding {
namespace {

constexpr std::array ids = {
    std::pair{Id::special_purpose_address, "special_purpose_address"},
    std::pair{Id::subject_not_found, "subject_not_found"},
    std::pair{Id::wrong_subject, "wrong_subject"},
    std::pair{Id::ptr_missing, "ptr_missing"},
    std::pair{Id::reverse_not_delegated, "reverse_not_delegated"},
    std::pair{Id::classless_broken, "classless_broken"},
    std::pair{Id::ptr_in_forward_zone, "ptr_in_forward_zone"},
    std::pair{Id::reverse_name_wrong, "reverse_name_wrong"},
    std::pair{Id::ptr_on_neighbour, "ptr_on_neighbour"},
    std::pair{Id::ptr_malformed, "ptr_malformed"},
    std::pair{Id::ptr_foreign_name, "ptr_foreign_name"},
    std::pair{Id::forward_mismatch, "forward_mismatch"},
    std::pair{Id::forward_missing, "forward_missing"},
    std::pair{Id::forward_family_missing, "forward_family_missing"},
    std::pair{Id::forward_proxied, "forward_proxied"},
    std::pair{Id::forward_private, "forward_private"},
    std::pair{Id::ptr_multiple, "ptr_multiple"},
    std::pair{Id::ptr_oversized, "ptr_oversized"},
    std::pair{Id::ptr_target_alias, "ptr_target_alias"},
    std::pair{Id::ptr_generic, "ptr_generic"},
    std::pair{Id::wildcard_ptr, "wildcard_ptr"},
    std::pair{Id::ipv6_source_without_ptr, "ipv6_source_without_ptr"},
    std::pair{Id::reverse_unreachable, "reverse_unreachable"},
    std::pair{Id::forward_unreachable, "forward_unreachable"},
    std::pair{Id::dnssec_bogus, "dnssec_bogus"},
    std::pair{Id::servers_disagree, "servers_disagree"},
    std::pair{Id::authority_flaky, "authority_flaky"},
    std::pair{Id::stale_cache, "stale_cache"},
    std::pair{Id::own_dns_path_blocked, "own_dns_path_blocked"},
    std::pair{Id::ttl_extreme, "ttl_extreme"},
    std::pair{Id::helo_differs, "helo_differs"},
    std::pair{Id::helo_forward_mismatch, "helo_forward_mismatch"},
    std::pair{Id::owner_cannot_set, "owner_cannot_set"},
    std::pair{Id::owner_needs_forward_first, "owner_needs_forward_first"},
    std::pair{Id::ptr_from_server_name, "ptr_from_server_name"},
    std::pair{Id::receiver_side_fault, "receiver_side_fault"},
    std::pair{Id::blame_is_authentication, "blame_is_authentication"},
    std::pair{Id::not_our_address, "not_our_address"},
    std::pair{Id::receiver_sees_gateway, "receiver_sees_gateway"},
    std::pair{Id::helo_invalid, "helo_invalid"},
    std::pair{Id::spf_fail, "spf_fail"},
    std::pair{Id::spf_softfail, "spf_softfail"},
    std::pair{Id::spf_permerror, "spf_permerror"},
    std::pair{Id::spf_none, "spf_none"},
    std::pair{Id::unexpected_source, "unexpected_source"},
    std::pair{Id::source_behind_nat, "source_behind_nat"},
    std::pair{Id::random_ipv6_source, "random_ipv6_source"},
    std::pair{Id::bind_not_in_force, "bind_not_in_force"},
    std::pair{Id::ipv4_preference_half_fix, "ipv4_preference_half_fix"},
    std::pair{Id::leaves_via_relay, "leaves_via_relay"},
    std::pair{Id::local_resolver_differs, "local_resolver_differs"},
};

constexpr std::array<std::string_view, 4> severities{"error", "warning", "info", "undetermined"};
constexpr std::array<std::string_view, 5> profiles{"google", "rfc8601", "strict-all-ptr", "helo-equal", "non-generic"};

constexpr std::size_t list_limit = 5;

std::string shown(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  const auto& list = std::get<std::vector<std::string>>(value);
  if (list.empty()) return "none";
  std::string out;
  for (std::size_t i = 0; i < std::min(list.size(), list_limit); ++i) out += (i == 0 ? "" : ", ") + list[i];
  if (list.size() > list_limit) out += " and " + std::to_string(list.size() - list_limit) + " more";
  return out;
}

bool holds_codes(std::string_view key) { return key == "faults" || key == "reasons" || key == "why"; }

Value in_words(Value value) {
  if (auto* code = std::get_if<std::string>(&value)) *code = phrase(*code);
  if (auto* list = std::get_if<std::vector<std::string>>(&value))
    for (auto& code : *list) code = phrase(code);
  return value;
}

std::string fill(std::string_view pattern, const Finding& finding) {
  std::string out;
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    out += pattern.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = pattern.find('}', open);
    const auto key = pattern.substr(open + 1, close - open - 1);
    if (const auto* value = argument(finding, key)) out += shown(holds_codes(key) ? in_words(*value) : *value);
    pattern.remove_prefix(close + 1);
    // The final dot of a name serves as the sentence's full stop.
    if (out.ends_with('.') && pattern.starts_with('.')) pattern.remove_prefix(1);
  }
  return out;
}

/// The row of the finding's form, else the one for every form.
const Words& words(const Finding& finding) {
  const auto* form = argument(finding, "form");
  const auto* word = form == nullptr ? nullptr : std::get_if<std::string>(form);
  const Words* general = nullptr;
  for (const auto& row : all_words()) {
    if (row.id != finding.id) continue;
    if (row.form.empty()) general = &row;
    else if (word != nullptr && row.form == *word) return row;
  }
  return *general;
}

}  // namespace

std::string_view to_word(Severity severity) { return severities[static_cast<std::size_t>(severity)]; }
std::string_view to_word(Profile profile) { return profiles[static_cast<std::size_t>(profile)]; }
std::string_view to_word(Id id) { return std::ranges::find(ids, id, [](const auto& row) { return row.first; })->second; }

std::optional<Profile> parse_profile(std::string_view word) {
  const auto found = std::ranges::find(profiles, word);
  if (found == profiles.end()) return std::nullopt;
  return static_cast<Profile>(found - profiles.begin());
}

const Value* argument(const Finding& finding, std::string_view key) {
  const auto found = std::ranges::find(finding.arguments, key, &Arguments::value_type::first);
  return found == finding.arguments.end() ? nullptr : &found->second;
}

std::string title(const Finding& finding) { return fill(words(finding).title, finding); }

std::string detail(const Finding& finding) {
  auto text = fill(words(finding).detail, finding);
  if (const auto* reason = argument(finding, "reason")) text += " Reason given: " + shown(*reason);
  return text;
}

std::span<const Id> all_ids() {
  static const auto all = [] {
    std::array<Id, ids.size()> out{};
    std::ranges::transform(ids, out.begin(), [](const auto& row) { return row.first; });
    return out;
  }();
  return all;
}

}  // namespace fcrdns::finding
