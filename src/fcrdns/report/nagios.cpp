// One line for monitoring systems, with performance data behind the bar (Monitoring Plugins guidelines 2.6).
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "fcrdns/base/text.hpp"
#include "fcrdns/report/renderers.hpp"

namespace fcrdns::report {
namespace {

/// The bar would begin the performance data.
std::string plugin_text(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\124") : std::string(1, c);
  return out;
}

/// 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
int plugin_state(const Result& result) {
  if (!result.error.empty()) return 3;
  if (result.exit_code == failed || std::ranges::any_of(result.findings, is_broken)) return 2;
  if (result.exit_code == undetermined) return 3;
  for (const auto& finding : result.findings)
    if (finding.severity == finding::Severity::warning) return 1;
  return 0;
}

class Nagios final : public Renderer {
 public:
  std::string result(const Result& result) override {
    ++subjects_;
    addresses_ += result.evidence.addresses.size();
    wall_ = std::max(wall_, result.evidence.wall);
    for (const auto& verdict : result.verdicts) failed_ += verdict.iprev != verdict::Iprev::pass;
    const auto state = plugin_state(result);
    if (subjects_ == 1 || rank(state) > rank(state_)) {
      state_ = state;
      line_ = result.error.empty() ? headline(result)
                                   : base::escape(result.evidence.subject.text, 255) + ": " + result.error;
    }
    return "";
  }
  std::string end(int) override {
    static constexpr const char* names[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    return fmt::format("FCRDNS {} - {} | time={:.3f}s;;;0 subjects={} addresses={} not_passing={}\n", names[state_],
                       plugin_text(line_), static_cast<double>(wall_.count()) / 1000, subjects_, addresses_, failed_);
  }

  int exit_code(int) const override { return state_; }

 private:
  /// CRITICAL outranks WARNING outranks UNKNOWN outranks OK when several subjects share the line.
  static int rank(int state) { return state == 3 ? 1 : state == 0 ? 0 : state + 1; }

  std::size_t subjects_ = 0, addresses_ = 0, failed_ = 0;
  base::Milliseconds wall_{};
  int state_ = 3;
  std::string line_ = "nothing was checked";
};

}  // namespace

std::unique_ptr<Renderer> make_nagios() { return std::make_unique<Nagios>(); }

}  // namespace fcrdns::report
