#include "fcrdns/scan/worker.hpp"

#include <fmt/format.h>

#include <optional>

namespace fcrdns::scan {
namespace {

constexpr base::Milliseconds longest_wait{2000};   // for a lease, then it is looked whether there will be any
constexpr int beats = 6;                           // signs of life in the time a lease is held without one

class Drain {
 public:
  Drain(lease::Queue& queue, base::Seconds hold, const ScanLease& scan, const WorkerAround& around) : queue_(queue), beat_(base::Milliseconds(hold) / beats), scan_(scan), around_(around) {}

  base::Expected<Worked> run() {
    while (!around_.stop()) {
      auto taken = queue_.take(longest_wait);
      if (!taken) return std::unexpected(taken.error());
      if (!taken->refused.empty()) {
        ++worked_.refused;
        around_.tell(taken->refused);
      }
      if (taken->empty) return worked_;
      if (!taken->held) {
        if (taken->elsewhere > 0) tell_waiting(taken->elsewhere);
        continue;
      }
      waited_for_ = 0;
      if (const auto done = work(*taken->held); !done) {
        taken->held->give_back();
        return std::unexpected(done.error());
      }
    }
    worked_.stopped = true;
    return worked_;
  }

 private:
  base::Expected<void> work(lease::Queue::Held& held) {
    std::uint64_t rows = 0;
    std::optional<base::Fault> problem;
    auto next_beat = around_.now() + beat_;
    const auto go_on = [&] {
      if (const auto now = around_.now(); now >= next_beat) {
        held.still_working();
        next_beat = now + beat_;
      }
      return !problem && !around_.stop();
    };
    const auto take_rows = [&](std::string_view lines, std::uint64_t count) -> base::Expected<void> {
      rows += count;
      auto added = held.add(lines, count);
      if (!added) problem = added.error();
      return added;
    };
    const auto whole = scan_(held.lease(), take_rows, go_on);
    if (!whole) return std::unexpected(whole.error());
    if (problem) return std::unexpected(*problem);
    if (!*whole) {
      held.give_back();
      return {};
    }
    // A result stands for good: better none than one that is not whole.
    if (const auto wanted = lease::addresses_of(held.lease().prefixes); rows != wanted)
      return base::fault(fmt::format("lease {}: {} rows for {} addresses; given back", held.lease().id, rows, wanted));
    const auto first = held.done();
    if (!first) return std::unexpected(first.error());
    if (!*first) return ++worked_.late, base::Expected<void>();
    ++worked_.leases;
    worked_.rows += rows;
    return {};
  }

  void tell_waiting(std::uint64_t elsewhere) {
    if (waited_for_ == 0) around_.tell(fmt::format("nothing waits; {} lease{} under way elsewhere, which may come back", elsewhere, elsewhere == 1 ? " is" : "s are"));
    waited_for_ = elsewhere;
  }

  lease::Queue& queue_;
  const base::Milliseconds beat_;
  const ScanLease& scan_;
  const WorkerAround& around_;
  Worked worked_;
  std::uint64_t waited_for_ = 0;
};

}  // namespace

base::Expected<Worked> drain(lease::Queue& queue, base::Seconds hold, const ScanLease& scan, const WorkerAround& around) {
  return Drain(queue, hold, scan, around).run();
}

}  // namespace fcrdns::scan
