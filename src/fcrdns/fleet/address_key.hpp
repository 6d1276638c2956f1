// Addresses as keys of sorted tables: an octet for the family, then those of the address.
#pragma once

#include <string>
#include <string_view>

#include "fcrdns/net/address.hpp"

namespace fcrdns::fleet {

[[nodiscard]] std::string key_of(const net::Address& address);
/// The last address of the prefix that begins here.
[[nodiscard]] std::string last_of(std::string_view key, std::size_t length);
/// The address behind this one in its family; empty behind the last.
[[nodiscard]] std::string next_of(std::string key);

}  // namespace fcrdns::fleet
