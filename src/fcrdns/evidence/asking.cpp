#include "fcrdns/evidence/asking.hpp"

#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::evidence {
namespace {

constexpr base::Milliseconds explanation_budget{3000};
constexpr std::size_t detail_limit = 300;  // octets of a server's or validator's own words

base::Milliseconds since(base::SteadyTime begun, base::SteadyTime now) {
  return std::chrono::round<base::Milliseconds>(now - begun);
}

}  // namespace

resolver::Answer unasked(dns::Status why) {
  resolver::Answer answer;
  answer.status = why;
  return answer;
}

Asking::Asking(subject::Subject subject, const Options& given, const Sources& asked, base::WallTime time)
    : options(given), sources(asked), begun(asked.resolver.now()), deadline(begun + options.timeout),
      end(begun + std::max(options.timeout, options.walk_budget)), proof_end(end + options.proof_budget) {
  evidence.subject = std::move(subject);
  evidence.time = time;
}

base::SteadyTime Asking::soon() const { return std::min(deadline, now() + explanation_budget); }

std::size_t Asking::begin(Part part, std::string question, Row after) {
  const auto row = evidence.trace.size();
  evidence.trace.push_back({.question = std::move(question), .after = after, .start = since(begun, now())});
  ++open_[static_cast<std::size_t>(part)];
  return row;
}

TraceRow& Asking::finish(std::size_t row, std::string_view outcome) {
  auto& line = evidence.trace[row];
  line.took = since(begun, now()) - line.start;
  line.outcome = outcome;
  evidence.wall = line.start + line.took;
  return line;
}

void Asking::tell(std::size_t row) {
  if (sources.observer != nullptr) sources.observer->answered(evidence.subject, evidence.trace[row]);
}

void Asking::settle(resolver::Answer& answer) const {
  answer.attempts.clear();
  answer.asked = base::SteadyTime{answer.asked - begun};
  answer.answered = base::SteadyTime{answer.answered - begun};
  answer.detail = base::escape(answer.detail, detail_limit);
}

void Asking::complete(Part part) {
  --open_[static_cast<std::size_t>(part)];
  if (part == Part::verdict && !is_open(part) && on_verdict) std::exchange(on_verdict, {})();
  if (!is_open(Part::verdict) && walks_open_ == 0 && on_walked) std::exchange(on_walked, {})();
}

void Asking::end_row(std::size_t row, std::string_view outcome) {
  finish(row, outcome);
  tell(row);
  complete(Part::explanation);
}

void Asking::ask(Part part, dns::Question question, Row after, base::SteadyTime until,
                 std::move_only_function<void(resolver::Answer, std::size_t)> then) {
  const auto row = begin(part, to_text(question.type) + " " + question.name.text(), after);
  sources.resolver.ask(std::move(question), until,
                       [this, part, row, then = std::move(then)](resolver::Answer answer) mutable {
    auto& line = finish(row, to_word(answer.status));
    line.attempts = std::move(answer.attempts);
    for (auto& attempt : line.attempts) attempt.sent = base::SteadyTime{attempt.sent - begun};
    settle(answer);
    tell(row);
    then(std::move(answer), row);
    complete(part);
  });
}

void Asking::ask_server(resolver::ServerQuestion question, std::move_only_function<void(resolver::Answer)> then) {
  const auto text = to_text(question.question.type) + " " + question.question.name.text();
  const auto row = begin(Part::explanation, text + " at " + question.server.text(), {});
  sources.resolver.ask_server(std::move(question), std::min(end, now() + explanation_budget),
                              [this, row, then = std::move(then)](resolver::ServerAnswer said) mutable {
    finish(row, to_word(said.answer.status));
    settle(said.answer);
    tell(row);
    then(std::move(said.answer));
    complete(Part::explanation);
  });
}

void Asking::walk(dns::Question question, std::move_only_function<void(resolver::Walk)> then) {
  const auto row = begin(Part::explanation, "walk " + to_text(question.type) + " " + question.name.text(), {});
  ++walks_open_;
  sources.walker->walk(std::move(question), end, [this, row, then = std::move(then)](resolver::Walk walk) mutable {
    finish(row, to_word(walk.answer.status));
    settle(walk.answer);
    for (auto& server : walk.servers) settle(server.answer);
    tell(row);
    then(std::move(walk));
    --walks_open_;  // it may have begun another
    complete(Part::explanation);
  });
}

void Asking::look_up(const net::Address& address, std::move_only_function<void(owner::Registration)> then) {
  const auto row = begin(Part::explanation, "RDAP " + address.text(), {});
  sources.registry->look_up(address, end, [this, row, then = std::move(then)](owner::Registration found) mutable {
    finish(row, to_word(found.outcome));
    tell(row);
    then(std::move(found));
    complete(Part::explanation);
  });
}

}  // namespace fcrdns::evidence
