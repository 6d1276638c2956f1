// Which packets may still be answered: by server, socket and ID, to the place of the question. Each place keeps its last
// few packets, so that the late answer to an earlier try counts too. Its memory is that of the window alone.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace fcrdns::resolver {

class Outstanding {
 public:
  static constexpr unsigned kept = 4;  ///< packets of one place
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  struct Packet {
    std::uint16_t server = 0;
    std::uint16_t id = 0;
    std::uint8_t socket = 0;
    friend bool operator==(const Packet&, const Packet&) = default;
  };
  struct Found {
    std::uint32_t place = none;
    unsigned turn = 0;  ///< which of the place's packets
  };

  explicit Outstanding(std::uint32_t places) : packets_(std::size_t{places} * kept) {
    std::size_t heads = 64;
    while (heads < places / 2) heads *= 2;  // few enough to stay in the fastest cache; the chains are short all the same
    heads_.assign(heads, none);
  }

  [[nodiscard]] Found find(const Packet& packet) const {
    for (auto at = heads_[head_of(packet)]; at != none; at = packets_[at].next)
      if (packets_[at].packet == packet) return {at / kept, at % kept};
    return {};
  }
  /// The packet of this turn of the place (below `kept`) from now on; what was there is forgotten. It must not be known yet.
  void add(std::uint32_t place, unsigned turn, const Packet& packet) {
    forget(place, turn);
    const auto at = place * kept + turn;
    auto& head = heads_[head_of(packet)];
    packets_[at] = {packet, true, head};
    head = at;
  }
  void forget(std::uint32_t place) {
    for (unsigned turn = 0; turn < kept; ++turn) forget(place, turn);
  }

 private:
  struct Entry {
    Packet packet;
    bool used = false;
    std::uint32_t next = none;
  };

  [[nodiscard]] std::size_t head_of(const Packet& packet) const {
    // The IDs are random: they spread by themselves.
    return (packet.id ^ (std::size_t{packet.socket} << 7) ^ (std::size_t{packet.server} << 5)) & (heads_.size() - 1);
  }
  void forget(std::uint32_t place, unsigned turn) {
    const auto at = place * kept + turn;
    if (!packets_[at].used) return;
    packets_[at].used = false;
    auto* link = &heads_[head_of(packets_[at].packet)];
    while (*link != at) link = &packets_[*link].next;
    *link = packets_[at].next;
  }

  std::vector<Entry> packets_;
  std::vector<std::uint32_t> heads_;
};

}  // namespace fcrdns::resolver
