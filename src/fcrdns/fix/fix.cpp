#include "fcrdns/fix/fix.hpp"

#include "fcrdns/report/output.hpp"
#include "fcrdns/report/report.hpp"

namespace fcrdns::fix {

int run(const Options&) { return report::say("fix is not part of this version yet"), report::usage; }

}  // namespace fcrdns::fix
