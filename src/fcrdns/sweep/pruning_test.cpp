// Pruning against a model of the reverse tree: which addresses have names, where the zones are cut, what their servers
// say wrongly. Whatever they say: each address has one row, and it is the true one.
#include "fcrdns/sweep/pruning.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "fcrdns/base/text.hpp"
#include "fcrdns/dns/reverse.hpp"
#include "fcrdns/net/reverse_zone.hpp"
#include "fcrdns/sweep/ranges.hpp"

namespace fcrdns::sweep {
namespace {

net::Prefix prefix(std::string_view text) { return net::Prefix::parse(text).value(); }
std::vector<net::Prefix> prefixes(std::string_view text) {
  std::vector<net::Prefix> out;
  for (const auto word : base::split(text, ' '))
    if (!word.empty()) out.push_back(prefix(word));
  return out;
}
bool is_within(const net::Prefix& inner, const net::Prefix& outer) { return inner.length >= outer.length && outer.contains(inner.base); }

/// What the servers of a zone do beside telling the truth.
enum class Habit {
  none,
  denies_empty,       // NXDOMAIN for names that have only others below them
  denies_empty_half,  // every second time: one of two servers does
  denies_apex,
  fails_for_blocks,   // SERVFAIL unless a whole address is asked about
  fails,
  no_soa,
};
constexpr std::pair<std::string_view, Habit> habits[] = {
    {"none", Habit::none}, {"denies_empty", Habit::denies_empty}, {"denies_empty_half", Habit::denies_empty_half},
    {"denies_apex", Habit::denies_apex}, {"fails_for_blocks", Habit::fails_for_blocks}, {"fails", Habit::fails}, {"no_soa", Habit::no_soa}};

class Tree {
 public:
  /// "10.0.0.0/8 none, 10.5.0.0/16 denies_empty"; "10.1.2.0/24 1, 10.5.0.0/16 100": every 100th address of it has a PTR.
  Tree(std::string_view zones, std::string_view names) {
    for (const auto entry : base::split(zones, ',')) {
      const auto words = base::split(base::trim(entry), ' ');
      zones_[prefix(words[0])] = std::ranges::find(habits, words[1], &std::pair<std::string_view, Habit>::first)->second;
    }
    for (const auto entry : base::split(names, ',')) {
      if (base::trim(entry).empty()) continue;
      const auto words = base::split(base::trim(entry), ' ');
      const auto of = prefix(words[0]);
      const auto size = std::uint64_t{1} << (full_length(of.base.family()) - of.length);
      for (std::uint64_t i = 1 % size; i < size; i += std::stoul(std::string(words[1]))) names_.insert(address_at(of.base, i));
    }
  }

  [[nodiscard]] bool has_name(const net::Address& address) const { return names_.contains(address); }

  [[nodiscard]] dns::Reply answer(const dns::Question& question) {
    const auto at = read(question.name);
    const auto zone = zone_of(at);
    const bool whole = at.length == full_length(at.base.family());
    const bool apex = zone->first == at;
    const auto below = names_.lower_bound(at.base);
    const bool exists = apex || (below != names_.end() && at.contains(*below)) ||
                        std::ranges::any_of(zones_, [&](const auto& other) { return is_within(other.first, at); });
    ++turn_;
    dns::Reply out;
    out.status = whole && exists && has_name(at.base) ? dns::Status::noerror : exists ? dns::Status::nodata : dns::Status::nxdomain;
    switch (zone->second) {
      case Habit::none: case Habit::no_soa: break;
      case Habit::denies_empty: if (!whole && !apex) out.status = dns::Status::nxdomain; break;
      case Habit::denies_empty_half: if (!whole && !apex && turn_ % 2 == 0) out.status = dns::Status::nxdomain; break;
      case Habit::denies_apex: if (apex) out.status = dns::Status::nxdomain; break;
      case Habit::fails_for_blocks: if (!whole) out.status = dns::Status::servfail; break;
      case Habit::fails: out.status = dns::Status::servfail; break;
    }
    if (is_negative(out.status) && zone->second != Habit::no_soa)
      out.soa = dns::Record{dns::Name::parse(net::reverse_zone_name(zone->first)).value(), dns::Type::soa};
    return out;
  }

