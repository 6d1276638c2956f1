// Registration data over HTTPS (RFC 7480 to 7484, 9082, 9083, 9224): asked once per block, bounded in time, octets,
// depth and redirects. The IANA bootstrap is fetched, kept in the user's cache folder, and the copy compiled in serves
// when neither can be had.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/time.hpp"
#include "fcrdns/net/address.hpp"
#include "fcrdns/owner/owner.hpp"
#include "fcrdns/transport/loop.hpp"

namespace fcrdns::owner {

struct RdapOptions {
  std::string bootstrap;     ///< file of --rdap-bootstrap in the form of RFC 9224; empty: IANA's
  std::string cache_folder;  ///< empty: $XDG_CACHE_HOME/fcrdns or ~/.cache/fcrdns
  std::string bootstrap_url = "https://data.iana.org/rdap/";  ///< folder of ipv4.json and ipv6.json; tests have their own
  bool allow_private = false;  ///< servers may stand at any address, not only those of --rdap-bootstrap: for tests
};

/// Something that can be asked for an address's registration; tests answer from memory.
class Registry {
 public:
  virtual ~Registry() = default;
  /// `done` is called once, from the loop that drives the resolver, at `deadline` at the latest.
  virtual void look_up(const net::Address& address, base::SteadyTime deadline,
                       std::move_only_function<void(Registration)> done) = 0;
};

/// A Fault when the bootstrap file given cannot be read. Borrows the loop.
[[nodiscard]] base::Expected<std::unique_ptr<Registry>> make_rdap(transport::Loop& loop, const RdapOptions& options);

/// What one RDAP reply body (RFC 9083 "ip network", or an error) says. Never throws; at most 1 MB and depth 64 are read.
[[nodiscard]] Registration read_registration(std::string_view json);

}  // namespace fcrdns::owner
