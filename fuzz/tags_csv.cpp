// CSV of anybody: every record is bounded, every fault is one printable line.
#include "fcrdns/fleet/csv.hpp"

#include <algorithm>

#include "memory.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fleet::Csv csv(std::make_unique<fuzz::Memory>(fuzz::text_of(data, size), 100), "tags.csv");
  for (;;) {
    const auto any = csv.next();
    if (!any) fuzz::require(any.error().message.starts_with("tags.csv line ") && std::ranges::count(any.error().message, '\n') == 0);
    if (!any || !*any) return 0;
    fuzz::require(!csv.cells().empty() && csv.cells().size() <= 256);
    std::size_t octets = 0;
    for (const auto cell : csv.cells()) octets += cell.size();
    fuzz::require(octets <= size);
  }
}
