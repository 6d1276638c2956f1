#include "fcrdns/wait/wait.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "fcrdns/apply/journal.hpp"
#include "fcrdns/base/text.hpp"
#include "fcrdns/net/special_purpose.hpp"
#include "fcrdns/propagation/at_the_door.hpp"
#include "fcrdns/report/output.hpp"
#include "fcrdns/report/report.hpp"
#include "fcrdns/report/table.hpp"
#include "fcrdns/wait/words.hpp"

namespace fcrdns::wait {
namespace {

volatile std::sig_atomic_t interrupted_by_user = 0;  // a signal handler reaches nothing else

bool asks_another_tree(const Options& options) { return !options.resolver.resolvers.empty() || !options.resolver.root_hints.empty(); }

base::Expected<propagation::Goal> goal_of(const Options& options) {
  if (!options.evidence.walk) return base::fault("wait asks the zones' own servers: leave out --no-walk (or FCRDNS_NO_WALK)");
  auto goal = propagation::parse_goal(options.words);
  if (!goal) return goal;
  const auto special = net::SpecialPurposeTable::built_in().find(goal->address);
  if (special && special->treatment == net::Treatment::not_asked && !asks_another_tree(options))
    return base::fault(fmt::format("{} is of {} ({}): no public PTR is possible; give the address your mail is seen from",
                                   goal->address.text(), special->prefix.text(), base::escape(special->name, 80)));
  return goal;
}

/// What `fcrdns fix` saw, when it was this that it put in place.
void recall(Patience& patience, const std::string& state_dir, const propagation::Goal& goal) {
  const auto story = apply::recall(state_dir.empty() ? apply::state_folder() : state_dir, goal.address);
  if (!story || !(story->goal == goal) || !story->verified) return;
  patience.since = story->verified;
  patience.remembered = {story->forward_hold, story->reverse_hold};
}

/// What is told while it waits: on a terminal a table that stays in its place, else a line for each change.
class Screen {
 public:
  Screen(const Options& options, const propagation::Goal& goal)
      : goal_(goal), out_(options.quiet), live_(!options.quiet && ::isatty(STDERR_FILENO) == 1),
        lines_(options.format == report::Format::text && !(live_ && ::isatty(STDOUT_FILENO) == 1)), bell_(options.bell && live_),
        json_(options.format == report::Format::json) {}

  void show(const State& state, base::WallTime now) {
    if (lines_) tell_changes(state, now);
    if (live_) draw(state, now);
  }
  /// Returns the exit code.
  int end(const State& state, base::WallTime now, int exit_code) {
    clear();
    if (json_) out_.write(document(goal_, state, now, exit_code));
    else if (lines_) tell(state, now);
    else out_.write(headline_line(state, now) + holders_table(goal_, state, now));
    if (bell_ && state.result == Result::safe) fmt::print(stderr, "\a");
    if (!out_.failed()) return exit_code;
    out_.complain();
    return report::input_output;
  }
  [[nodiscard]] bool failed() const { return out_.failed(); }

 private:
  std::string headline_line(const State& state, base::WallTime now) const {
    const auto text = headline(goal_, state, now);
    if (state.result == Result::timeout) return "not safe yet, the time is over: " + text + "\n";
    if (state.result == Result::blind) return text + ": this network blocks direct DNS; run it where servers can be asked, on the mail server perhaps\n";
    return (state.result == Result::interrupted ? "interrupted: " : "") + text + "\n";
  }
  void tell(const State& state, base::WallTime now) { out_.write(base::to_rfc3339(now) + " " + headline_line(state, now)); }

  void tell_changes(const State& state, base::WallTime now) {
    if (!state.sight) return;
    if (state.result != Result::waiting) {  // the end is told by itself
      out_.write(changes(told_ ? &*told_ : nullptr, *state.sight));
      told_ = state.sight;
      return;
    }
    const auto safe = state.history.safe();
    const bool news = !told_ || !shows_same(*told_, *state.sight) || has_moved(safe);
    if (!news) return;
    out_.write(changes(told_ ? &*told_ : nullptr, *state.sight));
    tell(state, now);
    told_ = state.sight;
    told_safe_ = safe;
  }

