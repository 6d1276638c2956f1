// Which targets have their row, in little memory: a bit for each unit that is through, 256 bits for each that is half way.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/sweep/targets.hpp"

namespace fcrdns::scan {

class Done final : public sweep::Skip {
 public:
  void add(const sweep::Place& place);
  [[nodiscard]] bool unit(std::uint64_t number) const override;
  [[nodiscard]] bool target(const sweep::Place& place) const override;
  /// How many have been added.
  [[nodiscard]] std::uint64_t count() const { return count_; }

  /// As octets; the Fault says that they are damaged.
  void write(std::string& out) const;
  [[nodiscard]] static base::Expected<Done> read(std::string_view octets);

 private:
  void finish(std::uint64_t unit);

  std::uint64_t first_ = 0;            ///< every unit before 64 times this is through
  std::vector<std::uint64_t> through_; ///< bits of the units from there on
  std::unordered_map<std::uint64_t, std::bitset<sweep::unit_size>> half_way_;
  std::uint64_t count_ = 0;
};

}  // namespace fcrdns::scan
