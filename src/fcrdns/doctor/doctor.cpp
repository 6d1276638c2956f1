#include "fcrdns/doctor/doctor.hpp"

#include "fcrdns/report/output.hpp"
#include "fcrdns/report/report.hpp"

namespace fcrdns::doctor {

int run(const Options&) {
  report::say("doctor: not yet");
  return report::internal;
}

}  // namespace fcrdns::doctor
