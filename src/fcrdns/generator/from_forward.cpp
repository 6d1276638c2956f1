// From names that have addresses to PTRs. One name an address unless all are asked for: a preferred one, then a host before a
// name that is a zone's own or has other names of the address below it, then the first of the data.
#include "fcrdns/generator/from_forward.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <tuple>
#include <utility>

#include "fcrdns/generator/forward_existing.hpp"
#include "fcrdns/generator/forward_rows.hpp"
#include "fcrdns/net/reverse_zone.hpp"

namespace fcrdns::generator {
namespace {

struct SourceRow {
  std::string_view word;
  Source source;
  std::string_view what;
  base::Expected<void> (*read)(std::istream& in, ForwardRows& out);
};
constexpr SourceRow sources[] = {
    {"zonefile", Source::zonefile, "a master file", read_zonefile},
    {"csv", Source::csv, "CSV with names and addresses", read_csv},
    {"hosts", Source::hosts, "a hosts file", read_hosts},
};

struct Candidate {
  const ForwardRow* row;
  dns::Name name;
  std::size_t preference;
  bool behind;  // an apex, or above another candidate
};

class Deriver {
 public:
  Deriver(const FromForward& options, ForwardRows& forward, Writer& out) : options_(options), forward_(forward), out_(out) {
    for (const auto& block : options.only)
      if (std::ranges::none_of(options.only, [&](const auto& other) { return other.length < block.length && other.contains(block.base); }))
        blocks_.push_back(block);
  }

  void write(const std::vector<Existing>& existing) {
    auto& rows = forward_.rows;
    std::ranges::sort(rows, [](const auto& a, const auto& b) { return std::tie(a.address, a.line, a.name) < std::tie(b.address, b.line, b.name); });
    std::span<const ForwardRow> left(rows);
    std::span<const Existing> kept(existing);
    while ((!left.empty() || !kept.empty()) && !out_.stopped()) {
      const auto address = kept.empty() || (!left.empty() && left[0].address < kept[0].address) ? left[0].address : kept[0].address;
      const auto other = [&](const auto& one) { return one.address != address; };
      const auto group = left.first(static_cast<std::size_t>(std::ranges::find_if(left, other) - left.begin()));
      const auto there = kept.first(static_cast<std::size_t>(std::ranges::find_if(kept, other) - kept.begin()));
      left = left.subspan(group.size());
      kept = kept.subspan(there.size());
      if (std::ranges::none_of(blocks_, [&](const auto& block) { return block.contains(address); }) && !blocks_.empty()) continue;
      one_address(address, group, there);
    }
    if (in_zone_) out_.end_zone();
  }

 private:
  void one_address(const net::Address& address, std::span<const ForwardRow> group, std::span<const Existing> there) {
    choose(group);
    const auto ours = [&](const Existing& one) {
      const auto& name = std::get<dns::Name>(one.record.data);
      return one.record.type == dns::Type::ptr && std::ranges::any_of(chosen_, [&](const auto& c) { return c.name == name; });
    };
    // Whether its name has this address in the data, be it as one that gets no PTR.
    const auto here = [&](const Existing& one) {
      return std::ranges::any_of(group, [&](const auto& row) { return forward_.name(row) == std::get<dns::Name>(one.record.data); });
    };
    const auto foreign = [&](const Existing& one) {
      if (one.record.type != dns::Type::ptr) return true;
      return !ours(one) && (!chosen_.empty() || !one.known || here(one));
    };
    if (std::ranges::any_of(there, foreign)) {
      for (const auto& one : chosen_) forward_.skip(*one.row, Skipped::Why::foreign_kept);
      ++forward_.derived.addresses;
      for (const auto& one : there) record(address, one.record);
      return;
    }
    if (chosen_.empty()) {
      forward_.derived.outdated += there.size();
      return;
    }
    ++forward_.derived.addresses;
    const auto owner = *dns::Name::parse(net::reverse_name(address));
    const auto ttl = chosen_.front().row->ttl;  // one for all of a set, RFC 2181 5.2
    for (auto& one : chosen_) record(address, {owner, dns::Type::ptr, dns::Class::in, ttl, std::move(one.name)});
  }

