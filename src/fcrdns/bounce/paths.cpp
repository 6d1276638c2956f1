#include "fcrdns/bounce/paths.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <string_view>

#include "fcrdns/base/text.hpp"

namespace fcrdns::bounce {
namespace {

namespace fs = std::filesystem;

bool is_number(std::string_view text) { return !text.empty() && text.size() <= 18 && text.find_first_not_of("0123456789") == std::string_view::npos; }

/// How old a part of a rotated log is: the numbers of logrotate (2 is older than 1), its dates (20261121 is younger
/// than 20261114), and the one that is still written, the youngest.
struct Part {
  std::string set;
  std::int64_t age = 0;  ///< greater is older
};

Part part_of(const std::string& path) {
  std::string_view name = path;
  for (const std::string_view packed : {".gz", ".xz", ".zst"})
    if (name.ends_with(packed)) {
      name.remove_suffix(packed.size());
      break;
    }
  const auto last = name.find_last_of(".-");
  if (last == std::string_view::npos || last == 0) return {std::string(name), std::numeric_limits<std::int64_t>::min()};
  const auto end = name.substr(last + 1);
  if (!is_number(end)) return {std::string(name), std::numeric_limits<std::int64_t>::min()};
  auto value = std::int64_t{0};
  for (const char c : end) value = value * 10 + (c - '0');
  if (name[last] == '.' && end.size() <= 4) return {std::string(name.substr(0, last)), value};
  if (end.size() == 8 || end.size() == 10) return {std::string(name.substr(0, last)), -value};  // -YYYYMMDD, -seconds
  return {std::string(name), std::numeric_limits<std::int64_t>::min()};
}

/// Names of mail logs; when one is there, the other files of the folder (syslog, mail.err) say the same once more.
constexpr std::string_view mail_logs[] = {"mail.log", "maillog", "mail", "mainlog", "exim_mainlog", "postfix.log", "smtpd.log", "current"};

std::vector<std::string> files_of(const fs::path& folder, const std::function<void(const base::Fault&)>& fault) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end && files.size() < max_files; entry.increment(error))
    if (std::error_code ignored; entry->is_regular_file(ignored) && !entry->path().filename().string().starts_with('.')) files.push_back(entry->path().string());
  if (error) fault({base::escape(folder.string()) + ": " + error.message()});
  std::ranges::sort(files);
  return files;
}

std::vector<std::string> files_below(const std::string& folder, const std::function<void(const base::Fault&)>& fault) {
  const fs::path path(folder);
  std::error_code error;
  if (fs::is_directory(path / "cur", error) && fs::is_directory(path / "new", error)) {
    auto files = files_of(path / "cur", fault);
    auto fresh = files_of(path / "new", fault);
    files.insert(files.end(), std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()));
    return files;
  }
  auto files = files_of(path, fault);
  const auto is_mail_log = [](const std::string& file) {
    const auto set = fs::path(part_of(file).set).filename().string();
    return std::ranges::find(mail_logs, set) != std::end(mail_logs);
  };
  if (std::ranges::any_of(files, is_mail_log)) std::erase_if(files, [&](const auto& file) { return !is_mail_log(file); });
  return files;
}

}  // namespace

std::vector<LogPath> expand(const std::vector<std::string>& paths, const std::function<void(const base::Fault&)>& fault) {
  std::vector<std::string> files;
  for (const auto& path : paths) {
    std::error_code error;
    if (path == "-" || !fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    auto below = files_below(path, fault);
    files.insert(files.end(), std::make_move_iterator(below.begin()), std::make_move_iterator(below.end()));
  }
  // Sets stand where their first part was named, their parts by age.
  struct Sorted {
    LogPath file;
    std::size_t set_at;
    std::int64_t age;
  };
  std::map<std::string, std::size_t> first_of_set;
  std::vector<Sorted> sorted;
  for (const auto& file : files) {
    const auto part = part_of(file);
    const auto at = first_of_set.try_emplace(part.set, sorted.size()).first->second;
    sorted.push_back({{file, part.set}, at, part.age});
  }
  std::ranges::stable_sort(sorted, [](const Sorted& a, const Sorted& b) { return a.set_at != b.set_at ? a.set_at < b.set_at : a.age > b.age; });
  std::vector<LogPath> out;
  out.reserve(sorted.size());
  for (auto& each : sorted) out.push_back(std::move(each.file));
  return out;
}

}  // namespace fcrdns::bounce
