#include "fcrdns/bounce/follow.hpp"

#include <sys/stat.h>

#include <chrono>
#include <optional>
#include <thread>

namespace fcrdns::bounce {
namespace {

constexpr auto pause = std::chrono::milliseconds(200);

struct Identity {
  dev_t device = 0;
  ino_t inode = 0;
  std::uint64_t size = 0;
  bool regular = false;
  [[nodiscard]] bool same_file(const Identity& other) const { return device == other.device && inode == other.inode; }
};

std::optional<Identity> look_at(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  return Identity{status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size), S_ISREG(status.st_mode)};
}

class Followed : public input::Source {
 public:
  Followed(std::string path, std::unique_ptr<input::Source> input, Identity identity, std::function<bool()> stop)
      : path_(std::move(path)), input_(std::move(input)), identity_(identity), stop_(std::move(stop)) {}

  base::Expected<std::size_t> read(std::span<char> room) override {
    for (;;) {
      const auto got = input_->read(room);
      if (!got || *got > 0) return got;
      if (stop_()) return 0;
      if (!reopen()) std::this_thread::sleep_for(pause);
    }
  }
  [[nodiscard]] std::uint64_t octets_read() const override { return input_->octets_read(); }
  [[nodiscard]] std::uint64_t octets_in_all() const override { return 0; }

 private:
  /// At the end of this file: whether another one stands in its place, or it begins anew. Between a rename and the
  /// creation of the next file there is none: then the old one is watched on.
  bool reopen() {
    const auto now = look_at(path_);
    if (!now) return false;
    const bool replaced = !now->same_file(identity_);
    if (!replaced && now->size >= input_->octets_read()) return false;
    auto opened = input::Source::open(path_, stop_);
    if (!opened) return false;
    if (replaced && !drained_) {  // what was written into the old one between our last look and the rename
      drained_ = true;
      return true;
    }
    drained_ = false;
    input_ = std::move(*opened);
    identity_ = *now;
    return true;
  }

  std::string path_;
  std::unique_ptr<input::Source> input_;
  Identity identity_;
  std::function<bool()> stop_;
  bool drained_ = false;
};

}  // namespace

base::Expected<std::unique_ptr<input::Source>> open_followed(const std::string& path, std::function<bool()> stop) {
  const auto identity = look_at(path);
  auto opened = input::Source::open(path, stop);
  if (!opened || !identity || !identity->regular || (*opened)->packed()) return opened;
  return std::make_unique<Followed>(path, std::move(*opened), *identity, std::move(stop));
}

}  // namespace fcrdns::bounce