 private:
  /// As net::parse_reverse_zone, but quick: it is done a million times.
  static net::Prefix read(const dns::Name& name) {
    const auto labels = name.label_count() - 2;
    const bool v4 = name.label(labels) == "in-addr";
    std::array<std::uint8_t, 16> octets{};
    for (std::size_t i = 0; i < labels; ++i) {
      const auto label = name.label(labels - 1 - i);
      const auto value = static_cast<std::uint8_t>(std::stoul(std::string(label), nullptr, v4 ? 10 : 16));
      if (v4) octets[i] = value;
      else octets[i / 2] = static_cast<std::uint8_t>(octets[i / 2] | value << (i % 2 == 0 ? 4 : 0));
    }
    if (v4) return {net::Address::v4({octets[0], octets[1], octets[2], octets[3]}), static_cast<std::uint8_t>(8 * labels)};
    return {net::Address::v6(octets), static_cast<std::uint8_t>(4 * labels)};
  }
  struct Longer {
    bool operator()(const net::Prefix& a, const net::Prefix& b) const { return std::pair(b.length, b.base) < std::pair(a.length, a.base); }
  };
  [[nodiscard]] std::map<net::Prefix, Habit, Longer>::const_iterator zone_of(const net::Prefix& at) const {
    return std::ranges::find_if(zones_, [&](const auto& zone) { return is_within(at, zone.first); });
  }
  std::map<net::Prefix, Habit, Longer> zones_;
  std::set<net::Address> names_;
  unsigned turn_ = 0;
};

class Played final : public resolver::Bulk {
 public:
  Played(Tree& tree, std::size_t window) : tree_(tree), window_(window) {}
  [[nodiscard]] std::size_t room() const override { return window_ - asked_.size(); }
  void ask(dns::Question question, std::uint64_t token, base::SteadyTime) override {
    ASSERT_GT(room(), 0U);
    names.push_back(question.name);
    asked_.emplace_back(std::move(question), token);
  }
  /// Answers come in the other order, and every tenth only the next time.
  void turn(const Deliver& deliver) override {
    auto come = std::exchange(asked_, {});
    for (std::size_t i = come.size(); i-- > 0;) {
      if (++count_ % 10 == 0 && come.size() > 1) {
        asked_.push_back(std::move(come[i]));
        continue;
      }
      auto reply = tree_.answer(come[i].first);
      deliver(come[i].second, reply);
    }
  }
  [[nodiscard]] bool idle() const override { return asked_.empty(); }
  [[nodiscard]] base::SteadyTime now() const override { return {}; }
  [[nodiscard]] std::vector<resolver::ServerHealth> health(std::size_t) const override { return {}; }
  [[nodiscard]] resolver::BulkCounts counts() const override { return {}; }

  std::vector<dns::Name> names;

