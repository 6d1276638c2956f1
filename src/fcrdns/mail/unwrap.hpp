// Takes off what other programs wrapped around a reply: line ends written as \n or #012, HTML tags and entities.
#pragma once

#include <string>
#include <string_view>

namespace fcrdns::mail {

/// Whether there may be anything to take off: a quick look, so that most text need not be copied.
[[nodiscard]] bool is_wrapped(std::string_view text);

/// The text with real line ends. A tag that ends a line becomes a line end, other tags go; <user@example.com> is no tag.
/// Never longer than the text.
[[nodiscard]] std::string unwrap(std::string_view text);

}  // namespace fcrdns::mail
