// Forward record, wait, PTR, wait, verify: one run from wherever the journal and the world stand, so that a run that was
// killed is simply run again.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "fcrdns/apply/backend.hpp"
#include "fcrdns/apply/journal.hpp"
#include "fcrdns/propagation/propagation.hpp"
#include "fcrdns/remedy/fix_plan.hpp"

namespace fcrdns::apply {

using remedy::Station;
enum class State { todo, waiting, done, failed, by_hand };
[[nodiscard]] std::string_view to_word(State state);

struct StationReport {
  Station station = Station::forward;
  State state = State::todo;
  std::string detail;  ///< one line, escaped
};

/// One record and who puts it there.
struct Task {
  Wanted wanted;
  std::string backend_id;
  Backend* backend = nullptr;  ///< null: the user does it by hand, and is waited for
};

struct Job {
  propagation::Goal goal;
  Task forward, ptr;
  base::Milliseconds longest{};  ///< for each wait
  bool dry_run = false;
};

/// What the machine sees the world by, and is told by.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  [[nodiscard]] virtual propagation::Sight look() = 0;
  [[nodiscard]] virtual base::WallTime now() = 0;
  /// False: interrupted.
  [[nodiscard]] virtual bool pause(base::Milliseconds how_long) = 0;
  /// A station has come to another state, or waits for something else.
  virtual void report(const StationReport& report) = 0;
};

struct Ran {
  std::array<StationReport, 5> stations;
  std::optional<propagation::Sight> last;
  std::optional<propagation::Safe> safe;   ///< once all is right
  std::optional<Trouble> trouble;          ///< of the station that failed by its back end
  bool invisible = false;                  ///< it was done, and some listed server does not show it
  bool undecided = false;                  ///< trouble of the DNS kept open whether all show it
  bool interrupted = false;
  std::string journal_fault;               ///< the journal could not be written: nothing was begun after that
};

/// Runs to the end or to the first station that fails.
[[nodiscard]] Ran run(const Job& job, Journal& journal, Surroundings& around);

/// Puts back, PTR first, what the journal says was there. Parts that were done by hand are only told.
struct Undone {
  std::vector<StationReport> parts;
  std::optional<Trouble> trouble;
  std::string journal_fault;
};
[[nodiscard]] Undone undo(const Job& job, Journal& journal, Surroundings& around);

}  // namespace fcrdns::apply
