// Which mail takes which of Exim's transports, by its routers (the Exim specification, chapters 3, 15 to 22).
#pragma once

#include <string>
#include <vector>

#include "fcrdns/host/exim_config.hpp"
#include "fcrdns/host/mta.hpp"

namespace fcrdns::host::exim {

/// Families and their order where mail leaves by a router: it may leave out what the transport could reach.
struct Reach {
  Set<Families> families;
  Set<Order> order;
};
/// A transport as a router uses it.
struct Use {
  std::string client;      ///< the transport's name; with the router's where they differ
  std::string transport;
  Reach reach;
};
struct Routing {
  std::vector<Route> routes;
  std::vector<Use> uses;
  std::vector<std::string> problems;
};
[[nodiscard]] Routing read_routing(const Config& config, const Variables& variables, Files& files);

}  // namespace fcrdns::host::exim
