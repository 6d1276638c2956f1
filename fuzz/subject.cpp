// A line of a list: whatever it holds, the fault is one printable line and an accepted subject is understood again.
#include "fcrdns/subject/subject.hpp"

#include <algorithm>

#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto subject = subject::parse_line(fuzz::text_of(data, size));
  if (!subject) {
    const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    fuzz::require(!subject.error().message.empty() && std::ranges::none_of(subject.error().message, is_control));
  } else if (*subject) {
    const auto& found = **subject;
    fuzz::require((found.kind == subject::Kind::address) == found.address.has_value());
    fuzz::require(subject::parse(found.text) == found);
  }
  return 0;
}
