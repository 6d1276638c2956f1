// Which files are read, and in which order, when the user names files and folders: a Maildir's mails; of a folder of logs
// the mail logs; parts of a rotated log (mail.log, mail.log.1, mail.log.2.gz, mail.log-20261121.xz) oldest first.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fcrdns/base/fault.hpp"

namespace fcrdns::bounce {

struct LogPath {
  std::string path;
  std::string set;  ///< the same for the parts of one rotated log: "/var/log/mail.log"
};

inline constexpr std::size_t max_files = 1'000'000;  ///< of one folder

/// Folders are read, files are not opened. What cannot be read is told to `fault`, the others remain.
[[nodiscard]] std::vector<LogPath> expand(const std::vector<std::string>& paths, const std::function<void(const base::Fault&)>& fault);

}  // namespace fcrdns::bounce
