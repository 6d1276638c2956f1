// What there is to tell, block by block in the order it is told; each rendering sets the blocks in its own way.
#pragma once

#include <string>
#include <vector>

#include "fcrdns/explanation/render.hpp"
#include "fcrdns/report/table.hpp"

namespace fcrdns::explanation {

struct Block {
  enum class Kind { headline, paragraph, table, chart, check };
  Kind kind = Kind::paragraph;
  std::string text;                          ///< printable ASCII; of a chart: whole lines
  std::vector<report::Row> rows = {};        ///< of a table, the heading first
  const report::Result* result = nullptr;    ///< of a check
};

[[nodiscard]] std::vector<Block> blocks(const Explanation& explanation, const Look& look);

/// The refusals over time, at most 24 bars: '#' for reverse DNS, '.' for other reasons. Empty when times are not told or
/// all fall into one hour.
[[nodiscard]] std::string chart(const Summary& summary);

}  // namespace fcrdns::explanation
