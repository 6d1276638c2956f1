// A block: its records one behind the other, each the size of the key (an octet), key and value; from the end back to front
// their number, then the offset of each and that of their end (two octets each).
#include "fcrdns/fleet/sorted_table.hpp"

#include <algorithm>
#include <cstring>

namespace fcrdns::fleet {
namespace {

constexpr std::size_t block_size = 4096, kept_blocks = 256;
static_assert(longest_key + longest_value + 16 < block_size);

std::size_t number_at(std::string_view block, std::size_t back) {
  std::uint16_t value = 0;
  std::memcpy(&value, block.data() + block.size() - 2 * (back + 1), sizeof value);
  return value;
}

std::size_t count_of(std::string_view block) { return number_at(block, 0); }

SortedTable::Record record_of(std::string_view block, std::size_t index) {
  const auto begin = number_at(block, index + 1), end = number_at(block, index + 2);
  const auto key = static_cast<std::size_t>(static_cast<unsigned char>(block[begin]));
  return {block.substr(begin + 1, key), block.substr(begin + 1 + key, end - begin - 1 - key)};
}

/// How many of 0..count-1 are at or before, when that holds for the first few only.
template <typename AtOrBefore>
std::uint64_t count_at_or_before(std::uint64_t count, AtOrBefore at_or_before) {
  std::uint64_t low = 0;
  while (low < count) {
    const auto middle = low + (count - low) / 2;
    if (at_or_before(middle)) low = middle + 1;
    else count = middle;
  }
  return low;
}

}  // namespace

base::Expected<void> SortedTable::append(std::string_view key, std::string_view value) {
  if (block_.size() + 1 + key.size() + value.size() + 2 * (offsets_.size() + 3) > block_size)
    if (auto ended = end_block(); !ended) return ended;
  if (offsets_.empty() && blocks_ % stride_ == 0) {
    if (fences_.size() == most_fences_) {  // every other one goes
      for (std::size_t i = 0; 2 * i < fences_.size(); ++i) fences_[i] = std::move(fences_[2 * i]);
      fences_.resize(fences_.size() / 2);
      stride_ *= 2;
    }
    if (blocks_ % stride_ == 0) fences_.emplace_back(key);
  }
  offsets_.push_back(static_cast<std::uint16_t>(block_.size()));
  block_ += static_cast<char>(key.size());
  block_ += key;
  block_ += value;
  return {};
}

base::Expected<void> SortedTable::end_block() {
  if (offsets_.empty()) return {};
  const auto count = static_cast<std::uint16_t>(offsets_.size());
  offsets_.push_back(static_cast<std::uint16_t>(block_.size()));
  offsets_.insert(offsets_.begin(), count);
  block_.resize(block_size);
  for (std::size_t i = 0; i < offsets_.size(); ++i) std::memcpy(block_.data() + block_size - 2 * (i + 1), &offsets_[i], 2);
  auto written = file_.append(block_);
  block_.clear();
  offsets_.clear();
  ++blocks_;
  return written;
}

base::Expected<void> SortedTable::finish() {
  if (auto ended = end_block(); !ended) return ended;
  cache_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(blocks_, kept_blocks)));
  return file_.flush();
}

std::string_view SortedTable::block(std::uint64_t number) {
  auto& kept = cache_[number % cache_.size()];
  if (kept.number != number) {
    kept.octets.resize(block_size);
    (void)file_.read_at(number * block_size, kept.octets.data(), block_size);
    kept.number = number;
  }
  return kept.octets;
}

std::optional<SortedTable::Record> SortedTable::at_or_before(std::string_view key) {
  const auto fences = count_at_or_before(fences_.size(), [&](std::uint64_t i) { return fences_[i] <= key; });
  if (fences == 0) return {};
  const auto first = (fences - 1) * stride_;
  const auto further = count_at_or_before(std::min(stride_, blocks_ - first) - 1,
                                          [&](std::uint64_t i) { return record_of(block(first + 1 + i), 0).key <= key; });
  const auto octets = block(first + further);
  const auto count = count_at_or_before(count_of(octets), [&](std::uint64_t i) { return record_of(octets, i).key <= key; });
  return record_of(octets, count - 1);
}

}  // namespace fcrdns::fleet
