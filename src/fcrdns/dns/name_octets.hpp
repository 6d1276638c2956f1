// The octets of a name: up to 55 in place, which is nearly every name there is but those of IPv6 addresses, and more on
// the heap. It is what lets a reply be read with hardly an allocation (bench/codec_bench.cpp).
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace fcrdns::dns {

class NameOctets {
 public:
  /// One zero octet: the root.
  NameOctets() noexcept { place_[0] = '\0'; }
  explicit NameOctets(std::string_view octets) { assign(octets); }
  NameOctets(const NameOctets& other) { copy(other); }
  NameOctets(NameOctets&& other) noexcept { take(other); }
  NameOctets& operator=(const NameOctets& other) {
    if (this != &other) copy(other);
    return *this;
  }
  NameOctets& operator=(NameOctets&& other) noexcept {
    if (this != &other) take(other);
    return *this;
  }
  ~NameOctets() = default;

  /// At most 255 octets.
  void assign(std::string_view octets) {
    heap_.reset();
    if (octets.size() > place_.size()) heap_ = std::make_unique_for_overwrite<char[]>(octets.size());
    size_ = static_cast<std::uint8_t>(octets.size());
    std::memcpy(data(), octets.data(), octets.size());
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] char* data() { return heap_ ? heap_.get() : place_.data(); }
  [[nodiscard]] std::string_view view() const { return {heap_ ? heap_.get() : place_.data(), size_}; }

 private:
  void copy(const NameOctets& other) {
    if (other.heap_) return assign(other.view());
    heap_.reset();
    size_ = other.size_;
    place_ = other.place_;
  }
  /// `other` is the root afterwards.
  void take(NameOctets& other) noexcept {
    heap_ = std::move(other.heap_);
    size_ = other.size_;
    place_ = other.place_;
    other.size_ = 1;
    other.place_[0] = '\0';
  }

  std::unique_ptr<char[]> heap_;
  std::uint8_t size_ = 1;
  std::array<char, 55> place_;  // 64 octets in all; without meaning while heap_ holds
};

}  // namespace fcrdns::dns
