// The two address catalogues: IANA's special-purpose registries (RFC 6890) and the proxies' published ranges.
#include "fcrdns/net/special_purpose.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "fcrdns/base/data_files.hpp"
#include "fcrdns/base/text.hpp"

namespace fcrdns::net {
namespace {

using Row = std::vector<std::string_view>;  // the cells of one line, in the order that was asked for

/// The named columns of every data line; the first line that is not a comment is the header.
base::Expected<std::vector<Row>> read_columns(std::string_view tsv, const std::vector<std::string_view>& wanted) {
  std::vector<Row> rows;
  std::vector<std::size_t> places;
  std::size_t number = 0;
  for (auto line : base::split(tsv, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (base::trim(line).empty() || line[0] == '#') continue;
    const auto cells = base::split(line, '\t');
    if (places.empty()) {
      for (const auto column : wanted) {
        const auto at = std::ranges::find(cells, column);
        if (at == cells.end()) return base::fault(fmt::format("line {}: there is no column \"{}\"", number, column));
        places.push_back(static_cast<std::size_t>(at - cells.begin()));
      }
      continue;
    }
    Row row;
    for (const auto place : places) {
      if (place >= cells.size()) return base::fault(fmt::format("line {}: only {} columns", number, cells.size()));
      row.push_back(base::trim(cells[place]));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

/// The words of the column check_behaviour, by how they begin.
struct Behaviour {
  std::string_view begins;
  Treatment treatment;
};
constexpr Behaviour behaviours[] = {
    {"no public PTR possible", Treatment::not_asked},
    {"not a host address", Treatment::not_asked},
    {"not routable", Treatment::not_asked},
    {"treat as special", Treatment::noted},
    {"asked like any other address", Treatment::documentation},
};

/// What load_tables() found; empty: what is compiled in.
template <typename Table>
std::optional<Table>& replacement() {
  static std::optional<Table> table;
  return table;
}

template <typename Table>
base::Expected<void> load(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return {};
  std::ifstream in(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in) return base::fault(base::escape(path.string(), 200) + ": cannot be read");
  auto table = Table::parse(text);
  if (!table) return base::fault(base::escape(path.string(), 200) + ": " + table.error().message);
  replacement<Table>() = *std::move(table);
  return {};
}

template <typename Table>
Table read_built_in(const char* file) {
  if (auto& table = replacement<Table>()) return *std::move(table);
  const auto text = base::data_file(file);
  if (!text) throw std::logic_error(fmt::format("data/{} is not compiled in", file));
  auto table = Table::parse(*text);
  if (!table) throw std::logic_error(fmt::format("data/{}: {}", file, table.error().message));
  return *std::move(table);
}

const Prefix& prefix_of(const SpecialPurpose& row) { return row.prefix; }
const Prefix& prefix_of(const std::pair<Prefix, std::string>& row) { return row.first; }

/// The row with the longest prefix that holds the address; nullptr when none does.
template <typename Rows>
auto longest_match(const Rows& rows, const Address& address) {
  const typename Rows::value_type* best = nullptr;
  for (const auto& row : rows)
    if (prefix_of(row).contains(address) && (!best || prefix_of(row).length > prefix_of(*best).length)) best = &row;
  return best;
}

/// 2000::/3 of IPv6 (RFC 4291 2.4); of IPv4 whatever no row names.
bool is_global_unicast(const Address& address) { return address.is_v4() || address.octets()[0] >> 5U == 1; }

}  // namespace

base::Expected<SpecialPurposeTable> SpecialPurposeTable::parse(std::string_view tsv) {
  const auto rows = read_columns(tsv, {"prefix", "name", "kind", "rfc", "check_behaviour"});
  if (!rows) return std::unexpected(rows.error());
  SpecialPurposeTable table;
  for (const auto& row : *rows) {
    const auto prefix = Prefix::parse(row[0]);
    if (!prefix) return std::unexpected(prefix.error());
    const auto behaviour = std::ranges::find_if(behaviours, [&](const auto& b) { return row[4].starts_with(b.begins); });
    if (behaviour == std::end(behaviours))
      return base::fault(fmt::format("{}: unknown check_behaviour \"{}\"", row[0], base::escape(row[4], 80)));
    table.rows_.push_back(
        {*prefix, std::string(row[1]), std::string(row[2]), std::string(row[3]), behaviour->treatment});
    const std::size_t first = prefix->base.octets()[0];
    const std::size_t last = first | (prefix->length < 8 ? 0xffU >> prefix->length : 0U);
    std::fill_n(table.has_row_[prefix->base.is_v4() ? 0 : 1].begin() + static_cast<std::ptrdiff_t>(first), last - first + 1, true);
  }
  return table;
}

base::Expected<void> load_tables(const std::filesystem::path& folder) {
  if (auto loaded = load<SpecialPurposeTable>(folder / "special_purpose.tsv"); !loaded) return loaded;
  return load<ProxyRanges>(folder / "cdn_ranges.tsv");
}

const SpecialPurposeTable& SpecialPurposeTable::built_in() {
  static const auto table = read_built_in<SpecialPurposeTable>("special_purpose.tsv");
  return table;
}

std::optional<SpecialPurpose> SpecialPurposeTable::find(const Address& address) const {
  if (const auto* row = longest_match(rows_, address)) return *row;
  if (!is_global_unicast(address))
    return SpecialPurpose{{*Address::parse("::"), 0}, "outside 2000::/3, the only space given out for global unicast",
                          "not-global-unicast", "[RFC4291], Section 2.4", Treatment::not_asked};
  return std::nullopt;
}

bool SpecialPurposeTable::is_not_asked(const Address& address) const {
  if (has_row_[address.is_v4() ? 0 : 1][address.octets()[0]])
    if (const auto* row = longest_match(rows_, address)) return row->treatment == Treatment::not_asked;
  return !is_global_unicast(address);
}

base::Expected<ProxyRanges> ProxyRanges::parse(std::string_view tsv) {
  const auto rows = read_columns(tsv, {"provider", "prefix"});
  if (!rows) return std::unexpected(rows.error());
  ProxyRanges ranges;
  for (const auto& row : *rows) {
    const auto prefix = Prefix::parse(row[1]);
    if (!prefix) return std::unexpected(prefix.error());
    ranges.rows_.emplace_back(*prefix, std::string(row[0]));
  }
  return ranges;
}

const ProxyRanges& ProxyRanges::built_in() {
  static const auto ranges = read_built_in<ProxyRanges>("cdn_ranges.tsv");
  return ranges;
}

std::optional<std::string> ProxyRanges::find(const Address& address) const {
  const auto* row = longest_match(rows_, address);
  return row ? std::optional(row->second) : std::nullopt;
}

}  // namespace fcrdns::net
