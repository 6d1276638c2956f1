// Columns as wide as their widest cell: the one table form of the text renderings.
#pragma once

#include <string>
#include <vector>

namespace fcrdns::report {

using Row = std::vector<std::string>;

/// Rows joined with two spaces between columns, each line indented; the last column is not padded. Cells are ASCII.
[[nodiscard]] std::string table(const std::vector<Row>& rows, std::size_t indent);

/// Breaks at spaces so that no line passes `width`, later lines indented; a longer word stands alone.
[[nodiscard]] std::string wrap(std::string_view text, std::size_t indent, std::size_t width = 100);

}  // namespace fcrdns::report
