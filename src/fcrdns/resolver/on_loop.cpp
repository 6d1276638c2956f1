#include "fcrdns/resolver/on_loop.hpp"

#include <utility>

namespace fcrdns::resolver {

bool OnLoop::wait(base::Milliseconds longest) {
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

void OnLoop::deliver(Done& done, Answer answer) {
  --under_way_;
  ++delivered_;
  std::exchange(done, {})(std::move(answer));
}

}  // namespace fcrdns::resolver
