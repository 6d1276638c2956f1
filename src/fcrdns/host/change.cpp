// The change for the mail server at hand; and how changed files replace the former ones: all of them, or none.
#include "fcrdns/host/change.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::host {
namespace {

/// One file on its way: beside it the new content waits under another name, then the former one stays under a third.
class Replacement {
 public:
  Replacement(const Edit& edit, const Files& files, const std::string& stamp)
      : edit_(edit), path_(files.outside(edit.file)), backup_(path_ + ".fcrdns-" + stamp), waiting_(backup_ + ".new") {}
  Replacement(Replacement&& other) noexcept
      : edit_(other.edit_), path_(other.path_), backup_(other.backup_), waiting_(other.waiting_),
        waits_(std::exchange(other.waits_, false)), kept_(std::exchange(other.kept_, false)), done_(std::exchange(other.done_, false)) {}
  ~Replacement() {
    if (waits_) ::unlink(waiting_.c_str());
    if (!kept_) return;
    if (done_) ::rename(backup_.c_str(), path_.c_str());  // as it was
    else ::unlink(backup_.c_str());
  }

  /// Looks, and writes the new content beside. Empty: done; else what is wrong.
  std::string prepare() {
    const int fd = ::open(path_.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return trouble("cannot be read");
    struct stat is{};
    const bool as_expected = ::fstat(fd, &is) == 0 && S_ISREG(is.st_mode) && content(fd) == edit_.before;
    ::close(fd);
    if (!as_expected) return edit_.file + " has changed meanwhile: look at it again";
    const int out = ::open(waiting_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (out < 0) return trouble("cannot be written beside");
    waits_ = true;
    const bool written = put(out, edit_.after) && ::fchown(out, is.st_uid, is.st_gid) == 0 &&
                         ::fchmod(out, is.st_mode & 07777) == 0 && ::fsync(out) == 0;
    const auto said = written ? "" : trouble("cannot be written");
    ::close(out);
    return said;
  }
  std::string replace() {
    if (::link(path_.c_str(), backup_.c_str()) != 0) return trouble("cannot be kept as a backup");
    kept_ = true;
    if (::rename(waiting_.c_str(), path_.c_str()) != 0) return trouble("cannot be replaced");
    waits_ = false;
    done_ = true;
    return {};
  }
  std::string keep() {
    kept_ = false;
    return backup_;
  }

 private:
  [[nodiscard]] std::string trouble(const std::string& what) const { return edit_.file + " " + what + ": " + std::strerror(errno); }
  [[nodiscard]] std::string content(int fd) const {
    std::string text;
    std::array<char, 65536> piece{};
    for (ssize_t got = 0; text.size() <= edit_.before.size() && (got = ::read(fd, piece.data(), piece.size())) > 0;)
      text.append(piece.data(), static_cast<std::size_t>(got));
    return text;
  }
  static bool put(int fd, std::string_view text) {
    while (!text.empty()) {
      const auto done = ::write(fd, text.data(), text.size());
      if (done < 0 && errno == EINTR) continue;
      if (done <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
  }

  const Edit& edit_;
  std::string path_, backup_, waiting_;
  bool waits_ = false, kept_ = false, done_ = false;
};

}  // namespace

std::optional<Change> change_for(const Mta& mta, const Wish& wish, Files& files, const std::vector<std::string>& clients) {
  switch (mta.kind) {
    case Kind::postfix: return change_postfix(mta, wish, files, clients);
    case Kind::exim: return change_exim(mta, wish, files, clients);
    case Kind::opensmtpd: return change_opensmtpd(mta, wish, files, clients);
    case Kind::sendmail: return change_sendmail(mta, wish, files, clients);
    case Kind::haraka: case Kind::stalwart: break;  // no settings we could name with certainty
  }
  return std::nullopt;
}

base::Expected<std::vector<std::string>> write(const Change& change, const Files& files, const std::string& stamp) {
  std::vector<Replacement> replacements;  // whatever fails, they put things back
  replacements.reserve(change.edits.size());
  for (const auto& edit : change.edits) {
    replacements.emplace_back(edit, files, stamp);
    if (const auto trouble = replacements.back().prepare(); !trouble.empty()) return base::fault(base::escape(trouble));
  }
  for (auto& replacement : replacements)
    if (const auto trouble = replacement.replace(); !trouble.empty()) return base::fault(base::escape(trouble));
  std::vector<std::string> backups;
  for (auto& replacement : replacements) backups.push_back(replacement.keep());
  return backups;
}

}  // namespace fcrdns::host
