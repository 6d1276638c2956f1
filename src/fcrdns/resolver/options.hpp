// Where to ask the DNS, as the command line and the environment said it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/net/address.hpp"
#include "fcrdns/resolver/resolver.hpp"
#include "fcrdns/transport/loop.hpp"

namespace fcrdns::resolver {

struct Options {
  std::vector<net::Endpoint> resolvers;      ///< empty: validating recursion from the root inside the process
  std::string root_hints;                    ///< file; empty: the real root
  std::string trust_anchor;                  ///< file with DS or DNSKEY records; empty: the real root's keys
  bool dnssec = true;
  std::optional<net::Family> transport;      ///< the family that carries the queries; empty: both
  std::string resolv_conf = "/etc/resolv.conf";  ///< names the system's resolvers (resolv.conf(5))
};

/// The resolver these options ask for. Without `resolvers`: libunbound, watched by a probe of the root servers; when
/// none of them answers, the system's resolver (/etc/resolv.conf) takes over and authority() says `unreachable`.
/// A Fault names the file that could not be read. Borrows the loop.
[[nodiscard]] base::Expected<std::unique_ptr<Resolver>> make_resolver(const Options& options, transport::Loop& loop);

}  // namespace fcrdns::resolver
