// The waiting itself: look, say, pause, look again. Whom it asks and what time it is come in from outside.
#pragma once

#include <optional>

#include "fcrdns/base/time.hpp"
#include "fcrdns/propagation/propagation.hpp"

namespace fcrdns::wait {

/// What is waited for: that the caches that can be seen have let go, or that every cache must have.
enum class Until { earliest, latest };

struct Patience {
  Until until = Until::latest;
  std::optional<base::Milliseconds> longest;    ///< of the whole wait
  std::optional<base::Milliseconds> interval;   ///< between looks; empty: 5 s at first, then longer
  std::optional<base::WallTime> since;          ///< when the change was made
  std::pair<std::uint32_t, std::uint32_t> remembered{};  ///< what an earlier run saw held, forward and reverse, seconds
};

/// `blind`: no root server ever answered; this network keeps its users from asking servers themselves.
enum class Result { waiting, safe, timeout, interrupted, blind };
[[nodiscard]] std::string_view to_word(Result result);

/// What is known at one time.
struct State {
  std::optional<propagation::Sight> sight;      ///< the last one
  propagation::History history{};
  Until until = Until::latest;
  /// How often in a row all was right but for servers that did not answer. One that was silent three times is taken for dead.
  int silent_looks = 0;
  Result result = Result::waiting;
  [[nodiscard]] bool is_silence_believed() const { return silent_looks == 0 || silent_looks >= 3; }
};

class Surroundings {
 public:
  virtual ~Surroundings() = default;
  [[nodiscard]] virtual base::WallTime now() = 0;
  /// Takes `longest` at most.
  [[nodiscard]] virtual propagation::Sight look(const propagation::Sight* before, base::Milliseconds longest) = 0;
  /// False: interrupted.
  [[nodiscard]] virtual bool pause(base::Milliseconds how_long) = 0;
  [[nodiscard]] virtual bool interrupted() = 0;
  /// Before the first look, after each, and at least every second between them.
  virtual void show(const State& state) = 0;
};

[[nodiscard]] State wait_for(const Patience& patience, Surroundings& around);

/// How long to pause after the `looks`th look that showed nothing new, where what was seen is held for `hold` seconds
/// (0: not known): a tenth of that at most, 1 s to 30 s.
[[nodiscard]] base::Milliseconds pause_after(int looks, std::uint32_t hold);
/// Whether two sights show the same, apart from times.
[[nodiscard]] bool shows_same(const propagation::Sight& a, const propagation::Sight& b);

}  // namespace fcrdns::wait
