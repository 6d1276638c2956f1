// What is looked up for each row: whose the address is (--tags), what it was before (--diff). Tables of any length on
// disk, sorted, with little of them in memory.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/time.hpp"
#include "fcrdns/fleet/summary.hpp"
#include "fcrdns/fleet/tally.hpp"
#include "fcrdns/sweep/row.hpp"

namespace fcrdns::fleet {

/// Memory for sorting while a table is made; what does not fit goes to $TMPDIR.
inline constexpr std::size_t sort_memory = 8 << 20;

/// CSV (RFC 4180; packed or not) whose first column is an address or a prefix; the others are carried through. A first line
/// without an address names them, else they are "tag", "tag2" and so on.
class Tags {
 public:
  [[nodiscard]] static base::Expected<std::unique_ptr<Tags>> open(const std::string& path, std::size_t memory = sort_memory);
  virtual ~Tags() = default;
  [[nodiscard]] virtual const std::vector<std::string>& names() const = 0;
  /// The values for this address (of the longest prefix), one for each name; all empty when none fits. Valid until the next call.
  [[nodiscard]] virtual const std::vector<std::string_view>& find(const net::Address& address) = 0;
};

/// Rows of an earlier scan, in any format and order, packed or not. Of several rows of an address the last counts.
class Earlier {
 public:
  [[nodiscard]] static base::Expected<std::unique_ptr<Earlier>> open(const std::string& path, std::size_t memory = sort_memory);
  virtual ~Earlier() = default;
  [[nodiscard]] virtual std::optional<Class> find(const net::Address& address) = 0;
  [[nodiscard]] virtual const Counts& all() const = 0;
};

/// Both, as the rows of a scan need them: further columns, and what has changed.
class Columns {
 public:
  /// An empty path: without that. The Fault names file and line.
  [[nodiscard]] static base::Expected<Columns> open(const std::string& tags, const std::string& diff, base::WallTime now);

  /// The keys of Row::more: those of the tags, then "was" with an earlier scan.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  /// Sets row.more, valid until the next call, and counts what has changed: once for each row of the scan.
  void fill(sweep::Row& row);
  /// Counts only: a row that an interrupted run has written.
  void count(const net::Address& address, Class now);
  /// Nothing without an earlier scan.
  [[nodiscard]] std::optional<Changes> changes() const;

 private:
  void compare(const net::Address& address, std::optional<Class> was, Class now);

  std::unique_ptr<Tags> tags_;
  std::unique_ptr<Earlier> earlier_;
  std::string before_name_;
  std::vector<std::string> names_;
  std::vector<std::string_view> more_;
  std::uint64_t mended_ = 0, broken_ = 0, found_ = 0, added_ = 0;
  std::map<net::Address, std::string> newly_broken_;  ///< the lowest few
};

}  // namespace fcrdns::fleet
