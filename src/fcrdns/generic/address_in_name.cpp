#include "fcrdns/generic/address_in_name.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "fcrdns/base/decimal.hpp"

namespace fcrdns::generic {
namespace {

using net::Address;
using provider::PlainName;

constexpr std::string_view hex_digits = "0123456789abcdef";

enum class Kind : std::uint8_t { other, hex, separator };
constexpr auto kinds = [] {
  std::array<Kind, 256> table{};
  for (const char c : hex_digits) table[static_cast<unsigned char>(c)] = Kind::hex;
  for (const char c : std::string_view("-._")) table[static_cast<unsigned char>(c)] = Kind::separator;
  return table;
}();
Kind kind_of(char c) { return kinds[static_cast<unsigned char>(c)]; }

/// Each octet in decimal, and how many digits that are.
struct Decimal {
  std::array<char, 3> text;
  std::uint8_t size;
  [[nodiscard]] constexpr std::string_view view() const { return {text.data(), size}; }
};
constexpr auto decimals = [] {
  std::array<Decimal, 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    auto& [text, size] = table[i];
    size = static_cast<std::uint8_t>(base::put_decimal(text.data(), static_cast<std::uint8_t>(i)) - text.data());
  }
  return table;
}();

/// Text of a bounded length without the heap.
template <std::size_t N>
class Short {
 public:
  void add(char c) { text_[size_++] = c; }
  void add_padded(std::uint8_t octet) {
    add(static_cast<char>('0' + octet / 100));
    add(static_cast<char>('0' + octet / 10 % 10));
    add(static_cast<char>('0' + octet % 10));
  }
  void add_hex(std::uint8_t octet) {
    add(hex_digits[octet >> 4U]);
    add(hex_digits[octet & 15U]);
  }
  [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }

 private:
  std::array<char, N> text_;
  std::size_t size_ = 0;
};

/// The name without the separators inside and between its labels: 20-01-0d-b8 and 2.0.0.1.0.d.b.8 become one.
class Pressed {
 public:
  explicit Pressed(std::string_view text) : text_(text) {
    std::size_t run = 0;
    for (const char c : text) {
      const auto kind = kind_of(c);
      run = kind == Kind::other ? 0 : run + static_cast<std::size_t>(kind == Kind::hex);
      longest_ = std::max(longest_, run);
    }
    if (!may_hold_needle()) return;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (kind_of(text[i]) == Kind::separator) continue;
      from_[size_] = static_cast<std::uint8_t>(i);
      pressed_[size_++] = text[i];
    }
  }
  /// Most names do not.
  [[nodiscard]] bool may_hold_needle() const { return longest_ >= shortest_needle; }
  /// Where the name holds the needle, eight hexadecimal digits or more, with the separators it has there.
  [[nodiscard]] std::string_view find(std::string_view needle) const {
    if (needle.size() > longest_) return {};
    const auto at = std::string_view(pressed_.data(), size_).find(needle);
    if (at == std::string_view::npos) return {};
    const std::size_t begin = from_[at], end = from_[at + needle.size() - 1];
    return text_.substr(begin, end - begin + 1);
  }

 private:
  static constexpr std::size_t shortest_needle = 8;
  std::string_view text_;
  std::array<char, 256> pressed_;
  std::array<std::uint8_t, 256> from_;
  std::size_t size_ = 0;
  std::size_t longest_ = 0;  // run of hexadecimal digits: no longer needle is there
};

using Octets = std::array<std::uint8_t, 4>;

Octets reversed(Octets octets) {
  std::ranges::reverse(octets);
  return octets;
}

/// 203000113005, cb007105.
std::string_view pressed_v4(const Pressed& pressed, const Octets& octets) {
  Short<12> padded;
  Short<8> hex;
  for (const auto octet : octets) {
    padded.add_padded(octet);
    hex.add_hex(octet);
  }
  if (const auto found = pressed.find(hex.view()); !found.empty()) return found;
  return pressed.find(padded.view());
}

