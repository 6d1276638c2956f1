// Changes of a Postfix configuration.
#include "fcrdns/host/change.hpp"

namespace fcrdns::host {

std::optional<Change> change_postfix(const Mta&, const Wish&, Files&, const std::vector<std::string>&) { return std::nullopt; }

}  // namespace fcrdns::host
