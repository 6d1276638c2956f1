// What was I given? An address in any spelling, a host name, a mail domain, a prefix.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/dns/name.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::subject {

/// A `host` may turn out to be a domain when its MX or SPF is seen; `domain` was given as one (it had an @, or --as).
enum class Kind { address, host, domain, prefix };
[[nodiscard]] std::string_view to_word(Kind kind);
/// What --as says a name is.
enum class As { found_out, host, domain };

struct Subject {
  Kind kind = Kind::host;
  std::string text;                       ///< as given, trimmed: untrusted
  std::optional<net::Address> address;    ///< kind address; v4-mapped already unmapped
  std::optional<net::Prefix> prefix;      ///< kind prefix; no longer than 256 addresses, host bits cleared
  dns::Name host;                         ///< kind host or domain; A-labels (RFC 5890)
  bool fixed = false;                     ///< a name whose kind is not to be found out: given with @ or --as
  std::string note;                       ///< what was understood differently than written ("taken out of its reverse name")
  friend bool operator==(const Subject&, const Subject&) = default;
};

/// Takes: 203.0.113.5, [203.0.113.5], [IPv6:2001:db8::1], 2001:db8::1, fe80::1%eth0, ::ffff:203.0.113.5,
/// 5.113.0.203.in-addr.arpa., mail.example.com, MAIL.Example.COM., IDN in U-labels, surrounding white space, <...>,
/// postmaster@example.com, 203.0.113.64/29 (up to /24), 2001:db8::/120.
/// Refuses with one line how to mend it: octal or leading-zero IPv4, a reverse name with the wrong count of labels,
/// single labels, larger prefixes, URLs, empty text, control octets.
[[nodiscard]] base::Expected<Subject> parse(std::string_view text, As as = As::found_out);
/// The addresses of a prefix that can be hosts': of an IPv4 prefix of length 30 and less all but the first and last.
[[nodiscard]] std::vector<net::Address> hosts_of(const net::Prefix& prefix);
/// A host name given with an option (--helo, --domain, --expect): a single label is refused too.
[[nodiscard]] base::Expected<dns::Name> parse_name(std::string_view text);
/// An envelope sender: user@domain, a bare domain (postmaster stands for its user, RFC 7208 4.3), each with or without <>;
/// "<>" is the null sender. The domain in A-labels without final dot; "" for the null sender.
[[nodiscard]] base::Expected<std::string> parse_sender(std::string_view text);

/// One line of a list: the subject, or nothing for a blank or comment line (#), or a Fault. CRLF and a BOM are fine.
[[nodiscard]] base::Expected<std::optional<Subject>> parse_line(std::string_view line, As as = As::found_out);

}  // namespace fcrdns::subject
