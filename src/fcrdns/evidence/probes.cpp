#include "fcrdns/evidence/probes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"

namespace fcrdns::evidence {
namespace {

/// `octets` of the address's end, replaced; nothing when it stays the same.
std::optional<net::Address> with_end(const net::Address& address, const std::vector<std::uint8_t>& end) {
  base::Octets octets(address.octets().begin(), address.octets().end());
  std::ranges::copy(end, octets.end() - static_cast<std::ptrdiff_t>(end.size()));
  const auto made = *net::Address::from_octets(octets);
  return made == address ? std::nullopt : std::optional(made);
}

void add(std::vector<Probe>& out, Purpose purpose, const base::Expected<dns::Name>& name) {
  if (!name) return;  // longer than 255 octets: nobody can have written it either
  Probe probe;
  probe.purpose = purpose;
  probe.question = {*name, dns::Type::ptr, dns::Class::in};
  out.push_back(std::move(probe));
}

void add(std::vector<Probe>& out, Purpose purpose, const std::optional<net::Address>& address) {
  if (!address) return;
  if (std::ranges::find(out, address, &Probe::address) != out.end()) return;
  add(out, purpose, dns::Name::parse(net::reverse_name(*address)));
  out.back().address = address;
}

/// The labels of the reverse name in the order the address is written in: the mistake itself.
std::string not_reversed(const net::Address& address) {
  std::string out;
  for (const auto octet : address.octets())
    out += address.is_v4() ? fmt::format("{}.", octet) : fmt::format("{:x}.{:x}.", octet >> 4, octet & 0xf);
  return out;
}

/// The reverse name with `count` of its zero nibbles left out of the longest run of them; empty when none is as long.
std::string with_nibbles_missing(const net::Address& address, std::size_t count) {
  const auto name = net::reverse_name(address);  // "1.0.0. ... ip6.arpa.": a nibble at every even place
  std::size_t best = 0, length = 0;
  for (std::size_t i = 0; i < 32;) {
    std::size_t run = 0;
    while (i + run < 32 && name[2 * (i + run)] == '0') ++run;
    if (run > length) best = i, length = run;
    i += run + 1;
  }
  if (length < count) return "";
  return name.substr(0, 2 * best) + name.substr(2 * (best + count));
}

base::Expected<dns::Name> below(std::string_view labels, const dns::Name& zone) {
  return dns::Name::parse(std::string(labels) + "." + zone.text());
}

}  // namespace

std::vector<Probe> neighbours_of(const net::Address& address) {
  std::vector<Probe> out;
  const auto last = address.octets().back();
  if (last < 255) add(out, Purpose::neighbour, with_end(address, {static_cast<std::uint8_t>(last + 1)}));
  if (last > 0) add(out, Purpose::neighbour, with_end(address, {static_cast<std::uint8_t>(last - 1)}));
  if (address.is_v6()) add(out, Purpose::neighbour, with_end(address, {0, 0, 0, 0, 0, 0, 0, 1}));
  return out;
}

std::vector<Probe> siblings_of(const net::Address& address, std::string_view random) {
  std::vector<Probe> out;
  const auto last = address.octets().back();
  const auto flipped = [&](unsigned mask) { return static_cast<std::uint8_t>(last ^ mask); };
  if (address.is_v4()) {
    add(out, Purpose::sibling, with_end(address, {flipped(0x55)}));
    add(out, Purpose::sibling, with_end(address, {flipped(0xaa)}));
  } else {
    add(out, Purpose::sibling, with_end(address, {0x5a, 0x31, 0xc7, 0x94, 0x0e, 0xd2, 0x68, flipped(0x55)}));
    add(out, Purpose::sibling, with_end(address, {0xa4, 0x8d, 0x13, 0x6f, 0xe9, 0x27, 0xb0, flipped(0xaa)}));
  }
  const auto reverse = dns::Name::parse(net::reverse_name(address)).value();
  // An IPv6 wildcard stands anywhere above the 16 nibbles of the interface; a label in the /64 meets it too.
  const auto zone = reverse.ancestor(reverse.label_count() - (address.is_v4() ? 1 : 16));
  add(out, Purpose::wildcard, below(random, zone));
  return out;
}

std::vector<Probe> miswritten_names(const net::Address& address, const std::optional<dns::Name>& apex,
                                    std::string_view random) {
  std::vector<Probe> out;
  if (apex) add(out, Purpose::wildcard, below(random, *apex));
  const auto reverse = net::reverse_name(address);
  add(out, Purpose::not_reversed, dns::Name::parse(not_reversed(address) + (address.is_v4() ? "in-addr.arpa." : "ip6.arpa.")));
  if (address.is_v6())
    for (const std::size_t count : {4U, 1U})
      if (const auto name = with_nibbles_missing(address, count); !name.empty())
        add(out, Purpose::nibbles_missing, dns::Name::parse(name));
  if (apex) add(out, Purpose::zone_doubled, below(base::without_final_dot(reverse), *apex));
  return out;
}

std::vector<Probe> misplaced_in(const dns::Name& domain, const std::optional<dns::Name>& host, const net::Address& address,
                                std::string_view random) {
  std::vector<Probe> out;
  if (host && *host != domain) add(out, Purpose::at_host_name, *host);
  add(out, Purpose::at_apex, domain);
  add(out, Purpose::reverse_in_domain, below(base::without_final_dot(net::reverse_name(address)), domain));
  if (address.is_v4()) add(out, Purpose::octet_in_domain, below(std::to_string(address.octets().back()), domain));
  add(out, Purpose::domain_wildcard, below(random, domain));
  return out;
}

std::vector<Probe> undelegated_copies(const net::Address& address) {
  std::vector<Probe> out;
  const auto reverse = net::reverse_name(address);
  add(out, Purpose::reverse_copy, dns::Name::parse(reverse));
  add(out, Purpose::not_reversed, dns::Name::parse(not_reversed(address) + (address.is_v4() ? "in-addr.arpa." : "ip6.arpa.")));
  if (address.is_v6()) add(out, Purpose::ip6_int, dns::Name::parse(reverse.substr(0, reverse.size() - 9) + "ip6.int."));
  return out;
}

}  // namespace fcrdns::evidence
