// Does a PTR name look generic, and why? Receivers who refuse generic names judge the name alone; so does this.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fcrdns/dns/name.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::generic {

enum class Reason {
  ip_in_name,        ///< the address, whole or in good part: any order, decimal or hexadecimal, any separator
  provider_default,  ///< fits a provider's documented default name
  shared_name,       ///< one name on many addresses: only by what the caller has seen
  server_id,         ///< a machine's serial number (vmi123456, srv-1a2b3c ...)
  access_word,       ///< dyn, dhcp, pool, dsl, cable ... with a number beside it or as a label of its own
};
[[nodiscard]] std::string_view to_word(Reason reason);

struct Generic {
  Reason reason = Reason::ip_in_name;
  std::string what;      ///< the part of the name that tells: "203-0-113-5", "dsl", a provider's name
  std::string provider;  ///< id, with provider_default
  friend bool operator==(const Generic&, const Generic&) = default;
};

/// Empty: a name of its own. Linear in the name. Senders known for addresses in their names (outlook.com,
/// amazonses.com, sendgrid.net, 1e100.net, mailgun.net ...) are no generic names.
/// `shared`: the same name was seen on addresses that nobody else of this subject uses.
[[nodiscard]] std::optional<Generic> classify(const dns::Name& name, const net::Address& address, bool shared = false);

}  // namespace fcrdns::generic
