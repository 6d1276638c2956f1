#include "fcrdns/scan/row_lines.hpp"

#include <utility>

#include "fcrdns/base/time.hpp"

namespace fcrdns::scan {

base::Expected<std::unique_ptr<RowLines>> RowLines::open(const Options& options) {
  auto columns = fleet::Columns::open(options.tags, options.diff, base::wall_now());
  if (!columns) return std::unexpected(columns.error());
  return std::unique_ptr<RowLines>(new RowLines(options, *std::move(columns)));
}

void RowLines::add(std::string& out, const sweep::Row& given) {
  auto row = given;
  columns_.fill(row);
  tally_.add(row);
  if (!only_ || sweep::lets_through(*only_, row)) sweep::write_row(out, row, format_, columns_.names());
}

void RowLines::count(std::string_view line) {
  const auto row = sweep::read_row(line);
  if (!row || !*row) return;
  const auto in = fleet::class_of(**row);
  tally_.add((*row)->address, in, sweep::parse_detail((*row)->detail).value_or(sweep::Detail::none));
  columns_.count((*row)->address, in);
}

}  // namespace fcrdns::scan
