// What resolvers that wait on a transport::Loop have in common: its clock, and wait() until something is delivered.
#pragma once

#include <cstddef>

#include "fcrdns/resolver/resolver.hpp"
#include "fcrdns/transport/loop.hpp"

namespace fcrdns::resolver {

class OnLoop : public Resolver {
 public:
  bool wait(base::Milliseconds longest) override;
  [[nodiscard]] base::SteadyTime now() const override { return loop_.now(); }

 protected:
  /// Borrows the loop, which must outlive the resolver.
  explicit OnLoop(transport::Loop& loop) : loop_(loop) {}
  [[nodiscard]] transport::Loop& loop() const { return loop_; }
  /// Counts the question in or out; wait() ends at the first that leaves, and at once when none is in.
  void count_question() { ++under_way_; }
  void deliver(Done& done, Answer answer);

 private:
  transport::Loop& loop_;
  std::size_t under_way_ = 0, delivered_ = 0;
};

}  // namespace fcrdns::resolver
