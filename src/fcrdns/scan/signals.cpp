#include "fcrdns/scan/signals.hpp"

#include <csignal>
#include <initializer_list>

namespace fcrdns::scan {
namespace {

volatile std::sig_atomic_t taken = 0;  // a signal handler reaches nothing else

}  // namespace

void take_signals() {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is a failed write: exit code 74
  struct sigaction act {};
  act.sa_handler = [](int signal) { taken = signal; };
  act.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  for (const auto signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &act, nullptr);
}

int signal_taken() { return taken; }

}  // namespace fcrdns::scan
