#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "fcrdns/net/address.hpp"

namespace fcrdns::transport {

/// The other side: hears datagrams and sends them back.
class Peer {
 public:
  explicit Peer(const char* address = "127.0.0.1") : descriptor_(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
    sockaddr_in here{};
    here.sin_family = AF_INET;
    ::inet_pton(AF_INET, address, &here.sin_addr);
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<sockaddr*>(&here), sizeof here), 0);
    const int room = 4 << 20;
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  }
  ~Peer() { ::close(descriptor_); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  [[nodiscard]] net::Endpoint endpoint() const {
    sockaddr_in here{};
    socklen_t size = sizeof here;
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&here), &size);
    return {net::Address::from_octets({reinterpret_cast<const std::uint8_t*>(&here.sin_addr), 4}).value(), ntohs(here.sin_port)};
  }
  /// Everything that has come, how often; sends it back when `echo`. Remembers the ports it came from.
  std::map<std::string, int> hear(std::size_t count, bool echo = false) {
    std::map<std::string, int> out;
    std::array<char, 2048> buffer;
    for (std::size_t i = 0; i < count; ++i) {
      pollfd readable{descriptor_, POLLIN, 0};
      sockaddr_in from{};
      socklen_t size = sizeof from;
      if (::poll(&readable, 1, 2000) != 1) break;
      const auto got = ::recvfrom(descriptor_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
      if (got < 0) break;
      ++out[std::string(buffer.data(), static_cast<std::size_t>(got))];
      ports.insert(ntohs(from.sin_port));
      if (echo) ::sendto(descriptor_, buffer.data(), static_cast<std::size_t>(got), 0, reinterpret_cast<sockaddr*>(&from), size);
    }
    return out;
  }
  std::set<std::uint16_t> ports;

 private:
  int descriptor_;
};

}  // namespace fcrdns::transport
