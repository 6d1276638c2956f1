// The stations of `fcrdns doctor`.
#include "fcrdns/doctor/doctor.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/doctor/asking.hpp"
#include "fcrdns/doctor/carry_out.hpp"
#include "fcrdns/doctor/story.hpp"
#include "fcrdns/report/output.hpp"

namespace fcrdns::doctor {
namespace {

volatile std::sig_atomic_t interrupted = 0;  // a signal handler reaches nothing else

void catch_interrupts() {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is a failed write: exit code 74
  struct sigaction act {};
  act.sa_handler = [](int) { interrupted = 1; };
  ::sigaction(SIGINT, &act, nullptr);
}

/// What makes no sense before anything is asked; empty: nothing.
std::string_view senseless(const Options& options) {
  if (options.observe && options.send_to.empty()) return "--observe sends one mail: say to whom, with --send-to ADDRESS";
  if (!options.send_to.empty() && !options.observe) return "--send-to belongs to --observe";
  if (!options.config_dir.empty() && !options.container.empty()) return "give --config-dir or --container, not both";
  if (options.observe && options.write) return "--observe and --write are two things: first write, then observe";
  return "";
}

std::vector<std::string> domains_of(const Options& options) {
  std::vector<std::string> out(std::begin(default_destinations), std::end(default_destinations));
  for (const auto& domain : options.destinations) out.push_back(base::to_lower(base::without_final_dot(domain)));
  if (const auto at = options.send_to.rfind('@'); at != std::string::npos) out.push_back(base::to_lower(options.send_to.substr(at + 1)));
  std::vector<std::string> once;
  for (auto& domain : out)
    if (std::ranges::find(once, domain) == once.end()) once.push_back(std::move(domain));
  return once;
}

}  // namespace

int run(const Options& options) {
  catch_interrupts();
  if (const auto why = senseless(options); !why.empty()) return report::say(why), report::usage;
  if (!options.data_dir.empty())
    if (const auto loaded = diagnosis::load_catalogues(options.data_dir); !loaded) return report::say(loaded.error().message), report::input_output;
  const auto stop = [] { return interrupted != 0; };

  Story story;
  story.now = base::wall_now();
  story.profile = options.profile;
  // Where does mail leave from, how is its server set, what does the kernel know?
  auto reached = reach(options, story.now);
  if (!reached) return report::say(reached.error().message), report::input_output;
  auto session = diagnosis::Session::open(options);
  if (!session) return report::say(session.error().message), report::input_output;
  Asking asking(options, **session, stop);
  // Which ways does it take to the destinations, and what do receivers see of each?
  find_ways(story, *reached, options, asking, domains_of(options));
  // What does a check say of what they see?
  asking.check(story);
  // What is wrong, and what can be done on this host?
  conclude(story, *reached, asking);
  // One test mail, if wanted: does it leave as predicted?
  if (options.observe && !stop()) {
    const auto refused = observe(story, *reached, options, stop);
    if (refused) return *refused;
  }
  note_unseen_files(*reached);
  story.machine.unseen = reached->machine.unseen;
  story.interrupted = stop();
  story.exit_code = exit_code_of(story);

  report::Output out(options.quiet);
  const report::Style style{.colour = report::wants_colour(), .verbose = options.verbose, .trace = options.trace, .profile = options.profile};
  out.write(options.format == report::Format::json ? document(story) : told(story, style));
  if (out.failed()) return out.complain(), report::input_output;
  // The first change, if wanted.
  return options.write && !stop() ? carry_out(story, *reached, options) : story.exit_code;
}

}  // namespace fcrdns::doctor
