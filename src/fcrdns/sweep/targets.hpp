// Where the addresses come from: lists, ranges in random order, ranges with whole empty blocks left out. Each target has
// a place, so that a scan that was interrupted knows what it has had.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "fcrdns/dns/reply.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::sweep {

/// The work comes in units of at most 256 targets, numbered from 0 in the order of the input (of a prefix: /24s or /120s);
/// they may be handed out in any order. The same input and the same shard make the same units each time.
struct Place {
  std::uint64_t unit = 0;
  std::uint16_t index = 0;  ///< below 256
  friend bool operator==(const Place&, const Place&) = default;
};
inline constexpr std::size_t unit_size = 256;

struct Target {
  net::Address address;
  Place place;
  std::string_view bad_input;  ///< a line that is no address; lives until the next call of next()
  bool cleared = false;        ///< it is below a name that does not exist (RFC 8020): NXDOMAIN without a question
};

class Targets {
 public:
  enum class Next {
    target,   ///< one was handed out
    not_yet,  ///< questions under way decide what comes next, or the pipe has nothing for now
    end,
  };
  virtual ~Targets() = default;
  [[nodiscard]] virtual Next next(Target& target) = 0;
  /// What the PTR question of a target that was handed out has led to (whoever clears blocks learns by it).
  virtual void answered(const Target& target, const dns::Reply& reply) { (void)target, (void)reply; }
  /// The answer to a question of its own: its tokens have this bit set.
  virtual void answered(std::uint64_t token, const dns::Reply& reply) { (void)token, (void)reply; }
  static constexpr std::uint64_t own_token = std::uint64_t{1} << 63;
  /// How many targets there are in all, as far as known; 0: not known.
  [[nodiscard]] virtual std::uint64_t total() const { return 0; }
  /// Zones that said of names with others below them that they do not exist: what a resumed scan must know from the start.
  [[nodiscard]] virtual std::vector<net::Prefix> lying_zones() const { return {}; }
};

/// Which units need not be handed out: those that an earlier run has had. A target of a unit that was half done may be
/// left out too.
class Skip {
 public:
  virtual ~Skip() = default;
  [[nodiscard]] virtual bool unit(std::uint64_t number) const = 0;
  [[nodiscard]] virtual bool target(const Place& place) const = 0;
};

}  // namespace fcrdns::sweep
