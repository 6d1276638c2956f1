// `fcrdns ANYTHING...` without a command: addresses and hosts go to check; files, pipes and text to explain.
#pragma once

#include "fcrdns/cli/help.hpp"

namespace fcrdns::cli {

struct WayIn {
  bool read = false;     ///< for explain; else for check
  bool unasked = false;  ///< only because nothing was given, or the words of a reply were
  Arguments arguments;
};
[[nodiscard]] WayIn way_in(const Arguments& arguments);

/// Text that nobody would write for an address, a host or a file.
[[nodiscard]] bool reads_like_a_message(const std::string& text);

}  // namespace fcrdns::cli
