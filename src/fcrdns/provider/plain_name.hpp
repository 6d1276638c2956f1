// A name as patterns see it: lower case, dots between the labels, no final dot, on the stack. An octet that no host
// name has, a dot inside a label too, reads as '?': it can then fake nothing.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "fcrdns/dns/name.hpp"

namespace fcrdns::provider {

class PlainName {
 public:
  explicit PlainName(const dns::Name& name);
  PlainName(const PlainName&) = delete;
  PlainName& operator=(const PlainName&) = delete;

  [[nodiscard]] std::string_view text() const { return {text_.data(), size_}; }  ///< lives as long as this
  [[nodiscard]] std::size_t label_count() const { return labels_; }
  [[nodiscard]] std::string_view label(std::size_t index) const {  ///< 0 is the leftmost; index < label_count()
    return {text_.data() + starts_[index], static_cast<std::size_t>(starts_[index + 1] - starts_[index]) - 1};
  }

 private:
  // Only the first size_ octets, and starts up to labels_, are ever written.
  std::array<char, 256> text_;
  std::array<std::uint16_t, 129> starts_;
  std::size_t size_ = 0, labels_ = 0;
};

}  // namespace fcrdns::provider
