// The machine-readable part of a DSN (RFC 3464 2, RFC 6533 4): fields of the message, then a group for each recipient.
// Read tolerantly, so that a piece of it that somebody pasted is read by the same lines.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/time.hpp"

namespace fcrdns::bounce {

enum class Action { none, failed, delayed, done };  ///< RFC 3464 2.3.3; done: delivered, relayed, expanded

struct RecipientStatus {
  std::string recipient, original_recipient;  ///< without their address type
  Action action = Action::none;
  std::string status;         ///< "5.7.25"
  std::string status_comment; ///< "unknown permanent failure"
  std::string remote_mta;     ///< host name, or an address without brackets
  std::string diagnostic_type;            ///< lower case: "smtp", "x-postfix"
  std::string_view diagnostic;            ///< of the text that was read, folds included
  std::optional<base::WallTime> last_attempt;
  std::size_t at = 0;         ///< octet of the text at which its first field stands
};

struct DeliveryStatus {
  std::string reporting_mta, queue_id, sender;
  std::optional<base::WallTime> arrival;
  std::vector<RecipientStatus> recipients;
};

/// Lines that are no field are passed over; but a Diagnostic-Code goes on over them until a blank line, as pasting loses
/// the blanks of its folds. No recipients where there is no such field.
[[nodiscard]] DeliveryStatus parse_delivery_status(std::string_view text);

/// "dns; mail.example.com" -> "mail.example.com", "dns;[203.0.113.5]" -> "203.0.113.5"; comments out.
[[nodiscard]] std::string parse_mta_name(std::string_view value);

}  // namespace fcrdns::bounce
