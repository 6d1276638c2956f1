// Lines of a stream in one buffer of fixed size. A line above the limit is passed over and said so, and the next one comes.
#pragma once

#include <istream>
#include <memory>
#include <string_view>

namespace fcrdns::generator {

inline constexpr std::size_t most_line = 64 * 1024;  ///< octets

class ForwardLines {
 public:
  explicit ForwardLines(std::istream& in) : in_(in) {}

  /// The next line without its end (LF or CR LF), valid until the one after; false at the end of the stream. Of a line that is
  /// too long, its first octets.
  bool next(std::string_view& line);
  [[nodiscard]] std::size_t number() const { return number_; }  ///< of that line, from 1
  [[nodiscard]] bool too_long() const { return too_long_; }

 private:
  void fill();

  static constexpr std::size_t capacity = 4 * most_line;
  std::istream& in_;
  std::unique_ptr<char[]> buffer_ = std::make_unique_for_overwrite<char[]>(capacity);
  std::size_t begin_ = 0, end_ = 0;  // what was read and not handed out
  std::size_t number_ = 0;
  bool too_long_ = false;
};

}  // namespace fcrdns::generator
