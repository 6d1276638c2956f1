// What stands in the reverse zone now, and whose it is.
#pragma once

#include <vector>

#include "fcrdns/generator/forward_rows.hpp"

namespace fcrdns::generator {

struct Existing {
  net::Address address;
  dns::Record record;  ///< a PTR or CNAME at the address's reverse name
  bool known = false;  ///< the name it leads to is in the forward data, at whatever address
};

/// In order of addresses. A Fault names the first line that cannot be read.
[[nodiscard]] base::Expected<std::vector<Existing>> read_existing(const FromForward& options, const ForwardRows& forward);

}  // namespace fcrdns::generator
