// Messages of the work queue, which whoever may write there has written: a lease, settings, a result, packed rows. What is
// accepted is bounded, and says the same when it is written again.
#include "fcrdns/lease/message.hpp"

#include "fcrdns/lease/parts.hpp"
#include "fcrdns/lease/server_list.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  if (const auto lease = lease::parse_lease(text)) {
    fuzz::require(!lease->prefixes.empty() && lease->prefixes.size() <= lease::most_prefixes && lease::addresses_of(lease->prefixes) <= lease::largest_size);
    fuzz::require(lease->id.size() <= 128 && lease->id.find_first_of(".*> ") == std::string::npos);
    fuzz::require(lease::parse_lease(lease::to_message(*lease)) == *lease);
    // It is in no queue that has it, and is cut out of nothing else.
    fuzz::require(lease::cut(lease->prefixes, lease->prefixes, 1)->empty());
  }
  if (const auto settings = lease::parse_settings(text)) fuzz::require(lease::parse_settings(lease::to_message(*settings)) == *settings);
  if (const auto result = lease::parse_result(text)) fuzz::require(lease::is_attempt(result->attempt) && result->parts <= lease::most_parts);
  if (const auto rows = lease::unpack(text)) fuzz::require(rows->size() <= 512 << 10);
  if (const auto list = lease::parse_server_list(text)) fuzz::require(!list->urls.empty() && list->urls.size() <= 32);
  fuzz::require(lease::id_in(text).find_first_of(".*> \r\n") == std::string_view::npos);
  return 0;
}
