#include "fcrdns/doctor/carry_out.hpp"

#include "fcrdns/report/output.hpp"

namespace fcrdns::doctor {

std::optional<int> observe(Story&, Reached&, const Options&, const std::function<bool()>&) {
  report::say("--observe: not yet");
  return report::internal;
}

int carry_out(const Story& story, Reached&, const Options&) { return story.exit_code; }

}  // namespace fcrdns::doctor
