// What resolvers that wait on a transport::Loop have in common: its clock, wait() until something is delivered, and
// the questions that are put to one server itself.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "fcrdns/base/random.hpp"
#include "fcrdns/resolver/exchange.hpp"
#include "fcrdns/resolver/resolver.hpp"
#include "fcrdns/transport/loop.hpp"

namespace fcrdns::resolver {

class OnLoop : public Resolver {
 public:
  bool wait(base::Milliseconds longest) override;
  void ask_server(ServerQuestion question, base::SteadyTime deadline, ServerDone done) override;
  void at(base::SteadyTime when, std::move_only_function<void()> call) override;
  /// Where walks begin; `family` is the only one that may carry queries.
  void set_roots(std::vector<net::Endpoint> roots, std::optional<net::Family> family);
  [[nodiscard]] std::vector<net::Endpoint> roots() const override { return roots_; }
  [[nodiscard]] std::optional<net::Family> only_family() const override { return family_; }
  [[nodiscard]] base::SteadyTime now() const override { return loop_.now(); }

 protected:
  /// Borrows the loop, which must outlive the resolver.
  explicit OnLoop(transport::Loop& loop, base::Random& random = base::secure_random())
      : loop_(loop), exchanger_(loop, random) {}
  [[nodiscard]] transport::Loop& loop() const { return loop_; }
  [[nodiscard]] Exchanger& exchanger() { return exchanger_; }
  /// Counts the question in or out; wait() ends at the first that leaves; when none is in, at the loop's next event.
  void count_question() { ++under_way_; }
  void deliver(Done& done, Answer answer);

 private:
  struct AskedServer {
    ServerDone done;
    std::unique_ptr<transport::Pending> under_way{};
  };

  struct Planned {
    std::move_only_function<void()> call;
    std::unique_ptr<transport::Pending> timer{};
  };

  transport::Loop& loop_;
  Exchanger exchanger_;
  std::vector<net::Endpoint> roots_;
  std::optional<net::Family> family_;
  std::list<AskedServer> asked_servers_;
  std::list<Planned> planned_;
  std::size_t under_way_ = 0, delivered_ = 0;
};

}  // namespace fcrdns::resolver
