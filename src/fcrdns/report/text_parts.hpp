// The paragraphs of the text rendering, one file each; text.cpp puts them in order.
#pragma once

#include <string>
#include <string_view>

#include "fcrdns/report/report.hpp"

namespace fcrdns::report {

struct Colours {
  std::string_view good, bad, open, bold, off;
};
/// Escape sequences for a terminal, or nothing.
[[nodiscard]] const Colours& colours_of(const Style& style);
[[nodiscard]] std::string_view colour(const Colours& colours, verdict::Iprev iprev);
/// "pass", "FAIL", "open"
[[nodiscard]] std::string_view verdict_word(verdict::Iprev iprev);

/// Every address with its names, alike ones of a prefix in one row.
[[nodiscard]] std::string address_table(const Result& result, const Style& style);
/// What was found about the name of --expect.
[[nodiscard]] std::string expectation_text(const Result& result);
/// The ladders of what does not confirm (with -v: of everything, each zone with its servers), and who owns the zones.
[[nodiscard]] std::string zones_text(const Result& result, const Style& style);
/// What is wrong, in a paragraph each.
[[nodiscard]] std::string findings_text(const Result& result, const Style& style);
/// What to do, in order.
[[nodiscard]] std::string steps_text(const Result& result, const Style& style);
/// When it is safe to send again.
[[nodiscard]] std::string safe_text(const Result& result, const Style& style);
/// Every question asked.
[[nodiscard]] std::string trace_text(const Result& result);

}  // namespace fcrdns::report
