#include "fcrdns/ptr/ptr.hpp"

#include "fcrdns/report/output.hpp"
#include "fcrdns/report/report.hpp"

namespace fcrdns::ptr {

int run(const Options&) { return report::say("ptr is not part of this version yet"), report::usage; }

}  // namespace fcrdns::ptr
