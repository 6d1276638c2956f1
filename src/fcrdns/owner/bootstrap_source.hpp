// Where the bootstrap comes from, the best copy there is: the user's file; else IANA's, fetched or kept in the cache
// folder; else the old one compiled in. A broken copy never replaces a good one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/net/address.hpp"
#include "fcrdns/owner/bootstrap.hpp"
#include "fcrdns/owner/rdap.hpp"
#include "fcrdns/transport/http.hpp"

namespace fcrdns::owner {

/// The file kept for each family, as IANA publishes it. Its modification time is when it expires.
class BootstrapCache {
 public:
  /// Empty: nothing is kept.
  explicit BootstrapCache(std::string folder) : folder_(std::move(folder)) {}
  /// `given`, or the user's own folder by XDG_CACHE_HOME and HOME; empty when neither is known.
  [[nodiscard]] static std::string folder(const std::string& given);

  struct Kept {
    Bootstrap bootstrap;
    bool fresh = false;
  };
  /// Empty when there is none or it cannot be read.
  [[nodiscard]] std::optional<Kept> read(net::Family family, base::WallTime now) const;
  /// Written whole or not at all; trouble is nobody's business.
  void write(net::Family family, std::string_view json, base::WallTime expires) const;
  [[nodiscard]] std::string path(net::Family family) const;

 private:
  std::string folder_;
};

class BootstrapSource {
 public:
  /// `given` replaces everything else when it has entries. Borrows the client.
  BootstrapSource(transport::HttpClient& client, const RdapOptions& options, std::optional<Bootstrap> given);

  struct Copy {
    Bootstrap bootstrap;
    std::string caveat;  ///< what is wrong with this copy: one line; empty for a good one
  };
  /// Null while it is being fetched; then `ready` is called. Nothing is fetched twice in a run.
  [[nodiscard]] const Copy* get(net::Family family, base::SteadyTime now, const std::function<void()>& ready);

  static constexpr base::Seconds max_age{24 * 3600};
  static constexpr base::Milliseconds patience{3000};  ///< with IANA's server; then an older copy serves

 private:
  struct Slot {
    std::optional<Copy> copy;
    std::unique_ptr<transport::Pending> fetching;
  };
  void fetched(net::Family family, const transport::HttpReply& reply);
  [[nodiscard]] Copy fallback(net::Family family, const std::string& why) const;

  transport::HttpClient& client_;
  std::string url_;
  BootstrapCache cache_;
  std::optional<Bootstrap> given_;
  std::map<net::Family, Slot> slots_;
};

}  // namespace fcrdns::owner
