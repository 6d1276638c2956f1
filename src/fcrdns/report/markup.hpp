// Text of others inside markup of ours.
#pragma once

#include <string>
#include <string_view>

namespace fcrdns::report {

/// For HTML and SVG, between tags and inside quoted attributes.
[[nodiscard]] std::string html_escaped(std::string_view text);
/// For Markdown: ASCII punctuation may be backslash-escaped everywhere (CommonMark 2.4), in a table the pipe too.
[[nodiscard]] std::string markdown_escaped(std::string_view text);
/// RFC 4648 4.
[[nodiscard]] std::string base64(std::string_view octets);

}  // namespace fcrdns::report
