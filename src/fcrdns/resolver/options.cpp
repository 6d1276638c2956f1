#include "fcrdns/resolver/options.hpp"

#include <fstream>
#include <iterator>
#include <utility>

#include "fcrdns/resolver/recursion.hpp"
#include "fcrdns/resolver/root.hpp"
#include "fcrdns/resolver/watched.hpp"

namespace fcrdns::resolver {
namespace {

/// A resolver together with the loop it runs on.
class WithLoop final : public Resolver {
 public:
  WithLoop(std::unique_ptr<transport::Loop> loop, std::unique_ptr<OnLoop> inner)
      : loop_(std::move(loop)), inner_(std::move(inner)) {}
  void ask(dns::Question question, base::SteadyTime deadline, Done done) override {
    inner_->ask(std::move(question), deadline, std::move(done));
  }
  bool wait(base::Milliseconds longest) override { return inner_->wait(longest); }
  void ask_server(ServerQuestion question, base::SteadyTime deadline, ServerDone done) override {
    inner_->ask_server(std::move(question), deadline, std::move(done));
  }
  [[nodiscard]] std::vector<net::Endpoint> roots() const override { return inner_->roots(); }
  [[nodiscard]] std::optional<net::Family> only_family() const override { return inner_->only_family(); }
  [[nodiscard]] std::vector<net::Endpoint> caches() const override { return inner_->caches(); }
  [[nodiscard]] base::SteadyTime now() const override { return inner_->now(); }
  [[nodiscard]] Authority authority() const override { return inner_->authority(); }

 private:
  std::unique_ptr<transport::Loop> loop_;
  std::unique_ptr<OnLoop> inner_;
};

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

base::Expected<std::unique_ptr<Resolver>> make_resolver(const Options& options) {
  auto hints = options.root_hints.empty() ? root_servers() : read_root_hints(options.root_hints);
  if (!hints) return std::unexpected(std::move(hints.error()));
  const auto roots = choose_roots(std::move(*hints), options.transport, base::secure_random());
  auto loop = std::make_unique<transport::Loop>();
  auto inner = options.resolvers.empty() ? make_watched(*loop, options, roots) : make_given(*loop, options);
  if (!inner) return std::unexpected(std::move(inner.error()));
  (*inner)->set_roots(roots, options.transport);
  return std::make_unique<WithLoop>(std::move(loop), std::move(*inner));
}

}  // namespace fcrdns::resolver
