#include "fcrdns/check/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace fcrdns::check {

void Progress::answered(const subject::Subject&, const evidence::TraceRow& row) {
  ++answers_;
  latest_ = fmt::format("{}: {} after {} ms", row.question, row.outcome, row.took.count());
  draw();
}

void Progress::draw() {
  if (!shown_) return;
  auto line = done_ > 0 ? fmt::format("{} done, {} answers; {}", done_, answers_, latest_)
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

}  // namespace fcrdns::check
