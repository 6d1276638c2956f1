// A record as its author wrote it (RFC 7208 4.6.1, 5, 6): mechanisms in order, and the modifiers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/dns/record.hpp"
#include "fcrdns/net/address.hpp"
#include "fcrdns/spf/macro.hpp"
#include "fcrdns/spf/spf.hpp"

namespace fcrdns::spf {

enum class Kind : std::uint8_t { all, include, a, mx, ptr, ip4, ip6, exists };

struct Mechanism {
  std::string text;                    ///< as written
  Result result = Result::pass;        ///< what its qualifier makes of a match
  Kind kind = Kind::all;
  std::optional<MacroString> target;   ///< of its domain-spec; empty: the domain itself
  net::Address network;                ///< of ip4 and ip6; bits behind the length may be set
  std::uint8_t length4 = 32, length6 = 128;

  [[nodiscard]] std::string_view unqualified() const;
  /// Whether the address and another of this mechanism (its network, or one the DNS gave) lie in one network.
  [[nodiscard]] bool joins(const net::Address& client, const net::Address& other) const;
};

struct Modifier {
  std::string text;
  MacroString target;
};

struct Record {
  std::vector<Mechanism> mechanisms;
  std::optional<Modifier> redirect, explanation;
};

/// Whether a text claims to be an SPF record (4.5).
[[nodiscard]] bool is_record(std::string_view text);
/// A Fault for any error of syntax anywhere in it (4.6).
[[nodiscard]] base::Expected<Record> parse_record(std::string_view text);
/// Its terms, as they stand in it.
[[nodiscard]] std::vector<std::string_view> terms_of(std::string_view record);
[[nodiscard]] bool is_modifier(std::string_view term);
[[nodiscard]] base::Expected<Mechanism> parse_mechanism(std::string_view term);

}  // namespace fcrdns::spf
