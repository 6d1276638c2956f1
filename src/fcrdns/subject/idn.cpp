#include "fcrdns/subject/idn.hpp"

#include <fmt/core.h>
#include <idn2.h>

#include <memory>

#include "fcrdns/base/text.hpp"

namespace fcrdns::subject {

base::Expected<std::string> to_a_labels(std::string_view utf8) {
  // The library reads a C string: an octet zero would cut the name short.
  if (utf8.find('\0') != utf8.npos) return base::fault("a host name holds no zero octet");
  const std::string input(utf8);
  std::uint8_t* raw = nullptr;
  const int code = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(input.c_str()), &raw,
                                  IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<std::uint8_t, void (*)(void*)> result(raw, idn2_free);
  if (code != IDN2_OK)
    return base::fault(fmt::format("\"{}\" is not an internationalised host name ({})", base::escape(utf8, 80), idn2_strerror(code)));
  return std::string(reinterpret_cast<const char*>(result.get()));
}

}  // namespace fcrdns::subject
