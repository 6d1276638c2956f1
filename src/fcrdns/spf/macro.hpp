// Macro strings (RFC 7208 7): read once, expanded as often as need be, never longer than allowed.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/dns/name.hpp"

namespace fcrdns::spf {

/// Text as it stands, or one "%{...}".
struct MacroPart {
  std::string literal;
  char letter = 0;            ///< lower case; 0: the literal
  bool escaped = false;       ///< the letter was a capital: URL escaping (7.3)
  bool reversed = false;
  std::size_t keep = 0;       ///< right-hand parts; 0: all
  std::string delimiters{"."};
  friend bool operator==(const MacroPart&, const MacroPart&) = default;
};
using MacroString = std::vector<MacroPart>;

/// Where a macro string stands: a domain-spec must end like a name and may not use c, r, t; only the text of an
/// explanation holds spaces.
enum class MacroPlace { domain, explanation, modifier };
[[nodiscard]] base::Expected<MacroString> parse_macro(std::string_view text, MacroPlace place);

/// What a letter stands for, before transformation.
using MacroValue = std::function<std::string(char letter)>;

/// For a text: its first `limit` octets.
[[nodiscard]] std::string expand_text(const MacroString& macro, const MacroValue& value, std::size_t limit);
/// For a name: without a final dot, cut from the left by labels to 253 octets (7.3).
[[nodiscard]] std::string expand_domain(const MacroString& macro, const MacroValue& value);
[[nodiscard]] bool uses(const MacroString& macro, char letter);

/// Whether it ends in a dot and a label that a top level domain can have (7.1: toplabel).
[[nodiscard]] bool ends_in_toplabel(std::string_view domain);

/// The name that a domain stands for, its labels taken as they are: a backslash is an octet like any other. Empty when
/// there can be no such name (RFC 1035 2.3.4: empty or long labels) or none we may ask for (RFC 8616 4: not ASCII).
[[nodiscard]] std::optional<dns::Name> name_of(std::string_view domain);

}  // namespace fcrdns::spf
