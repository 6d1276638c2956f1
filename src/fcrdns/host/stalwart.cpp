// Not read yet.
#include "fcrdns/host/mta.hpp"

namespace fcrdns::host {

std::optional<Mta> read_stalwart(Files& /*files*/, const Names& /*names*/, std::string_view /*config*/) { return std::nullopt; }

}  // namespace fcrdns::host
