// An mbox (RFC 4155) in pieces: a message begins at a "From " line behind a blank line or at the file's begin.
#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/message.hpp"

namespace fcrdns::bounce {
namespace {

constexpr std::size_t longest_from_line = 1024;  // octets; more is no such line

/// "From somebody Sat Nov 21 19:11:20 2026": a time tells it from a sentence that begins so.
bool is_from_line(std::string_view line) {
  if (!line.starts_with("From ")) return false;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t i = 6; i + 2 < line.size(); ++i)
    if (line[i] == ':' && is_digit(line[i - 1]) && is_digit(line[i + 1]) && is_digit(line[i + 2])) return true;
  return false;
}

/// mboxrd: ">From ", ">>From " stand for one mark less.
bool is_quoted_from(std::string_view line) {
  const auto first = line.find_first_not_of('>');
  return first != std::string_view::npos && first > 0 && line.substr(first).starts_with("From ");
}

}  // namespace

void Mailbox::feed(std::string_view piece) {
  while (!piece.empty()) {
    const auto end = piece.find('\n');
    const bool whole = end != std::string_view::npos;
    auto part = piece.substr(0, whole ? end + 1 : piece.size());
    piece.remove_prefix(part.size());
    if (inside_long_line_) {
      append(part);
      inside_long_line_ = !whole;
      line_ += whole ? 1 : 0;
      continue;
    }
    if (!whole || !buffer_.empty()) {
      buffer_ += part;
      if (!whole && buffer_.size() < longest_from_line) continue;
      part = buffer_;
    }
    take_line(part);
    line_ += whole ? 1 : 0;
    inside_long_line_ = !whole;
    buffer_.clear();
  }
}

void Mailbox::take_line(std::string_view line) {
  if (after_blank_ && is_from_line(line)) {
    finish_message();
    message_line_ = line_;
    after_blank_ = false;
    return;
  }
  after_blank_ = line == "\n" || line == "\r\n";
  append(is_quoted_from(line) ? line.substr(1) : line);
}

void Mailbox::append(std::string_view octets) {
  const auto room = max_message + 1 - std::min(message_.size(), max_message + 1);  // one octet more tells that it was cut
  if (message_.size() > max_message / 4 && message_.capacity() <= max_message) message_.reserve(max_message + 1);  // grows no more
  message_.append(octets.substr(0, room));
}

void Mailbox::finish_message() {
  if (!base::trim(message_).empty()) read_message(message_, {source_, message_line_}, options_, sink_);
  message_.clear();
  if (message_.capacity() > (1 << 20)) message_.shrink_to_fit();
}

void Mailbox::end() {
  if (!buffer_.empty()) take_line(buffer_);
  buffer_.clear();
  finish_message();
}

}  // namespace fcrdns::bounce
