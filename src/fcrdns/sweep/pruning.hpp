// Asks for the names of blocks first, and learns which blocks need no questions (RFC 8020): from the prefix downwards,
// octet by octet (IPv6: nibble by nibble), the name of the unit itself last. How zones that lie are found: zones.hpp.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include "fcrdns/dns/reply.hpp"
#include "fcrdns/resolver/bulk.hpp"
#include "fcrdns/sweep/blocks.hpp"
#include "fcrdns/sweep/opt_out.hpp"
#include "fcrdns/sweep/zones.hpp"

namespace fcrdns::sweep {

struct RangeOptions;

class Pruning {
 public:
  /// Borrows all of them.
  Pruning(const Units& units, const OptOut& opt_out, const RangeOptions& options, resolver::Bulk& bulk);

  /// What to do with the unit now.
  enum class Now {
    ask,    ///< about its addresses
    later,  ///< nothing is below: what_of() tells in the end whether that was true
    wait,   ///< until an answer comes: it is among released() then
  };
  /// Whether there is room for one more question, of whomever.
  [[nodiscard]] bool has_room() const { return bulk_.room() > 0; }
  /// Whether a unit can be considered: that may take a question.
  [[nodiscard]] bool may_consider() const;
  [[nodiscard]] Now consider(const Unit& unit);
  /// Units that have waited. They are taken out by who considers them again.
  [[nodiscard]] std::deque<std::uint64_t>& released() { return released_; }

  void answered(std::uint64_t token, const dns::Reply& reply);
  /// Asks about the samples that are due, as far as there is room.
  void ask_samples();
  /// Nothing is under way and nothing is due.
  [[nodiscard]] bool idle() const { return under_way_ == 0 && samples_.empty() && again_.empty(); }

  /// When all is known: what became of the unit.
  enum class Was { asked, cleared, taken_back };
  [[nodiscard]] Was what_of(const Unit& unit) const;

  [[nodiscard]] const Zones& zones() const { return zones_; }

 private:
  /// A question of ours.
  struct Asked {
    enum class About : std::uint8_t { block, again, sample } about = About::block;
    Block block;
    net::Prefix zone;       // sample: the one that cleared the block
    std::uint8_t tries = 0;  // sample
    std::vector<std::uint64_t> waiting;  // units
  };
  struct Samples {
    Block block;
    net::Prefix zone;
    std::uint32_t left = 0;
    std::uint8_t tries = 0;
    bool first = false;
  };

  [[nodiscard]] bool may_ask() const;
  std::uint32_t ask(const dns::Name& name, Asked asked);
  [[nodiscard]] Known judge(const Block& block, const dns::Reply& reply);
  [[nodiscard]] std::optional<Known> known_by(const Block& block, std::uint8_t length);
  void prove(const Block& block, const net::Prefix& zone);
  void proven_answered(const Block& block, const dns::Reply& reply);
  void sample_answered(const Asked& asked, const dns::Reply& reply);
  [[nodiscard]] bool choose(const net::Prefix& block, bool first, net::Address& out);
  [[nodiscard]] bool has_public_names(const net::Prefix& block) const;

  const OptOut& opt_out_;
  const RangeOptions& options_;
  resolver::Bulk& bulk_;
  Blocks blocks_;
  Zones zones_;
  std::vector<std::uint8_t> above_;  // per prefix: length of the zone that is above it, or not_seen
  std::vector<Asked> asked_;
  std::vector<std::uint32_t> free_;
  std::unordered_map<std::uint64_t, std::uint32_t> asking_;  // block's number -> asked_
  std::deque<std::uint64_t> released_;
  std::deque<Samples> samples_;
  std::deque<Block> again_;
  std::size_t under_way_ = 0, waiting_ = 0;
  std::uint64_t random_;
};

}  // namespace fcrdns::sweep
