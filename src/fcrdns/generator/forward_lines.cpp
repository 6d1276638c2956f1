#include "fcrdns/generator/forward_lines.hpp"

#include <cstring>

namespace fcrdns::generator {

void ForwardLines::fill() {
  std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  in_.read(buffer_.get() + end_, static_cast<std::streamsize>(capacity - end_));
  end_ += static_cast<std::size_t>(in_.gcount());
}

bool ForwardLines::next(std::string_view& line) {
  const auto find_end = [&] { return static_cast<const char*>(std::memchr(buffer_.get() + begin_, '\n', end_ - begin_)); };
  const char* line_end = find_end();
  if (!line_end) {
    fill();
    line_end = find_end();
  }
  if (begin_ == end_) return false;
  ++number_;
  const auto size = line_end ? static_cast<std::size_t>(line_end - buffer_.get()) - begin_ : end_ - begin_;
  line = {buffer_.get() + begin_, size};
  too_long_ = size > most_line;
  begin_ += size + (line_end ? 1 : 0);
  if (too_long_) {
    line = line.substr(0, 100);
    if (!line_end) {  // what is handed out stays where it is, the rest of the line goes through behind it
      std::memmove(buffer_.get(), line.data(), line.size());
      line = {buffer_.get(), line.size()};
      for (int c = in_.get(); c != '\n' && c != std::istream::traits_type::eof(); c = in_.get()) {}
      begin_ = end_ = line.size();
    }
  }
  if (line.ends_with('\r')) line.remove_suffix(1);
  return true;
}

}  // namespace fcrdns::generator
