// A resolver that answers from a World, in the world's own time: no sockets, no waiting. For tests.
#pragma once

#include <map>
#include <memory>

#include "fcrdns/resolver/resolver.hpp"
#include "fcrdns/world/world.hpp"

namespace fcrdns::resolver {

/// Answers as a perfect validating recursive resolver would: failures of the world become their Status (bogus and
/// expired signing become `bogus`), delays advance now(), questions asked at once run at once. Borrows the world.
class Scripted final : public Resolver {
 public:
  explicit Scripted(const world::World& world);
  ~Scripted() override;
  void ask(dns::Question question, base::SteadyTime deadline, Done done) override;
  bool wait(base::Milliseconds longest) override;
  [[nodiscard]] base::SteadyTime now() const override;
  /// Every question asked so far, in order.
  [[nodiscard]] const std::vector<dns::Question>& asked() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fcrdns::resolver
