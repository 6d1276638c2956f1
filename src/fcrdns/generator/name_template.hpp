// A host name with places for an address, for blocks where every address gets a name of the same pattern.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/dns/name.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::generator {

class NameTemplate {
 public:
  /// {a} {b} {c} {d} are the octets of an IPv4 address; {ip} the address with hyphens (203-0-113-5; of IPv6 all eight
  /// groups of four digits); {hex} its 8 or 32 hexadecimal digits. A Fault for an unknown place, one that the family
  /// does not have, what is no host name with it filled in, and a template without any place.
  static base::Expected<NameTemplate> parse(std::string_view text, net::Family family);
  /// The address must be of the family.
  [[nodiscard]] dns::Name name_of(const net::Address& address) const;

 private:
  enum class Place { text, a, b, c, d, ip, hex };
  struct Part {
    Place place = Place::text;
    std::string text;
  };
  [[nodiscard]] std::string fill(const net::Address& address) const;
  std::vector<Part> parts_;
};

}  // namespace fcrdns::generator
