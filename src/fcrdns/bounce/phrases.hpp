// Which of many phrases stand in a text, found in one pass (Aho and Corasick, 1975).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace fcrdns::bounce {

class Phrases {
 public:
  using Id = std::uint16_t;
  static constexpr std::size_t max_octets = 30'000;  ///< of all phrases together
  static constexpr std::size_t max_found = 256;      ///< in one text; the rest is left out

  struct Found {
    Id phrase = 0;
    std::uint16_t begin = 0, end = 0;  ///< octets of the text
  };

  Phrases();
  /// The same phrase has the same id. False: max_octets are used up, or it is empty.
  [[nodiscard]] bool add(std::string_view phrase, Id& id);
  /// After the last add, before the first find.
  void finish();
  /// By their ends; those that end together, the longest first. `text`: at most 65,535 octets are looked at.
  void find(std::string_view text, std::vector<Found>& found) const;
  [[nodiscard]] std::size_t size() const { return lengths_.size(); }

 private:
  static constexpr Id none = 0xffff;
  [[nodiscard]] std::uint16_t& next(std::size_t state, unsigned char octet) { return next_[state * 256 + octet]; }

  std::vector<std::uint16_t> next_;      ///< while building: 256 for each state; then classes_ for each
  std::array<std::uint8_t, 256> class_{};
  std::size_t classes_ = 1;
  std::vector<Id> ends_;                 ///< the phrase that ends in a state
  std::vector<std::uint16_t> shorter_;   ///< the next state on the way of suffixes where a phrase ends; 0: none
  std::vector<std::uint16_t> lengths_;
};

}  // namespace fcrdns::bounce
