// Recorded evidence: fcrdns/evidence/1, a JSON document that --record writes and --replay reads. It holds everything a
// report is made of, so that it serves as proof, as bug report and as test.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/evidence/evidence.hpp"

namespace fcrdns::evidence {

/// A line of a list that was no subject.
struct BadLine {
  std::string text;   ///< as given: untrusted
  std::string error;
  friend bool operator==(const BadLine&, const BadLine&) = default;
};
using Entry = std::variant<Evidence, BadLine>;

[[nodiscard]] std::string write_entries(const std::vector<Entry>& entries);
/// The file may come from anybody: wrong types, unknown words and impossible names are Faults that name the place.
[[nodiscard]] base::Expected<std::vector<Entry>> read_entries(std::string_view json);

}  // namespace fcrdns::evidence
