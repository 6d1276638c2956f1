#include "fcrdns/fleet/scratch_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::fleet {
namespace {

constexpr std::size_t write_size = 64 << 10;

std::string directory() {
  const char* const named = std::getenv("TMPDIR");
  return named == nullptr || *named == '\0' ? "/tmp" : named;
}

std::unexpected<base::Fault> failed(int error) {
  return base::fault(base::escape(directory()) + ": " + std::generic_category().message(error) +
                     "; sorting needs room there, or in another directory that TMPDIR names");
}

}  // namespace

ScratchFile::ScratchFile(ScratchFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), written_(std::exchange(other.written_, 0)), buffer_(std::move(other.buffer_)) {}

ScratchFile& ScratchFile::operator=(ScratchFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(written_, other.written_);
  std::swap(buffer_, other.buffer_);
  return *this;
}

ScratchFile::~ScratchFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

base::Expected<void> ScratchFile::make() {
  if (descriptor_ >= 0) return {};
  descriptor_ = ::open(directory().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
  if (descriptor_ >= 0) return {};
  auto name = directory() + "/fcrdns.XXXXXX";  // a file system that knows no nameless files
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0) return failed(errno);
  ::unlink(name.c_str());
  return {};
}

base::Expected<void> ScratchFile::append(std::string_view octets) {
  buffer_ += octets;
  return buffer_.size() < write_size ? base::Expected<void>{} : flush();
}

base::Expected<void> ScratchFile::flush() {
  if (auto made = make(); !made) return made;
  std::string_view left = buffer_;
  while (!left.empty()) {
    const auto count = ::pwrite(descriptor_, left.data(), left.size(), static_cast<off_t>(written_));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failed(count < 0 ? errno : ENOSPC);
    written_ += static_cast<std::uint64_t>(count);
    left.remove_prefix(static_cast<std::size_t>(count));
  }
  buffer_.clear();
  return {};
}

std::size_t ScratchFile::read_at(std::uint64_t offset, char* room, std::size_t size) const {
  std::size_t have = 0;
  while (have < size) {
    const auto count = ::pread(descriptor_, room + have, size - have, static_cast<off_t>(offset + have));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw std::system_error(errno, std::generic_category(), directory());
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
  }
  return have;
}

}  // namespace fcrdns::fleet
