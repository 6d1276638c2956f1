#include "fcrdns/dns/reverse.hpp"

#include <array>
#include <cstring>

#include "fcrdns/base/decimal.hpp"

namespace fcrdns::dns {
namespace {

constexpr std::size_t longest = 32 * 2 + 10;  // 32 nibbles and \x03ip6\x04arpa\x00

/// Puts labels behind one another.
class Writer {
 public:
  void octet(std::uint8_t value) {
    auto* const end = base::put_decimal(at_ + 1, value);
    *at_ = static_cast<char>(end - at_ - 1);
    at_ = end;
  }
  void nibble(unsigned value) {
    *at_++ = 1;
    *at_++ = "0123456789abcdef"[value & 0xf];
  }
  [[nodiscard]] std::string_view end_with(std::string_view zone) {
    std::memcpy(at_, zone.data(), zone.size());
    return {wire_.data(), static_cast<std::size_t>(at_ - wire_.data()) + zone.size()};
  }

 private:
  std::array<char, longest> wire_;
  char* at_ = wire_.data();
};

}  // namespace

Name reverse_name(const net::Address& address) {
  using namespace std::string_view_literals;
  Writer out;
  const auto octets = address.octets();
  if (address.is_v4()) {
    for (std::size_t i = 4; i-- > 0;) out.octet(octets[i]);
    return Name(out.end_with("\7in-addr\4arpa\0"sv));
  }
  for (std::size_t i = 16; i-- > 0;) out.nibble(octets[i]), out.nibble(octets[i] >> 4U);
  return Name(out.end_with("\3ip6\4arpa\0"sv));
}

}  // namespace fcrdns::dns
