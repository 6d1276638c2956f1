#include "fcrdns/propagation/propagation.hpp"

namespace fcrdns::propagation {

std::string_view to_word(Side side) { return side == Side::forward ? "forward" : "reverse"; }

std::string_view to_word(Holds holds) {
  switch (holds) {
    case Holds::right: return "right";
    case Holds::absent: return "absent";
    case Holds::other: return "other";
    case Holds::nothing: return "nothing";
    case Holds::unknown: return "unknown";
  }
  return "";
}

}  // namespace fcrdns::propagation
