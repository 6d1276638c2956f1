#include "fcrdns/fleet/address_key.hpp"

#include <algorithm>

namespace fcrdns::fleet {

std::string key_of(const net::Address& address) {
  const auto octets = address.octets();
  std::string key(1 + octets.size(), address.is_v4() ? '\4' : '\6');
  std::ranges::copy(octets, key.begin() + 1);
  return key;
}

std::string last_of(std::string_view key, std::size_t length) {
  std::string last(key);
  for (std::size_t i = 1; i < last.size(); ++i) {
    const auto kept = std::min<std::size_t>(length - std::min(length, 8 * (i - 1)), 8);
    last[i] = static_cast<char>(static_cast<unsigned char>(last[i]) | 0xff >> kept);
  }
  return last;
}

std::string next_of(std::string key) {
  for (auto i = key.size(); --i > 0;) {
    key[i] = static_cast<char>(static_cast<unsigned char>(key[i]) + 1);
    if (key[i] != 0) return key;
  }
  return {};
}

}  // namespace fcrdns::fleet
