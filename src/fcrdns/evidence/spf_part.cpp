#include "fcrdns/evidence/spf_part.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"

namespace fcrdns::evidence {

SpfPart::SpfPart(Asking& asking) : asking_(asking) {
  const auto& options = asking_.options;
  const auto helo = options.helo ? helo_name(*options.helo) : std::nullopt;
  // For the null sender and for macros the sending host's name serves, as a bounce tells it; an identity told it is not.
  const auto sending = helo || !options.blame ? helo : options.blame->sending_host;
  const auto said = sending ? base::without_final_dot(sending->text()) : options.helo.value_or("");
  if (options.mail_from && (!options.mail_from->empty() || sending))
    queries_.push_back({.identity = spf::Identity::mailfrom, .client = {}, .mail_from = *options.mail_from, .helo = said});
  if (helo) queries_.push_back({.identity = spf::Identity::helo, .client = {}, .mail_from = options.mail_from.value_or(""), .helo = said});
}

void SpfPart::address_found(std::size_t index) {
  if (index >= max_explained) return;
  for (auto query : queries_) {
    query.client = asking_.evidence.addresses[index].address;
    const auto row = asking_.begin_row(fmt::format("SPF {} {}", to_word(query.identity), query.client.text()));
    evaluations_.push_back(std::make_unique<spf::Evaluation>(
        std::move(query), [this](dns::Question question, Then then) { ask(std::move(question), std::move(then)); },
        [this, index, row](spf::Outcome outcome) {
          const auto word = to_word(outcome.result);
          asking_.evidence.addresses[index].spf.push_back(std::move(outcome));
          asking_.end_row(row, word);
        }));
  }
}

void SpfPart::ask(dns::Question question, Then then) {
  const auto key = std::pair(question.name, question.type);
  auto& known = known_[key];
  if (known.answer) return then(*known.answer);
  known.waiting.push_back(std::move(then));
  if (known.waiting.size() > 1) return;
  asking_.ask(Part::explanation, std::move(question), {}, asking_.end, [this, key](resolver::Answer answer, std::size_t) {
    auto& entry = known_[key];
    entry.answer = std::move(answer);
    for (auto& waiting : std::exchange(entry.waiting, {})) waiting(*entry.answer);
  });
}

}  // namespace fcrdns::evidence
