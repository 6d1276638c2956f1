// A resolver that answers from a World, in the world's own time: no sockets, no waiting. For tests.
#pragma once

#include <memory>
#include <vector>

#include "fcrdns/resolver/resolver.hpp"
#include "fcrdns/resolver/scripted_loop.hpp"
#include "fcrdns/world/world.hpp"

namespace fcrdns::resolver {

/// Answers as a perfect validating recursive resolver would: failures of the world become their Status (bogus and
/// expired signing become `bogus`), delays advance now(), questions asked at once run at once. Borrows the world.
///
/// With `play` its servers can be asked themselves, packet by packet as on the wire, and walks begin at those of the
/// root zone; without, nobody listens there.
class Scripted final : public Resolver {
 public:
  explicit Scripted(const world::World& world, PlayServers play = {});
  ~Scripted() override;
  void ask(dns::Question question, base::SteadyTime deadline, Done done) override;
  void ask_server(ServerQuestion question, base::SteadyTime deadline, ServerDone done) override;
  void at(base::SteadyTime when, std::move_only_function<void()> call) override;
  [[nodiscard]] std::vector<net::Endpoint> roots() const override;
  [[nodiscard]] std::optional<net::Family> only_family() const override;
  bool wait(base::Milliseconds longest) override;
  [[nodiscard]] base::SteadyTime now() const override;
  /// Every question asked so far, in order.
  [[nodiscard]] const std::vector<dns::Question>& asked() const;
  /// Every question put to a server itself so far, in order.
  [[nodiscard]] const std::vector<ServerQuestion>& asked_servers() const;
  /// The network on which the servers are asked.
  [[nodiscard]] ScriptedLoop& network();
  /// As with --transport.
  void allow_only(net::Family family);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fcrdns::resolver
