// A catalogue of receivers: the fault is one printable line; what is accepted can be asked. And what any reply means.
#include <algorithm>

#include "fcrdns/bounce/canonical.hpp"
#include "fcrdns/bounce/receiver_catalogue.hpp"
#include "fcrdns/bounce/code_words.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto is_printable = [](std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  };
  const auto text = fuzz::text_of(data, size);
  const mail::Reply reply{.code = 550, .enhanced = {}, .text = std::string(text.substr(0, mail::max_reply)), .address = {}};
  fuzz::require(!bounce::classify(reply).causes.empty());
  (void)bounce::explain_code(reply);
  (void)bounce::explain_code(text);
  auto file = bounce::parse_receivers(text);
  if (!file) {
    fuzz::require(!file.error().message.empty() && is_printable(file.error().message));
  } else if (const auto catalogue = bounce::ReceiverCatalogue::make(*std::move(file))) {
    std::string canonical;
    std::vector<bounce::Phrases::Found> found;
    bounce::canonical(reply.text, canonical);
    fuzz::require(!catalogue->meaning(reply, canonical, nullptr, found).causes.empty());
  }
  const auto codes = bounce::CodeCatalogue::parse(text);
  if (!codes) fuzz::require(is_printable(codes.error().message));
  return 0;
}
