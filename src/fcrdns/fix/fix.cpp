// The stations of `fcrdns fix`: goal, facts, plan; then the plan is shown, written as a letter, or carried out.
#include "fcrdns/fix/fix.hpp"

#include <csignal>

#include "fcrdns/fix/asking.hpp"
#include "fcrdns/fix/carry_out.hpp"
#include "fcrdns/fix/document.hpp"
#include "fcrdns/fix/letter.hpp"
#include "fcrdns/fix/plan_text.hpp"
#include "fcrdns/fix/refusal.hpp"
#include "fcrdns/propagation/at_the_door.hpp"
#include "fcrdns/report/output.hpp"

namespace fcrdns::fix {
namespace {

volatile std::sig_atomic_t interrupted = 0;  // a signal handler reaches nothing else

using report::say;

/// Servers outrank what the resolver of the check remembered.
void mark_done(remedy::FixPlan& plan, const propagation::Sight& sight) {
  for (auto& step : plan.steps) {
    const bool forward = step.station == remedy::Station::forward || step.station == remedy::Station::wait_forward;
    const bool right = step.station == remedy::Station::verify ? sight.right() && !sight.open() : forward ? sight.forward_right : sight.reverse_right;
    step.done = right;
  }
}

int show(const Options& options, const remedy::FixPlan& plan, const report::Result& result, report::Output& out) {
  const int code = plan.dead_ends.empty() ? report::ok : report::failed;
  const report::Style style{.colour = report::wants_colour(), .verbose = options.verbose};
  if (options.ticket) {
    const auto text = letter(plan, options.language);
    if (!text) return say(text.error().message), report::usage;
    out.write(*text);
  } else if (options.owner_refuses) {
    out.write(refusal(plan, result, style));
  } else {
    out.write(options.format == report::Format::json ? document(plan, nullptr, nullptr, code) : plan_text(plan, style));
  }
  return code;
}

int finish(report::Output& out, int code) {
  if (!out.failed()) return code;
  out.complain();
  return report::input_output;
}

}  // namespace

int run(const Options& options) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is a failed write: exit code 74
  const auto goal = propagation::parse_goal(options.words);
  if (!goal) return say(goal.error().message), report::usage;
  if (options.format != report::Format::text && options.format != report::Format::json) return say("fix prints text or --json"), report::usage;
  const bool applies = options.apply || options.dry_run;
  if (!options.via.empty() && !applies && !options.undo) return say("--via names who puts it in place: give --apply too, or --dry-run"), report::usage;
  if (!options.data_dir.empty())
    if (const auto loaded = diagnosis::load_catalogues(options.data_dir); !loaded) return say(loaded.error().message), report::input_output;

  const auto session = diagnosis::Session::open(options);
  if (!session) return say(session.error().message), report::input_output;
  struct sigaction act {};
  act.sa_handler = [](int) { interrupted = 1; };
  ::sigaction(SIGINT, &act, nullptr);

  report::Output out(options.quiet);
  Asking asking(options, **session, [] { return interrupted != 0; });
  if (options.undo) return finish(out, put_back(options, *goal, asking, out));

  const auto result = asking.check(*goal);
  if (!result) return report::interrupted;
  const auto* owner = options.owner.empty() ? nullptr : provider::find(options.owner);
  auto plan = remedy::fix_plan({result->evidence, result->verdicts, result->owners}, result->findings, goal->name, owner, options.ttl);
  if (!applies && options.evidence.walk) mark_done(plan, asking.look(*goal));
  if (interrupted != 0) return report::interrupted;
  return finish(out, applies ? carry_out(options, *goal, plan, asking, out) : show(options, plan, *result, out));
}

}  // namespace fcrdns::fix
