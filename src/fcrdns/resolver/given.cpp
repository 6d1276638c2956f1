#include "fcrdns/resolver/given.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "fcrdns/resolver/extended_error.hpp"

namespace fcrdns::resolver {
namespace {

constexpr base::Milliseconds pause_between_rounds{250};

bool settles(const Exchanged& e) { return dns::is_definite(e.answer.status); }

/// Every resolver was heard, and another round might end better.
bool may_pass(dns::Status status) {
  return dns::is_trouble(status) && status != dns::Status::timeout && status != dns::Status::unreachable &&
         status != dns::Status::loop;
}

}  // namespace

/// One question of the caller's on its way along the chain.
class Given::Asked {
 public:
  Asked(Given& owner, dns::Question question, base::SteadyTime deadline, Done done)
      : owner_(owner), first_(question.name), link_(std::move(question)), deadline_(deadline), done_(std::move(done)) {
    answer_.asked = owner_.now();
    answer_.dnssec = Dnssec::secure;  // until a link of the chain is less
    ask_link();
  }

 private:
  void exchange(std::vector<net::Endpoint> servers, bool checking_disabled, base::SteadyTime deadline,
                void (Asked::*then)(Exchanged)) {
    under_way_ = owner_.exchanger().start(std::move(servers), link_, {.checking_disabled = checking_disabled}, deadline,
                                         [this, then](Exchanged e) {
                                           std::ranges::move(e.answer.attempts, std::back_inserter(answer_.attempts));
                                           (this->*then)(std::move(e));
                                         });
  }

  void ask_link() {
    unchecked_answers_ = false;
    exchange(owner_.resolvers_, !owner_.dnssec_, deadline_, &Asked::on_first_round);
  }

  void on_first_round(Exchanged e) {
    if (!may_pass(e.answer.status)) return take(std::move(e));
    first_round_ = std::move(e);
    const bool may_be_validation = first_round_.answer.status == dns::Status::servfail && owner_.dnssec_;
    if (!may_be_validation) return pause();
    const auto half_of_the_rest = owner_.now() + (deadline_ - owner_.now()) / 2;
    exchange({*first_round_.server}, true, half_of_the_rest, &Asked::on_unchecked);
  }

  /// Without validation the same resolver answers: it is validation that fails, or the trouble has passed just now.
  void on_unchecked(Exchanged e) {  // NOLINT(performance-unnecessary-value-param): all steps have one signature
    unchecked_answers_ = settles(e);
    if (!unchecked_answers_) return pause();
    if (blame() == Blame::validation) return take_bogus();
    second_round();
  }

  void pause() {
    const auto length = std::min<base::SteadyTime::duration>(pause_between_rounds, (deadline_ - owner_.now()) / 4);
    under_way_ = owner_.loop().at(owner_.now() + length, [this] { second_round(); });
  }

  void second_round() { exchange(owner_.resolvers_, !owner_.dnssec_, deadline_, &Asked::on_second_round); }

  void on_second_round(Exchanged e) {
    if (settles(e)) return take(std::move(e));
    if (unchecked_answers_ && blame() != Blame::something_else) return take_bogus();
    take(says_more(e.answer.status, first_round_.answer.status) ? std::move(e) : std::move(first_round_));
  }

  [[nodiscard]] Blame blame() const {
    return first_round_.extended_error ? blame_of(*first_round_.extended_error) : Blame::open;
  }

  void take_bogus() {
    first_round_.answer.status = dns::Status::bogus;
    first_round_.answer.dnssec = Dnssec::bogus;
    auto& reason = first_round_.extended_error;
    first_round_.answer.detail = "fails DNSSEC validation" + (reason ? " (" + describe(*reason) + ")" : std::string());
    take(std::move(first_round_));
  }

  /// The end of this link: of the chain, too, unless it leads on.
  void take(Exchanged e) {
    auto& link = e.answer;
    answer_.status = link.status;
    answer_.records = std::move(link.records);
    answer_.soa = std::move(link.soa);
    answer_.detail = std::move(link.detail);
    if (!settles(e) && answer_.detail.empty() && e.extended_error) answer_.detail = describe(*e.extended_error);
    answer_.size = std::max(answer_.size, link.size);
    answer_.over_tcp |= link.over_tcp;
    if (link.dnssec != Dnssec::secure) answer_.dnssec = link.dnssec;
    for (auto& name : link.via) {
      if (leads_back(name)) return end_as_loop();
      answer_.via.push_back(std::move(name));
    }
    if (!e.open_chain) return end();
    link_.name = answer_.via.back();
    ask_link();
  }

  [[nodiscard]] bool leads_back(const dns::Name& name) const {
    return answer_.via.size() == dns::max_aliases || name == first_ ||
           std::ranges::find(answer_.via, name) != answer_.via.end();
  }

  void end_as_loop() {
    answer_.status = dns::Status::loop;
    answer_.records.clear();
    answer_.soa.reset();
    end();
  }

  /// Leaves the list, and with it ends itself.
  void end() {
    answer_.answered = owner_.now();
    const auto self = std::ranges::find(owner_.asked_, this, &std::unique_ptr<Asked>::get);
    const auto kept = std::move(*self);
    owner_.asked_.erase(self);
    owner_.deliver(done_, std::move(answer_));
  }

  Given& owner_;
  dns::Name first_;
  dns::Question link_;  // what is asked now
  base::SteadyTime deadline_;
  Done done_;
  Answer answer_;
  Exchanged first_round_;
  bool unchecked_answers_ = false;
  std::unique_ptr<transport::Pending> under_way_;
};

Given::Given(transport::Loop& loop, std::vector<net::Endpoint> resolvers, bool dnssec)
    : OnLoop(loop), resolvers_(std::move(resolvers)), dnssec_(dnssec) {}
Given::~Given() = default;

void Given::ask(dns::Question question, base::SteadyTime deadline, Done done) {
  count_question();
  asked_.push_back(std::make_unique<Asked>(*this, std::move(question), deadline, std::move(done)));
}

}  // namespace fcrdns::resolver
