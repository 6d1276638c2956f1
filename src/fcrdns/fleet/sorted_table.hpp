// A table on disk that is only searched: records in ascending order in blocks of one size, the first key of every so many
// blocks in memory, the blocks read last kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/fleet/scratch_file.hpp"
#include "fcrdns/fleet/sorter.hpp"

namespace fcrdns::fleet {

class SortedTable {
 public:
  struct Record {
    std::string_view key, value;  ///< valid until the next call
  };

  explicit SortedTable(std::size_t most_fences = 32 << 10) : most_fences_(most_fences) {}  ///< even
  /// Keys ascend strictly.
  [[nodiscard]] base::Expected<void> append(std::string_view key, std::string_view value);
  /// Behind the last append.
  [[nodiscard]] base::Expected<void> finish();
  /// The record with this key or, without one, that with the next lower key.
  [[nodiscard]] std::optional<Record> at_or_before(std::string_view key);
  [[nodiscard]] std::uint64_t blocks() const { return blocks_; }

 private:
  struct Cached {
    std::uint64_t number = ~std::uint64_t{0};
    std::string octets;
  };
  [[nodiscard]] base::Expected<void> end_block();
  [[nodiscard]] std::string_view block(std::uint64_t number);

  std::size_t most_fences_;
  ScratchFile file_;
  std::string block_;                    ///< being written
  std::vector<std::uint16_t> offsets_;   ///< of its records
  std::uint64_t blocks_ = 0, stride_ = 1;
  std::vector<std::string> fences_;      ///< the first key of each stride-th block
  std::vector<Cached> cache_;
};

}  // namespace fcrdns::fleet
