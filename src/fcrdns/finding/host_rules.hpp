// What is wrong with the ways mail leaves a host: the mail server's configuration, the kernel's choice of the source, and
// what checks of the addresses seen outside came to. Pure: doctor asks, and hands in what it saw.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/finding/finding.hpp"
#include "fcrdns/host/predict.hpp"

namespace fcrdns::finding {

/// How it is known which address receivers see.
enum class KnownFrom {
  interface,  ///< it is the source itself, a global address
  option,     ///< --public
  bounces,    ///< receivers quoted it in replies that the mail server's own log keeps
  nat,        ///< a rule of this host's own gives packets that address
  helo,       ///< the HELO name has it: assumed
  relay,      ///< the relay's, as its name has it
  none,
};
[[nodiscard]] std::string_view to_word(KnownFrom from);

/// One way out. Paths that differ in nothing but the destination are one way.
struct WayOut {
  host::Path path;                       ///< of the first destination
  std::vector<std::string> destinations;
  std::size_t sender = 0;                ///< which of HostFacts::senders
  std::optional<net::Address> translated;  ///< what NAT on this host makes of the source; empty: nothing
  std::optional<net::Address> outside;   ///< what receivers see; empty: not known
  KnownFrom known_from = KnownFrom::none;
  std::string known_by;                  ///< the same in words: "41 bounces, the last 12:40 UTC"
  std::optional<verdict::Iprev> truth;   ///< of `outside`, by the authority; empty: not checked
  std::string confirmed;                 ///< the PTR name that leads back, plain; empty: none does
  std::vector<net::Address> of_helo;     ///< what the DNS says of the HELO name, this family
  std::vector<net::Address> set_up;      ///< neighbours of `outside` that have the PTR it should have
  [[nodiscard]] bool taken() const { return path.turn != host::Turn::never; }
  [[nodiscard]] bool passes() const { return truth == verdict::Iprev::pass; }
  [[nodiscard]] bool fails() const { return truth == verdict::Iprev::fail || truth == verdict::Iprev::permerror; }
};

/// An address that receivers quoted in the mail server's own log.
struct Quoted {
  net::Address address;
  std::size_t bounces = 0;
  std::optional<base::WallTime> last;
  friend bool operator==(const Quoted&, const Quoted&) = default;
};

/// What this machine believes otherwise than the DNS; texts are printable ASCII.
struct Contradiction {
  std::string name;                    ///< a name, or an address in its plain form
  std::vector<std::string> local, world;
  std::string where;                   ///< "/etc/hosts:3 (written by cloud-init)"
  friend bool operator==(const Contradiction&, const Contradiction&) = default;
};

/// Everything a rule may look at. Borrowed for the call.
struct HostFacts {
  std::span<const host::Mta> senders;
  std::span<const WayOut> ways;
  std::span<const host::InterfaceAddress> addresses = {};
  std::span<const Quoted> quoted = {};
  std::optional<base::WallTime> configured = {};  ///< when the configuration was last changed; older bounces prove nothing about it
  std::span<const Contradiction> contradictions = {};
};
[[nodiscard]] std::vector<Finding> judge_host(const HostFacts& facts, Profile profile = Profile::google);

/// The interface's own entry of that address; null: it is none of this machine's.
[[nodiscard]] const host::InterfaceAddress* own_address(const HostFacts& facts, const net::Address& address);
/// No receiver ever sees it: private, shared, unique local, ...
[[nodiscard]] bool is_hidden(const net::Address& address);

}  // namespace fcrdns::finding
