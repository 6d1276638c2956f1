// One provider's ways to set a PTR, each complete enough to paste, and its conditions: the catalogue's words with this
// address and this name in them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fcrdns/remedy/fix_plan.hpp"
#include "fcrdns/remedy/owners_way.hpp"

namespace fcrdns::remedy {

/// The cheapest to take first. Blocks of several lines keep their lines.
[[nodiscard]] std::vector<Recipe> recipes_of(const provider::Provider& owner, const Blanks& blanks);
/// Those that concern the address's family.
[[nodiscard]] std::vector<Condition> conditions_of(const provider::Provider& owner, const Blanks& blanks);
/// The request of an API as a line of curl; empty when curl cannot say who asks.
[[nodiscard]] std::optional<std::string> curl_line(const provider::Api& api, const Blanks& blanks);

}  // namespace fcrdns::remedy
