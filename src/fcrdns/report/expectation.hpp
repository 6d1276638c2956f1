// The name of --expect, before it is set: would it do as the PTR of the addresses looked at?
#pragma once

#include <optional>
#include <vector>

#include "fcrdns/generic/generic.hpp"
#include "fcrdns/report/report.hpp"

namespace fcrdns::report {

struct Expectation {
  struct At {
    net::Address address;
    bool confirms = false;  ///< the name points to it
    bool open = false;      ///< DNS trouble kept that from being known
  };
  dns::Name name;
  std::vector<net::Address> addresses;  ///< of both families
  std::vector<At> at;                   ///< of the subject's addresses, one each
  std::optional<generic::Generic> generic;
  bool proxied = false;  ///< some address lies in a content-delivery network's ranges
  bool is_mx = false;    ///< it receives mail: an added address opens a second way in
  bool usable = true;    ///< it can be a host name
};
/// Empty without --expect.
[[nodiscard]] std::optional<Expectation> expectation(const Result& result);

}  // namespace fcrdns::report
