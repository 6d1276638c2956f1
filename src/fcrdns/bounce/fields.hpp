// Header fields (RFC 5322 2.2): name, colon, value, with folded lines. Also those of a delivery report, which look alike.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "fcrdns/base/time.hpp"

namespace fcrdns::bounce {

/// Octets of one field that are looked at.
inline constexpr std::size_t max_field = std::size_t{64} * 1024;

struct HeaderField {
  std::string_view name;
  std::string_view value;  ///< as it stands, folds and line ends inside it included
};

/// The next line of `text` without its end (LF or CRLF), which is cut from `text`. Not for empty texts.
[[nodiscard]] std::string_view next_line(std::string_view& text);
/// Name and what follows the colon, when the line is written like a field: no blanks in the name, no "//" behind it.
[[nodiscard]] std::optional<HeaderField> field_of(std::string_view line);
/// The next field of a header block, which is cut from `block`; lines that are none are passed over.
[[nodiscard]] std::optional<HeaderField> next_field(std::string_view& block);
/// The first field of that name; empty when there is none.
[[nodiscard]] std::string_view find_field(std::string_view block, std::string_view name);

/// Line ends taken out, blanks around them single, trimmed; at most `limit` octets.
[[nodiscard]] std::string unfold(std::string_view value, std::size_t limit = 1024);
/// The address of a field: what stands in <>, or the first word with an @ in it. Empty for <> and where there is none.
[[nodiscard]] std::string_view mail_address(std::string_view value);
/// RFC 5322 3.3, comments and the older zone names allowed; nothing for what is no date.
[[nodiscard]] std::optional<base::WallTime> parse_mail_date(std::string_view value);

}  // namespace fcrdns::bounce
