// Small text work that has nothing to do with DNS or mail, and the escape that keeps hostile octets off a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fcrdns::base {

/// White space (space, tab, CR, LF, VT, FF) cut from both ends.
[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string to_lower(std::string_view text);                        ///< ASCII only
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);  ///< ASCII only
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);  ///< keeps empty parts
[[nodiscard]] std::vector<std::string_view> words(std::string_view text);                   ///< by white space
/// A name as it stands inside a sentence or a panel; "." alone stays.
[[nodiscard]] std::string without_final_dot(std::string_view name);
/// How deep arrays and objects of JSON nest, counted before a parser that recurses sees it; text that is none gives some number.
[[nodiscard]] std::size_t json_depth(std::string_view text);

/// Printable ASCII as it is, every other octet and the backslash as \DDD (decimal, RFC 1035 5.1 style): safe on a
/// terminal and in a log. At most `limit` octets of input are shown, then "...".
[[nodiscard]] std::string escape(std::string_view untrusted, std::size_t limit = 1024);

}  // namespace fcrdns::base
