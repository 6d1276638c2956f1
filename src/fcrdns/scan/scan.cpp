#include "fcrdns/scan/scan.hpp"

#include <fmt/core.h>

#include "fcrdns/report/report.hpp"

namespace fcrdns::scan {

int run(const Options&) {
  fmt::print(stderr, "fcrdns: scan is not part of this version yet\n");
  return report::usage;
}

}  // namespace fcrdns::scan
