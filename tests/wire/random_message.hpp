// Messages for comparing codecs: valid ones of every type, and damaged ones. The same seed gives the same messages.
#pragma once

#include <random>

#include "fcrdns/dns/message.hpp"

namespace fcrdns::wire_test {

using Dice = std::mt19937;  // its sequence is fixed by the standard, unlike that of the distributions

/// Uniform enough in 0..bound-1.
inline std::uint32_t roll(Dice& dice, std::size_t bound) { return static_cast<std::uint32_t>(dice() % bound); }

/// A valid message with up to a dozen records, as octets.
[[nodiscard]] base::Octets random_message(Dice& dice);

/// One to four bits, octets, lengths, counts, pointers changed; octets cut, added, doubled.
void damage(Dice& dice, base::Octets& octets);

}  // namespace fcrdns::wire_test
