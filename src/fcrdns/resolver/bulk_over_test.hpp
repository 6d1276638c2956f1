// Bulk questions over any resolver, for tests: so a world that check is tested with can be scanned, too.
#pragma once

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "fcrdns/resolver/bulk.hpp"
#include "fcrdns/resolver/resolver.hpp"

namespace fcrdns::resolver {

class BulkOver final : public Bulk {
 public:
  explicit BulkOver(Resolver& resolver, std::size_t window = 64) : resolver_(resolver), window_(window) {}

  [[nodiscard]] std::size_t room() const override { return window_ - std::min(window_, under_way_); }
  void ask(dns::Question question, std::uint64_t token, base::SteadyTime deadline) override {
    if (room() == 0) throw std::logic_error("asked without room");
    ++under_way_;
    ++counts_.questions;
    most_ = std::max(most_, under_way_);
    resolver_.ask(std::move(question), deadline, [this, token](Answer answer) {
      auto& [its, reply] = come_.emplace_back(token, dns::Reply());
      reply.status = answer.status;
      reply.records = std::move(answer.records);
      reply.via = std::move(answer.via);
      reply.soa = std::move(answer.soa);
    });
  }
  void turn(const Deliver& deliver) override {
    resolver_.wait(base::Seconds{60});
    while (!come_.empty()) {
      auto [token, reply] = std::move(come_.front());
      come_.pop_front();
      --under_way_;
      auto again = reply;
      deliver(token, reply);
      if (twice) deliver(token, again);
    }
  }
  [[nodiscard]] bool idle() const override { return under_way_ == 0; }
  [[nodiscard]] base::SteadyTime now() const override { return resolver_.now(); }
  [[nodiscard]] std::vector<ServerHealth> health(std::size_t) const override { return {}; }
  [[nodiscard]] BulkCounts counts() const override { return counts_; }

  /// Questions that were under way at once.
  [[nodiscard]] std::size_t most_under_way() const { return most_; }
  bool twice = false;  ///< each reply comes again at once, when nobody waits for it any more

 private:
  Resolver& resolver_;
  std::size_t window_, under_way_ = 0, most_ = 0;
  std::deque<std::pair<std::uint64_t, dns::Reply>> come_;
  BulkCounts counts_;
};

}  // namespace fcrdns::resolver
