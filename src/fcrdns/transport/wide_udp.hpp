// Datagrams to very many peers and back over a few sockets of each family that all peers share: a socket for each of a
// hundred thousand servers cannot be had. They are not connected, so each reply comes with where it is from, and who reads
// it compares that with whom it has asked. One system call takes many (sendmmsg(2), recvmmsg(2)). The sibling for one peer is
// BulkUdp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/octets.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::transport {

class WideUdp {
 public:
  struct Options {
    unsigned sockets = 4;                   ///< of each family, 1 to 16; each on a random port of its own
    std::size_t receive_buffer = 4U << 20;  ///< octets asked of the kernel for each socket; it may give less
    std::optional<net::Family> only;        ///< the family that carries the datagrams; empty: both
  };
  /// A datagram that came. The octets are borrowed for the call.
  struct Arrived {
    unsigned socket = 0;
    net::Endpoint from;
    base::OctetView octets;
  };

  /// One family may be missing; the Fault says why there is none.
  [[nodiscard]] static base::Expected<std::unique_ptr<WideUdp>> open(const Options& options);
  ~WideUdp();
  WideUdp(const WideUdp&) = delete;
  WideUdp& operator=(const WideUdp&) = delete;

  [[nodiscard]] bool carries(net::Family family) const { return !group(family).sockets.empty(); }
  /// Of both families: sockets are counted through.
  [[nodiscard]] unsigned sockets() const { return static_cast<unsigned>(descriptors_.size()); }
  /// The socket by which the next flush of this family leaves.
  [[nodiscard]] unsigned next_socket(net::Family family) const { return group(family).sockets[group(family).next]; }

  /// Where to write the next datagram of this length to this peer; the place is good until the next call.
  [[nodiscard]] std::uint8_t* place(const net::Endpoint& peer, std::size_t length, std::uint32_t mark);
  /// Hands everything to the kernel. What it has no room for is dropped, like any datagram on the way; `astray(mark)` is
  /// called for those that no way leads to.
  template <typename Astray>
  void flush(Astray&& astray) {
    send_all();
    for (const auto mark : astray_) astray(mark);
    astray_.clear();
  }
  /// Calls `each` for what has arrived, at most a few thousand; returns how many.
  template <typename Each>
  std::size_t receive(Each&& each) {
    std::size_t count = 0;
    for (unsigned socket = 0; socket < sockets(); ++socket)
      for (unsigned round = 0; round < most_rounds; ++round) {
        const auto got = take(socket);
        for (unsigned i = 0; i < got; ++i) each(Arrived{socket, source(i), received(i)});
        count += got;
        if (got < batch) break;
      }
    return count;
  }
  /// Waits until something has arrived, at most so long.
  void wait(int milliseconds);

 private:
  static constexpr unsigned batch = 32, most_rounds = 32;
  struct Group {
    std::vector<unsigned> sockets;  // of one family
    std::size_t next = 0;
  };
  struct Outgoing;
  struct Receiving;
  WideUdp();
  base::Expected<void> open_one(net::Family family, const Options& options);
  void send_all();
  unsigned take(unsigned socket);
  [[nodiscard]] net::Endpoint source(unsigned message) const;
  [[nodiscard]] base::OctetView received(unsigned message) const;
  [[nodiscard]] const Group& group(net::Family family) const { return groups_[family == net::Family::v4 ? 0 : 1]; }

  std::vector<int> descriptors_;
  Group groups_[2];
  int epoll_ = -1;
  std::unique_ptr<Outgoing> outgoing_;
  std::unique_ptr<Receiving> receiving_;
  std::vector<std::uint32_t> astray_;
};

}  // namespace fcrdns::transport
