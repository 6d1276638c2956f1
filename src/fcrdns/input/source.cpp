#include "fcrdns/input/source.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "fcrdns/base/text.hpp"
#include "fcrdns/input/unpack.hpp"

namespace fcrdns::input {
namespace {

constexpr int patience = 200;  // ms between two questions whether to stop

base::Fault fault_of(const std::string& name, int error) {
  return {name + ": " + std::generic_category().message(error)};
}

/// The octets of a descriptor as they are, those that were looked at before first.
class Plain : public Source {
 public:
  Plain(int descriptor, bool owned, std::string name, std::function<bool()> stop)
      : descriptor_(descriptor), owned_(owned), name_(std::move(name)), stop_(std::move(stop)) {
    struct stat status {};
    regular_ = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    if (!regular_) return;
    size_ = static_cast<std::uint64_t>(status.st_size);
    (void)posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  Plain(const Plain&) = delete;
  Plain& operator=(const Plain&) = delete;
  ~Plain() override {
    if (owned_) close(descriptor_);
  }

  /// The first octets, which read() hands out again; fewer at the end.
  base::Expected<std::string_view> peek() {
    while (peeked_ < looked_at_.size()) {
      const auto got = read_on(std::span(looked_at_).subspan(peeked_));
      if (!got) return std::unexpected(got.error());
      if (*got == 0) break;
      peeked_ += *got;
    }
    return std::string_view(looked_at_.data(), peeked_);
  }

  base::Expected<std::size_t> read(std::span<char> room) override {
    if (handed_out_ == peeked_) {
      const auto got = read_on(room);
      if (got) read_ += *got;
      return got;
    }
    const auto count = std::min(room.size(), peeked_ - handed_out_);
    std::memcpy(room.data(), looked_at_.data() + handed_out_, count);
    handed_out_ += count;
    read_ += count;
    return count;
  }
  [[nodiscard]] std::uint64_t octets_read() const override { return read_; }
  [[nodiscard]] std::uint64_t octets_in_all() const override { return size_; }

 private:
  base::Expected<std::size_t> read_on(std::span<char> room) {
    for (;;) {
      if (!wait()) return 0;
      const auto got = ::read(descriptor_, room.data(), room.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR && errno != EAGAIN) return std::unexpected(fault_of(name_, errno));
    }
  }
  /// For octets of a pipe or terminal; false: stopped.
  bool wait() {
    if (regular_ || !stop_) return true;
    pollfd waiting{descriptor_, POLLIN, 0};
    while (!stop_())
      if (poll(&waiting, 1, patience) > 0) return true;
    return false;
  }

  int descriptor_;
  bool owned_, regular_ = false;
  std::string name_;
  std::function<bool()> stop_;
  std::array<char, magic_size> looked_at_{};
  std::size_t peeked_ = 0, handed_out_ = 0;
  std::uint64_t read_ = 0, size_ = 0;
};

}  // namespace

base::Expected<std::unique_ptr<Source>> Source::open(const std::string& path, std::function<bool()> stop) {
  const bool standard = path == "-";
  const auto name = standard ? std::string("standard input") : base::escape(path);
  const int descriptor = standard ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::unexpected(fault_of(name, errno));
  auto plain = std::make_unique<Plain>(descriptor, !standard, name, std::move(stop));
  const auto first = plain->peek();
  if (!first) return std::unexpected(first.error());
  const std::string magic(*first);
  return unpack(std::move(plain), magic, name);
}

}  // namespace fcrdns::input
