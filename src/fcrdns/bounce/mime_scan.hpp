// The structure of a message (RFC 2045, 2046, 5322), found in one linear pass over its octets: a stack of boundaries,
// no recursion, and the caps of message.hpp. What single fields and parts mean is GMime's.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fcrdns::bounce {

enum class PartKind {
  message,           ///< a header and what belongs to it: the whole, or message/rfc822, message/global inside it
  multipart,
  delivery_status,   ///< message/delivery-status, message/global-delivery-status
  plain,             ///< text/plain, and what has no or an unreadable type
  html,
  returned_headers,  ///< text/rfc822-headers, message/global-headers
  packed_message,    ///< message/rfc822 in base64 or quoted-printable: to be unpacked, then scanned by itself
  other,
};

struct Part {
  PartKind kind = PartKind::other;
  std::string_view header;    ///< field lines, without the blank line behind them
  std::string_view body;
  std::size_t message = 0;    ///< index of the message it belongs to; a message inside another: the outer one
  std::size_t depth = 0;
  std::string charset;        ///< as the part names it
  std::string_view encoding;  ///< Content-Transfer-Encoding, trimmed
};

/// The parts in the order in which they stand; the first is the message itself. `note` is told which cap was hit:
/// "more than 1,000 parts; what follows was not read". `depth`: of the message itself, when it lay packed in another.
[[nodiscard]] std::vector<Part> scan_mime(std::string_view octets, const std::function<void(std::string)>& note, std::size_t depth = 0);

}  // namespace fcrdns::bounce