  /// The names that get a PTR, the best first.
  void choose(std::span<const ForwardRow> group) {
    chosen_.clear();
    std::unordered_set<dns::Name> names;
    for (const auto& row : group) {
      if (!row.candidate) continue;
      auto name = forward_.name(row);
      if (group.size() > 1 && !names.insert(name).second) continue;
      const auto preferred = std::ranges::find_if(options_.prefer, [&](const auto& domain) { return name.is_within(domain); });
      chosen_.push_back({&row, std::move(name), static_cast<std::size_t>(preferred - options_.prefer.begin()), false});
    }
    if (chosen_.size() < 2) return;
    for (auto& one : chosen_) one.behind = forward_.is_apex(one.name);
    std::unordered_set<dns::Name> above;
    for (const auto& one : chosen_)
      for (auto name = one.name.parent(); !name.is_root() && above.insert(name).second; name = name.parent()) {}
    for (auto& one : chosen_) one.behind = one.behind || above.contains(one.name);
    std::ranges::stable_sort(chosen_, {}, [](const auto& one) { return std::tuple(one.preference, one.behind); });
    if (options_.every_name) return;
    for (std::size_t i = 1; i < chosen_.size(); ++i) forward_.skip(*chosen_[i].row, Skipped::Why::other_name_won);
    chosen_.resize(1);
  }

  void record(const net::Address& address, const dns::Record& record) {
    if (!in_zone_ || !zone_.contains(address)) {
      if (std::exchange(in_zone_, true)) out_.end_zone();
      zone_ = zone_of(address);
      out_.begin_zone({.apex = *dns::Name::parse(net::reverse_zone_name(zone_)),
                       .ttl = options_.ttl,
                       .nameservers = options_.nameservers,
                       .soa = options_.soa});
      ++forward_.derived.zones;
    }
    out_.record(record);
    ++forward_.derived.records;
  }

  net::Prefix zone_of(const net::Address& address) const {
    const auto block = std::ranges::find_if(blocks_, [&](const auto& one) { return one.contains(address); });
    if (block == blocks_.end()) return net::zone_of(address, address.is_v4() ? 24 : 64);
    const int step = address.is_v4() ? 8 : 4, longest = address.is_v4() ? 24 : 124;
    return net::zone_of(address, static_cast<std::uint8_t>(std::min((block->length + step - 1) / step * step, longest)));
  }

  const FromForward& options_;
  ForwardRows& forward_;
  Writer& out_;
  std::vector<net::Prefix> blocks_;  // none inside another
  std::vector<Candidate> chosen_;
  net::Prefix zone_;
  bool in_zone_ = false;
};

}  // namespace

std::optional<Source> parse_source(std::string_view word) {
  const auto row = std::ranges::find(sources, word, &SourceRow::word);
  return row == std::end(sources) ? std::nullopt : std::optional(row->source);
}

std::string_view to_text(Skipped::Why why) {
  switch (why) {
    case Skipped::Why::unreadable: return "cannot be read";
    case Skipped::Why::opted_out: return "asks for no PTR";
    case Skipped::Why::other_name_won: return "another name of this address was preferred";
    case Skipped::Why::foreign_kept: return "the reverse zone has another record there, which is kept";
    case Skipped::Why::no_public_ptr: return "an address that can have no PTR";
    case Skipped::Why::not_in_block: return "not in the blocks asked for";
    case Skipped::Why::wildcard: return "a wildcard";
    case Skipped::Why::not_a_host_name: return "not a name that a host can have";
  }
  return "";
}

base::Expected<Derived> derive(std::istream& in, const FromForward& options, Writer& out) {
  ForwardRows forward(options);
  if (options.origin) forward.add_apex(*options.origin);
  const auto& source = *std::ranges::find(sources, options.source, &SourceRow::source);
  if (auto read = source.read(in, forward); !read) return std::unexpected(read.error());
  if (forward.readable() == 0 && !forward.first_unreadable.empty())
    return base::fault(fmt::format("this is not {}: {}", source.what, forward.first_unreadable));
  const auto existing = read_existing(options, forward);
  if (!existing) return std::unexpected(existing.error());
  Deriver(options, forward, out).write(*existing);
  return std::move(forward.derived);
}

}  // namespace fcrdns::generator
