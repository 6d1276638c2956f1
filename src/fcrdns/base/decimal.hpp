// An octet in decimal, as addresses are written: a scan writes millions of them, and fmt is several times slower.
#pragma once

#include <cstdint>

namespace fcrdns::base {

/// Writes the one to three digits of `octet` at `at`; returns the place behind them.
constexpr char* put_decimal(char* at, std::uint8_t octet) {
  if (octet >= 100) *at++ = static_cast<char>('0' + octet / 100);
  if (octet >= 10) *at++ = static_cast<char>('0' + octet / 10 % 10);
  *at++ = static_cast<char>('0' + octet % 10);
  return at;
}

}  // namespace fcrdns::base
