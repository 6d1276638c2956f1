#include "fcrdns/bounce/read.hpp"

namespace fcrdns::bounce {

base::Expected<bool> read(const std::vector<std::string>&, const Options&, Sink&, const std::function<bool()>&) { return true; }

}  // namespace fcrdns::bounce
