// Bounces as mail: DSNs (RFC 3464, 6533) and what Exim, qmail, Exchange, Gmail, Microsoft and others send instead.
// The parts are found by one linear scan that caps header lines, parts and depth and says so (mime_scan.hpp); GMime, whose
// parser recurses into them, reads what a part needs: content types, transfer encodings, charsets, dates.
#pragma once

#include <cstddef>
#include <string_view>

#include "fcrdns/bounce/complete.hpp"

namespace fcrdns::bounce {

inline constexpr std::size_t max_header_lines = 5'000;  ///< of one message, all its parts together
inline constexpr std::size_t max_parts = 1'000;
inline constexpr std::size_t max_depth = 100;           ///< multiparts and messages inside each other
inline constexpr std::size_t max_message = 32 << 20;    ///< octets

/// One whole message, header and body, as it lies in a file. A message that is no bounce and holds none gives no claim.
void read_message(std::string_view octets, const Place& place, const Options& options, Sink& sink);

/// The messages of an mbox (RFC 4155), fed piece by piece; ">From " quoting undone, message limit max_message.
class Mailbox {
 public:
  Mailbox(std::string source, const Options& options, Sink& sink) : source_(std::move(source)), options_(options), sink_(sink) {}
  void feed(std::string_view piece);
  void end();

 private:
  void take_line(std::string_view line);
  void append(std::string_view octets);
  void finish_message();

  std::string source_;
  const Options& options_;
  Sink& sink_;
  std::string buffer_;              // a line whose end is not there yet
  std::string message_;             // at most max_message + 1 octets
  std::size_t line_ = 1;            // of what is fed next
  std::size_t message_line_ = 1;    // of the message's "From "
  bool after_blank_ = true;
  bool inside_long_line_ = false;
};

/// Text that a person pasted: a reply, a part of a DSN, a forwarded bounce without its MIME, a web page about one.
/// Alike replies (same code, or one is a piece of the other) are told once, the fullest of them.
void read_pasted(std::string_view text, const Place& place, const Options& options, Sink& sink);

}  // namespace fcrdns::bounce
