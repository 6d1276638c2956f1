// What the APIs of strangers answer (RFC 8259, and the XML of one of them): bounded before it is parsed, read by paths;
// a value that is of another type than it should be gives nothing instead of an exception.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/net/address.hpp"

namespace fcrdns::apply {

inline constexpr std::size_t max_reply = 32 << 20;  ///< octets

/// A null value when it is no JSON, larger than that or nested deeper than 64.
[[nodiscard]] nlohmann::json parse_reply(std::string_view text);

/// The values a path leads to: "/a/0/b"; "*" stands for every element of an array or object, "?" for the elements whose
/// "ip" is the address. "" is the value itself. Borrows; at most 1,000,000 of them.
[[nodiscard]] std::vector<const nlohmann::json*> at(const nlohmann::json& value, std::string_view path,
                                                    const std::optional<net::Address>& address = {});
/// The first one as text: a string raw, a number in digits, anything else empty.
[[nodiscard]] std::string text_at(const nlohmann::json& value, std::string_view path, const std::optional<net::Address>& address = {});

/// Whether the text is this address, or a block that holds it.
[[nodiscard]] bool is_or_holds(std::string_view text, const net::Address& address);

/// The content of the first such element, entities decoded, at most 4 KiB; elements inside are left as they are.
[[nodiscard]] std::optional<std::string> xml_element(std::string_view xml, std::string_view name);

/// What went wrong in the API's own words, with its code for it: "forward record not found (invalid_input)". Raw; at most
/// 600 octets; empty when it says nothing a person can read.
[[nodiscard]] std::string error_text(std::string_view body);

}  // namespace fcrdns::apply
