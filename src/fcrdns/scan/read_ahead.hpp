// A source that is read, and unpacked, by a thread of its own, a few pieces ahead: a pipe that has nothing for now holds up
// nobody.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/time.hpp"

namespace fcrdns::scan {

class ReadAhead {
 public:
  /// "-" is standard input.
  explicit ReadAhead(std::string path);
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  enum class Next { piece, not_yet, end };
  /// The next piece, waited for at most so long. The Fault says what could not be read, after everything before it.
  [[nodiscard]] base::Expected<Next> next(std::string& piece, base::Milliseconds longest);
  /// How much of the file has been read, 0 to 1; nothing known: 0.
  [[nodiscard]] double share_read() const { return share_; }

 private:
  void read();
  void hand_over(std::string piece);

  const std::string path_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> pieces_;
  std::string why_;
  bool ended_ = false;
  std::atomic<bool> stopped_ = false;
  std::atomic<double> share_ = 0;
  std::thread thread_;  // last: it uses the others
};

}  // namespace fcrdns::scan
