#include "fcrdns/report/output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace fcrdns::report {

void Output::write(std::string_view text) {
  if (quiet_ || error_ != 0) return;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) error_ = errno;
}

void Output::complain() const {
  if (error_ != EPIPE) say(std::string("cannot write to standard output: ") + std::strerror(error_));
}

void say(std::string_view message) { fmt::print(stderr, "fcrdns: {}\n", message); }

bool wants_colour() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr && (term == nullptr || std::string_view(term) != "dumb");
}

}  // namespace fcrdns::report
