// One line of a log without what wraps it: docker's and Kubernetes' prefixes, docker's json-file, journald's JSON export,
// syslog's stamp, host and program. A line that holds another line's look inside a quoted reply stays what its begin says.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "fcrdns/bounce/syslog_stamp.hpp"

namespace fcrdns::bounce {

inline constexpr std::size_t max_line = 256 << 10;  ///< octets; what is longer is cut

/// Views into the line that was read, or into the reader's own memory: valid until the next line.
struct LogLine {
  std::string_view text;     ///< behind "program[pid]: "
  std::string_view program;  ///< "postfix/smtp", "sendmail"; empty: the log tells none
  std::string_view host;     ///< the one that wrote it; empty: not told
  std::optional<base::WallTime> time;
  bool stamped = false;      ///< a stamp or a wrapper stood before it: a line of some log
};

class LineReader {
 public:
  explicit LineReader(base::WallTime now) : stamps_(now) {}
  [[nodiscard]] LogLine read(std::string_view line);
  /// A stamp inside the text of a line that began with another one (Exim through syslog).
  [[nodiscard]] StampReader& stamps() { return stamps_; }

 private:
  /// Takes a JSON wrapper off `line` (then its text stands in unwrapped_); false when it is none.
  bool unwrap(std::string_view line, LogLine& out);
  void read_syslog(std::string_view line, LogLine& out);

  StampReader stamps_;
  std::string unwrapped_, host_, program_;
};

}  // namespace fcrdns::bounce
