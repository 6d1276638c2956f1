// Which ways will a mail take: configuration and kernel together. Pure but for what the kernel is asked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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
    bool stands_in = false;  ///< none of its own, but any address of a family: for the kernel's choice
    friend bool operator==(const Exchange&, const Exchange&) = default;
  };
  std::vector<Exchange> exchanges;  ///< empty: no mail goes there, `trouble` says why
  std::string trouble;              ///< what kept its exchanges unknown, in words: "timeout asking for its MX"; escaped
  friend bool operator==(const Destination&, const Destination&) = default;
};

/// When a way is taken.
enum class Turn {
  always,          ///< the only one
  first,           ///< before the other family
  by_chance,       ///< either family, anew for each mail
  after_refusal,   ///< only when the other family was put off (4xx) or could not be reached
  when_unreachable,  ///< only when the other family could not be reached
  never,           ///< the configuration rules it out, or there is no route
};
[[nodiscard]] std::string_view to_word(Turn turn);

/// One way out: a destination over one family.
struct Path {
  std::string destination;   ///< the domain
  std::string next_hop;      ///< the exchange or relay connected to
  net::Family family = net::Family::v4;
  std::optional<net::Address> to;      ///< the address looked at for the source
  bool stands_in = false;              ///< `to` is no address of the destination
  Turn turn = Turn::never;
  Follows follows = Follows::refusal;  ///< what makes the same mail go on over the other family, or come from it
  std::string why_never;               ///< in words: "inet_protocols = ipv4 (main.cf:12)", "Network is unreachable"
  std::optional<net::Address> source;  ///< what the destination would see if nothing stands between
  bool bound = false;                  ///< by configuration, else the kernel chose
  std::optional<Set<net::Address>> bind;  ///< the bind address that counts for this family, present or not
  std::optional<Set<net::Address>> bind_ignored;  ///< a bind address that is not on this machine
  std::string interface;
  std::string client;                  ///< name of the Client
  bool via_relay = false;
  std::string helo;                    ///< empty: computed per mail
  std::optional<Origin> helo_origin;
  friend bool operator==(const Path&, const Path&) = default;
};

/// Both families of each destination, in order of destinations, v6 before v4; those ruled out stand there as `never`.
/// Bind addresses that are used by turns make one path each.
[[nodiscard]] std::vector<Path> predict(const Mta& mta, Kernel& kernel, const std::vector<Destination>& destinations,
                                        std::string_view sender = {});

/// "smtp_bind_address = 203.0.113.9 (/etc/postfix/main.cf:12)"
[[nodiscard]] std::string to_text(const Origin& origin);
/// "IPv4", "IPv6"
[[nodiscard]] std::string_view to_text(net::Family family);

}  // namespace fcrdns::host
