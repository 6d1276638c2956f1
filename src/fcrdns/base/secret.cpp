#include "fcrdns/base/secret.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "fcrdns/base/text.hpp"

namespace fcrdns::base {
namespace {

constexpr std::size_t max_octets = 64 << 10;

}  // namespace

Secret& Secret::operator=(Secret&& other) noexcept {
  wipe();
  text_ = std::move(other.text_);
  other.wipe();
  return *this;
}

void Secret::wipe() noexcept {
  text_.resize(text_.capacity());  // what a short string left behind in its own buffer too
  ::explicit_bzero(text_.data(), text_.size());
  text_.clear();
}

Expected<Secret> read_secret(const std::string& file) {
  const auto shown = escape(file, 300);
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return fault(fmt::format("cannot read the secret in {}: {}", shown, std::strerror(errno)));
  struct Closing {
    int descriptor;
    ~Closing() { ::close(descriptor); }
  } const closing{descriptor};
  struct stat about {};
  if (::fstat(descriptor, &about) != 0) return fault(fmt::format("cannot read the secret in {}: {}", shown, std::strerror(errno)));
  if (S_ISDIR(about.st_mode)) return fault(fmt::format("the secret in {}: that is a folder; give the file", shown));
  // A pipe of a password manager (/dev/fd/63) has no mode that says anything.
  if (S_ISREG(about.st_mode) && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fault(fmt::format("others may read or change the secret in {} (mode {:04o}): chmod 600 it, then run this again", shown, about.st_mode & 07777U));
  std::string text(max_octets + 1, '\0');
  std::size_t have = 0;
  while (have < text.size()) {
    const auto got = ::read(descriptor, text.data() + have, text.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fault(fmt::format("cannot read the secret in {}: {}", shown, std::strerror(errno)));
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  const auto trimmed = trim(std::string_view(text).substr(0, have));
  Secret out{std::string(trimmed)};
  const bool too_long = have > max_octets;
  ::explicit_bzero(text.data(), text.size());
  if (too_long) return fault(fmt::format("the secret in {}: longer than 64 KiB", shown));
  if (out.reveal().empty()) return fault(fmt::format("the secret in {}: the file is empty", shown));
  return out;
}

}  // namespace fcrdns::base
