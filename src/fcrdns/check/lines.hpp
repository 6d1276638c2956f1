// Lines of standard input, read as they come and never waited for while answers are under way.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "fcrdns/base/time.hpp"

namespace fcrdns::check {

class Lines {
 public:
  struct TooLong {};
  struct NotYet {};
  struct End {};
  struct Failed {
    std::string why;
  };
  using Read = std::variant<std::string, TooLong, NotYet, End, Failed>;

  explicit Lines(int descriptor) : descriptor_(descriptor) {}
  /// The next line without its end, waited for at most `patience`. A line longer than 4,096 octets is passed over and said so once.
  [[nodiscard]] Read next(base::Milliseconds patience);

 private:
  int descriptor_;
  std::string buffer_;
  std::size_t at_ = 0;
  bool skipping_ = false, end_ = false;
};

}  // namespace fcrdns::check
