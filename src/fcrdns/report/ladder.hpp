// The delegation ladder: from the root down to the record and back, and where it breaks. One value, drawn as a line of
// text or as a picture.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "fcrdns/report/report.hpp"

namespace fcrdns::report {

/// All text is printable ASCII.
struct Rung {
  std::string label;    ///< "113.0.203.in-addr.arpa", "no PTR"
  std::string note;     ///< who answers there: "ns1.host.example +1", "registry"; may be empty
  bool broken = false;  ///< here it ends, and should not
  friend bool operator==(const Rung&, const Rung&) = default;
};

/// Of result.evidence.addresses[index], as its zones' own servers see it; empty when they were not asked.
[[nodiscard]] std::vector<Rung> ladder(const Result& result, std::size_t index);

/// ".  >  in-addr.arpa  >  203.in-addr.arpa (registry)  >  x  no PTR", wrapped between rungs.
[[nodiscard]] std::string ladder_text(std::span<const Rung> rungs, std::size_t indent, std::size_t width = 110);

/// "The way from the root to the record of 203.0.113.5"
[[nodiscard]] std::string ladder_title(const net::Address& address);

/// The same as a picture: rungs as boxes, the broken one red, for light and dark surroundings. A whole <svg> element
/// that stands alone or inside a page; `title` is what a screen reader says.
[[nodiscard]] std::string ladder_svg(std::span<const Rung> rungs, std::string_view title);

}  // namespace fcrdns::report
