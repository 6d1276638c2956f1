#include "fcrdns/resolver/options.hpp"

#include <fstream>
#include <iterator>
#include <utility>

#include "fcrdns/resolver/recursion.hpp"
#include "fcrdns/resolver/root.hpp"
#include "fcrdns/resolver/watched.hpp"

namespace fcrdns::resolver {
namespace {

base::Expected<std::unique_ptr<OnLoop>> make_given(transport::Loop& loop, const Options& options) {
  auto resolvers = options.resolvers;
  if (options.transport)
    std::erase_if(resolvers, [&](const net::Endpoint& e) { return e.address.family() != *options.transport; });
  if (resolvers.empty())
    return base::fault("none of the given resolvers has an address of the family that --transport asks for");
  return std::make_unique<Given>(loop, std::move(resolvers), options.dnssec);
}

base::Expected<std::unique_ptr<OnLoop>> make_watched(transport::Loop& loop, const Options& options,
                                                     std::vector<net::Endpoint> roots) {
  auto recursion = Recursion::make(loop, options);
  if (!recursion) return std::unexpected(std::move(recursion.error()));
  std::ifstream in(options.resolv_conf);
  const std::string resolv_conf(std::istreambuf_iterator<char>(in), {});
  auto system = std::make_unique<Given>(loop, parse_resolv_conf(resolv_conf, options.transport), options.dnssec);
  return std::make_unique<Watched>(
      loop, Watched::Parts{.recursion = std::move(*recursion),
                           .roots = std::move(roots),
                           .system = std::move(system)});
}

}  // namespace

base::Expected<std::unique_ptr<Resolver>> make_resolver(const Options& options, transport::Loop& loop) {
  auto hints = options.root_hints.empty() ? root_servers() : read_root_hints(options.root_hints);
  if (!hints) return std::unexpected(std::move(hints.error()));
  const auto roots = choose_roots(std::move(*hints), options.transport, base::secure_random());
  auto resolver = options.resolvers.empty() ? make_watched(loop, options, roots) : make_given(loop, options);
  if (!resolver) return std::unexpected(std::move(resolver.error()));
  (*resolver)->set_roots(roots, options.transport);
  return std::move(*resolver);
}

}  // namespace fcrdns::resolver
