// The words of the command line, sorted: prefixes and addresses, files, standard input.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "fcrdns/scan/span.hpp"

namespace fcrdns::scan {

/// Why nothing can begin: an exit code of the interface, and a line.
struct Refusal {
  int code;
  std::string message;
};
template <typename T>
using OrRefusal = std::expected<T, Refusal>;
[[nodiscard]] std::unexpected<Refusal> refuse(int code, std::string message);

struct Sources {
  std::vector<net::Prefix> prefixes;
  std::vector<Span> addresses;       ///< given as words
  std::vector<std::string> files;    ///< "-": standard input
};
[[nodiscard]] OrRefusal<Sources> sort_sources(const std::vector<std::string>& words);
/// Whether both names lead to one file.
[[nodiscard]] bool same_file(const std::string& a, const std::string& b);

}  // namespace fcrdns::scan
