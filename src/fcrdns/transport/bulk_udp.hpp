// Very many small datagrams to one peer and back, for little CPU. What costs is the kernel's walk per packet, so what goes
// out in one flush is joined: datagrams of equal length travel through the kernel as one (UDP_SEGMENT, udp(7)), several
// such in one call (sendmmsg); what comes in is taken many at a time (recvmmsg), as the kernel joined it (UDP_GRO).
//
// All of a flush leaves by one socket, the next flush by the next one: that fills the joins. Each socket is connected, so
// that the kernel drops what others send, on a random port of its own. Where the kernel knows no UDP_SEGMENT, sendmmsg alone.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/octets.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::transport {

class BulkUdp {
 public:
  struct Options {
    unsigned sockets = 4;               ///< 1 to 64
    std::size_t receive_buffer = 4U << 20;  ///< octets asked of the kernel for each socket; it may give less
    bool segments = true;               ///< false: as where the kernel knows no UDP_SEGMENT
  };
  /// A datagram that came, and the socket it came to. The octets are borrowed for the call.
  struct Arrived {
    unsigned socket = 0;
    base::OctetView octets;
  };

  /// The Fault says why no socket can be had.
  [[nodiscard]] static base::Expected<std::unique_ptr<BulkUdp>> open(const net::Endpoint& peer, const Options& options);
  ~BulkUdp();
  BulkUdp(const BulkUdp&) = delete;
  BulkUdp& operator=(const BulkUdp&) = delete;

  /// The socket by which the next flush leaves.
  [[nodiscard]] unsigned next_socket() const { return next_; }
  /// Where to write the next datagram of this length (at most 512): the place is part of the next flush.
  [[nodiscard]] std::uint8_t* place(std::size_t length);
  /// Hands everything to the kernel. What it has no room for is dropped, like any datagram on the way.
  void flush();
  /// What has arrived, at most a few hundred; then calls `each` for every one. Returns how many; 0: nothing more for now.
  template <typename Each>
  std::size_t receive(Each&& each) {
    std::size_t count = 0;
    for (unsigned socket = 0; socket < sockets(); ++socket)
      while (const auto messages = take(socket)) {
        for (unsigned i = 0; i < messages; ++i) count += split(i, [&](base::OctetView octets) { each(Arrived{socket, octets}); });
        if (messages < batch) break;
      }
    return count;
  }
  /// Waits until something has arrived, at most so long.
  void wait(int milliseconds);
  /// A new port for this socket; replies on their way to the old one are lost.
  [[nodiscard]] bool reopen(unsigned socket);

  [[nodiscard]] unsigned sockets() const { return static_cast<unsigned>(descriptors_.size()); }
  /// Datagrams that may be on their way back at once before the smallest receive buffer overflows, by a careful estimate.
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  /// The peer's host said that nobody listens there (ICMP), since the last call: soft, it can be forged.
  [[nodiscard]] bool refused();

 private:
  static constexpr unsigned batch = 16;
  struct Bucket;
  struct Receiving;
  BulkUdp(const net::Endpoint& peer, const Options& options);
  base::Expected<int> connect_one();
  unsigned take(unsigned socket);
  template <typename Each>
  std::size_t split(unsigned message, Each&& each) {
    const auto whole = received(message);
    const auto segment = segment_of(message);
    std::size_t count = 0;
    for (std::size_t at = 0; at < whole.size() || (whole.empty() && count == 0); at += segment, ++count) {
      each(whole.subspan(at, std::min(segment, whole.size() - at)));
      if (segment == 0) break;
    }
    return count;
  }
  [[nodiscard]] base::OctetView received(unsigned message) const;
  [[nodiscard]] std::size_t segment_of(unsigned message) const;

  net::Endpoint peer_;
  Options options_;
  std::vector<int> descriptors_;
  int epoll_ = -1;
  unsigned next_ = 0;
  std::size_t capacity_ = 0;
  bool refused_ = false;
  std::vector<Bucket> buckets_;     // by length
  std::vector<std::uint16_t> used_; // lengths with something in them
  std::unique_ptr<Receiving> receiving_;
};

}  // namespace fcrdns::transport
