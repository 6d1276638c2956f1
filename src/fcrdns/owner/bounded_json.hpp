// JSON of strangers (RFC 8259): size and depth are bounded before anything is parsed, and reading a value that is of
// another type than it should be gives nothing instead of an exception.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace fcrdns::owner {

inline constexpr std::size_t max_json = 1 << 20;  ///< octets
inline constexpr std::size_t max_depth = 64;

/// Empty when it is no JSON, too large or nested too deep. Of duplicate keys the last one counts.
[[nodiscard]] std::optional<nlohmann::json> parse_bounded(std::string_view text);

/// The member of an object; a null value when there is none, or no object. Borrows.
[[nodiscard]] const nlohmann::json& member(const nlohmann::json& object, const char* key);
/// The text, raw; empty when it is none.
[[nodiscard]] std::string_view text_of(const nlohmann::json& value);

}  // namespace fcrdns::owner
