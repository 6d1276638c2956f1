// --write: the first change that is an edit of files, and only that one; then the mail server's own check, and its reload.
#include "fcrdns/doctor/carry_out.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/doctor/ask_user.hpp"
#include "fcrdns/doctor/run_there.hpp"
#include "fcrdns/report/output.hpp"

namespace fcrdns::doctor {
namespace {

constexpr base::Milliseconds longest_check{30'000};

/// "20261121-130200"
std::string stamp_of(base::WallTime time) {
  auto text = base::to_rfc3339(time);
  std::erase_if(text, [](char c) { return c == '-' || c == ':' || c == 'Z'; });
  std::ranges::replace(text, 'T', '-');
  return text;
}

std::string words(const std::vector<std::string>& argv) {
  std::string out;
  for (const auto& word : argv) out += (out.empty() ? "" : " ") + base::escape(word, 200);
  return out;
}

void say_output(const Ran& ran) {
  for (const auto line : base::split(ran.output, '\n'))
    if (!line.empty()) report::say("  " + base::escape(line, 300));
}

/// Nothing that can be written: which knob instead, or that there is nothing to do.
int nothing_to_write(const Story& story) {
  for (const auto& proposed : story.proposals)
    if (proposed.change && !proposed.change->instead.empty()) {
      report::say(fmt::format("nothing was written, as these files are made anew by something else; do it there: {}", proposed.change->instead));
      return report::worse_exit(story.exit_code, report::failed);
    }
  report::say("nothing was written: no change of the mail server's settings is proposed");
  return story.exit_code;
}

bool put_back(const host::Change& change, const host::Files& files, const std::string& stamp) {
  host::Change back;
  for (const auto& edit : change.edits) back.edits.push_back({edit.file, edit.after, edit.before});
  const auto written = host::write(back, files, stamp + "-failed");
  if (!written) report::say(written.error().message);
  return written.has_value();
}

}  // namespace

int carry_out(const Story& story, Reached& reached, const Options& options) {
  const auto first = std::ranges::find_if(story.proposals, [](const Proposed& one) { return one.change && !one.change->edits.empty(); });
  if (first == story.proposals.end()) return nothing_to_write(story);
  const auto& change = *first->change;
  const bool reloads = story.machine.place.pid > 0 && !change.reload.empty();
  std::string text = fmt::format("This would be written ({}):\n", first->proposal.what);
  for (const auto& line : first->diffs) text += "  " + line + "\n";
  const auto& caution = change.caution.empty() ? first->proposal.caution : change.caution;
  if (!caution.empty()) text += "Caution: " + caution + ".\n";
  text += "Each file's former content is kept beside it.";
  if (!change.check.empty()) text += fmt::format(" Then: {}.", words(change.check));
  text += reloads ? fmt::format(" If all is well: {}.\n", words(change.reload)) : "\n";
  switch (ask_user(text, options.yes)) {
    case Reply::yes: break;
    case Reply::no: return report::say("nothing was written"), story.exit_code;
    case Reply::nobody: return report::usage;
  }

  const auto stamp = stamp_of(base::wall_now());
  const auto backups = host::write(change, *reached.files, stamp);
  if (!backups) return report::say(backups.error().message), report::input_output;
  for (std::size_t i = 0; i < change.edits.size(); ++i)
    report::say(fmt::format("written: {}{}", base::escape(change.edits[i].file, 300),
                            i < backups->size() ? " (before: " + base::escape((*backups)[i], 300) + ")" : ""));
  if (!change.check.empty()) {
    const auto ran = run_there(story.machine.place, change.check, {}, longest_check);
    if (ran.status != 0) {
      report::say(fmt::format("{}: {}", words(change.check), ran.trouble.empty() ? "the configuration is not sound" : ran.trouble));
      say_output(ran);
      const bool back = put_back(change, *reached.files, stamp);
      report::say(back ? "the former content was put back; nothing has changed" : "the former content could NOT be put back: see the files named above");
      return back ? report::failed : report::input_output;
    }
  }
  if (!reloads) {
    if (!change.reload.empty()) report::say(fmt::format("in force after: {}", words(change.reload)));
    return story.exit_code;
  }
  const auto ran = run_there(story.machine.place, change.reload, {}, longest_check);
  if (ran.status != 0) {
    report::say(fmt::format("written, but {} failed{}", words(change.reload), ran.trouble.empty() ? "" : ": " + ran.trouble));
    say_output(ran);
    return report::input_output;
  }
  report::say(fmt::format("done: {}; look again: fcrdns doctor", words(change.reload)));
  say_output(ran);  // systemctl, for one, may do nothing, say so, and call that a success
  return story.exit_code;
}

}  // namespace fcrdns::doctor
