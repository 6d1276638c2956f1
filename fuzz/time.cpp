// Times and durations.
#include "fcrdns/base/time.hpp"

#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  if (const auto time = base::parse_rfc3339(text)) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(*time);
    fuzz::require(base::parse_rfc3339(base::to_rfc3339(*time)) == base::WallTime(whole));
  }
  if (const auto duration = base::parse_duration(text)) {
    fuzz::require(duration->count() > 0 && *duration <= std::chrono::days(30));
  }
  return 0;
}
