#include "fcrdns/fix/carry_out.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>

#include "fcrdns/apply/journal.hpp"
#include "fcrdns/apply/machine.hpp"
#include "fcrdns/base/text.hpp"
#include "fcrdns/fix/document.hpp"
#include "fcrdns/fix/narrator.hpp"

namespace fcrdns::fix {
namespace {

using apply::Part;
using apply::Trouble;

int exit_of(Trouble trouble) {
  switch (trouble) {
    case Trouble::secret:
    case Trouble::unreachable: return report::input_output;
    case Trouble::undecided: return report::undetermined;
    case Trouble::refused:
    case Trouble::foreign:
    case Trouble::not_found:
    case Trouble::too_soon:
    case Trouble::unsupported: return report::failed;
  }
  return report::failed;
}

/// The machine's view of the world, with the live session behind it.
class Live final : public apply::Surroundings {
 public:
  Live(const propagation::Goal& goal, Asking& asking, Narrator& narrator) : goal_(goal), asking_(asking), narrator_(narrator) {}
  propagation::Sight look() override { return asking_.look(goal_); }
  base::WallTime now() override { return base::wall_now(); }
  bool pause(base::Milliseconds how_long) override { return asking_.pause(how_long); }
  void report(const apply::StationReport& report) override { narrator_.station(report); }

