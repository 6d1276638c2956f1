// What many claims say together: how many, who refused, which addresses, why, when; and the topics worth a check.
// Memory does not grow with the number of claims.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "fcrdns/bounce/read.hpp"
#include "fcrdns/dns/name.hpp"
#include "fcrdns/evidence/evidence.hpp"

namespace fcrdns::explanation {

/// Distinct keys that are counted one by one; the rest is counted together.
inline constexpr std::size_t max_addresses = 10'000;
inline constexpr std::size_t max_receivers = 1'000;
/// Hours of the timeline: more than two years of a log.
inline constexpr std::size_t max_hours = 20'000;

/// A sender of ours that was refused for want of reverse DNS: an address, or where none is known, the host's own name.
struct Topic {
  std::optional<net::Address> address;
  bounce::Claim latest;          ///< refusal
  evidence::Blame blame;
};

struct Hour {
  std::size_t reverse_dns = 0, other = 0;
};

struct Summary {
  std::size_t messages = 0;      ///< claims in all
  std::size_t reverse_dns = 0;   ///< of them: concern reverse DNS
  std::size_t inbound = 0;       ///< our own server refused somebody
  std::size_t accepted = 0;      ///< mails that others took, as far as a log tells; 0: not told
  std::size_t permanent = 0;     ///< came back
  std::size_t refused_elsewhere = 0;   ///< not inbound
  std::size_t reverse_dns_elsewhere = 0;   ///< not inbound
  std::map<net::Address, std::size_t> by_address;
  std::map<std::string, std::size_t, std::less<>> by_receiver;   ///< catalogue id, or the name of its server
  std::map<bounce::Cause, std::size_t> by_cause;
  std::size_t other_addresses = 0, other_receivers = 0;   ///< claims beyond the limits
  std::map<std::chrono::sys_time<std::chrono::hours>, Hour> timeline;
  std::optional<base::WallTime> first, last;   ///< refusals that concern reverse DNS, not inbound
  std::vector<Topic> topics;     ///< most mails first
  std::vector<bounce::Claim> others;           ///< refusals for other reasons, one of each kind, at most 10
  std::vector<std::string> notes;              ///< of the readers, at most 20
  std::size_t more_notes = 0;
};

/// Counts claims as they are read. `each` sees every claim too (lists, JSON).
class Collector final : public bounce::Sink {
 public:
  explicit Collector(std::function<void(const bounce::Claim&)> each = {}) : each_(std::move(each)) {}
  void claim(const bounce::Claim& claim) override;
  void accepted(std::size_t mails) override { summary_.accepted += mails; }
  void note(std::string line) override;
  void advised(bounce::Advice advice) override;
  /// Call once, at the end.
  [[nodiscard]] Summary take();

 private:
  void count_topic(const bounce::Claim& claim);
  void keep_other(const bounce::Claim& claim);

  std::function<void(const bounce::Claim&)> each_;
  Summary summary_;
  std::unordered_map<net::Address, Topic> by_address_;
  std::unordered_map<std::string, Topic> by_host_;   // where no address is known
};

/// The receiver in words: "Gmail", else the name of its server, escaped; "the receiver" when neither is known.
[[nodiscard]] std::string receiver_text(const bounce::Claim& claim);
/// The envelope sender, for SPF; empty when it is not told.
[[nodiscard]] std::optional<std::string> envelope_sender(const bounce::Claim& claim);
/// The name of the host that sent, when it can be looked up.
[[nodiscard]] std::optional<dns::Name> sending_host(const bounce::Claim& claim);

}  // namespace fcrdns::explanation
