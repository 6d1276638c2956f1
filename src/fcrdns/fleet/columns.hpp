// What is looked up for each row: whose the address is (--tags), what it was before (--diff). Tables of any length on
// disk, sorted, with little of them in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/fleet/tally.hpp"
#include "fcrdns/sweep/row.hpp"

namespace fcrdns::fleet {

/// CSV whose first column is an address or a prefix; the others are carried through. A header line names them.
class Tags {
 public:
  [[nodiscard]] static base::Expected<std::unique_ptr<Tags>> open(const std::string& path);
  virtual ~Tags() = default;
  [[nodiscard]] virtual const std::vector<std::string>& names() const = 0;
  /// The values for this address (longest prefix first), one for each name; all empty when none fits. Valid until the next call.
  [[nodiscard]] virtual const std::vector<std::string_view>& find(const net::Address& address) = 0;
};

/// Rows of an earlier scan, in any format and order, packed or not.
class Earlier {
 public:
  struct Was {
    std::optional<verdict::Iprev> iprev;
    Class in = Class::bad_input;
  };
  [[nodiscard]] static base::Expected<std::unique_ptr<Earlier>> open(const std::string& path);
  virtual ~Earlier() = default;
  [[nodiscard]] virtual std::optional<Was> find(const net::Address& address) = 0;
  [[nodiscard]] virtual const Counts& all() const = 0;
};

}  // namespace fcrdns::fleet
