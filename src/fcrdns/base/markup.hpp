// Text of others inside markup of ours.
#pragma once

#include <string>
#include <string_view>

namespace fcrdns::base {

/// For HTML and SVG, between tags and inside quoted attributes.
[[nodiscard]] std::string html_escaped(std::string_view text);
/// For Markdown: ASCII punctuation may be backslash-escaped everywhere (CommonMark 2.4), in a table the pipe too.
[[nodiscard]] std::string markdown_escaped(std::string_view text);

}  // namespace fcrdns::base
