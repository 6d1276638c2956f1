// What smtp(8) does in each service of a Postfix.
#pragma once

#include <vector>

#include "fcrdns/host/postfix_config.hpp"

namespace fcrdns::host::postfix {

/// One for each service that sends by SMTP. Values Postfix would refuse are told among the problems of the instance.
[[nodiscard]] std::vector<Client> clients_of(Files& files, Instance& instance);

}  // namespace fcrdns::host::postfix
