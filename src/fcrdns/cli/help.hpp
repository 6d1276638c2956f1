// What `fcrdns help` tells beside the commands themselves, and how a slip on the command line is told.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/report/report.hpp"

namespace fcrdns::cli {

using Arguments = std::vector<std::string>;

/// One line on standard error; the exit code.
int say(std::string_view message, int code = report::usage);

/// The page of docs/findings as it was when this was built; without an id their list. `arguments`: help finding ID.
[[nodiscard]] int help_finding(const Arguments& arguments);
/// What a code of a reply means, and the way on. `arguments`: help code CODE...
[[nodiscard]] int help_code(const Arguments& arguments);
/// Who can put a record in place, and what each needs to be told.
[[nodiscard]] int help_backends();

}  // namespace fcrdns::cli
