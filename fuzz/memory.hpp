// An input that lies in memory and comes in small pieces.
#pragma once

#include <algorithm>

#include "fcrdns/input/source.hpp"
#include "fuzz.hpp"

namespace fcrdns::fuzz {

class Memory final : public input::Source {
 public:
  Memory(std::string_view octets, std::size_t piece) : octets_(octets), piece_(piece) {}
  base::Expected<std::size_t> read(std::span<char> room) override {
    const auto count = std::min({room.size(), octets_.size() - at_, piece_});
    std::copy_n(octets_.begin() + static_cast<std::ptrdiff_t>(at_), count, room.begin());
    at_ += count;
    return count;
  }
  [[nodiscard]] std::uint64_t octets_read() const override { return at_; }
  [[nodiscard]] std::uint64_t octets_in_all() const override { return octets_.size(); }

 private:
  std::string_view octets_;
  std::size_t piece_, at_ = 0;
};

}  // namespace fcrdns::fuzz
