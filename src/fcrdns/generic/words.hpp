// The words of access lines and rented machines in a name.
#pragma once

#include <string_view>

#include "fcrdns/generic/tokens.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::generic {

/// How many labels of the name may tell something: all but the registered domain, which is taken for the last two, or
/// the last three below one like co.uk.
[[nodiscard]] std::size_t telling_labels(const provider::PlainName& name);

struct Words {
  std::string_view server_id;    ///< a machine's serial number, the label: vmi123456, srv-1a2b3c, c17877, a MAC address
  std::string_view access_word;  ///< dsl092-151, dhcp12, anna.dyn.isp.example, host-37 where 37 is the last octet: the word
};
/// What the labels tell; either may be empty. The views live as long as the name.
[[nodiscard]] Words words_in(const provider::PlainName& name, const Tokens& tokens, const net::Address& address);

}  // namespace fcrdns::generic
