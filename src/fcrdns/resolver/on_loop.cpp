#include "fcrdns/resolver/on_loop.hpp"

#include <algorithm>
#include <utility>

#include "fcrdns/resolver/walk.hpp"

namespace fcrdns::resolver {

bool OnLoop::wait(base::Milliseconds longest) {
  // No question of ours is open, but the loop may be shared: a registry's answer comes over it too.
  if (under_way_ == 0) return loop_.run_one(longest);
  const auto until = now() + longest;
  const auto before = delivered_;
  while (delivered_ == before && under_way_ > 0) {
    const auto left = std::chrono::ceil<base::Milliseconds>(until - now());
    const bool ran = loop_.run_one(std::max(left, base::Milliseconds{}));
    if (!ran && left <= base::Milliseconds{}) break;
    if (now() >= until) break;
  }
  return delivered_ != before;
}

void OnLoop::ask_server(ServerQuestion question, base::SteadyTime deadline, ServerDone done) {
  count_question();
  const auto asked = asked_servers_.insert(asked_servers_.end(), {std::move(done)});
  const Manner manner{.source = question.source, .way = question.tcp ? Way::tcp : Way::udp,
                      .once = question.once};
  asked->under_way = exchanger_.start(
      {question.server}, std::move(question.question), manner, std::min(deadline, now() + Walker::patience),
      [this, asked](Exchanged e) {
        auto tell = std::move(asked->done);
        asked_servers_.erase(asked);
        --under_way_;
        ++delivered_;
        tell({.answer = std::move(e.answer), .message = std::move(e.message), .no_route = e.no_route});
      });
}

/// Counted like a question: what comes of it is waited for.
void OnLoop::at(base::SteadyTime when, std::move_only_function<void()> call) {
  count_question();
  const auto planned = planned_.insert(planned_.end(), {std::move(call)});
  planned->timer = loop_.at(when, [this, planned] {
    auto due = std::move(*planned);
    planned_.erase(planned);
    --under_way_;
    ++delivered_;
    due.call();
  });
}

void OnLoop::set_roots(std::vector<net::Endpoint> roots, std::optional<net::Family> family) {
  roots_ = std::move(roots);
  family_ = family;
}

void OnLoop::deliver(Done& done, Answer answer) {
  --under_way_;
  ++delivered_;
  std::exchange(done, {})(std::move(answer));
}

}  // namespace fcrdns::resolver
