// How fast one resolver may be asked, and how long an answer is waited for. Nothing tells a client a resolver's limit, so
// it is learned from what comes back, as a share of what was sent (docs/scan-speed.md, "Pace"):
//
//   the share falls when more is sent, and comes back when less is      a limit: stay just below it, try a little more at times
//   the share is what it is at any speed                                a lossy line, zones in trouble: no reason to be slow
//
// Time is cut into epochs. A packet counts for the epoch it was sent in, and an epoch is judged as soon as nearly all of its
// answers must have come: no timeout needs to pass before a loss is seen.
#pragma once

#include <array>
#include <cstdint>

#include "fcrdns/base/time.hpp"

namespace fcrdns::resolver {

/// How long answers take: counts by size, the older the less they weigh.
class RoundTrips {
 public:
  void add(base::SteadyTime::duration took);
  /// So long at most did this share of the answers take; `unknown` while few are known.
  [[nodiscard]] base::SteadyTime::duration quantile(double share, base::SteadyTime::duration unknown) const;

 private:
  static constexpr std::size_t steps = 4;       // per doubling
  std::array<std::uint32_t, 25 * steps> counts_{};  // from 1 microsecond to 33 s
  std::uint32_t total_ = 0;
};

/// A packet that was sent.
struct Sent {
  base::SteadyTime when;
  std::uint32_t epoch = 0;
};

class Pace {
 public:
  explicit Pace(base::SteadyTime now) : last_(now) { begin(now); }

  /// Packets that may leave now.
  [[nodiscard]] std::uint32_t allowed(base::SteadyTime now);
  [[nodiscard]] Sent sent(base::SteadyTime now) { return allowance_ -= 1, ++open_.sent, Sent{now, number_}; }
  /// What came back: an answer of any kind that says something of the name asked for ...
  void answered(const Sent& sent, base::SteadyTime now);
  /// ... SERVFAIL, which may be the zone's trouble or the resolver's ...
  void failed(const Sent& sent, base::SteadyTime now);
  /// ... or REFUSED and its like, which are the resolver's own. What never comes back needs no telling.
  void refused(const Sent& sent, base::SteadyTime now);

  /// How long the answer to the `tries`th packet of a question is waited for: short at first where answers are quick,
  /// doubling to `longest`.
  [[nodiscard]] base::SteadyTime::duration patience(unsigned tries, base::SteadyTime::duration longest) const;
  [[nodiscard]] double rate() const { return rate_; }
  /// Nothing at all comes back: it is only asked now and then.
  [[nodiscard]] bool dark() const { return dark_; }

  static constexpr double first_rate = 4'000, least_rate = 20;  ///< packets a second

 private:
  struct Epoch {
    base::SteadyTime begun, ended;
    std::uint32_t number = 0, version = 0;      // version: of the rate
    std::uint32_t sent = 0, good = 0, failed = 0, refused = 0;
    [[nodiscard]] double share() const { return static_cast<double>(good) / sent; }
    [[nodiscard]] double rate() const { return sent / std::chrono::duration<double>(ended - begun).count(); }
  };
  enum class Doing { growing, checking, holding };

  [[nodiscard]] Epoch* of(const Sent& sent);    // nullptr: long gone
  [[nodiscard]] bool is_over(base::SteadyTime::duration age) const;
  void begin(base::SteadyTime now);
  void close(base::SteadyTime now);
  void set(double rate, base::SteadyTime now);
  void judge(const Epoch& epoch, base::SteadyTime now);
  void cut(const Epoch& epoch, base::SteadyTime now);
  void check(const Epoch& epoch, base::SteadyTime now);
  void resume(base::SteadyTime now);
  void hold(double limit, base::SteadyTime now);
  void learn(const Epoch& epoch);
  [[nodiscard]] double doubt(const Epoch& epoch) const;
  [[nodiscard]] double limit_by(const Epoch& epoch) const;

  double rate_ = first_rate, allowance_ = 0;
  double usual_ = 1;                            // share of packets that is answered well below the limit
  Doing doing_ = Doing::growing;
  double step_ = 1;                             // by how much to grow next
  double limit_ = 0;                            // packets a second, as last seen; 0: none was met
  unsigned held_ = 0, holding_ = 0;             // epochs
  bool dark_ = false;                           // nothing at all comes back
  bool deep_ = false;                           // the limit is far below the one seen before
  double before_ = 0;                           // rate before the cut that is being checked
  Epoch suspect_;                               // what led to it
  Epoch open_;
  std::array<Epoch, 64> closed_{};              // by number
  std::uint32_t version_ = 0, number_ = 0, judged_ = 0;  // number_: of the open one
  RoundTrips trips_;
  base::SteadyTime last_;
};

}  // namespace fcrdns::resolver
