// Rounds of asking: what an evaluation missed is asked side by side, then it is made anew. RFC 7208 4.6.4 bounds the rounds,
// as each goes further along at most ten terms; the policies are read only once.
#include <utility>

#include "fcrdns/spf/check.hpp"

namespace fcrdns::spf {

class Evaluation::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(Query query, Ask ask, std::move_only_function<void(Outcome)> done, Limits limits)
      : query_(std::move(query)), ask_(std::move(ask)), done_(std::move(done)), limits_(limits), known_(limits.record) {
    query_.client = query_.client.unmapped();  // RFC 7208 5
  }

  /// Goes on as long as answers come at once.
  void run() {
    while (open_ == 0 && !gone_) {
      auto outcome = check(query_, limits_, known_);
      if (outcome) return std::exchange(done_, {})(std::move(*outcome));
      auto wanted = known_.take_wanted();
      open_ = wanted.size() + 1;  // one more than there are: who answers at once must not begin the next round in here
      for (auto& question : wanted)
        if (!gone_) ask(std::move(question));
      --open_;
    }
  }
  /// The owner may let go in the midst of a call from here.
  void let_go() { gone_ = true; }

 private:
  void ask(dns::Question question) {
    auto copy = question;
    ask_(std::move(copy), [self = weak_from_this(), question = std::move(question)](resolver::Answer answer) {
      if (const auto alive = self.lock()) alive->take(question, std::move(answer));
    });
  }

  void take(const dns::Question& question, resolver::Answer answer) {
    known_.add(question, std::move(answer));
    if (--open_ == 0) run();
  }

  Query query_;
  const Ask ask_;
  std::move_only_function<void(Outcome)> done_;
  const Limits limits_;
  Known known_;
  std::size_t open_ = 0;
  bool gone_ = false;
};

Evaluation::Evaluation(Query query, Ask ask, std::move_only_function<void(Outcome)> done, Limits limits)
    : impl_(std::make_shared<Impl>(std::move(query), std::move(ask), std::move(done), limits)) {
  impl_->run();
}
Evaluation::~Evaluation() { impl_->let_go(); }

}  // namespace fcrdns::spf
