#include "fcrdns/doctor/story.hpp"

#include <algorithm>

namespace fcrdns::doctor {

const spf::Outcome* spf_of(const Story& story, std::size_t way) {
  const auto* result = story.result_of(way);
  if (result == nullptr || result->evidence.addresses.empty() || result->evidence.addresses.front().spf.empty()) return nullptr;
  return &result->evidence.addresses.front().spf.front();
}

int exit_code_of(const Story& story) {
  int code = story.interrupted ? report::interrupted : report::ok;
  for (std::size_t i = 0; i < story.ways.size(); ++i) {
    // Of a relay only its name is known, and that need not be what it sends from.
    const auto* result = story.result_of(i);
    if (result != nullptr && !story.ways[i].path.via_relay) code = report::worse_exit(code, result->exit_code);
  }
  // No way found, or nobody knows what receivers see of it: nothing is proven, neither good nor bad.
  const auto open = [](const WayOut& way) { return way.taken() && !way.path.via_relay && !way.outside; };
  if (std::ranges::none_of(story.ways, &WayOut::taken) || std::ranges::any_of(story.ways, open)) code = report::worse_exit(code, report::undetermined);
  for (const auto& finding : story.findings) {
    if (finding.severity == finding::Severity::error) code = report::worse_exit(code, report::failed);
    if (finding.severity == finding::Severity::undetermined) code = report::worse_exit(code, report::undetermined);
  }
  if (!story.observation) return code;
  // What was predicted and did not happen is a fault of the prediction, and whoever relies on it must know.
  if (std::ranges::any_of(story.observation->comparisons, [](const Comparison& one) { return one.is == Comparison::Is::otherwise; }))
    code = report::worse_exit(code, report::failed);
  return story.observation->trouble.empty() ? code : report::worse_exit(code, report::undetermined);
}

}  // namespace fcrdns::doctor
