// Mail logs, line by line: Postfix, Exim, Sendmail, OpenSMTPD, qmail, PowerMTA (CSV), KumoMTA (JSON), through syslog
// (with and without RFC 3339 stamps), journald's JSON export, docker's prefixes and json-file.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "fcrdns/bounce/complete.hpp"

namespace fcrdns::bounce {

/// Reads the lines of one log or of a set that was rotated. Joins what a format spreads over lines (sender, relay,
/// OpenSMTPD's cause of an expiry) within bounded memory.
class Log {
 public:
  virtual ~Log() = default;
  /// Whole lines, the last one's end included unless the input ends there. place.line: number of the first one.
  /// Returns how many line ends there were.
  virtual std::size_t read(std::string_view lines, const Place& place) = 0;
  virtual void end() = 0;
};

/// Which log this is, by its first lines (up to 64 KiB); null when it is none. The Log hands what it finds to the sink.
[[nodiscard]] std::unique_ptr<Log> make_log(std::string_view first_octets, const Options& options, Sink& sink);

}  // namespace fcrdns::bounce
