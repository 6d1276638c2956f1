#include "fcrdns/generic/tokens.hpp"

namespace fcrdns::generic {
namespace {

enum class Kind : std::uint8_t { separator, letter, digit };

constexpr auto kinds = [] {
  std::array<Kind, 256> table{};  // separators
  for (char c = 'a'; c <= 'z'; ++c) table[static_cast<unsigned char>(c)] = Kind::letter;
  for (char c = '0'; c <= '9'; ++c) table[static_cast<unsigned char>(c)] = Kind::digit;
  return table;
}();

}  // namespace

// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): what is not written is not read
Tokens::Tokens(const provider::PlainName& name) : text_(name.text()) {
  for (std::size_t label = 0; label < name.label_count(); ++label) {
    first_[label] = static_cast<std::uint8_t>(size_);
    const auto text = name.label(label);
    const auto offset = static_cast<std::size_t>(text.data() - text_.data());
    for (std::size_t at = 0; at < text.size();) {
      const auto kind = kinds[static_cast<unsigned char>(text[at])];
      if (kind == Kind::separator) {
        ++at;
        continue;
      }
      auto end = at;
      unsigned value = 0;
      for (; end < text.size() && kinds[static_cast<unsigned char>(text[end])] == kind; ++end)
        if (end - at < 3) value = value * 10 + static_cast<unsigned>(text[end] - '0');
      const bool small = kind == Kind::digit && end - at <= 3;
      const auto begin = offset + at;
      const bool joined = size_ > 0 && tokens_[size_ - 1].begin + tokens_[size_ - 1].size + 1U == begin;
      tokens_[size_++] = {static_cast<std::uint8_t>(begin), static_cast<std::uint8_t>(end - at),
                          kind == Kind::digit, joined, small ? static_cast<std::uint16_t>(value) : Token::none};
      at = end;
    }
  }
  first_[name.label_count()] = static_cast<std::uint8_t>(size_);
}

}  // namespace fcrdns::generic
