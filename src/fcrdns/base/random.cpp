#include "fcrdns/base/random.hpp"

#include <sys/random.h>

#include <array>
#include <cstdlib>

namespace fcrdns::base {
namespace {

class KernelRandom final : public Random {
 public:
  std::uint32_t u32() override {
    if (next_ == buffer_.size()) {
      // 256 octets or fewer are never cut short once the pool is initialised (getrandom(2)).
      if (::getrandom(buffer_.data(), sizeof buffer_, 0) != static_cast<ssize_t>(sizeof buffer_)) std::abort();
      next_ = 0;
    }
    return buffer_[next_++];
  }

 private:
  std::array<std::uint32_t, 64> buffer_{};
  std::size_t next_ = 64;
};

}  // namespace

Random& secure_random() {
  thread_local KernelRandom random;
  return random;
}

}  // namespace fcrdns::base
