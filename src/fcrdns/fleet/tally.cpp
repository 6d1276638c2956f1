#include "fcrdns/fleet/tally.hpp"

#include <numeric>
#include <string_view>

namespace fcrdns::fleet {
namespace {

using sweep::Detail;

constexpr std::array<std::string_view, classes> labels{"own name, confirms", "default name", "no PTR",
                                                       "forward mismatch",   "undetermined", "no address"};

Class class_of(std::optional<verdict::Iprev> iprev, bool generic) {
  if (!iprev) return Class::bad_input;
  switch (*iprev) {
    case verdict::Iprev::pass: return generic ? Class::default_name : Class::own_name;
    case verdict::Iprev::permerror: return Class::no_ptr;
    case verdict::Iprev::fail: return Class::mismatch;
    case verdict::Iprev::temperror: return Class::undetermined;
  }
  return Class::undetermined;
}

Trouble trouble_of(Detail detail) {
  switch (detail) {
    case Detail::refused: case Detail::forward_refused: return Trouble::refused;
    case Detail::formerr: case Detail::forward_formerr: return Trouble::formerr;
    case Detail::lame: case Detail::forward_lame: return Trouble::lame;
    case Detail::timeout: case Detail::forward_timeout: return Trouble::timeout;
    case Detail::bogus: case Detail::forward_bogus: return Trouble::bogus;
    case Detail::malformed: case Detail::forward_malformed: return Trouble::malformed;
    case Detail::loop: case Detail::forward_loop: return Trouble::loop;
    default: return Trouble::servfail;
  }
}

/// Whether a list of words divided by commas has this one.
bool has_word(std::string_view list, std::string_view word) {
  for (;;) {
    const auto comma = list.find(',');
    if (list.substr(0, comma) == word) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace

Class class_of(const sweep::Row& row) { return class_of(row.iprev, row.notes.generic); }
Class class_of(const sweep::ReadRow& row) { return class_of(row.iprev, has_word(row.notes, "generic")); }
std::string_view to_label(Class in) { return labels[static_cast<std::size_t>(in)]; }
std::uint64_t sum(const Counts& counts) { return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}); }

void Tally::add(const sweep::Row& row) { add(row.address, class_of(row), row.detail); }

void Tally::add(const net::Address& address, Class in, Detail detail) {
  ++all_[static_cast<std::size_t>(in)];
  ++details_[static_cast<std::size_t>(detail)];
  if (in == Class::bad_input) return;
  prefixes_.add(address, static_cast<std::size_t>(in));
  if (in == Class::undetermined) trouble_.add(address, static_cast<std::size_t>(trouble_of(detail)));
}

}  // namespace fcrdns::fleet
