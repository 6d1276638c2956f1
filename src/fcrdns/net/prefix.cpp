// Blocks of addresses: RFC 4632 3.1 and RFC 4291 2.3 ("address/length").
#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "fcrdns/base/text.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::net {
namespace {

/// The mask of octet number `index` in a prefix of `length` bits.
std::uint8_t mask(std::size_t index, std::size_t length) {
  const auto kept = length <= 8 * index ? 0 : std::min<std::size_t>(length - 8 * index, 8);
  return static_cast<std::uint8_t>(0xff00 >> kept);
}

/// The address with everything behind `length` bits set to zero.
Address masked(const Address& address, std::size_t length) {
  base::Octets octets(address.octets().begin(), address.octets().end());
  for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<std::uint8_t>(octets[i] & mask(i, length));
  return *Address::from_octets(octets);
}

}  // namespace

base::Expected<Prefix> Prefix::parse(std::string_view text) {
  const auto quoted = '"' + base::escape(text, 64) + '"';
  const auto slash = text.find('/');
  if (slash == text.npos) return base::fault(fmt::format("{}: a prefix is written ADDRESS/LENGTH", quoted));
  const auto address = Address::parse(text.substr(0, slash));
  if (!address) return std::unexpected(address.error());

  const auto digits = text.substr(slash + 1);
  const unsigned longest = address->is_v4() ? 32 : 128;
  unsigned length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (error != std::errc{} || end != digits.data() + digits.size() || (digits.size() > 1 && digits[0] == '0') ||
      length > longest)
    return base::fault(fmt::format("{}: the length behind \"/\" is a number from 0 to {}", quoted, longest));
  if (const auto base = masked(*address, length); base != *address)
    return base::fault(fmt::format("{}: bits are set behind the prefix; did you mean {}/{}?", quoted, base.text(), length));
  return Prefix{*address, static_cast<std::uint8_t>(length)};
}

bool Prefix::contains(const Address& address) const {
  if (address.family() != base.family()) return false;
  const auto theirs = address.octets(), ours = base.octets();
  for (std::size_t i = 0; i < ours.size() && 8 * i < length; ++i)
    if (((theirs[i] ^ ours[i]) & mask(i, length)) != 0) return false;  // whatever bits stand behind the length
  return true;
}

std::string Prefix::text() const { return fmt::format("{}/{}", base.text(), length); }

}  // namespace fcrdns::net
