// Suffixes of names, looked up from the right: it costs only the labels that some suffix has too.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fcrdns/dns/name.hpp"
#include "fcrdns/provider/plain_name.hpp"

namespace fcrdns::provider {

class SuffixTree {
 public:
  /// One '*' in a label stands for any octets of it ("awsdns-*.com", "hsd1.*.comcast.net").
  void add(const dns::Name& suffix, std::uint32_t value);

  struct Hit {
    std::uint32_t value;
    std::size_t labels;  ///< of the suffix
  };
  /// Every suffix that the name is or stands below, the longest first.
  [[nodiscard]] std::vector<Hit> find(const PlainName& name) const;

 private:
  struct Child {
    std::string label;
    std::uint32_t node;
  };
  struct Node {
    std::vector<Child> exact;  // sorted by label
    std::vector<Child> globs;
    std::vector<std::uint32_t> values;
  };
  std::uint32_t child(std::uint32_t node, const std::string& label);
  void collect(const PlainName& name, std::size_t depth, std::uint32_t node, std::vector<Hit>& hits) const;

  std::vector<Node> nodes_{1};
};

}  // namespace fcrdns::provider