/// All four octets, each a number of its own, wherever they stand.
std::string_view scattered_v4(const Tokens& tokens, const Octets& octets) {
  std::array<bool, 4> seen{};
  const Token *first = nullptr, *last = nullptr;
  std::size_t found = 0;
  for (const auto& token : tokens.all()) {
    if (!token.is_number) continue;
    for (std::size_t i = 0; i < 4; ++i) {
      if (seen[i] || octets[i] != token.value) continue;
      seen[i] = true;
      if (first == nullptr) first = &token;
      last = &token;
      if (++found == 4) return tokens.text(*first, *last);
      break;
    }
  }
  return {};
}

/// The octets from `from` on, `count` of them, side by side, in at least so many digits: 1-2 is too short to tell.
std::string_view side_by_side_v4(const Tokens& tokens, const Octets& octets, std::size_t from, std::size_t count,
                                 std::size_t least) {
  const auto all = tokens.all();
  for (std::size_t at = 0; at + count <= all.size(); ++at) {
    std::size_t length = 0, digits = 0;
    for (; length < count; ++length) {
      const auto& token = all[at + length];
      if (!token.is_number || token.value != octets[from + length] || (length > 0 && !token.joined)) break;
      digits += token.size;
    }
    if (length == count && digits >= least) return tokens.text(all[at], all[at + count - 1]);
  }
  return {};
}

/// The address as one number.
bool is_integer(std::string_view digits, const Octets& octets) {
  std::uint32_t whole = 0, value = 0;
  for (const auto octet : octets) whole = whole << 8U | octet;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} && end == digits.data() + digits.size() && value == whole && !digits.starts_with('0');
}

/// The numbers of these octets without anything between them.
bool joins(std::string_view digits, std::span<const std::uint8_t> octets) {
  std::size_t size = 0;
  for (const auto octet : octets) size += decimals[octet].size;
  if (size != digits.size()) return false;
  for (const auto octet : octets) {
    if (!digits.starts_with(decimals[octet].view())) return false;
    digits.remove_prefix(decimals[octet].size);
  }
  return true;
}

/// Of three digits each.
bool joins_padded(std::string_view digits, std::span<const std::uint8_t> octets) {
  Short<12> padded;
  for (const auto octet : octets) padded.add_padded(octet);
  return digits == padded.view();
}

/// Octets run together: 20301135, 113005, 66692-46; and 3405803781, the address as one number.
std::string_view run_together_v4(const Tokens& tokens, const Octets& octets, bool backward) {
  const std::span all(octets);
  const auto host = backward ? all.first(2) : all.last(2);
  const auto list = tokens.all();
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!list[i].is_number || list[i].size < 4) continue;
    const auto run = tokens.text(list[i]);
    const bool is_run = (run.size() >= 8 && (joins(run, all) || is_integer(run, octets))) ||
                        (run.size() >= 6 && (joins(run, all.first(3)) || joins(run, all.last(3)))) ||
                        (run.size() >= 5 && joins(run, host)) || (run.size() == 6 && joins_padded(run, host));
    if (is_run) return run;
    if (i + 1 < list.size() && list[i + 1].joined && list[i + 1].is_number && list[i + 1].value == octets[3] && joins(run, all.first(3)))
      return tokens.text(list[i], list[i + 1]);
  }
  return {};
}

/// What can be told from numbers that are octets, of which the name has two at least.
std::string_view octets_v4(const Tokens& tokens, const Octets& octets, const Octets& back) {
  for (const auto& order : {octets, back})
    if (const auto found = side_by_side_v4(tokens, order, 0, 4, 4); !found.empty()) return found;
  if (const auto found = scattered_v4(tokens, octets); !found.empty()) return found;
  for (const auto& order : {octets, back})
    for (const std::size_t from : {0U, 1U})
      if (const auto found = side_by_side_v4(tokens, order, from, 3, 5); !found.empty()) return found;
  if (const auto found = side_by_side_v4(tokens, octets, 2, 2, 4); !found.empty()) return found;
  return side_by_side_v4(tokens, back, 0, 2, 4);
}

