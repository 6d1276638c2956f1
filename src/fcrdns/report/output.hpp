// Standard output as a place that may fail: a full disk or a reader that went away is an exit code, not a silence.
#pragma once

#include <string_view>

namespace fcrdns::report {

class Output {
 public:
  /// Quiet: everything is swallowed.
  explicit Output(bool quiet) : quiet_(quiet) {}
  /// After a failure nothing more is written.
  void write(std::string_view text);
  [[nodiscard]] bool failed() const { return error_ != 0; }
  /// Says on standard error why it failed, unless the reader merely had enough (head).
  void complain() const;

 private:
  bool quiet_;
  int error_ = 0;  // errno of the first failure
};

/// One line on standard error: "fcrdns: ...".
void say(std::string_view message);
/// Colours only on a terminal that knows them; NO_COLOR is honoured.
[[nodiscard]] bool wants_colour();

}  // namespace fcrdns::report
