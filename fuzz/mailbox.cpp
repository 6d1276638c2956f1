// An mbox: fed whole and in pieces, it gives the same claims.
#include <algorithm>

#include "bounce.hpp"

using namespace fcrdns;

namespace {

std::size_t claims_of(std::string_view text, std::size_t piece) {
  const bounce::Options options;
  fuzz::Bounds bounds;
  bounce::Mailbox mailbox(fuzz::source, options, bounds);
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) mailbox.feed(text.substr(0, piece));
  mailbox.end();
  return bounds.claims;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto text = fuzz::text_of(data + 1, size - 1);
  fuzz::require(claims_of(text, text.size() + 1) == claims_of(text, 1U + data[0]));
  return 0;
}
