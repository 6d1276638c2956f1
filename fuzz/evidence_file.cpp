// A recorded evidence file from anybody: what is read can be reported on in every rendering, and written and read again.
#include "fcrdns/diagnosis/diagnose.hpp"
#include "fcrdns/evidence/file.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto entries = evidence::read_entries(fuzz::text_of(data, size));
  if (!entries) return 0;
  const auto again = evidence::read_entries(evidence::write_entries(*entries));
  fuzz::require(again && again->size() == entries->size());
  for (const auto& entry : *entries) {
    if (!std::holds_alternative<evidence::Evidence>(entry)) continue;
    const auto result = diagnosis::report_on(std::get<evidence::Evidence>(entry));
    using enum report::Format;
    for (const auto format : {report::Format::text, json, markdown, html, nagios}) {
      const auto renderer = report::make_renderer(format, {.verbose = true, .trace = true});
      (void)renderer->begin();
      const auto text = renderer->result(result);
      fuzz::require(text.find('\0') == std::string::npos && text.find('\x1b') == std::string::npos);
      (void)renderer->end(result.exit_code);
    }
  }
  return 0;
}