std::string_view v4_in_name(const PlainName& name, const Tokens& tokens, const Octets& octets) {
  const auto back = reversed(octets);
  std::size_t numbers_like_octets = 0;
  bool has_long_number = false;
  for (const auto& token : tokens.all()) {
    if (!token.is_number) continue;
    has_long_number = has_long_number || token.size >= 4;
    if (std::ranges::find(octets, token.value) != octets.end()) ++numbers_like_octets;
  }
  if (numbers_like_octets >= 2)
    if (const auto found = octets_v4(tokens, octets, back); !found.empty()) return found;
  const Pressed pressed(name.text());
  for (const bool backward : {false, true}) {
    const auto& order = backward ? back : octets;
    if (pressed.may_hold_needle())
      if (const auto found = pressed_v4(pressed, order); !found.empty()) return found;
    if (has_long_number)
      if (const auto found = run_together_v4(tokens, order, backward); !found.empty()) return found;
  }
  return {};
}

/// Half of the 32 digits or all, or the last eight; `nibbles` may be reversed. Zeros tell nothing, so a part must hold others.
std::string_view pressed_v6(const Pressed& pressed, std::string_view nibbles, bool backward) {
  const auto others = [](std::string_view part) { return part.size() - static_cast<std::size_t>(std::ranges::count(part, '0')); };
  for (const auto part : {nibbles, nibbles.substr(0, 16), nibbles.substr(16)})
    if (const auto found = pressed.find(part); !found.empty() && others(part) >= 1) return found;
  const auto end = backward ? nibbles.substr(0, 8) : nibbles.substr(24);
  return others(end) >= 4 ? pressed.find(end) : std::string_view();
}

/// The pieces between separators that are groups of one to four hexadecimal digits, side by side as in the address.
std::string_view groups_of_v6(std::string_view text, const std::array<unsigned, 8>& groups, bool backward) {
  struct Piece {
    std::size_t begin, end;
    unsigned value;
  };
  std::array<Piece, 129> pieces;
  std::size_t count = 0;
  for (std::size_t begin = 0; begin < text.size() && count < pieces.size();) {
    const auto end = std::min(text.find_first_of("-._", begin), text.size());
    unsigned value = 0;
    const auto [stop, error] = std::from_chars(text.data() + begin, text.data() + end, value, 16);
    const bool is_group = error == std::errc{} && stop == text.data() + end && end - begin <= 4;
    if (end > begin) pieces[count++] = {begin, end, is_group ? value : ~0U};
    begin = end + 1;
  }
  for (std::size_t at = 0; at < count; ++at) {
    for (std::size_t from = 0; from < 8; ++from) {
      std::size_t length = 0, digits = 0;
      for (; at + length < count && from + length < 8 && pieces[at + length].value == groups[from + length]; ++length)
        digits += pieces[at + length].end - pieces[at + length].begin;
      const bool at_the_end = backward ? from == 0 : from + length == 8;
      if ((length >= 3 && digits >= 8) || (length == 2 && at_the_end && digits >= 7))
        return text.substr(pieces[at].begin, pieces[at + length - 1].end - pieces[at].begin);
    }
  }
  return {};
}

std::string_view v6_in_name(const PlainName& name, const Address& address) {
  auto written = address.text();
  std::ranges::replace(written, ':', '-');
  const auto text = name.text();
  const auto at = text.find(written);
  if (at != std::string_view::npos && written.size() >= 5) return text.substr(at, written.size());

  Short<32> forward, back;
  std::array<unsigned, 8> groups{};
  const auto octets = address.octets();
  for (std::size_t i = 0; i < 16; ++i) {
    forward.add_hex(octets[i]);
    back.add(hex_digits[octets[15 - i] & 15U]);
    back.add(hex_digits[octets[15 - i] >> 4U]);
    groups[i / 2] = groups[i / 2] << 8U | octets[i];
  }
  const Pressed pressed(text);
  if (const auto found = groups_of_v6(text, groups, false); !found.empty()) return found;
  if (const auto found = pressed_v6(pressed, forward.view(), false); !found.empty()) return found;
  if (const auto found = pressed_v6(pressed, back.view(), true); !found.empty()) return found;
  std::ranges::reverse(groups);
  return groups_of_v6(text, groups, true);
}

}  // namespace

std::string_view address_in_name(const PlainName& name, const Tokens& tokens, const Address& address) {
  if (!address.is_v4()) return v6_in_name(name, address);
  const auto octets = address.octets();
  return v4_in_name(name, tokens, {octets[0], octets[1], octets[2], octets[3]});
}

}  // namespace fcrdns::generic
