// Rows as lines: the columns of --tags and --diff are added, --only lets through, everything is counted.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "fcrdns/fleet/columns.hpp"
#include "fcrdns/fleet/tally.hpp"
#include "fcrdns/scan/scan.hpp"

namespace fcrdns::scan {

class RowLines {
 public:
  /// The Fault says which table cannot be read.
  [[nodiscard]] static base::Expected<std::unique_ptr<RowLines>> open(const Options& options);

  /// The line that comes first; empty for most formats.
  [[nodiscard]] std::string header() const { return sweep::header_line(format_, columns_.names()); }
  /// Appends its line to `out`, unless --only leaves it out.
  void add(std::string& out, const sweep::Row& row);
  /// Counts a line that an earlier run has written; what is no row is left alone.
  void count(std::string_view line);

  [[nodiscard]] const fleet::Tally& tally() const { return tally_; }
  /// With --diff only.
  [[nodiscard]] std::optional<fleet::Changes> changes() const { return columns_.changes(); }

 private:
  RowLines(const Options& options, fleet::Columns columns) : format_(options.rows_format), only_(options.only), columns_(std::move(columns)) {}

  const sweep::Format format_;
  const std::optional<sweep::Only> only_;
  fleet::Columns columns_;
  fleet::Tally tally_;
};

}  // namespace fcrdns::scan
