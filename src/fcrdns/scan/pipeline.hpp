// What a scan is between its input and its output: whoever is asked, the walk of each address, rows as lines. A process has
// one, for one scan or for many leases.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fcrdns/scan/row_lines.hpp"
#include "fcrdns/scan/scan.hpp"
#include "fcrdns/sweep/sweep.hpp"

namespace fcrdns::scan {

class Pipeline {
 public:
  /// The Fault says what could not be had: sockets, root hints, a table.
  [[nodiscard]] static base::Expected<std::unique_ptr<Pipeline>> open(const Options& options);

  struct Watch {
    std::function<void(const sweep::Place&)> done;  ///< the row of this place has been appended (or left out by --only); may be empty
    std::function<bool()> turned;                   ///< after each turn; false: take no more, end soon
  };
  /// Appends a line for each target to `rows`. False: ended before all was done.
  bool run(sweep::Targets& targets, std::string& rows, const Watch& watch);

  [[nodiscard]] resolver::Bulk& bulk() { return *bulk_; }
  [[nodiscard]] RowLines& lines() { return *lines_; }
  [[nodiscard]] sweep::RangeOptions range_options(std::uint64_t key) const;
  [[nodiscard]] const std::vector<net::Prefix>& opt_out() const { return opt_out_; }

 private:
  explicit Pipeline(const Options& options) : options_(options) {}
  base::Expected<std::unique_ptr<resolver::Bulk>> make_bulk() const;

  const Options options_;
  std::vector<net::Prefix> opt_out_;
  std::unique_ptr<RowLines> lines_;
  std::unique_ptr<resolver::Bulk> bulk_;
};

}  // namespace fcrdns::scan
