// Wrappers and stamps of one line: what is told of it lies within it, and the program's name is one.
#include "fcrdns/bounce/log_line.hpp"

#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  bounce::LineReader reader(base::WallTime{std::chrono::seconds{1'795'288'249}});
  const auto line = reader.read(text.substr(0, text.find('\n')));
  fuzz::require(line.text.size() <= size && line.program.size() <= size && line.host.size() <= size);
  fuzz::require(!line.time || line.stamped);
  if (line.time) fuzz::require(line.time->time_since_epoch() > -std::chrono::hours{24} && line.time->time_since_epoch() < std::chrono::hours{24 * 366 * 1032});
  return 0;
}
