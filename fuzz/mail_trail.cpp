// The trail of one mail through a mail server's log. The first octet says which server's.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fcrdns/base/text.hpp"
#include "fcrdns/doctor/trail.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr fcrdns::host::Kind kinds[] = {fcrdns::host::Kind::postfix, fcrdns::host::Kind::exim, fcrdns::host::Kind::opensmtpd, fcrdns::host::Kind::sendmail};
  fcrdns::doctor::Trail trail(kinds[data[0] % 4], "fcrdns-1", "you@example.net");
  for (const auto line : fcrdns::base::split({reinterpret_cast<const char*>(data) + 1, size - 1}, '\n')) trail.read(line);
  for (const auto& attempt : trail.attempts())
    for (const char c : attempt.relay + attempt.reply + attempt.outcome)
      if (c < ' ' || c > '~') __builtin_trap();
  return 0;
}
