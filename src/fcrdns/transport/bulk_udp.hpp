// Very many small datagrams to one peer and back, for little CPU. What costs is the kernel's walk per packet, so what goes
// out in one flush is joined: datagrams of equal length travel through the kernel as one (UDP_SEGMENT, udp(7)), several
// such in one call (sendmmsg); what comes in is taken many at a time (recvmmsg), as the kernel joined it (UDP_GRO).
//
// All of a flush leaves by one socket: that fills the joins. Each socket is connected, so that the kernel drops what others
// send, on a random port of its own. Where the kernel refuses UDP_SEGMENT: sendmmsg alone; where it knows none: send.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/octets.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::transport {

class BulkUdp {
 public:
  struct Options {
    unsigned sockets = 4;                   ///< 1 to 64
    std::size_t receive_buffer = 4U << 20;  ///< octets asked of the kernel for each socket; it may give less
    bool segments = true;                   ///< false: as where the kernel joins no datagrams
  };
  /// How datagrams leave; one step down when the kernel refuses the way, and never up again.
  enum class Way : std::uint8_t { joined, many, single };
  /// A datagram that came, and the socket it came to. The octets are borrowed for the call.
  struct Arrived {
    unsigned socket = 0;
    base::OctetView octets;
  };
  static constexpr std::size_t longest = 512;  ///< octets of a datagram to be sent

  /// The Fault says why no socket can be had.
  [[nodiscard]] static base::Expected<std::unique_ptr<BulkUdp>> open(const net::Endpoint& peer, const Options& options);
  ~BulkUdp();
  BulkUdp(const BulkUdp&) = delete;
  BulkUdp& operator=(const BulkUdp&) = delete;

  /// The socket by which the next flush leaves; may change only while nothing is left of the last one.
  void leave_by(unsigned socket) { leaves_by_ = socket; }
  /// Where to write the next datagram of this length (1 to `longest`): the place is part of the next flush.
  [[nodiscard]] std::uint8_t* place(std::size_t length);
  /// Hands everything to the kernel. False: it has no room now, the rest waits for the next flush. What it refuses for
  /// good (no route, a filter) is dropped, like any datagram on the way.
  bool flush();

  /// What has arrived, as far as a bounded number of calls takes it: calls `each` for every datagram. How many.
  template <typename Each>
  std::size_t receive(Each&& each) {
    std::size_t count = 0;
    for (const auto socket : readable())
      for (unsigned calls = 0; calls < most_calls; ++calls) {
        const auto messages = take(socket);
        for (unsigned i = 0; i < messages; ++i) count += split(i, [&](base::OctetView octets) { each(Arrived{socket, octets}); });
        if (messages < batch) break;
      }
    return count;
  }
  /// A new port for this socket; replies on their way to the old one are lost.
  [[nodiscard]] bool reopen(unsigned socket);

  [[nodiscard]] unsigned sockets() const { return static_cast<unsigned>(descriptors_.size()); }
  [[nodiscard]] Way way() const { return way_; }
  /// Datagrams that may be on their way back at once before the smallest receive buffer overflows, by a careful estimate.
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  /// The peer's host said that nobody listens there (ICMP), or there is no way to it, since the last call. Soft: the
  /// first can be forged.
  [[nodiscard]] bool refused() { return std::exchange(refused_, false); }

 private:
  static constexpr unsigned batch = 16, most_calls = 16;
  struct Bucket;
  struct Sending;
  struct Receiving;
  BulkUdp(const net::Endpoint& peer, const Options& options);
  base::Expected<int> connect_one(unsigned number);
  std::span<const unsigned> readable();
  unsigned take(unsigned socket);
  unsigned take_one_by_one(unsigned socket);
  void prepare();
  int hand_over();
  void sent(unsigned messages);
  template <typename Each>
  std::size_t split(unsigned message, Each&& each) {
    const auto whole = received(message);
    const auto segment = std::max<std::size_t>(segment_of(message), 1);
    std::size_t count = 0;
    for (std::size_t at = 0; at < whole.size(); at += segment, ++count) each(whole.subspan(at, std::min(segment, whole.size() - at)));
    return count;
  }
  [[nodiscard]] base::OctetView received(unsigned message) const;
  [[nodiscard]] std::size_t segment_of(unsigned message) const;

  net::Endpoint peer_;
  Options options_;
  Way way_;
  std::vector<int> descriptors_;
  std::vector<unsigned> readable_;
  int epoll_ = -1;
  unsigned leaves_by_ = 0;
  std::size_t capacity_ = 0;
  bool refused_ = false;
  std::vector<Bucket> buckets_;      // by length
  std::vector<std::uint16_t> used_;  // lengths with something in them
  std::unique_ptr<Sending> sending_;
  std::unique_ptr<Receiving> receiving_;
};

}  // namespace fcrdns::transport
