#include "fcrdns/doctor/ask_user.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "fcrdns/report/output.hpp"

namespace fcrdns::doctor {

Reply ask_user(std::string_view text, bool yes) {
  if (yes) return Reply::yes;
  if (::isatty(STDIN_FILENO) != 1) {
    report::say("nobody is here to be asked: give --yes");
    return Reply::nobody;
  }
  fmt::print(stderr, "{}Go on? [y/N] ", text);  // whatever standard output is for
  std::fflush(stderr);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes" ? Reply::yes : Reply::no;
}

}  // namespace fcrdns::doctor
