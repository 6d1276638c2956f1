#include "fcrdns/diagnosis/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "fcrdns/report/report.hpp"

namespace fcrdns::diagnosis {

void Progress::answered(const subject::Subject&, const evidence::TraceRow& row) {
  ++answers_;
  latest_ = fmt::format("{}: {} after {} ms", row.question, row.outcome, row.took.count());
  draw();
}

void Progress::verdict_known(const evidence::Evidence& evidence) {
  if (!single_) return;
  const evidence::AddressEvidence* worst = nullptr;
  auto word = verdict::Iprev::pass;
  for (const auto& at : evidence.addresses) {
    const auto iprev = evidence::verdict_of(at).iprev;
    if (worst != nullptr && verdict::worse(word, iprev) == word) continue;
    worst = &at;
    word = iprev;
  }
  if (worst == nullptr) return;
  verdict_ = fmt::format("{}: {}", worst->address.text(), report::brief(*worst, word));
  draw();
}

void Progress::draw() {
  if (!shown_) return;
  auto line = !verdict_.empty() ? fmt::format("{}; looking for the cause ... {} answers", verdict_, answers_)
              : done_ > 0       ? fmt::format("{} done, {} answers; {}", done_, answers_, latest_)
                                : fmt::format("{} answers; {}", answers_, latest_);
  line.resize(std::min<std::size_t>(line.size(), 79));  // a wrapped line could not be taken away again
  fmt::print(stderr, "\r\x1b[K{}", line);
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::clear() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace fcrdns::diagnosis
