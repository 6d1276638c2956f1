// What the input names, in its order: spans of addresses, and lines that are none.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/scan/span.hpp"

namespace fcrdns::scan {

/// What was wrong with the input, for the end.
struct Complaints {
  std::uint64_t bad_lines = 0;
  std::string first_bad;                ///< "list.txt, line 7: ..."
  std::vector<std::string> unreadable;  ///< one line for each source that could not be read to its end, a few of them
  bool failed = false;                  ///< there was such a source
};

class Entries {
 public:
  enum class Next { span, bad, not_yet, end };
  virtual ~Entries() = default;
  /// `bad` is the line, or the beginning of a long one; it lives until the next call.
  [[nodiscard]] virtual Next next(Span& span, std::string_view& bad) = 0;
  /// How much has been read, 0 to 1; 0: not known.
  [[nodiscard]] virtual double share_read() const { return 0; }
  /// Of all spans together; 0: not known.
  [[nodiscard]] virtual std::uint64_t addresses() const { return 0; }
  [[nodiscard]] virtual const Complaints& complaints() const = 0;
};

/// These files one after the other; "-" is standard input. First the addresses that were given as words.
[[nodiscard]] std::unique_ptr<Entries> make_lists(std::vector<Span> words, std::vector<std::string> files);

}  // namespace fcrdns::scan
