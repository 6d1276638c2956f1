// A key file: one key of usable size, or a Fault of one printable line.
#include "fcrdns/base/text.hpp"
#include "fcrdns/dns/tsig_key.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto key = dns::parse_tsig_key(fuzz::text_of(data, size));
  if (key) {
    fuzz::require(!key->secret.empty() && key->secret.size() <= 512 && !key->name.is_root());
  } else {
    fuzz::require(base::escape(key.error().message) == key.error().message);
  }
  return 0;
}
