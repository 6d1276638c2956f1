// Every second or so: rows onto the disk, then the state that counts them. A thread of its own waits for the disk, so
// that nothing under way is held up by it.
#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "fcrdns/base/time.hpp"
#include "fcrdns/scan/row_file.hpp"
#include "fcrdns/scan/state.hpp"

namespace fcrdns::scan {

class Checkpoints {
 public:
  /// Borrows both.
  Checkpoints(std::string path, State& state, RowFile& file) : path_(std::move(path)), state_(state), file_(file) {}
  ~Checkpoints() { wait(); }
  Checkpoints(const Checkpoints&) = delete;
  Checkpoints& operator=(const Checkpoints&) = delete;

  /// It is time, and the last one is through.
  [[nodiscard]] bool due();
  void begin();
  /// One that is over when this returns.
  void now();
  /// errno of what went wrong with the state file.
  [[nodiscard]] int error() const { return error_; }

 private:
  void wait();

  const std::string path_;
  State& state_;
  RowFile& file_;
  std::thread thread_;
  std::atomic<bool> busy_ = false;
  std::atomic<int> error_ = 0, rows_error_ = 0;
  base::SteadyTime begun_ = base::steady_now();
  std::atomic<std::int64_t> took_ = 0;  ///< microseconds of the last one
};

}  // namespace fcrdns::scan
