// A file on its way to an edited one: its lines, and what stands at its end kept as it is.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/change.hpp"

namespace fcrdns::host {

class TextLines {
 public:
  TextLines(std::string file, std::string text) : file_(std::move(file)), before_(std::move(text)) {
    for (const auto line : base::split(before_, '\n')) lines.emplace_back(line);
  }
  /// Line numbers count from 1.
  void replace(std::size_t number, std::size_t count, std::string with) {
    const auto at = lines.begin() + static_cast<std::ptrdiff_t>(number - 1);
    lines.insert(lines.erase(at, at + static_cast<std::ptrdiff_t>(count)), std::move(with));
  }
  void erase(std::size_t number, std::size_t count = 1) {
    const auto at = lines.begin() + static_cast<std::ptrdiff_t>(number - 1);
    lines.erase(at, at + static_cast<std::ptrdiff_t>(count));
  }
  void insert_before(std::size_t number, std::string line) { lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(number - 1), std::move(line)); }
  void append(std::string line) {
    if (!lines.empty() && lines.back().empty()) lines.insert(lines.end() - 1, std::move(line));
    else lines.push_back(std::move(line));
  }
  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] Edit edit() const {
    std::string after;
    for (std::size_t i = 0; i < lines.size(); ++i) after += (i == 0 ? "" : "\n") + lines[i];
    return {file_, before_, std::move(after)};
  }

  std::vector<std::string> lines;

 private:
  std::string file_, before_;
};

/// A host name that may be written into any configuration as it is.
[[nodiscard]] inline bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= 255 && name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") == std::string_view::npos;
}

}  // namespace fcrdns::host
