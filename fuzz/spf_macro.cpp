// A macro string from anybody: what it expands to stays within its bounds, and a name within those of the DNS.
#include "fcrdns/spf/macro.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto value = [](char letter) { return letter == 'l' ? std::string(300, '.') : letter == 's' ? "a-b+c@d.example" : std::string(40, letter); };
  for (const auto place : {spf::MacroPlace::domain, spf::MacroPlace::explanation, spf::MacroPlace::modifier}) {
    const auto macro = spf::parse_macro(text, place);
    if (!macro) {
      fuzz::require(!macro.error().message.empty());
      continue;
    }
    fuzz::require(spf::expand_text(*macro, value, 1024).size() <= 1024);
    const auto domain = spf::expand_domain(*macro, value);
    const auto name = spf::name_of(domain);
    fuzz::require(!name || (domain.size() <= 253 && name->wire().size() <= 255));
    auto whole = spf::expand_text(*macro, value, 1U << 22);
    if (whole.ends_with('.')) whole.pop_back();
    fuzz::require(whole.ends_with(domain));
  }
  return 0;
}