  /// A second more or less is how TTLs are rounded.
  [[nodiscard]] bool has_moved(const std::optional<propagation::Safe>& safe) const {
    if (!safe || !told_safe_) return safe.has_value() != told_safe_.has_value();
    constexpr base::Seconds rounding{2};
    return std::chrono::abs(safe->earliest - told_safe_->earliest) > rounding || std::chrono::abs(safe->latest - told_safe_->latest) > rounding;
  }

  void draw(const State& state, base::WallTime now) {
    winsize size{};
    const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 1;
    const std::size_t width = known ? size.ws_col - 1U : 79, height = known ? size.ws_row - 1U : 23;
    const auto text = report::wrap(headline(goal_, state, now), 0, width) + holders_table(goal_, state, now);
    clear();
    for (auto line : base::split(text, '\n')) {
      if (line.empty() || drawn_ >= height) continue;  // what was scrolled away or wrapped could not be taken away again
      fmt::print(stderr, "{}\n", line.substr(0, width));
      ++drawn_;
    }
    std::fflush(stderr);
  }
  void clear() {
    if (drawn_ > 0) fmt::print(stderr, "\x1b[{}A\x1b[J", drawn_);
    drawn_ = 0;
  }

  const propagation::Goal& goal_;
  report::Output out_;
  const bool live_, lines_, bell_, json_;
  std::optional<propagation::Sight> told_;
  std::optional<propagation::Safe> told_safe_;
  std::size_t drawn_ = 0;  // lines
};

class Here final : public Surroundings {
 public:
  Here(const Options& options, const propagation::Goal& goal, resolver::Resolver& resolver, Screen& screen)
      : options_(options), goal_(goal), resolver_(resolver), screen_(screen) {}

  base::WallTime now() override { return base::wall_now(); }
  propagation::Sight look(const propagation::Sight* before, base::Milliseconds longest) override {
    const propagation::Sources sources{.resolver = resolver_, .caches = propagation::caches_to_see(resolver_, options_.caches, options_.resolver), .before = before};
    return propagation::look(goal_, sources, longest, now(), [this] { return interrupted(); });
  }
  bool pause(base::Milliseconds how_long) override {
    return propagation::pause(resolver_, how_long, [this] { return interrupted(); });
  }
  bool interrupted() override { return interrupted_by_user != 0 || screen_.failed(); }
  void show(const State& state) override { screen_.show(state, now()); }

 private:
  const Options& options_;
  const propagation::Goal& goal_;
  resolver::Resolver& resolver_;
  Screen& screen_;
};

int exit_code_of(Result result) {
  if (result == Result::safe) return report::ok;
  return result == Result::interrupted ? report::interrupted : report::undetermined;
}

}  // namespace

int run(const Options& options) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is a failed write: exit code 74
  if (!options.data_dir.empty())
    if (const auto loaded = diagnosis::load_catalogues(options.data_dir); !loaded) return report::say(loaded.error().message), report::input_output;
  const auto goal = goal_of(options);
  if (!goal) return report::say(goal.error().message), report::usage;
  const auto session = diagnosis::Session::open(options);
  if (!session) return report::say(session.error().message), report::input_output;
  struct sigaction act {};
  act.sa_handler = [](int) { interrupted_by_user = 1; };
  act.sa_flags = SA_RESTART;  // a line that the terminal has not taken yet is written to its end
  ::sigaction(SIGINT, &act, nullptr);

  Screen screen(options, *goal);
  Here here(options, *goal, (*session)->sources(nullptr).resolver, screen);
  Patience patience{.until = options.until, .longest = options.longest, .interval = options.interval, .since = options.since};
  if (!patience.since) recall(patience, options.state_dir, *goal);
  const auto state = wait_for(patience, here);
  return screen.end(state, here.now(), exit_code_of(state.result));
}

}  // namespace fcrdns::wait
