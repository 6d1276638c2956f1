// Which mail takes which of Postfix's services, and whether a relay stands between: what trivial-rewrite(8) makes of the tables.
#pragma once

#include <string>
#include <vector>

#include "fcrdns/host/postfix_config.hpp"

namespace fcrdns::host::postfix {

/// In the order Mta::routes wants them. Problems go to those of the instance.
[[nodiscard]] std::vector<Route> routes_of(Files& files, Instance& instance);

/// Services that send by SMTP and are named by some parameter or table, "smtp/unix" among them where it is so.
[[nodiscard]] std::vector<std::string> services_in_use(Files& files, const Instance& instance);

/// "[mx.example.net]:587", "example.net": where the mail goes; of several the first.
[[nodiscard]] std::optional<Relay> relay_of(std::string_view next_hop);

}  // namespace fcrdns::host::postfix
