// The text of a part: transfer encoding and charset undone (GMime's decoders), HTML taken down to its words.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "fcrdns/bounce/mime_scan.hpp"

namespace fcrdns::bounce {

/// Octets of one part's text that are looked at, and of one of its lines.
inline constexpr std::size_t max_text = std::size_t{1} << 20;
inline constexpr std::size_t max_line = std::size_t{64} * 1024;

/// The body without its transfer encoding, at most `limit` octets; unknown encodings stay as they are. The view is of the
/// part itself where nothing is to be undone, else of `room`.
[[nodiscard]] std::string_view unpack(const Part& part, std::string& room, std::size_t limit);

/// Text in UTF-8, or in the part's own octets where its charset is not known or evidently wrong. Lines longer than
/// max_line are cut; `note` is told of what was cut.
[[nodiscard]] std::string_view text_of(const Part& part, std::string& room, const std::function<void(std::string)>& note);

/// Whether text looks like HTML: it begins with a tag, or has some of the tags that notices are made of.
[[nodiscard]] bool looks_like_html(std::string_view text);
/// Tags, comments, styles and scripts out, the usual entities undone; what makes a new line on a screen makes one here.
[[nodiscard]] std::string strip_html(std::string_view html);

}  // namespace fcrdns::bounce
