#include "random_message.hpp"

#include <algorithm>
#include <array>

namespace fcrdns::wire_test {
namespace {

using namespace dns;

std::uint32_t random_u32(Dice& dice) { return static_cast<std::uint32_t>(dice()); }

base::Octets random_octets(Dice& dice, std::size_t count) {
  base::Octets out(count);
  for (auto& octet : out) octet = static_cast<std::uint8_t>(dice());
  return out;
}

std::string random_text(Dice& dice, std::size_t count) {
  const auto octets = random_octets(dice, count);
  return {octets.begin(), octets.end()};
}

/// From a small stock, so that names repeat and are compressed; now and then with any octets in it.
Name random_name(Dice& dice) {
  static const char* const stock[] = {".", "example.com", "mail.example.com", "MAIL.Example.COM", "example.net", "arpa",
                                      "5.113.0.203.in-addr.arpa", "1.2.0.192.in-addr.arpa", "a.b.c.d.e.f.g.h.i.j"};
  auto name = Name::parse(stock[roll(dice, std::size(stock))]).value();
  for (auto labels = roll(dice, 3); labels > 0; --labels) {
    const auto size = roll(dice, 20) == 0 ? 63 : 1 + roll(dice, 12);
    const auto longer = name.prepend(roll(dice, 4) == 0 ? random_text(dice, size) : std::string(size, 'x'));
    if (longer) name = *longer;
  }
  return name;
}

/// Names in the data of these types are not compressed, so their octets are written here as they stand.
base::Octets with_name(Dice& dice, std::size_t octets_before, const base::Octets& behind = {}) {
  auto out = random_octets(dice, octets_before);
  base::put(out, random_name(dice).wire());
  base::put(out, behind);
  return out;
}

Rdata random_rdata(Dice& dice, Type type) {
  switch (type) {
    case Type::a: return net::Address::from_octets(random_octets(dice, 4)).value();
    case Type::aaaa: return net::Address::from_octets(random_octets(dice, 16)).value();
    case Type::ns:
    case Type::cname:
    case Type::ptr:
    case Type::dname: return random_name(dice);
    case Type::soa: return Soa{random_name(dice), random_name(dice), random_u32(dice), random_u32(dice), 7200, 3600, 60};
    case Type::mx: return Mx{static_cast<std::uint16_t>(dice()), random_name(dice)};
    case Type::txt: {
      Txt txt;
      for (auto strings = 1 + roll(dice, 3); strings > 0; --strings)
        txt.strings.push_back(random_text(dice, roll(dice, 10) == 0 ? 255 : roll(dice, 30)));
      return txt;
    }
    case Type::srv: return with_name(dice, 6);
    case Type::ds: return random_octets(dice, 4 + 32);
    case Type::dnskey: return random_octets(dice, 4 + 64);
    case Type::rrsig: return with_name(dice, 18, base::Octets(64, 0xab));
    case Type::nsec: return with_name(dice, 0, {0, 4, 0x40, 0, 0, 1});
    default: return random_octets(dice, roll(dice, 40));
  }
}

Record random_record(Dice& dice) {
  static constexpr std::array types = {Type::a,    Type::aaaa, Type::ns,     Type::cname, Type::ptr, Type::dname,
                                       Type::soa,  Type::mx,   Type::txt,    Type::srv,   Type::ds,  Type::dnskey,
                                       Type::rrsig, Type::nsec, static_cast<Type>(65280)};
  const auto type = types[roll(dice, types.size())];
  const auto klass = roll(dice, 20) == 0 ? static_cast<Class>(1 + roll(dice, 4)) : Class::in;
  return {random_name(dice), type, klass, roll(dice, 100'000), random_rdata(dice, type)};
}

}  // namespace

base::Octets random_message(Dice& dice) {
  Message m;
  m.id = static_cast<std::uint16_t>(dice());
  for (auto* flag : {&m.response, &m.authoritative, &m.truncated, &m.recursion_desired, &m.recursion_available, &m.authentic,
                     &m.checking_disabled})
    *flag = roll(dice, 2) == 0;
  m.rcode = static_cast<Rcode>(roll(dice, 11));
  if (roll(dice, 20) != 0) m.questions.push_back({random_name(dice), Type::ptr, Class::in});
  for (auto* section : {&m.answers, &m.authority, &m.additional})
    for (auto count = roll(dice, 5); count > 0; --count) section->push_back(random_record(dice));
  if (roll(dice, 2) == 0) {
    m.edns = Edns{static_cast<std::uint16_t>(dice()), static_cast<std::uint8_t>(roll(dice, 2)), roll(dice, 2) == 0, {}};
    for (auto count = roll(dice, 3); count > 0; --count)
      m.edns->options.push_back({static_cast<std::uint16_t>(roll(dice, 20)), random_octets(dice, roll(dice, 12))});
  }
  return write_message(m);
}

void damage(Dice& dice, base::Octets& octets) {
  for (auto times = 1 + roll(dice, 4); times > 0 && !octets.empty(); --times) {
    const auto at = roll(dice, octets.size());
    const auto next = std::min<std::size_t>(at + 1, octets.size() - 1);
    switch (roll(dice, 8)) {
      case 0: octets[at] ^= static_cast<std::uint8_t>(1U << roll(dice, 8)); break;
      case 1: octets[at] = static_cast<std::uint8_t>(dice()); break;
      case 2: octets.resize(at); break;
      case 3: octets.push_back(static_cast<std::uint8_t>(dice())); break;
      case 4:  // a count of the header
        if (octets.size() >= 12) octets[4 + roll(dice, 8)] = static_cast<std::uint8_t>(roll(dice, 8));
        break;
      case 5:  // a pointer to anywhere near
        octets[at] = static_cast<std::uint8_t>(0xc0 | roll(dice, 2));
        octets[next] = static_cast<std::uint8_t>(dice());
        break;
      case 6:  // a length, off by one
        octets[at] = static_cast<std::uint8_t>(octets[at] + (roll(dice, 2) == 0 ? 1 : 255));
        break;
      default: {  // a piece taken out, or doubled
        const auto size = std::min<std::size_t>(1 + roll(dice, 12), octets.size() - at);
        const auto begin = octets.begin() + at, end = begin + static_cast<std::ptrdiff_t>(size);
        const base::Octets piece(begin, end);
        if (roll(dice, 2) == 0)
          octets.erase(begin, end);
        else
          octets.insert(begin, piece.begin(), piece.end());
      }
    }
  }
}

}  // namespace fcrdns::wire_test
