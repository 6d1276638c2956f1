#include "fcrdns/wait/wait.hpp"

#include "fcrdns/report/output.hpp"
#include "fcrdns/report/report.hpp"

namespace fcrdns::wait {

int run(const Options&) { return report::say("wait is not part of this version yet"), report::usage; }

}  // namespace fcrdns::wait
