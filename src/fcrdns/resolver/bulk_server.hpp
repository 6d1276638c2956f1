// One recursive resolver of bulk_given: its sockets, how it is doing.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/resolver/bulk.hpp"
#include "fcrdns/transport/bulk_udp.hpp"

namespace fcrdns::resolver {

class BulkServer {
 public:
  BulkServer(const net::Endpoint& endpoint, std::unique_ptr<transport::BulkUdp> udp, base::SteadyTime now);

  bool edns = true;           ///< false: it has shown that it answers only plain questions
  bool knows_edns = false;    ///< it has answered a question with EDNS
  ServerHealth health;
  base::SteadyTime::duration patience{};  ///< with the first packet of a question, reckoned once a turn
  base::SteadyTime patience_as_of{};

  [[nodiscard]] unsigned socket() const { return leaves_by_; }  ///< by which the next packet leaves
  [[nodiscard]] std::uint8_t* place(std::size_t length) { return udp_->place(length); }
  void sent();                                     ///< one packet by socket()
  void settled(unsigned socket) { --sockets_[socket].out; --out_; }  ///< answered, or no longer waited for
  [[nodiscard]] std::uint32_t out() const { return out_; }

  /// Hands over what was placed; chooses the socket that comes next.
  void flush(base::SteadyTime now);
  /// Packets that the way out and the receive buffer have room for.
  [[nodiscard]] std::uint32_t room() const;
  template <typename Each>
  std::size_t receive(Each&& each) { return udp_->receive(std::forward<Each>(each)); }

  /// ICMP says that nobody listens (soft). True once for each time it is newly heard.
  [[nodiscard]] bool newly_refused(base::SteadyTime now);
  void answered(base::SteadyTime now) { heard_ = now; }
  /// Refused by ICMP since then, and not heard of since.
  [[nodiscard]] bool is_silent_since(base::SteadyTime when) const { return refused_ > heard_ && refused_ >= when; }

 private:
  struct Socket {
    std::uint32_t out = 0;        // packets that may be answered
    std::uint64_t sent = 0;       // since it was opened
    base::SteadyTime opened;
  };
  [[nodiscard]] bool is_worn(const Socket& socket, base::SteadyTime now) const;
  void choose_socket(base::SteadyTime now);

  std::unique_ptr<transport::BulkUdp> udp_;
  std::vector<Socket> sockets_;
  unsigned leaves_by_ = 0;
  std::uint32_t out_ = 0;
  bool blocked_ = false;          // the kernel has no room for what was placed
  base::SteadyTime refused_{}, heard_{};
};

}  // namespace fcrdns::resolver
