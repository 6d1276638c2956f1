// A pool of addresses whose every verdict is known, as a function of the number alone: what the responder answers, what
// zone files hold, and what a scan must say come from here.
//
//   of twenty addresses: 14 good, 2 without PTR, 2 whose name leads elsewhere, 1 whose name has no address, 1 with three
//   names of which the last confirms
#pragma once

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace workload {

inline constexpr std::uint32_t base = 10U << 24;  // 10.0.0.0
enum class Kind { good, no_ptr, mismatch, no_forward, several };

inline Kind kind_of(std::uint32_t number) {
  // Mixed, so that neighbours differ.
  const auto twentieth = (number * 2654435761U >> 7) % 20;
  if (twentieth < 14) return Kind::good;
  if (twentieth < 16) return Kind::no_ptr;
  if (twentieth < 18) return Kind::mismatch;
  return twentieth == 18 ? Kind::no_forward : Kind::several;
}
inline unsigned names_of(std::uint32_t number) {
  switch (kind_of(number)) {
    case Kind::no_ptr: return 0;
    case Kind::several: return 3;
    default: return 1;
  }
}
/// "a1234.mail.example." without dots' sake: the labels are "<a|b|c><number>" and one of eight domains of different length.
inline constexpr std::string_view domains[] = {"mx.example", "mail.example", "relay.example", "outbound.example", "smtp.hosting.example",
                                               "customers.provider.example", "pool.example", "static.broadband.example"};
inline std::string name_of(std::uint32_t number, unsigned which) {
  return std::string(1, static_cast<char>('a' + which)) + std::to_string(number) + "." + std::string(domains[number % 8]) + ".";
}
/// Of the forward name: the address, or 0: it does not exist.
inline std::uint32_t address_of(std::uint32_t number, unsigned which) {
  switch (kind_of(number)) {
    case Kind::good: return base + number;
    case Kind::several: return which == 2 ? base + number : base + (number ^ 1);
    case Kind::mismatch: return base + (number ^ 1);
    default: return 0;
  }
}
inline std::string text_of(std::uint32_t address) {
  return std::to_string(address >> 24) + "." + std::to_string(address >> 16 & 255) + "." + std::to_string(address >> 8 & 255) + "." + std::to_string(address & 255);
}

}  // namespace workload
