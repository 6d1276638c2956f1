// What is wrong, how bad, by which rule. Ids are a stable interface (docs/findings/<id>.md); their words stand in
// catalogue.cpp, their logic in judge.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "fcrdns/evidence/evidence.hpp"
#include "fcrdns/verdict/iprev.hpp"

namespace fcrdns::finding {

enum class Id {
  ptr_missing,
  classless_broken,
  ptr_malformed,
  forward_mismatch,
  forward_missing,
  forward_family_missing,
  forward_proxied,
  forward_private,
  ptr_multiple,
  ptr_oversized,
  ptr_target_alias,
  special_purpose_address,
  ipv6_source_without_ptr,
  subject_not_found,
  dnssec_bogus,
  reverse_unreachable,
  forward_unreachable,
};

/// error explains a rejection; undetermined is never an error (exit code 2).
enum class Severity { error, warning, info, undetermined };
[[nodiscard]] std::string_view to_word(Severity severity);

/// What the rule saw: names in presentation form, addresses, numbers; never sentences.
using Value = std::variant<std::string, std::vector<std::string>, std::int64_t>;
using Arguments = std::vector<std::pair<std::string, Value>>;

struct Finding {
  Id id = Id::ptr_missing;
  Severity severity = Severity::error;
  std::optional<net::Address> address;  ///< empty when it concerns the whole subject
  Arguments arguments;
};

/// Applies every rule. `verdicts` belong to evidence.addresses, one each.
[[nodiscard]] std::vector<Finding> judge(const evidence::Evidence& evidence, std::span<const verdict::Verdict> verdicts);

// The catalogue: what a person reads about a finding.
[[nodiscard]] std::string_view to_word(Id id);
/// One plain sentence, without final dot, arguments filled in; every octet printable ASCII.
[[nodiscard]] std::string title(const Finding& finding);
/// What was seen and what it means, in a few sentences.
[[nodiscard]] std::string detail(const Finding& finding);
[[nodiscard]] std::span<const Id> all_ids();

}  // namespace fcrdns::finding
