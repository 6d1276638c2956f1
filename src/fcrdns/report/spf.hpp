// What SPF said, as every rendering tells it: a row for each identity, addresses that it says the same of together.
#pragma once

#include <string>
#include <vector>

#include "fcrdns/report/json_parts.hpp"
#include "fcrdns/report/report.hpp"
#include "fcrdns/report/table.hpp"

namespace fcrdns::report {

/// Headings, and a row for each identity and result; empty when there is nothing to tell. With `all` a HELO name without
/// a record is told too.
[[nodiscard]] std::vector<Row> spf_rows(const Result& result, bool all = false);
/// "no record", "-all", "ip4:203.0.113.0/24, through include:_spf.example.net", "more than 10 terms need a look-up"
[[nodiscard]] std::string decided_by(const spf::Outcome& outcome);

/// With -v the terms of each record too, in the order they were tried, and what each cost.
[[nodiscard]] std::string spf_text(const Result& result, const Style& style);
[[nodiscard]] std::string spf_markdown(const Result& result);
[[nodiscard]] std::string spf_html(const Result& result);
[[nodiscard]] Json spf_json(const evidence::AddressEvidence& address);

}  // namespace fcrdns::report
