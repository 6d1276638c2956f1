// Packed octets: whatever they are, unpacking ends, with or without a fault. At most 4 MiB are taken out.
#include "fcrdns/input/unpack.hpp"

#include <algorithm>
#include <vector>

#include "memory.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto input = input::unpack(std::make_unique<fuzz::Memory>(text, 1000), text.substr(0, input::magic_size), "fuzz");
  std::vector<char> room(64 << 10);
  for (int i = 0; i < 64; ++i) {
    const auto got = input->read(room);
    if (!got) fuzz::require(!got.error().message.empty());
    if (!got || *got == 0) break;
    fuzz::require(*got <= room.size());
  }
  fuzz::require(input->octets_read() <= size);
  return 0;
}
