// Sorts any number of records by key in little memory: what is full goes to disk as a sorted run, runs are merged.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/fleet/scratch_file.hpp"

namespace fcrdns::fleet {

inline constexpr std::size_t longest_key = 18, longest_value = 2000;

class Sorter {
 public:
  using Each = std::function<base::Expected<void>(std::string_view key, std::string_view value)>;

  explicit Sorter(std::size_t memory) : memory_(memory) {}
  /// At most longest_key and longest_value octets.
  [[nodiscard]] base::Expected<void> add(std::string_view key, std::string_view value);
  /// All of them, ascending; of equal keys only the one added last. Ends the sorter.
  [[nodiscard]] base::Expected<void> each(const Each& each);

 private:
  struct Place {
    std::uint64_t begin_of_key;
    std::uint32_t offset;
  };
  void sort();
  [[nodiscard]] base::Expected<void> spill();
  [[nodiscard]] base::Expected<void> from_memory(const Each& each);

  std::size_t memory_;
  std::string records_;         ///< size of the key, of the value (two octets), key, value
  std::vector<Place> places_;
  std::vector<std::vector<ScratchFile>> tiers_;  ///< sorted runs; those of a later tier are longer and older
};

}  // namespace fcrdns::fleet
