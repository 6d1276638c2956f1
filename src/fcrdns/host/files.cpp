// Files below a root that may be somebody else's (a container's): each part of a path is opened by itself and never followed
// by the kernel, so a symbolic link cannot lead out. That is openat2(2) with RESOLVE_IN_ROOT done by hand: it works on every
// kernel, and tells the path without links, for whoever opens it by another way.
#include "fcrdns/host/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::host {
namespace {

constexpr std::size_t max_octets = std::size_t{16} << 20;
constexpr std::size_t max_names = 10'000;
constexpr std::size_t max_depth = 128;  // of folders
constexpr int max_links = 40;           // as the kernel

struct Descriptor {
  int fd = -1;
  explicit Descriptor(int from = -1) : fd(from) {}
  Descriptor(Descriptor&& other) noexcept : fd(std::exchange(other.fd, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd, other.fd);
    return *this;
  }
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

/// A path on its way through the folders of a root.
class Walk {
 public:
  Walk(const std::string& root, std::string_view path) {
    steps_.push_back({Descriptor(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)), ""});
    if (steps_.front().folder.fd < 0) trouble_ = errno;
    await(path);
    while (trouble_ == 0 && !awaited_.empty()) step();
  }

  /// 0: all of it is there.
  [[nodiscard]] int trouble() const { return trouble_; }
  /// The kind of what stands at its end.
  [[nodiscard]] mode_t mode() const {
    struct stat is{};
    return ::fstat(steps_.back().folder.fd, &is) == 0 ? is.st_mode : 0;
  }
  /// Without links, from the root; what is not there stands as it was asked for.
  [[nodiscard]] std::string path() const {
    std::string text;
    for (const auto& step : steps_)
      if (!step.name.empty()) text += "/" + step.name;
    for (auto part = awaited_.rbegin(); part != awaited_.rend(); ++part) text += "/" + *part;
    return text.empty() ? "/" : text;
  }
  [[nodiscard]] Descriptor open_file() const {
    if (steps_.size() < 2) return Descriptor();
    return Descriptor(::openat(steps_[steps_.size() - 2].folder.fd, steps_.back().name.c_str(),
                               O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  }
  [[nodiscard]] Descriptor open_folder() const {
    return Descriptor(::openat(steps_.back().folder.fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }

 private:
  struct Step {
    Descriptor folder;  // the last one may be a file
    std::string name;   // in the one before; empty: the root
  };

  void await(std::string_view path) {
    auto parts = base::split(path, '/');
    for (auto part = parts.rbegin(); part != parts.rend(); ++part)
      if (!part->empty() && *part != ".") awaited_.emplace_back(*part);
  }

  void step() {
    auto name = std::move(awaited_.back());
    awaited_.pop_back();
    if (name == "..") {
      if (steps_.size() > 1) steps_.pop_back();
      return;
    }
    Descriptor next(::openat(steps_.back().folder.fd, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat is{};
    if (next.fd < 0 || ::fstat(next.fd, &is) != 0) trouble_ = errno;
    else if (S_ISLNK(is.st_mode)) return follow(next, std::move(name));
    else if (steps_.size() > max_depth) trouble_ = ENAMETOOLONG;
    if (trouble_ == 0) steps_.push_back({std::move(next), std::move(name)});
    else awaited_.push_back(std::move(name));
  }

  void follow(const Descriptor& link, std::string name) {
    std::array<char, 4096> target{};
    const auto size = ::readlinkat(link.fd, "", target.data(), target.size());
    if (size <= 0 || ++links_ > max_links) {
      trouble_ = size < 0 ? errno : ELOOP;
      awaited_.push_back(std::move(name));
      return;
    }
    if (target.front() == '/') steps_.erase(steps_.begin() + 1, steps_.end());
    await({target.data(), static_cast<std::size_t>(size)});
  }

  std::vector<Step> steps_;
  std::vector<std::string> awaited_;  // the next one last
  int trouble_ = 0, links_ = 0;
};

Unreadable why_of(int trouble) {
  switch (trouble) {
    case ENOENT: case ENOTDIR: return Unreadable::missing;
    case EACCES: case EPERM: return Unreadable::forbidden;
    default: return Unreadable::failed;
  }
}

std::expected<std::string, Unreadable> read_all_of(const Descriptor& file) {
  std::string text;
  std::array<char, 65536> piece{};
  for (;;) {
    const auto got = ::read(file.fd, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::unexpected(why_of(errno));
    if (got == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(got));
    if (text.size() > max_octets) return std::unexpected(Unreadable::too_long);
  }
}

std::expected<std::string, Unreadable> read_file(const Walk& walk) {
  if (walk.trouble() != 0) return std::unexpected(why_of(walk.trouble()));
  if (!S_ISREG(walk.mode())) return std::unexpected(Unreadable::no_file);  // to open a device may already do something
  const auto file = walk.open_file();
  if (file.fd < 0) return std::unexpected(why_of(errno));
  struct stat is{};
  if (::fstat(file.fd, &is) != 0 || !S_ISREG(is.st_mode)) return std::unexpected(Unreadable::no_file);
  return read_all_of(file);
}

}  // namespace

std::string_view to_word(Unreadable why) {
  switch (why) {
    case Unreadable::missing: return "is missing";
    case Unreadable::forbidden: return "may not be read by this user";
    case Unreadable::too_long: return "is longer than 16 MiB";
    case Unreadable::no_file: return "is no ordinary file";
    case Unreadable::failed: return "cannot be read";
  }
  return "";
}

Files::Files(std::string root) : root_(std::move(root)) {}

std::expected<std::string, Unreadable> Files::read(std::string_view path) {
  const Walk walk(root_, path);
  auto text = read_file(walk);
  if (!text && text.error() != Unreadable::missing && !(walk.trouble() == 0 && S_ISDIR(walk.mode()))) {
    Unseen unseen{base::escape(path), text.error()};
    if (std::ranges::find(unseen_, unseen) == unseen_.end()) unseen_.push_back(std::move(unseen));
  }
  return text;
}

std::vector<std::string> Files::list(std::string_view folder) {
  const Walk walk(root_, folder);
  auto trouble = walk.trouble();
  std::vector<std::string> names;
  if (trouble == 0 && S_ISDIR(walk.mode())) {
    auto opened = walk.open_folder();
    if (opened.fd < 0) {
      trouble = errno;
    } else if (const std::unique_ptr<DIR, decltype([](DIR* d) { ::closedir(d); })> entries{::fdopendir(opened.fd)}) {
      opened.fd = -1;  // closed with `entries`
      while (names.size() < max_names) {
        const auto* const entry = ::readdir(entries.get());
        if (entry == nullptr) break;
        if (const std::string_view name = entry->d_name; name != "." && name != "..") names.emplace_back(name);
      }
    }
  }
  if (trouble != 0 && why_of(trouble) != Unreadable::missing) {
    Unseen unseen{base::escape(folder), why_of(trouble)};
    if (std::ranges::find(unseen_, unseen) == unseen_.end()) unseen_.push_back(std::move(unseen));
  }
  std::ranges::sort(names);
  return names;
}

bool Files::exists(std::string_view path) const { return Walk(root_, path).trouble() == 0; }

std::string Files::outside(std::string_view path) const {
  const auto inside = Walk(root_, path).path();
  return root_.ends_with('/') ? root_ + inside.substr(1) : root_ + inside;
}

}  // namespace fcrdns::host
