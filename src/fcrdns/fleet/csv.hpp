// CSV as people and spreadsheets write it (RFC 4180): a byte order mark, LF or CRLF, quotes where they are needed; a semicolon
// or a tab instead of the comma, as the first line has it. Blank lines and lines that begin with # are passed over.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/input/source.hpp"

namespace fcrdns::fleet {

class Csv {
 public:
  /// `name` is the file's, for faults; escaped.
  Csv(std::unique_ptr<input::Source> source, std::string name) : source_(std::move(source)), name_(std::move(name)) {}

  /// The next record; false at the end. The Fault names file and line.
  [[nodiscard]] base::Expected<bool> next();
  /// Of the record: blanks around it cut unless quoted, valid until the next call.
  [[nodiscard]] const std::vector<std::string_view>& cells() const { return views_; }
  /// What is wrong with this record.
  [[nodiscard]] std::unexpected<base::Fault> bad(std::string_view why) const;

 private:
  [[nodiscard]] base::Expected<bool> read_record();
  [[nodiscard]] base::Expected<bool> fill();
  [[nodiscard]] base::Expected<void> split();

  std::unique_ptr<input::Source> source_;
  std::string name_;
  std::string room_;                       ///< read, from at_ on not taken yet
  std::size_t at_ = 0;
  std::string_view record_;                ///< without its end
  std::string unquoted_;
  std::vector<std::string_view> views_;
  std::uint64_t line_ = 0, next_line_ = 1;  ///< where the record begins, and the one behind it
  char separator_ = '\0';
};

}  // namespace fcrdns::fleet
