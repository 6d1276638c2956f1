// The last few things seen, by key: what was seen long ago is forgotten, so that memory stays bounded.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fcrdns::bounce {

template <typename Value>
class Recent {
 public:
  explicit Recent(std::size_t capacity) : ring_(capacity) {}

  [[nodiscard]] Value* find(std::string_view key) {
    const auto found = values_.find(key);
    return found == values_.end() ? nullptr : &found->second;
  }
  /// The value of `key`, a new one when there was none: then the oldest key goes.
  Value& at(std::string_view key) {
    if (auto* const value = find(key)) return *value;
    auto& oldest = ring_[next_++ % ring_.size()];
    if (const auto found = values_.find(oldest); found != values_.end()) values_.erase(found);
    oldest = key;
    return values_[oldest];
  }
  [[nodiscard]] auto begin() { return values_.begin(); }
  [[nodiscard]] auto end() { return values_.end(); }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, Value, Hash, std::equal_to<>> values_;
  std::vector<std::string> ring_;
  std::size_t next_ = 0;
};

}  // namespace fcrdns::bounce
