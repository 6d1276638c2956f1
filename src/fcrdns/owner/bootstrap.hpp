// Which registry's server knows about which addresses: the bootstrap file of RFC 9224.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::owner {

struct Bootstrap {
  struct Entry {
    net::Prefix prefix;
    std::string url;  ///< https when there is one, with a slash at the end
  };
  std::vector<Entry> entries;  ///< at least one
  std::string publication;     ///< day: "2015-08-11"; empty when it is not told

  /// Both families may stand in one file. A file with anything in it that is not as RFC 9224 3 and 5 have it is a
  /// Fault as a whole: half a list would send questions to the wrong registry.
  [[nodiscard]] static base::Expected<Bootstrap> parse(std::string_view json);
  /// Base URL by the longest prefix (RFC 9224 5); null when none holds the address.
  [[nodiscard]] const std::string* server_for(const net::Address& address) const;
};

}  // namespace fcrdns::owner