 private:
  const propagation::Goal& goal_;
  Asking& asking_;
  Narrator& narrator_;
};

/// A job and the back ends it borrows.
struct Made {
  apply::Job job;
  std::unique_ptr<apply::Backend> forward, ptr;
};

apply::Task task_of(const remedy::FixPlan& plan, Part part) {
  apply::Task out{.wanted = {part, plan.address, plan.hostname, {}}};
  const auto station = part == Part::forward ? remedy::Station::forward : remedy::Station::ptr;
  const auto step = std::ranges::find(plan.steps, station, &remedy::PlanStep::station);
  auto& record = out.wanted.record;
  record = {part == Part::forward ? plan.hostname : dns::Name::parse(net::reverse_name(plan.address)).value_or(dns::Name()),
            part == Part::ptr ? dns::Type::ptr : plan.address.is_v4() ? dns::Type::a : dns::Type::aaaa, dns::Class::in, 3600,
            part == Part::forward ? dns::Rdata(plan.address) : dns::Rdata(plan.hostname)};
  if (step == plan.steps.end() || !step->record) return out;
  record.ttl = step->record->ttl;
  if (auto name = dns::Name::parse(step->record->name)) record.owner = *std::move(name);
  return out;
}

/// Makes the back end of one part, if one was named. A Problem: it cannot be had.
std::optional<apply::Problem> arm(apply::Task& task, std::unique_ptr<apply::Backend>& owned, std::string_view id, Asking& asking, Narrator& narrator) {
  if (id.empty()) return std::nullopt;
  const auto* row = apply::find_backend(id);
  if (row == nullptr) return apply::Problem{Trouble::unsupported, fmt::format("no back end is called {}", base::escape(id, 40)), {}};
  const auto context = asking.context(task.wanted.part, narrator);
  for (const auto& [key, value] : context.settings)
    if (std::ranges::find(row->settings, key, &apply::SettingRow::key) == row->settings.end())
      return apply::Problem{Trouble::unsupported, fmt::format("{} takes no setting \"{}\"; see fcrdns help backends", id, base::escape(key, 40)), {}};
  auto made = row->make(context);
  if (!made) return made.error();
  owned = *std::move(made);
  task.backend = owned.get();
  task.backend_id = id;
  return std::nullopt;
}

std::string via(const Options& options, Part part) {
  const auto found = options.via.find(part);
  return found == options.via.end() ? std::string() : found->second;
}

/// What would be done, for the question; false: the user said no, or nobody can be asked. What the user does himself he
/// need not be asked about.
bool agreed(const Options& options, const Made& made) {
  if (options.yes || options.dry_run || (made.forward == nullptr && made.ptr == nullptr)) return true;
  std::string text = "This changes the DNS:\n";
  for (const auto* task : {&made.job.forward, &made.job.ptr})
    text += fmt::format("  {}  {}\n", task->backend == nullptr ? "by hand" : "by " + task->backend_id, dns::to_text(task->wanted.record));
  if (::isatty(STDIN_FILENO) != 1) {
    report::say("nobody is here to be asked: give --yes (or --dry-run to see what would be sent)");
    return false;
  }
  fmt::print(stderr, "{}Go on? [y/N] ", text);  // whatever standard output is for
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

int exit_of(const apply::Ran& ran) {
  if (ran.interrupted) return report::interrupted;
  if (!ran.journal_fault.empty()) return report::input_output;
  if (ran.trouble) return exit_of(*ran.trouble);
  if (ran.invisible) return report::failed;
  if (ran.undecided) return report::undetermined;
  return report::ok;
}

std::string closing(const apply::Ran& ran, const propagation::Goal& goal) {
  if (!ran.safe) return "";
  const auto now = base::wall_now();
  if (ran.safe->latest <= now) return "It is safe to send again now.";
  return fmt::format("Safe to send again from {}; caches that could be seen let go by {}.\nfcrdns wait {} {} rings then.",
                     report::clock_text(ran.safe->latest, now), report::clock_text(ran.safe->earliest, now), goal.address.text(),
                     base::without_final_dot(goal.name.text()));
}

}  // namespace

int carry_out(const Options& options, const propagation::Goal& goal, const remedy::FixPlan& plan, Asking& asking, report::Output& out) {
  const bool json = options.format == report::Format::json;
  Narrator narrator(out, !json, !options.quiet && ::isatty(STDERR_FILENO) == 1, options.dry_run || options.trace);
  Made made{.job = {.goal = goal, .forward = task_of(plan, Part::forward), .ptr = task_of(plan, Part::ptr), .longest = options.longest, .dry_run = options.dry_run}};
  for (const auto& [task, owned] : {std::pair{&made.job.forward, &made.forward}, std::pair{&made.job.ptr, &made.ptr}})
    if (const auto problem = arm(*task, *owned, via(options, task->wanted.part), asking, narrator)) {
      report::say(fmt::format("{}: {}", to_word(task->wanted.part), problem->message));
      if (json) out.write(document(plan, &made.job, nullptr, exit_of(problem->trouble)));
      return exit_of(problem->trouble);
    }
  if (!agreed(options, made)) return ::isatty(STDIN_FILENO) == 1 ? report::failed : report::usage;

  auto journal = apply::Journal::open(options.state_dir.empty() ? apply::state_folder() : options.state_dir, goal.address);
  if (!journal) return report::say(journal.error().message), report::input_output;
  Live live(goal, asking, narrator);
  const auto ran = apply::run(made.job, *journal, live);
  const int code = exit_of(ran);
  if (json) out.write(document(plan, &made.job, &ran, code));
  else if (auto text = closing(ran, goal); !text.empty()) narrator.line(text);
  return code;
}

int put_back(const Options& options, const propagation::Goal& goal, Asking& asking, report::Output& out) {
  const bool json = options.format == report::Format::json;
  Narrator narrator(out, !json, false, options.dry_run || options.trace);
  auto journal = apply::Journal::open(options.state_dir.empty() ? apply::state_folder() : options.state_dir, goal.address);
  if (!journal) return report::say(journal.error().message), report::input_output;
  if (!journal->story() || !(journal->story()->goal == goal)) {
    report::say(fmt::format("nothing to put back: no journal of {} and {} in {}", goal.address.text(), goal.name.text(), base::escape(journal->file(), 300)));
    return report::failed;
  }
  Made made{.job = {.goal = goal, .longest = options.longest, .dry_run = options.dry_run}};
  for (const auto& [part, entry] : journal->story()->parts) {
    auto& task = part == Part::forward ? made.job.forward : made.job.ptr;
    task.wanted = {part, goal.address, goal.name, entry.record};
    if (entry.phase == apply::Phase::undone) continue;
    if (const auto problem = arm(task, part == Part::forward ? made.forward : made.ptr, entry.backend, asking, narrator))
      return report::say(fmt::format("{}: {}", to_word(part), problem->message)), exit_of(problem->trouble);
  }
  if (!agreed(options, made)) return ::isatty(STDIN_FILENO) == 1 ? report::failed : report::usage;
  Live live(goal, asking, narrator);
  const auto undone = apply::undo(made.job, *journal, live);
  if (undone.parts.empty()) narrator.line("Nothing to put back: it was done already.");
  const int code = !undone.journal_fault.empty() ? report::input_output : undone.trouble ? exit_of(*undone.trouble) : report::ok;
  if (!undone.journal_fault.empty()) report::say(undone.journal_fault);
  if (json) out.write(document(made.job, undone, code));
  return code;
}

}  // namespace fcrdns::fix
