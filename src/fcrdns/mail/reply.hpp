// What does an SMTP server's reply say? (RFC 5321 4.2, RFC 3463) As it stands on the wire, and as it is found in the
// wild: several lines, the lines glued into one with the code repeated inside, with and without a separator, line ends
// written as \n or #012, folded by a DSN, wrapped in HTML.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fcrdns/net/address.hpp"

namespace fcrdns::mail {

/// Octets of a reply that are looked at; a receiver may send what it likes.
inline constexpr std::size_t max_reply = std::size_t{16} * 1024;

/// RFC 3463: class 2, 4 or 5, subject and detail 0..999.
struct EnhancedCode {
  std::uint16_t kind = 5, subject = 0, detail = 0;
  [[nodiscard]] std::string text() const;  ///< "5.7.25"
  friend auto operator<=>(const EnhancedCode&, const EnhancedCode&) = default;
};
/// The whole text is an enhanced code, or nothing.
[[nodiscard]] std::optional<EnhancedCode> parse_enhanced_code(std::string_view text);

struct Reply {
  int code = 0;                            ///< 200..599 (RFC 5321 4.2.1; 571 and 577 are seen); 0: the text came without one
  std::optional<EnhancedCode> enhanced;
  std::string text;                        ///< joined and unfolded, codes removed, blanks single; untrusted octets
  std::optional<net::Address> address;     ///< the client's address as the text quotes it
  friend bool operator==(const Reply&, const Reply&) = default;
};

/// Reads `text`, which is one reply and nothing else but blanks (what a Diagnostic-Code holds behind "smtp;", what a
/// log quotes). Text that starts with no code is a reply without one. "5.7.25" inside 35.7.25.1 is no code.
[[nodiscard]] Reply parse_reply(std::string_view text);

/// A reply inside other text: where it begins and ends there. Codes at the begin of a line, behind "said: ",
/// "<<< ", "Diagnostic-Code: smtp;", "Remote host said: ", quotes and list signs; in prose, an enhanced code beside
/// its reply code. Empty when there is none behind `from`.
struct Found {
  std::size_t begin = 0, end = 0;  ///< octets of `text`
  Reply reply;
};
[[nodiscard]] std::optional<Found> find_reply(std::string_view text, std::size_t from = 0);

/// The address that a reply's text quotes as the sender's: in brackets, behind "IP=", "ip=", "for ", bare; v4, v6,
/// [IPv6:...], broken by a fold. Version numbers and octets of codes are none.
[[nodiscard]] std::optional<net::Address> quoted_address(std::string_view text);

}  // namespace fcrdns::mail
