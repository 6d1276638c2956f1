// What the sockets of many datagrams share (udp(7), ip(7), ipv6(7)).
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "fcrdns/net/address.hpp"

namespace fcrdns::transport {

/// Of either family; short, for there are thousands of them in one flush.
union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

[[nodiscard]] inline SocketAddress socket_address(const net::Endpoint& endpoint, socklen_t& length) {
  SocketAddress out{};
  std::memset(&out, 0, sizeof out);
  const auto octets = endpoint.address.octets();
  if (endpoint.address.is_v4()) {
    out.v4.sin_family = AF_INET;
    out.v4.sin_port = htons(endpoint.port);
    std::memcpy(&out.v4.sin_addr, octets.data(), octets.size());
    length = sizeof out.v4;
  } else {
    out.v6.sin6_family = AF_INET6;
    out.v6.sin6_port = htons(endpoint.port);
    std::memcpy(&out.v6.sin6_addr, octets.data(), octets.size());
    length = sizeof out.v6;
  }
  return out;
}

/// Room in the kernel for so many octets each way, or as much as it gives.
inline void ask_for_room(int descriptor, std::size_t octets) {
  const auto wanted = static_cast<int>(octets);
  if (::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof wanted) != 0)
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof wanted);
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &wanted, sizeof wanted);
}

/// Why the last call of the system failed.
[[nodiscard]] inline std::string reason() { return std::system_category().message(errno); }

}  // namespace fcrdns::transport
