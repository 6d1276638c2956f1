#include "fcrdns/apply/machine.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fcrdns::apply {
namespace {

using propagation::Holder;
using propagation::Side;
using propagation::Sight;

constexpr base::Milliseconds first_pause{500}, longest_pause{10'000};
constexpr base::Seconds first_retry{5}, longest_retry{60};
constexpr base::Seconds patience_with_the_silent{15};  // a dead secondary does not hold up what all others show

std::string shown(const dns::Record& record) { return dns::to_text(record); }

Side side_of(Part part) { return part == Part::forward ? Side::forward : Side::reverse; }
bool is_right(const Sight& sight, Side side) { return side == Side::forward ? sight.forward_right : sight.reverse_right; }
bool is_open(const Sight& sight, Side side) { return side == Side::forward ? sight.forward_open : sight.reverse_open; }

bool holds(const Before& before, const dns::Record& record) {
  const auto same = [&](const dns::Record& each) { return each.type == record.type && each.data == record.data; };
  return record.type == dns::Type::ptr ? before.records.size() == 1 && same(before.records.front()) : std::ranges::any_of(before.records, same);
}

/// "ns2.example.net. (192.0.2.9) still says NXDOMAIN"
std::string laggard(const Sight& sight, Side side) {
  for (const bool wrong_first : {true, false})
    for (const auto& holder : sight.holders) {
      if (holder.side != side || holder.cache || holder.no_route || holder.holds == propagation::Holds::right) continue;
      if (wrong_first == (holder.holds == propagation::Holds::unknown)) continue;
      return fmt::format("{} ({}) {} {}", holder.server ? holder.server->text() : "a server", holder.endpoint.address.text(),
                         wrong_first ? "still says" : "does not answer:", holder.said);
    }
  return sight.problem.empty() ? "no server shows it yet" : sight.problem;
}

std::size_t count_servers(const Sight& sight, Side side) {
  return static_cast<std::size_t>(std::ranges::count_if(sight.holders, [&](const Holder& holder) {
    return holder.side == side && !holder.cache && holder.holds == propagation::Holds::right;
  }));
}

std::string_view done_word(Deed deed) {
  switch (deed) {
    case Deed::unchanged: return "was there already";
    case Deed::changed: return "put in place";
    case Deed::accepted: return "accepted, and done by now";
    case Deed::would: return "dry run: shown, not sent";
  }
  return "";
}

class Run {
 public:
  Run(const Job& job, Journal& journal, Surroundings& around) : job_(job), journal_(journal), around_(around) {
    for (std::size_t i = 0; i < out_.stations.size(); ++i) out_.stations[i].station = static_cast<Station>(i);
    if (journal.story() && journal.story()->goal == job.goal) story_ = *journal.story();
    story_.goal = job.goal;
    history_ = propagation::History(story_.verified);
    history_.remember(story_.forward_hold, story_.reverse_hold);
  }

  Ran go() {
    look();
    const bool whole = part(job_.forward, Station::forward) && wait(Side::forward, Station::wait_forward) &&
                       part(job_.ptr, Station::ptr) && wait(Side::reverse, Station::wait_ptr) && verify();
    if (whole && !job_.dry_run) out_.safe = history_.safe();
    return std::move(out_);
  }

 private:
  StationReport& at(Station station) { return out_.stations[static_cast<std::size_t>(station)]; }
  bool say(Station station, State state, std::string detail) {
    auto& report = at(station);
    if (report.state == state && report.detail == detail) return true;
    report.state = state;
    report.detail = std::move(detail);
    around_.report(report);
    return true;
  }
  bool fail(Station station, std::string detail) { return say(station, State::failed, std::move(detail)), false; }
  bool fail(Station station, const Problem& problem) {
    out_.trouble = problem.trouble;
    return fail(station, problem.message);
  }
  bool pause(Station station, base::Milliseconds how_long) {
    if (around_.pause(how_long)) return true;
    out_.interrupted = true;
    return fail(station, "interrupted; run the same command again to go on");
  }

  void look() {
    sight_ = around_.look();
    history_.add(sight_);
    story_.forward_hold = history_.forward_hold();
    story_.reverse_hold = history_.reverse_hold();
    out_.last = sight_;
    fresh_ = true;
  }

  bool save(Station station) {
    if (job_.dry_run) return true;
    const auto saved = journal_.save(story_);
    if (saved) return true;
    out_.journal_fault = saved.error().message;
    return fail(station, out_.journal_fault);
  }

  // ---- one record ----

  bool part(const Task& task, Station station) {
    const auto side = side_of(task.wanted.part);
    const auto known = story_.parts.find(task.wanted.part);
    const bool under_way = known != story_.parts.end() && known->second.phase == Phase::begun;
    if (is_right(sight_, side) && !under_way) return say(station, State::done, "there already: every server shows it");
    if (task.backend == nullptr) return say(station, State::by_hand, "put this in place: " + shown(task.wanted.record));
    say(station, State::waiting, "asking what is there now");
    const auto before = task.backend->look(task.wanted);
    if (!before) return fail(station, before.error());
    const bool ours_before = note_before(task, *before);
    if (!save(station)) return false;
    return put(task, station, *before, ours_before);
  }

  /// True: nothing was noted, for there is nothing to put back.
  bool note_before(const Task& task, const Before& before) {
    const auto known = story_.parts.find(task.wanted.part);
    // An interrupted run's note stands: what is there now may be its own doing.
    if (known != story_.parts.end() && known->second.phase != Phase::undone && known->second.record.data == task.wanted.record.data &&
        known->second.backend == task.backend_id)
      return false;
    if (holds(before, task.wanted.record)) return true;
    story_.verified.reset();
    story_.parts[task.wanted.part] = {task.backend_id, task.wanted.record, before, Phase::begun, around_.now()};
    return false;
  }

  bool put(const Task& task, Station station, Before before, bool ours_before) {
    const auto deadline = around_.now() + job_.longest;
    base::Seconds retry = first_retry;
    for (bool asked_again = false;;) {
      const auto deed = task.backend->put(task.wanted, before);
      if (deed) return settle(task, station, *deed, ours_before);
      const auto& problem = deed.error();
      if (problem.trouble == Trouble::undecided && !asked_again) {
        asked_again = true;  // the answer was lost, not the deed perhaps: what is there now tells
        auto now = task.backend->look(task.wanted);
        if (!now) return fail(station, problem);
        if (holds(*now, task.wanted.record)) return settle(task, station, Deed::changed, ours_before);
        before = *std::move(now);
        continue;
      }
      if (problem.trouble != Trouble::too_soon) return fail(station, problem);
      const auto rest = std::max(problem.retry_after.value_or(retry), base::Seconds{1});
      if (around_.now() + rest > deadline) return fail(station, problem);
      say(station, State::waiting, fmt::format("{} Trying again in {} s.", problem.message, rest.count()));
      if (!pause(station, rest)) return false;
      retry = std::min(retry * 2, longest_retry);
    }
  }

  bool settle(const Task& task, Station station, Deed deed, bool ours_before) {
    const auto deadline = around_.now() + job_.longest;
    for (auto rest = base::Milliseconds{1000}; deed == Deed::accepted; rest = std::min(rest * 2, longest_pause)) {
      say(station, State::waiting, fmt::format("{} has accepted it, and works on it", task.backend_id));
      if (!pause(station, rest)) return false;
      const auto settled = task.backend->settled(task.wanted);
      if (!settled) return fail(station, settled.error());
      if (*settled) break;
      if (around_.now() > deadline) return fail(station, Problem{Trouble::undecided, task.backend_id + " has accepted it, and is not done in time", {}});
    }
    fresh_ = false;
    if (deed == Deed::would) return say(station, State::todo, fmt::format("{}: {}", task.backend_id, done_word(deed)));
    if (!ours_before) {
      auto& entry = story_.parts.at(task.wanted.part);
      if (entry.phase != Phase::done) {
        entry.phase = Phase::done;
        entry.time = around_.now();
      }
      if (!save(station)) return false;
    }
    return say(station, State::done, fmt::format("{}: {}", task.backend_id, done_word(deed)));
  }

  // ---- until it is seen ----

  bool wait(Side side, Station station) {
    if (job_.dry_run && !is_right(sight_, side)) return say(station, State::todo, "");
    const auto begun = around_.now();
    for (auto rest = first_pause;; rest = std::min(rest * 3 / 2, longest_pause)) {
      if (!fresh_) look();
      const bool tired = around_.now() - begun > patience_with_the_silent;
      if (is_right(sight_, side) && (!is_open(sight_, side) || tired || job_.dry_run)) return seen(side, station);
      if (around_.now() - begun + rest > job_.longest) return give_up(side, station);
      say(station, State::waiting, laggard(sight_, side));
      if (!pause(station, rest)) return false;
      fresh_ = false;
    }
  }

  bool seen(Side side, Station station) {
    const auto servers = count_servers(sight_, side);
    const auto note = is_open(sight_, side) ? "; " + laggard(sight_, side) : "";
    if (at(previous(station)).state == State::by_hand) say(previous(station), State::done, "done by hand");
    return say(station, State::done, fmt::format("{} server{} show{} it{}", servers, servers == 1 ? "" : "s", servers == 1 ? "s" : "", note));
  }

  bool give_up(Side side, Station station) {
    (is_right(sight_, side) || (is_open(sight_, side) && !somebody_is_wrong(side)) || !sight_.problem.empty() ? out_.undecided : out_.invisible) = true;
    return fail(station, laggard(sight_, side));
  }
  [[nodiscard]] bool somebody_is_wrong(Side side) const {
    return std::ranges::any_of(sight_.holders, [&](const Holder& holder) {
      return holder.side == side && !holder.cache && (holder.holds == propagation::Holds::absent || holder.holds == propagation::Holds::other);
    });
  }

  bool verify() {
    if (job_.dry_run) return say(Station::verify, State::todo, "");
    if (!fresh_) look();
    for (const auto side : {Side::forward, Side::reverse}) {
      if (is_right(sight_, side) && !is_open(sight_, side)) continue;
      (somebody_is_wrong(side) ? out_.invisible : out_.undecided) = true;
      return fail(Station::verify, laggard(sight_, side));
    }
    if (const auto since = history_.right_since(); !story_.parts.empty() && since != story_.verified) {
      story_.verified = since;
      if (!save(Station::verify)) return false;
    }
    return say(Station::verify, State::done, fmt::format("{} leads to {} and back, on every server", job_.goal.address.text(), job_.goal.name.text()));
  }

  static Station previous(Station station) { return static_cast<Station>(static_cast<int>(station) - 1); }

  const Job& job_;
  Journal& journal_;
  Surroundings& around_;
  Story story_;
  propagation::History history_;
  Sight sight_;
  bool fresh_ = false;  ///< nothing was done since the last look
  Ran out_;
};

/// Waits for what a back end has accepted. False: it is not done in time, cannot be asked, or the wait was interrupted.
bool settles(const Task& task, base::Milliseconds longest, Surroundings& around) {
  const auto deadline = around.now() + longest;
  for (auto rest = base::Milliseconds{1000}; around.now() < deadline; rest = std::min(rest * 2, longest_pause)) {
    if (!around.pause(rest)) return false;
    const auto settled = task.backend->settled(task.wanted);
    if (!settled) return false;
    if (*settled) return true;
  }
  return false;
}

const Task& task_of(const Job& job, Part part) { return part == Part::forward ? job.forward : job.ptr; }

std::string told(const Before& before) {
  if (before.records.empty()) return "nothing, or the owner's default name";
  std::string out;
  for (const auto& record : before.records) out += (out.empty() ? "" : "; ") + shown(record);
  return out;
}

}  // namespace

std::string_view to_word(State state) {
  switch (state) {
    case State::todo: return "todo";
    case State::waiting: return "waiting";
    case State::done: return "done";
    case State::failed: return "failed";
    case State::by_hand: return "by_hand";
  }
  return "";
}

Ran run(const Job& job, Journal& journal, Surroundings& around) { return Run(job, journal, around).go(); }

Undone undo(const Job& job, Journal& journal, Surroundings& around) {
  Undone out;
  if (!journal.story()) return out;
  auto story = *journal.story();
  for (const auto part : {Part::ptr, Part::forward}) {
    const auto known = story.parts.find(part);
    if (known == story.parts.end() || known->second.phase == Phase::undone) continue;
    auto& entry = known->second;
    auto& report = out.parts.emplace_back(StationReport{part == Part::forward ? Station::forward : Station::ptr, State::failed, {}});
    const auto& task = task_of(job, part);
    if (task.backend == nullptr) {
      report.state = State::by_hand;
      report.detail = fmt::format("was put there by {}; before, there was: {}", entry.backend, told(entry.before));
      around.report(report);
      continue;
    }
    const auto deed = task.backend->restore(task.wanted, entry.before);
    if (!deed) {
      out.trouble = deed.error().trouble;
      report.detail = deed.error().message;
      around.report(report);
      return out;
    }
    if (*deed == Deed::accepted && !settles(task, job.longest, around)) {
      out.trouble = Trouble::undecided;
      report.detail = entry.backend + " has accepted it, and is not done yet; run the same command again";
      around.report(report);
      return out;
    }
    report.state = *deed == Deed::would ? State::todo : State::done;
    report.detail = fmt::format("{}: {}: {}", entry.backend, *deed == Deed::would ? "dry run, would put back" : "put back", told(entry.before));
    around.report(report);
    if (*deed == Deed::would) continue;
    entry.phase = Phase::undone;
    story.verified.reset();
    entry.time = around.now();
    if (const auto saved = journal.save(story); !saved) {
      out.journal_fault = saved.error().message;
      return out;
    }
  }
  return out;
}

}  // namespace fcrdns::apply
