// Whatever is accepted is written and read back as the same message; reading it as a reply ends.
#include "fcrdns/dns/reply.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = dns::read_message({data, size});
  if (!message) return 0;
  const auto back = dns::read_message(dns::write_message(*message));
  fuzz::require(back.has_value());
  // Names that came compressed where we may not compress (DNAME) can pass 64 kB: then the rest is left out.
  fuzz::require(*back == *message || (back->truncated && size > 1000));
  if (message->questions.empty()) return 0;
  for (const auto source : {dns::Source::recursive, dns::Source::authoritative}) {
    const auto reply = dns::interpret(*message, message->questions[0], source);
    fuzz::require(reply.via.size() <= dns::max_aliases);
    fuzz::require(reply.records.empty() || reply.status == dns::Status::noerror);
  }
  static_cast<void>(dns::extended_error(*message));
  return 0;
}
