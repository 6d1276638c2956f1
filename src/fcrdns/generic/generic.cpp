#include "fcrdns/generic/generic.hpp"

namespace fcrdns::generic {

std::optional<Generic> classify(const dns::Name&, const net::Address&, bool) { return std::nullopt; }
std::string_view to_word(Reason) { return ""; }

}  // namespace fcrdns::generic
