// A machine's files, read below a root: this machine's own, or a container's. What could not be seen is remembered, so that
// it can be said.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace fcrdns::host {

enum class Unreadable { missing, forbidden, too_long, no_file, failed };
[[nodiscard]] std::string_view to_word(Unreadable why);  ///< "is missing", "may not be read by this user", ...

class Files {
 public:
  /// `root` stands before every path; symbolic links, absolute ones too, stay below it.
  explicit Files(std::string root = "/");

  /// The whole file, at most 16 MiB. `path` is absolute as the machine itself sees it.
  [[nodiscard]] std::expected<std::string, Unreadable> read(std::string_view path);
  /// Names in a folder, sorted, at most 10,000; empty when there is none.
  [[nodiscard]] std::vector<std::string> list(std::string_view folder);
  [[nodiscard]] bool exists(std::string_view path) const;
  [[nodiscard]] const std::string& root() const { return root_; }
  /// Where a path of the machine is for us: for who writes it, or hands it to a reader of logs.
  [[nodiscard]] std::string outside(std::string_view path) const;

  struct Unseen {
    std::string path;  ///< as the machine sees it
    Unreadable why;
    friend bool operator==(const Unseen&, const Unseen&) = default;
  };
  /// Every file that was there or was forbidden and could not be read, each once. Missing files are none of them.
  [[nodiscard]] const std::vector<Unseen>& unseen() const { return unseen_; }

 private:
  std::string root_;
  std::vector<Unseen> unseen_;
};

}  // namespace fcrdns::host
