// Which ways will a mail take: configuration and kernel together. Pure but for what the kernel is asked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fcrdns/host/kernel.hpp"
#include "fcrdns/host/mta.hpp"

namespace fcrdns::host {

/// Where a mail to a domain goes: its exchanges in order of preference with their addresses, or a relay's.
struct Destination {
  std::string domain;  ///< "gmail.com"
  struct Exchange {
    std::string name;
    std::uint16_t preference = 0;
    std::vector<net::Address> addresses;
    friend bool operator==(const Exchange&, const Exchange&) = default;
  };
  std::vector<Exchange> exchanges;
  friend bool operator==(const Destination&, const Destination&) = default;
};

/// When a way is taken.
enum class Turn {
  always,          ///< the only one
  first,           ///< before the other family
  by_chance,       ///< either family, anew for each mail
  after_refusal,   ///< only when the other family was put off (4xx) or could not be reached
  never,           ///< the configuration rules it out, or there is no route
};
[[nodiscard]] std::string_view to_word(Turn turn);

/// One way out: a destination over one family.
struct Path {
  std::string destination;   ///< the domain
  std::string next_hop;      ///< the exchange or relay connected to
  net::Family family = net::Family::v4;
  std::optional<net::Address> to;      ///< the address looked at for the source
  Turn turn = Turn::never;
  std::string why_never;               ///< in words: "inet_protocols = ipv4 (main.cf:12)", "Network is unreachable"
  std::optional<net::Address> source;  ///< what the destination would see if nothing stands between
  bool bound = false;                  ///< by configuration, else the kernel chose
  std::optional<Set<net::Address>> bind_ignored;  ///< a bind address that is not on this machine
  std::string interface;
  std::string client;                  ///< name of the Client
  bool via_relay = false;
  std::string helo;                    ///< empty: computed per mail
  std::optional<Origin> helo_origin;
  friend bool operator==(const Path&, const Path&) = default;
};

/// Both families of each destination, in order of destinations, v6 before v4; those ruled out stand there as `never`.
[[nodiscard]] std::vector<Path> predict(const Mta& mta, Kernel& kernel, const std::vector<Destination>& destinations,
                                        std::string_view sender = {});

}  // namespace fcrdns::host
