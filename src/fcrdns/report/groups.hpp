// Addresses of a prefix that came out alike stand in one row: 256 rows tell less than three.
#pragma once

#include <string>
#include <vector>

#include "fcrdns/report/report.hpp"

namespace fcrdns::report {

struct Group {
  std::vector<std::size_t> indices;  ///< into result.evidence.addresses, ascending; never empty
};
/// Of a prefix: those with the same outcome under names of the same pattern, the one that the plan speaks of first; of
/// any other subject each address alone.
[[nodiscard]] std::vector<Group> groups(const Result& result);

/// The name with every number in it, decimal or hexadecimal, replaced: what names of one default pattern share.
[[nodiscard]] std::string name_pattern(const dns::Name& name);

/// "203.0.113.65,67-70": the last part only where the rest repeats.
[[nodiscard]] std::string address_list(const std::vector<net::Address>& addresses);

/// Findings that differ in the address alone, in the order of the first.
struct Alike {
  const finding::Finding* first = nullptr;
  std::vector<net::Address> addresses;  ///< all of them, the first's included; empty when it concerns the whole subject
};
[[nodiscard]] std::vector<Alike> alike(const std::vector<finding::Finding>& findings);

}  // namespace fcrdns::report
