#include "fcrdns/check/lines.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace fcrdns::check {
namespace {

constexpr std::size_t longest_line = 4096;

bool readable(int descriptor, base::Milliseconds patience) {
  pollfd poll{descriptor, POLLIN, 0};
  return ::poll(&poll, 1, static_cast<int>(patience.count())) > 0;
}

}  // namespace

Lines::Read Lines::next(base::Milliseconds patience) {
  for (;;) {
    if (const auto end = buffer_.find('\n', at_); end != std::string::npos) {
      auto line = buffer_.substr(at_, end - at_);
      at_ = end + 1;
      const bool skipped = std::exchange(skipping_, false);
      if (skipped) return TooLong{};
      return line;
    }
    buffer_.erase(0, std::exchange(at_, 0));
    if (buffer_.size() > longest_line) {
      buffer_.clear();
      skipping_ = true;
    }
    if (end_) {
      const bool rest = skipping_ || !buffer_.empty();
      const bool skipped = std::exchange(skipping_, false);
      if (!rest) return End{};
      if (skipped) return TooLong{};
      return std::exchange(buffer_, {});
    }
    if (!readable(descriptor_, patience)) return NotYet{};
    std::array<char, 65536> chunk;
    const auto got = ::read(descriptor_, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) return NotYet{};
    if (got < 0) return Failed{std::strerror(errno)};
    if (got == 0) end_ = true;
    else buffer_.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace fcrdns::check
