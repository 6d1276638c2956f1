#include "fcrdns/scan/checkpoints.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace fcrdns::scan {
namespace {
constexpr base::Milliseconds interval{1000};
constexpr int share = 10;  // at most a tenth of the time goes into them
}  // namespace

bool Checkpoints::due() {
  if (busy_) return false;
  wait();
  const auto pause = std::max(std::chrono::microseconds(interval), std::chrono::microseconds(took_.load()) * share);
  return base::steady_now() - begun_ >= pause;
}

void Checkpoints::now() {
  wait();
  begin();
  wait();
}

void Checkpoints::begin() {
  begun_ = base::steady_now();
  state_.octets = file_.end_piece();
  if (file_.error() != 0) return;
  busy_ = true;
  thread_ = std::thread([this, octets = write_state(state_)] {
    if (::fdatasync(file_.descriptor()) != 0) rows_error_ = errno;
    else if (const auto error = save_state(path_, octets); error != 0) error_ = error;
    took_ = (base::steady_now() - begun_).count();
    busy_ = false;
  });
}

void Checkpoints::wait() {
  if (thread_.joinable()) thread_.join();
  if (rows_error_ != 0) file_.fail(rows_error_);
}

}  // namespace fcrdns::scan
