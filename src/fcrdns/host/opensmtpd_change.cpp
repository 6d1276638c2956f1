// Not changed yet.
#include "fcrdns/host/change.hpp"

namespace fcrdns::host {

std::optional<Change> change_opensmtpd(const Mta& /*mta*/, const Wish& /*wish*/, Files& /*files*/, const std::vector<std::string>& /*clients*/) {
  return std::nullopt;
}

}  // namespace fcrdns::host
