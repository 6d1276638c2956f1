// For the few .cpp files that see Boost.Asio: our addresses as Asio's.
#pragma once

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "fcrdns/net/address.hpp"

namespace fcrdns::transport {

[[nodiscard]] inline boost::asio::ip::address to_asio(const net::Address& address) {
  const auto octets = address.octets();
  if (address.is_v4()) {
    boost::asio::ip::address_v4::bytes_type bytes;
    std::ranges::copy(octets, bytes.begin());
    return boost::asio::ip::address_v4(bytes);
  }
  boost::asio::ip::address_v6::bytes_type bytes;
  std::ranges::copy(octets, bytes.begin());
  return boost::asio::ip::address_v6(bytes);
}

}  // namespace fcrdns::transport
