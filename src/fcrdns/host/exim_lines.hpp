// Exim's configuration as lines: macros replaced, .ifdef decided, .include followed, continuations joined. The Exim
// specification, chapter 6 ("The Exim run time configuration file"), sections on comments, inclusions, macros and conditionals.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/host/files.hpp"
#include "fcrdns/host/mta.hpp"

namespace fcrdns::host::exim {

/// A piece of configuration text, and where it stands.
struct Part {
  std::string file;        ///< as the machine sees it
  std::string text;
  std::size_t line = 1;    ///< of its first line
  std::string shown{};     ///< what a person wrote, where `text` was made of it; then all of it stands in `line`
};

/// A logical line.
struct Line {
  std::string text;        ///< macros replaced
  Origin origin;           ///< of its first physical line; as written
  std::vector<Origin> macros{};  ///< the definitions that it was made with
};

struct Macro {
  std::string name, text;
  Origin origin;
};

struct Lines {
  std::vector<Line> lines;
  std::vector<Macro> macros;
  std::vector<std::string> problems;
};

/// All of a configuration. Bounded: 100,000 lines, 1,000 macros, 64 kB for a logical line, 50 inclusions.
[[nodiscard]] Lines read_lines(Files& files, const std::vector<Part>& parts);

}  // namespace fcrdns::host::exim
