// What was I given? An address in any spelling, or a host name; later a domain, a prefix, a file.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/dns/name.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::subject {

enum class Kind { address, host };

struct Subject {
  Kind kind = Kind::host;
  std::string text;                       ///< as given, trimmed: untrusted
  std::optional<net::Address> address;    ///< kind address; v4-mapped already unmapped
  dns::Name host;                         ///< kind host; A-labels (RFC 5890)
  std::string note;                       ///< what was understood differently than written ("taken out of its reverse name")
  friend bool operator==(const Subject&, const Subject&) = default;
};

/// Takes: 203.0.113.5, [203.0.113.5], [IPv6:2001:db8::1], 2001:db8::1, fe80::1%eth0, ::ffff:203.0.113.5,
/// 5.113.0.203.in-addr.arpa., mail.example.com, MAIL.Example.COM., IDN in U-labels, surrounding white space, <...>.
/// Refuses with one line how to mend it: octal or leading-zero IPv4, a reverse name with the wrong count of labels,
/// single labels, prefixes, mail addresses, URLs, empty text, control octets.
[[nodiscard]] base::Expected<Subject> parse(std::string_view text);

/// One line of a list: the subject, or nothing for a blank or comment line (#), or a Fault. CRLF and a BOM are fine.
[[nodiscard]] base::Expected<std::optional<Subject>> parse_line(std::string_view line);

}  // namespace fcrdns::subject
