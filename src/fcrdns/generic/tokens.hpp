// A name cut into runs of letters and runs of digits, on the stack, in one pass.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "fcrdns/provider/plain_name.hpp"

namespace fcrdns::generic {

struct Token {  // without initial values: 256 of them are not to be written for each name
  std::uint8_t begin, size;
  bool is_number;
  bool joined;          ///< one separator (- . _) stands between this and the token before
  std::uint16_t value;  ///< of a number of at most three digits; else none
  static constexpr std::uint16_t none = 0xffff;
};

class Tokens {
 public:
  explicit Tokens(const provider::PlainName& name);

  [[nodiscard]] std::span<const Token> all() const { return {tokens_.data(), size_}; }
  [[nodiscard]] std::span<const Token> of_label(std::size_t label) const {
    return all().subspan(first_[label], static_cast<std::size_t>(first_[label + 1] - first_[label]));
  }
  [[nodiscard]] std::string_view text(const Token& token) const { return text_.substr(token.begin, token.size); }
  /// From the first octet of one to the last of the other.
  [[nodiscard]] std::string_view text(const Token& from, const Token& to) const {
    return text_.substr(from.begin, static_cast<std::size_t>(to.begin + to.size - from.begin));
  }

 private:
  std::string_view text_;  // the name's: it outlives this
  std::array<Token, 256> tokens_;
  std::array<std::uint8_t, 129> first_;  // of each label, and behind the last
  std::size_t size_ = 0;
};

}  // namespace fcrdns::generic
