// The state file of a scan, with a digest that fits and with its own.
#include <string>

#include "fcrdns/scan/state.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string octets(fcrdns::fuzz::text_of(data, size));
  (void)fcrdns::scan::read_state(octets);
  if (const auto done = fcrdns::scan::Done::read(octets); done) {
    std::string written;
    done->write(written);
    fcrdns::fuzz::require(written.size() == size);
  }
  if (const auto state = fcrdns::scan::read_state(fcrdns::scan::sealed(octets)))
    fcrdns::fuzz::require(fcrdns::scan::read_state(fcrdns::scan::write_state(*state)).has_value());
  return 0;
}
