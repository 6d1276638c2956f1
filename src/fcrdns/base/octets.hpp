// Octets and the one cursor that reads them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fcrdns::base {

using Octets = std::vector<std::uint8_t>;
using OctetView = std::span<const std::uint8_t>;

/// The octets of `text`, borrowed; valid as long as `text` is.
[[nodiscard]] inline OctetView octets_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Reads forward through octets that came from the network. Every read checks the length; after a read that
/// did not fit, nothing is consumed and the result is empty. Borrows the octets it reads.
class Cursor {
 public:
  explicit Cursor(OctetView octets, std::size_t at = 0) : octets_(octets), at_(at) {}

  [[nodiscard]] std::size_t position() const { return at_; }
  [[nodiscard]] std::size_t left() const { return octets_.size() - at_; }
  [[nodiscard]] OctetView all() const { return octets_; }

  std::optional<std::uint8_t> u8() {
    if (left() < 1) return std::nullopt;
    return octets_[at_++];
  }
  std::optional<std::uint16_t> u16() {
    if (left() < 2) return std::nullopt;
    const auto value = static_cast<std::uint16_t>(octets_[at_] << 8 | octets_[at_ + 1]);
    at_ += 2;
    return value;
  }
  std::optional<std::uint32_t> u32() {
    if (left() < 4) return std::nullopt;
    const auto high = *u16();
    return static_cast<std::uint32_t>(high) << 16 | *u16();
  }
  std::optional<OctetView> take(std::size_t count) {
    if (left() < count) return std::nullopt;
    const auto view = octets_.subspan(at_, count);
    at_ += count;
    return view;
  }

 private:
  OctetView octets_;
  std::size_t at_;
};

/// Appends big-endian integers.
inline void put_u8(Octets& out, std::uint8_t v) { out.push_back(v); }
inline void put_u16(Octets& out, std::uint16_t v) {
  out.push_back(static_cast<std::uint8_t>(v >> 8));
  out.push_back(static_cast<std::uint8_t>(v));
}
inline void put_u32(Octets& out, std::uint32_t v) {
  put_u16(out, static_cast<std::uint16_t>(v >> 16));
  put_u16(out, static_cast<std::uint16_t>(v));
}
inline void put(Octets& out, OctetView v) { out.insert(out.end(), v.begin(), v.end()); }

}  // namespace fcrdns::base
