#include "fcrdns/fleet/trouble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/fleet/words.hpp"
#include "fcrdns/net/reverse_zone.hpp"

namespace fcrdns::fleet {
namespace {

using Entry = Prefixes::Entry;
using Cells = Prefixes::Cells;

constexpr std::array<std::string_view, troubles> said{"SERVFAIL",  "REFUSED",      "FORMERR",         "lame delegation",
                                                      "no answer", "DNSSEC bogus", "damaged answers", "CNAME loop"};

/// Zones are tried from the smallest.
constexpr std::uint8_t v4_zones[] = {24, 16, 8}, v6_zones[] = {64, 48, 32};

/// One word, or two when neither is nearly all.
std::string words_of(const Cells& cells) {
  std::array<std::pair<std::uint64_t, std::string_view>, troubles> order;
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < troubles; ++i) {
    order[i] = {cells[i], said[i]};
    all += cells[i];
  }
  std::ranges::stable_sort(order, std::greater{}, [](const auto& each) { return each.first; });
  if (order[0].first * 20 >= all * 19 || order[1].first == 0) return std::string(order[0].second);
  return fmt::format("{}, {}", order[0].second, order[1].second);
}

/// Who said so, when it is known of every server and only a few ever refused anything.
std::string who_refused(const Cells& cells, const resolver::BulkCounts& counts, std::span<const resolver::ServerHealth> servers) {
  const auto refused = cells[static_cast<std::size_t>(Trouble::refused)] + cells[static_cast<std::size_t>(Trouble::servfail)];
  std::uint64_t all = 0;
  for (const auto each : cells) all += each;
  if (refused < all || servers.size() < 2 || counts.servers > servers.size()) return {};
  const auto count = std::ranges::count_if(servers, [](const auto& server) { return server.refusals > 0; });
  if (count == static_cast<std::ptrdiff_t>(servers.size())) return count == 2 ? "both servers " : "every server ";
  if (count == 2) return "both servers ";
  if (count == 1) return std::ranges::find_if(servers, [](const auto& server) { return server.refusals > 0; })->server.address.text() + " ";
  return {};
}

bool holds(const net::Prefix& outer, const net::Prefix& inner) {
  return outer.length <= inner.length && outer.contains(inner.base);
}

/// Rows of any verdict in this prefix, at least.
std::uint64_t rows_in(const std::vector<Entry>& entries, const net::Prefix& prefix) {
  std::uint64_t rows = 0;
  for (const auto& entry : entries)
    if (holds(prefix, entry.prefix)) rows += entry.sum();
  return rows;
}

/// Entries that lie in one zone of this level are joined to it.
std::vector<Entry> zones(const Prefixes& trouble, std::size_t level) {
  const auto around = [&](const net::Prefix& prefix) {
    const auto length = prefix.base.is_v4() ? v4_zones[level] : v6_zones[level];
    return prefix.length > length ? net::zone_of(prefix.base, length) : prefix;
  };
  std::vector<Entry> out;
  for (const auto& entry : trouble.entries()) {
    const auto whole = around(entry.prefix);
    if (out.empty() || around(out.back().prefix) != whole) {
      out.push_back(entry);
      continue;
    }
    out.back().prefix = whole;
    std::ranges::transform(out.back().cells, entry.cells, out.back().cells.begin(), std::plus{});
  }
  return out;
}

std::string zone(const Entry& entry) { return base::without_final_dot(net::reverse_zone_name(entry.prefix)); }

/// The fewest of them that hold nine of ten; empty when that takes more than two, or when it says nothing, as nearly every
/// row is there.
std::vector<Entry> gathered(std::vector<Entry> entries, std::uint64_t all, const Tally& tally) {
  std::ranges::stable_sort(entries, std::greater{}, &Entry::sum);
  std::vector<Entry> most;
  std::uint64_t held = 0, rows = 0;
  for (const auto& entry : entries) {
    if (held * 10 >= all * 9) break;
    if (most.size() == 2 || entry.prefix.length == 0) return {};
    most.push_back(entry);
    held += entry.sum();
    rows += rows_in(tally.prefixes().entries(), entry.prefix);
  }
  if (most.size() == 2 && most[1].sum() * 10 < all) return {};
  return rows * 10 > tally.total() * 9 ? std::vector<Entry>{} : most;
}

}  // namespace

std::string where_undetermined(const Tally& tally, const resolver::BulkCounts& counts, std::span<const resolver::ServerHealth> servers) {
  const auto all = tally.all()[static_cast<std::size_t>(Class::undetermined)];
  if (all == 0) return {};
  std::vector<Entry> most;
  for (std::size_t level = 0; most.empty() && level < std::size(v4_zones); ++level) most = gathered(zones(tally.trouble(), level), all, tally);
  Cells cells{};
  const auto entries = most.empty() ? tally.trouble().entries() : most;
  for (const auto& entry : entries)
    for (std::size_t i = 0; i < cells.size(); ++i) cells[i] += entry.cells[i];
  const auto words = who_refused(cells, counts, servers) + words_of(cells);
  if (most.empty()) return words;
  std::uint64_t held = 0;
  for (const auto& entry : most) held += entry.sum();
  const auto names = most.size() == 1 ? zone(most[0]) : zone(most[0]) + " and " + zone(most[1]);
  return fmt::format("{} in {}: {}", held == all ? "all" : grouped(held), names, words);
}

std::string_view state_of(const resolver::ServerHealth& server) {
  if (server.sent < 20) return "ok";
  if (server.answered == 0) return "silent";
  if (server.refusals * 5 > server.answered) return "refuses";
  if (server.timeouts * 5 > server.sent) return "slow";
  return "ok";
}

}  // namespace fcrdns::fleet
