#include "fcrdns/scan/row_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::scan {
namespace {

bool has_room(int descriptor) {
  pollfd waiting{descriptor, POLLOUT, 0};
  return ::poll(&waiting, 1, 0) != 0;  // an error shows when it is written to
}

}  // namespace

base::Expected<std::unique_ptr<RowFile>> RowFile::open(const std::string& path, std::uint64_t keep) {
  if (path.empty()) return std::unique_ptr<RowFile>(new RowFile(STDOUT_FILENO, false, 0, nullptr));
  const auto shown = base::escape(path);
  const auto fault = [&] { return base::fault(fmt::format("cannot write {}: {}", shown, std::generic_category().message(errno))); };
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (keep == 0 ? O_TRUNC : 0), 0666);
  if (descriptor < 0) return fault();
  std::unique_ptr<RowFile> file(new RowFile(descriptor, true, keep, packing_of(path)));
  if (keep == 0) return file;
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return fault();
  if (!file->regular_ || static_cast<std::uint64_t>(status.st_size) < keep)
    return base::fault(fmt::format("{} is shorter than the rows that were written to it: it is not the file of this scan any more; "
                                   "without the state file the scan begins anew", shown));
  if (::ftruncate(descriptor, static_cast<off_t>(keep)) != 0 || ::lseek(descriptor, 0, SEEK_END) < 0) return fault();
  return file;
}

RowFile::RowFile(int descriptor, bool owned, std::uint64_t octets, std::unique_ptr<Packing> packing)
    : descriptor_(descriptor), owned_(owned), octets_(octets), packing_(std::move(packing)) {
  struct stat status {};
  regular_ = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

RowFile::~RowFile() {
  if (owned_ && descriptor_ >= 0) ::close(descriptor_);
}

void RowFile::drain(bool all) {
  if (error_ == 0 && at_ == packed_.size() && !rows_.empty()) {
    packed_.clear();
    at_ = 0;
    if (packing_ == nullptr) {
      std::swap(rows_, packed_);
    } else {
      packing_->add(rows_, packed_);
      in_piece_ = true;
    }
    rows_.clear();
  }
  put(all);
}

/// A pipe whose reader is slow takes what it has room for; a file takes all.
void RowFile::put(bool all) {
  while (error_ == 0 && at_ < packed_.size()) {
    const bool wait = all || regular_;
    if (!wait && !has_room(descriptor_)) return;
    const auto size = wait ? packed_.size() - at_ : std::min<std::size_t>(packed_.size() - at_, PIPE_BUF);
    const auto put = ::write(descriptor_, packed_.data() + at_, size);
    if (put < 0 && (errno == EINTR || errno == EAGAIN)) {
      if (errno == EAGAIN && !wait) return;
      if (errno == EAGAIN) {
        pollfd waiting{descriptor_, POLLOUT, 0};
        (void)::poll(&waiting, 1, 1000);
      }
      continue;
    }
    if (put < 0) {
      error_ = errno;
      return;
    }
    at_ += static_cast<std::size_t>(put);
    octets_ += static_cast<std::uint64_t>(put);
  }
}

std::uint64_t RowFile::end_piece() {
  put(true);
  drain(true);
  if (error_ == 0 && std::exchange(in_piece_, false)) {
    packed_.clear();
    at_ = 0;
    packing_->end_piece(packed_);
    put(true);
  }
  return octets_;
}

void RowFile::close() {
  (void)end_piece();
  if (owned_ && ::close(std::exchange(descriptor_, -1)) != 0 && error_ == 0) error_ = errno;
}

}  // namespace fcrdns::scan
