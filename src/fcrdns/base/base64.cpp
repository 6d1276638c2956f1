#include "fcrdns/base/base64.hpp"

#include <cstdint>

namespace fcrdns::base {

std::string base64(std::string_view octets) {
  static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : octets) {
    bits = bits << 8 | static_cast<std::uint8_t>(c);
    held += 8;
    while (held >= 6) {
      held -= 6;
      out += letters[bits >> held & 63];
    }
  }
  if (held > 0) out += letters[bits << (6 - held) & 63];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

}  // namespace fcrdns::base
