#include "fcrdns/scan/unique.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <utility>

namespace fcrdns::scan {
namespace {

/// Entries from a vector; the empty address stands for a bad line.
class Given final : public Entries {
 public:
  explicit Given(std::vector<net::Prefix> prefixes) : prefixes_(std::move(prefixes)) {}
  Next next(Span& span, std::string_view& bad) override {
    if (at_ == prefixes_.size()) return Next::end;
    if (at_ % 1000 == 999 && !std::exchange(waited_, true)) return Next::not_yet;
    waited_ = false;
    const auto& prefix = prefixes_[at_++];
    if (prefix == net::Prefix{}) return bad = "oops", Next::bad;
    span = span_of(prefix);
    return Next::span;
  }
  [[nodiscard]] const Complaints& complaints() const override { return complaints_; }

 private:
  std::vector<net::Prefix> prefixes_;
  std::size_t at_ = 0;
  bool waited_ = false;
  Complaints complaints_;
};

struct Handed {
  std::vector<net::Address> addresses;
  std::size_t bad = 0;
};
Handed hand_out(std::vector<net::Prefix> prefixes, const std::vector<net::Prefix>& elsewhere) {
  const auto entries = make_unique_entries(std::make_unique<Given>(std::move(prefixes)), elsewhere, [] { return true; });
  EXPECT_TRUE(entries);
  Handed handed;
  Span span;
  std::string_view bad;
  for (;;) {
    const auto next = (*entries)->next(span, bad);
    if (next == Entries::Next::end) break;
    if (next == Entries::Next::bad) ++handed.bad;
    for (std::uint64_t i = 0; next == Entries::Next::span && i < span.count; ++i) handed.addresses.push_back(plus(span.first, i));
  }
  EXPECT_EQ((*entries)->addresses(), handed.addresses.size());
  return handed;
}

TEST(Unique, each_address_once_in_order_without_those_elsewhere) {
  std::mt19937 random(11);
  for (int round = 0; round < 30; ++round) {
    std::vector<net::Prefix> prefixes, elsewhere;
    const auto make = [&](unsigned shortest) {
      const bool v6 = random() % 3 == 0;
      const unsigned bits = random() % (shortest + 1);
      const auto number = random() % 4096 >> bits << bits;
      const auto first = plus(*net::Address::parse(v6 ? "2001:db8::ffff:f800" : "10.255.248.0"), number);
      return *net::Prefix::parse(first.text() + "/" + std::to_string((v6 ? 128U : 32U) - bits));
    };
    for (int i = 0; i < 400; ++i) prefixes.push_back(make(random() % 20 == 0 ? 9 : 3));
    for (int i = 0; i < round % 10; ++i) elsewhere.push_back(make(8));
    for (int i = 0; i < round; ++i) prefixes.insert(prefixes.begin() + i, net::Prefix{});

    std::set<net::Address> expected;
    for (const auto& prefix : prefixes) {
      if (prefix == net::Prefix{}) continue;
      const auto span = span_of(prefix);
      for (std::uint64_t i = 0; i < span.count; ++i) {
        const auto address = plus(span.first, i);
        if (std::ranges::none_of(elsewhere, [&](const auto& each) { return each.contains(address); })) expected.insert(address);
      }
    }
    const auto handed = hand_out(prefixes, elsewhere);
    EXPECT_EQ(handed.addresses, std::vector(expected.begin(), expected.end())) << round;
    EXPECT_EQ(handed.bad, static_cast<std::size_t>(round));
  }
}

}  // namespace
}  // namespace fcrdns::scan
