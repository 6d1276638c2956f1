// What each mail server writes into its log when a delivery is refused, one class for each. A line gets here when it holds
// one of the format's words; it may still be something else. What is told: remote servers that refused our mail (a reply
// was seen), and our server refusing others. Deliveries that failed without a reply, and local ones, are no claims.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "fcrdns/bounce/complete.hpp"
#include "fcrdns/bounce/log_line.hpp"
#include "fcrdns/bounce/recent.hpp"
#include "fcrdns/bounce/reply_memo.hpp"

namespace fcrdns::bounce {

/// Makes claims of lines. One Claim is used for all: its strings keep their memory.
class Reporter {
 public:
  Reporter(const Options& options, Sink& sink, StampReader& stamps) : options_(options), sink_(sink), stamps_(stamps) {}

  /// Where the line stands that is read now, and the log before it as far as it is still there.
  void at(std::string_view source, std::size_t line, std::string_view before, std::string_view long_before);

  /// A new claim; time and sending host as the line tells them.
  Claim& begin(std::string_view format, Direction direction, const LogLine& line);
  /// The claim's reply is read from `text`, then the claim goes to the sink. `known`: its cause, told elsewhere.
  void finish(std::string_view text, std::optional<Cause> known = {});
  void accepted(std::size_t mails) { sink_.accepted(mails); }

  /// What stands behind the last `key` before this line ("34E01B3039C: from=<"), up to one of `ends`; at most 64 KiB
  /// back. Empty when there is none.
  [[nodiscard]] std::string_view behind(std::string_view key, std::string_view ends) const;

  [[nodiscard]] StampReader& stamps() { return stamps_; }
  [[nodiscard]] std::string_view source() const { return source_; }
  [[nodiscard]] std::size_t line() const { return line_; }

 private:
  const Options& options_;
  Sink& sink_;
  StampReader& stamps_;
  Claim claim_;
  ReplyMemo memo_;
  std::string_view source_, before_, long_before_;
  std::size_t line_ = 0;
};

inline constexpr std::size_t look_back = 64 << 10;  ///< octets

/// At most 1,024 octets of `text`, as every string of a Claim.
void put(std::string& field, std::string_view text);
/// What stands between `begin` and `end` ("to=<", ">"), the first `begin` taken; empty when one is missing.
[[nodiscard]] std::string_view between(std::string_view text, std::string_view begin, std::string_view end);
/// The address a claim takes from the log: never one that no receiver sees (loopback, private, link-local).
void put_address(Claim& claim, std::string_view text);
/// "mx1.free.fr[127.0.0.14]:25" or "mx1.free.fr. [127.0.0.14]": the name, or the address when there is no name.
[[nodiscard]] std::string_view server_of(std::string_view relay);
/// What stands between the last "[" and "]"; empty when nothing does.
[[nodiscard]] std::string_view in_brackets(std::string_view text);

/// Each of these: true when the line was theirs.
class Postfix {
 public:
  bool delivery(const LogLine& line, Reporter& reporter);
  bool reject(const LogLine& line, Reporter& reporter);
  /// "hostname NAME does not resolve to address ADDRESS": tells why the reject that follows was made.
  bool mismatch(const LogLine& line);
  /// Whether the line, up to "status=sent", is a remote server's acceptance.
  [[nodiscard]] static bool accepted(std::string_view line);

 private:
  std::string id_, key_, sender_;
  std::array<net::Address, 16> mismatched_{};
  std::size_t mismatches_ = 0;
};

class Exim {
 public:
  bool delivery(const LogLine& line, Reporter& reporter);
  bool reject(const LogLine& line, Reporter& reporter);
  [[nodiscard]] static bool accepted(std::string_view line);
};

class Sendmail {
 public:
  bool delivery(const LogLine& line, Reporter& reporter);
  bool reject(const LogLine& line, Reporter& reporter);
  [[nodiscard]] static bool accepted(std::string_view line);
};

class OpenSmtpd {
 public:
  /// Every line of "mta" and "smtp" sessions: connecting, connected, error, delivery, failed-command.
  bool session(const LogLine& line, Reporter& reporter);
  /// Errors of servers that no delivery was joined with.
  void end(Reporter& reporter);

 private:
  struct ServerError {
    std::string text, source;
    std::size_t line = 0;
    std::optional<base::WallTime> time;
    bool told = false;
  };
  void delivery(std::string_view text, const LogLine& line, Reporter& reporter);
  [[nodiscard]] ServerError* error_of(std::string_view relay);
  void tell(ServerError& error, std::string_view host, Reporter& reporter);

  Recent<std::string> host_of_session_{4096}, client_of_session_{4096};
  Recent<ServerError> errors_{1024};
};

class Qmail {
 public:
  bool line(const LogLine& line, Reporter& reporter);

 private:
  struct Delivery {
    std::string message, recipient;
    bool remote = false;
  };
  Recent<Delivery> deliveries_{1024};
  Recent<std::string> sender_of_message_{4096};
  std::string reply_;
};

class KumoMta {
 public:
  bool record(std::string_view json, Reporter& reporter);

 private:
  std::string reply_;
};

/// The accounting file: the first line names the columns.
class PowerMta {
 public:
  /// False when no columns of ours are in it.
  bool header(std::string_view line);
  bool record(std::string_view line, Reporter& reporter);

  enum Column { type, time_logged, orig, rcpt, dsn_diag, dsn_mta, source_ip, job_id, columns };

 private:
  std::array<std::size_t, columns> place_{};
  std::array<std::string, columns> cell_;
};

}  // namespace fcrdns::bounce