 private:
  Tree& tree_;
  std::size_t window_;
  std::vector<std::pair<dns::Question, std::uint64_t>> asked_;
  std::size_t count_ = 0;
};

/// What a scan came to.
struct Outcome {
  std::map<net::Address, std::vector<dns::Status>> rows;
  std::vector<dns::Name> asked;
  std::vector<net::Prefix> liars;
  std::uint64_t total = 0;
};

/// As Sweep does it. `most_rows`: it is killed then.
Outcome scan(Tree& tree, const std::vector<net::Prefix>& of, const RangeOptions& options, const Skip* skip = nullptr, std::size_t most_rows = SIZE_MAX,
             std::function<void(const Target&)> had = {}, std::size_t window = 1000) {
  Played bulk(tree, window);
  const auto targets = make_ranges(of, options, &bulk, skip).value();
  Outcome out;
  out.total = targets->total();
  std::map<std::uint64_t, Target> under_way;
  std::uint64_t token = 0;
  std::size_t rows = 0;
  const auto row = [&](const Target& target, dns::Status status) {
    out.rows[target.address].push_back(status);
    ++rows;
    if (had) had(target);
  };
  for (bool ended = false; rows < most_rows && (!ended || !under_way.empty());) {
    Target target;
    for (int i = 0; bulk.room() > 0 && !ended && i < 5000; ++i) {
      const auto next = targets->next(target);
      ended = next == Targets::Next::end;
      if (next != Targets::Next::target) break;
      if (target.cleared) {
        row(target, dns::Status::nxdomain);
        continue;
      }
      under_way[++token] = target;
      bulk.ask({dns::reverse_name(target.address), dns::Type::ptr}, token, {});
    }
    bulk.turn([&](std::uint64_t of_token, dns::Reply& reply) {
      if ((of_token & Targets::own_token) != 0) return targets->answered(of_token, reply);
      targets->answered(under_way.at(of_token), reply);
      row(under_way.at(of_token), reply.status);
      under_way.erase(of_token);
    });
  }
  out.asked = std::move(bulk.names);
  out.liars = targets->lying_zones();
  return out;
}

void expect_true(const Outcome& out, const Tree& tree, std::size_t rows, const std::string& what) {
  std::size_t wrong = 0, times = 0;
  for (const auto& [address, statuses] : out.rows) {
    times += statuses.size();
    if (statuses.front() != dns::Status::servfail && (statuses.front() == dns::Status::noerror) != tree.has_name(address) && wrong++ == 0)
      ADD_FAILURE() << what << ": " << address.text() << " is " << dns::to_word(statuses.front());
  }
  EXPECT_EQ(times, rows) << what;
  EXPECT_EQ(wrong, 0U) << what;
}

struct Case {
  const char* what;
  const char* prefixes;
  std::string zones, names;
  std::size_t rows, most_questions;
  const char* liars = "";
};

TEST(Pruning, WhateverZonesSayTheRowsAreTrue) {
  const std::string internet4 = "0.0.0.0/0 none, ", internet6 = "::/0 none, ";
  const Case rows[] = {
      {"empty, cleared by one name", "10.0.0.0/16", internet4 + "10.0.0.0/8 none", "", 65'536, 1 + 32},
      {"one used /24: no proof that the zone is honest", "10.0.0.0/16", internet4 + "10.0.0.0/8 none", "10.0.7.0/24 1", 65'536,
       1 + 256 + 2 + 256 + 8 * (255 + 3)},
      {"three used /24s: proofs", "10.0.0.0/16", internet4 + "10.0.0.0/8 none", "10.0.7.0/24 1, 10.0.8.0/24 1, 10.0.99.0/24 255", 65'536,
       1 + 256 + 4 + 3 * 256 + 8 * 253},
      {"a zone cut at the /24", "10.5.0.0/18", internet4 + "10.5.0.0/16 none, 10.5.7.0/24 none", "10.5.7.0/24 3", 16'384, 64 + 256 + 8 * (63 + 3)},
      {"a dense liar", "10.5.0.0/18", internet4 + "10.0.0.0/8 none, 10.5.0.0/16 denies_empty", "10.5.0.0/16 50", 16'384, 16'384 + 64 + 64 * 32,
       "10.5.0.0/16"},
      {"a liar with few names", "10.5.0.0/17", internet4 + "10.0.0.0/8 none, 10.5.0.0/16 denies_empty", "10.5.9.0/24 1, 10.5.77.0/24 5", 32'768,
       1 + 128 + 32'768 + 8 * (128 + 3), "10.5.0.0/16"},
      {"a liar that delegates", "10.5.0.0/18 10.6.0.0/19", internet4 + "10.0.0.0/8 denies_empty, 10.5.3.0/24 none, 10.6.7.0/24 none",
       "10.5.3.0/24 3, 10.6.7.0/24 100, 10.5.1.0/24 1", 16'384 + 8192, 16'384 + 8192 + 3000, "10.0.0.0/8"},
      {"a zone below a name that is denied", "10.5.0.0/19", internet4 + "10.0.0.0/8 denies_empty, 10.5.7.0/24 none, 10.5.1.0/24 none, 10.5.28.0/24 none",
       "10.5.7.0/24 1, 10.5.1.0/24 1, 10.5.0.1/32 1", 8192, 8192 + 900, "10.0.0.0/8"},
      {"an apex denied", "10.5.0.0/18", internet4 + "10.5.0.0/16 denies_apex, 10.5.9.0/24 denies_apex", "10.5.7.0/24 1, 10.5.9.0/24 1", 16'384,
       64 + 1 + 512 + 8 * 65, "10.5.9.0/24"},
      {"one of two servers lies", "10.5.0.0/18", internet4 + "10.5.0.0/16 denies_empty_half", "10.5.0.0/19 1, 10.5.63.0/24 1", 16'384, 16'384 + 64 + 8 * 67,
       "10.5.0.0/16"},
      {"trouble is not empty", "10.5.0.0/18", internet4 + "10.5.0.0/16 fails_for_blocks", "10.5.7.0/24 9", 16'384, 64 + 16'384},
      {"a zone in trouble", "10.5.0.0/18", internet4 + "10.5.0.0/16 fails", "10.5.7.0/24 9", 16'384, 64 + 16'384},
      {"no SOA, no proof", "10.5.0.0/18", internet4 + "10.0.0.0/8 no_soa", "10.5.7.0/24 1", 16'384, 64 + 16'384},
      {"a /24 alone", "10.5.7.0/24", internet4 + "10.5.0.0/16 none", "10.5.8.0/24 1", 256, 1 + 32},
      {"smaller than a /24", "10.5.7.0/25 10.5.7.128/26", internet4 + "10.5.0.0/16 none", "10.5.7.3/32 1", 192, 192},
      {"not cut at a label", "10.4.0.0/21 10.4.128.0/22", internet4 + "10.0.0.0/8 none", "10.4.7.0/24 1, 10.4.130.0/24 1", 3072, 12 + 2 + 512 + 8 * (10 + 3)},
      {"named twice", "10.4.7.0/24 10.4.8.0/24 10.4.8.0/24", internet4 + "10.0.0.0/8 none", "10.4.7.0/24 1", 768, 3 + 1 + 256 + 2 * 32},
      {"IPv6, nibble by nibble", "2001:db8:0:1::/112", internet6 + "2001:db8::/32 none", "2001:db8:0:1::1200/120 1", 65'536,
       1 + 16 + 16 + 3 + 256 + 8 * (15 + 15 + 3)},
      {"IPv6, a deep liar", "2001:db8::/114", internet6 + "2001:db8::/32 none, 2001:db8::/108 denies_empty", "2001:db8::/112 60", 16'384,
       16'384 + 4 + 64 + 8 * 70, "2001:db8::/108"},
      {"IPv6, the first address only", "2001:db8::/114", internet6 + "2001:db8::/32 denies_empty", "2001:db8::1/128 1", 16'384, 16'384 + 4 + 100,
       "2001:db8::/32"},
      {"IPv6, a zone inside", "2001:db8::/112", internet6 + "2001:db8::/32 none, 2001:db8::4400/120 none", "2001:db8::4400/120 7", 65'536,
       1 + 16 + 16 + 3 + 256 + 8 * (15 + 15 + 3)},
      {"IPv4 in IPv6", "::ffff:10.5.0.0/120", internet4 + "10.5.0.0/16 none", "10.5.0.0/24 1", 256, 256 + 2},
  };
  for (const auto& row : rows)
    for (const std::uint64_t key : {1, 2}) {
      if (key > 1 && row.rows > 4096) continue;  // those take long
      Tree tree(row.zones, row.names);
      const auto out = scan(tree, prefixes(row.prefixes), {.key = key, .ask_special = true});
      expect_true(out, tree, row.rows, row.what);
      EXPECT_EQ(out.total, row.rows) << row.what;
      EXPECT_LE(out.asked.size(), row.most_questions) << row.what;
      EXPECT_EQ(out.liars, prefixes(row.liars)) << row.what;
    }
}

TEST(Pruning, SavesMostOfTheQuestions) {
  // 250 used /24s of 4,096, as 4,000 of 10/8: fifteen times fewer.
  std::string names;
  for (int i = 0; i < 250; ++i) names += (i > 0 ? ", 10." : "10.") + std::to_string(i * 37 % 16) + "." + std::to_string(i * 101 % 256) + ".0/24 40";
  Tree tree("0.0.0.0/0 none, 10.0.0.0/8 none", names);
  const auto out = scan(tree, prefixes("10.0.0.0/12"), {.key = 5, .ask_special = true});
  expect_true(out, tree, 1U << 20, "10/12");
  EXPECT_GT(out.rows.size() / out.asked.size(), 14U) << out.asked.size();
}

TEST(Pruning, ShardsTogetherAreTheWhole) {
  Outcome whole;
  Tree tree("0.0.0.0/0 none, 10.0.0.0/8 none, 10.5.0.0/16 denies_empty", "10.4.7.0/24 3, 10.5.0.0/16 100");
  for (std::uint64_t i = 0; i < 3; ++i) {
    auto part = scan(tree, prefixes("10.5.0.0/18 203.0.113.0/27 10.4.0.0/19"), {.shard = {i, 3}, .ask_special = true});
    EXPECT_EQ(part.total, part.rows.size());
    for (auto& [address, statuses] : part.rows) std::ranges::copy(statuses, std::back_inserter(whole.rows[address]));
  }
  expect_true(whole, tree, 16'384 + 8192 + 32, "shards");
}

TEST(Pruning, RoomForOneQuestionIsEnough) {
  Tree tree("0.0.0.0/0 none, 10.0.0.0/8 none, 10.5.0.0/16 denies_empty", "10.4.7.0/24 3, 10.5.0.0/16 20");
  for (const std::size_t window : {1U, 2U, 3U}) {
    const auto out = scan(tree, prefixes("10.4.4.0/22 10.5.0.0/22"), {.ask_special = true}, nullptr, SIZE_MAX, {}, window);
    expect_true(out, tree, 2048, "window " + std::to_string(window));
  }
}

TEST(Pruning, NobodyIsAskedAboutWhoOptedOut) {
  Tree tree("0.0.0.0/0 none, 10.0.0.0/8 none, 10.5.0.0/16 denies_empty", "10.4.7.0/24 3, 10.5.0.0/16 30");
  const auto gone = prefixes("10.4.7.0/25 10.4.7.128/25 10.5.32.0/20 10.5.0.7/32");
  const auto out = scan(tree, prefixes("10.4.0.0/19 10.5.0.0/18"), {.ask_special = true, .opt_out = gone});
  expect_true(out, tree, 24'576 - 256 - 4096 - 1, "opt-out");
  for (const auto& name : out.asked) {
    const auto asked = net::parse_reverse_zone(name.text()).value();
    for (const auto& block : gone) ASSERT_FALSE(is_within(asked, block)) << name.text();
    ASSERT_FALSE(asked == prefix("10.4.7.0/24"));
  }
  for (const auto& [address, statuses] : out.rows)
    for (const auto& block : gone) ASSERT_FALSE(block.contains(address));
}

TEST(Pruning, WhatHasNoPublicNamesIsNotAskedFor) {
  Tree tree("0.0.0.0/0 none, 198.18.0.0/15 none", "");
  const auto out = scan(tree, prefixes("10.5.0.0/20 127.0.0.0/24"), {});
  EXPECT_EQ(out.rows.size(), 4096U + 256);  // the sweep asks nothing about these; here every one was
  for (const auto& name : out.asked) ASSERT_EQ(name.label_count(), 6U) << name.text();
}

class Had final : public Skip {
 public:
  std::set<std::pair<std::uint64_t, unsigned>> targets;
  std::map<std::uint64_t, unsigned> of_unit;
  void add(const Target& target) {
    targets.emplace(target.place.unit, target.place.index);
    ++of_unit[target.place.unit];
  }
  [[nodiscard]] bool unit(std::uint64_t number) const override { return of_unit.contains(number) && of_unit.at(number) == unit_size; }
  [[nodiscard]] bool target(const Place& place) const override { return targets.contains({place.unit, place.index}); }
};

TEST(Pruning, KilledAndResumedItIsTheWhole) {
  Tree tree("0.0.0.0/0 none, 10.0.0.0/8 none, 10.5.0.0/16 denies_empty", "10.4.7.0/24 3, 10.5.0.0/16 100");
  for (const std::size_t most_rows : {100U, 3000U, 9000U, 20'000U}) {
    Had had;
    RangeOptions options{.key = 4, .ask_special = true};
    Outcome whole;
    std::size_t runs = 0;
    for (bool more = true; more; ++runs) {
      auto part = scan(tree, prefixes("10.4.0.0/19 10.5.0.0/18"), options, &had, runs == 0 ? most_rows : SIZE_MAX, [&](const Target& target) { had.add(target); });
      more = runs == 0;
      options.liars = part.liars;
      for (auto& [address, statuses] : part.rows) std::ranges::copy(statuses, std::back_inserter(whole.rows[address]));
    }
    expect_true(whole, tree, 24'576, "killed after " + std::to_string(most_rows));
  }
}

}  // namespace
}  // namespace fcrdns::sweep
