#include "fcrdns/scan/progress.hpp"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <utility>

namespace fcrdns::scan {
namespace {

constexpr base::Milliseconds pause{200};
constexpr double memory = 3;  // seconds that the rate is smoothed over
constexpr std::size_t most_servers = 4;

std::size_t columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1U : 79;
}

}  // namespace

Progress::Progress(bool wanted) : live_(wanted && ::isatty(STDERR_FILENO) == 1) {}

void Progress::turned(std::uint64_t done, const fleet::Tally& tally, const sweep::Targets& targets, const resolver::Bulk& bulk) {
  if (!live_) return;
  const auto now = base::steady_now();
  if (now < next_) return;
  next_ = now + pause;
  const auto seconds = std::chrono::duration<double>(now - std::exchange(measured_, now)).count();
  if (last_ && seconds > 0) {
    const auto rate = static_cast<double>(done - *last_) / seconds;
    const auto weight = per_second_ == 0 ? 1 : 1 - std::exp(-seconds / memory);
    per_second_ += weight * (rate - per_second_);
  }
  last_ = done;
  const fleet::Progress progress{.done = done, .total = targets.total(), .per_second = per_second_, .tally = &tally, .servers = bulk.health(most_servers)};
  fmt::print(stderr, "\r{}\x1b[K", fleet::progress_line(progress, columns()));
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::clear() {
  if (!std::exchange(drawn_, false)) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

}  // namespace fcrdns::scan
