// An SMTP reply found in text: what is read is bounded by what was given, an address read is one that is written somehow, and
// a found reply stands inside the text and moves on.
#include "fcrdns/mail/reply.hpp"

#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto reply = mail::parse_reply(text);
  fuzz::require(reply.code == 0 || (reply.code >= 200 && reply.code <= 599));
  fuzz::require(reply.text.size() <= text.size() && reply.text.size() <= mail::max_reply);
  fuzz::require(reply.text.find('\n') == reply.text.npos && reply.text.find("  ") == reply.text.npos);
  if (reply.enhanced) fuzz::require(mail::parse_enhanced_code(reply.enhanced->text()) == reply.enhanced);
  if (const auto address = mail::quoted_address(text)) fuzz::require(!address->is_v4_mapped());
  std::size_t from = 0;
  while (const auto found = mail::find_reply(text, from)) {
    fuzz::require(found->begin >= from && found->end > found->begin && found->end <= size);
    fuzz::require(found->reply.code != 0);
    from = found->end;
  }
  return 0;
}
