// What `fcrdns fix` learns before it plans: the facts about the address, and what the servers of both zones show now.
#pragma once

#include <functional>
#include <vector>

#include "fcrdns/diagnosis/session.hpp"
#include "fcrdns/fix/fix.hpp"
#include "fcrdns/propagation/propagation.hpp"

namespace fcrdns::fix {

/// Everything that asks, for as long as the run lives.
class Asking {
 public:
  /// The options outlive it. `stop`: Ctrl-C was pressed.
  Asking(const Options& options, diagnosis::Session& session, std::function<bool()> stop)
      : options_(options), session_(session), stop_(std::move(stop)) {}

  /// The report of the address with HOSTNAME as the name that is expected; empty when interrupted.
  [[nodiscard]] std::optional<report::Result> check(const propagation::Goal& goal);
  /// Of the authority nothing is remembered from an earlier look.
  [[nodiscard]] propagation::Sight look(const propagation::Goal& goal);
  /// False: interrupted.
  [[nodiscard]] bool pause(base::Milliseconds how_long);
  /// What a back end works with.
  [[nodiscard]] apply::Context context(apply::Part part, apply::Observer& observer);

 private:
  const Options& options_;
  diagnosis::Session& session_;
  std::function<bool()> stop_;
  std::optional<propagation::Sight> last_;
};

}  // namespace fcrdns::fix
