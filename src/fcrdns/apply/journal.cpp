#include "fcrdns/apply/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::apply {
namespace {

base::Expected<void> trouble(std::string_view what, const std::string& file) {
  return base::fault(fmt::format("cannot {} the journal {}: {}; --state-dir names another folder", what, base::escape(file, 300), std::strerror(errno)));
}

/// Octets and their place in the folder, both on disk when it returns.
base::Expected<void> write_synced(const std::string& file, std::string_view text) {
  const auto beside = file + ".new";
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return trouble("write", beside);
  bool good = true;
  while (good && !text.empty()) {
    const auto wrote = ::write(descriptor, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    good = wrote > 0;
    if (good) text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  good = good && ::fsync(descriptor) == 0;
  good = ::close(descriptor) == 0 && good;
  if (!good || std::rename(beside.c_str(), file.c_str()) != 0) return trouble("write", file);
  const int folder = ::open(std::filesystem::path(file).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
  return {};
}

std::string file_of(const std::string& folder, const net::Address& address) {
  auto name = address.text();
  std::ranges::replace(name, ':', '-');
  return (std::filesystem::path(folder) / ("fix-" + name + ".json")).string();
}

base::Expected<std::string> content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream content;
  content << in.rdbuf();
  if (!in) return base::fault(trouble("read", file).error().message);
  return content.str();
}

}  // namespace

base::Expected<Journal> Journal::open(const std::string& folder, const net::Address& address) {
  std::error_code code;
  if (!std::filesystem::exists(folder, code)) {
    std::filesystem::create_directories(folder, code);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, code);
  }
  const auto file = file_of(folder, address);
  const int lock = ::open((file + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (lock < 0) return base::fault(trouble("open", file).error().message);
  Journal out(file, lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0)
    return base::fault(fmt::format("another fcrdns fix works on {} now; wait for it to end ({})", address.text(), base::escape(file, 300)));
  if (!std::filesystem::exists(file, code)) return out;
  const auto content = content_of(file);
  if (!content) return base::fault(content.error().message);
  auto story = read_story(*content);
  if (!story) return base::fault(fmt::format("{}: {}; move it away to begin anew", base::escape(file, 300), story.error().message));
  out.story_ = *std::move(story);
  return out;
}

Journal::Journal(Journal&& other) noexcept : file_(std::move(other.file_)), lock_(std::exchange(other.lock_, -1)), story_(std::move(other.story_)) {}

Journal::~Journal() {
  if (lock_ >= 0) ::close(lock_);
}

base::Expected<void> Journal::save(Story story) {
  if (auto written = write_synced(file_, write_story(story)); !written) return written;
  story_ = std::move(story);
  return {};
}

std::optional<Story> recall(const std::string& folder, const net::Address& address) {
  const auto content = content_of(file_of(folder, address));
  if (!content) return std::nullopt;
  auto story = read_story(*content);
  return story ? std::optional(*std::move(story)) : std::nullopt;
}

std::string state_folder() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  if (auto named = variable("FCRDNS_STATE_DIR"); !named.empty()) return named;
  if (const auto state = variable("XDG_STATE_HOME"); state.starts_with('/')) return state + "/fcrdns";
  if (const auto home = variable("HOME"); home.starts_with('/')) return home + "/.local/state/fcrdns";
  return "/var/lib/fcrdns";
}

}  // namespace fcrdns::apply
