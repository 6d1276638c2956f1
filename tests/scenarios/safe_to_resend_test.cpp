// When it is safe to send again, from a whole small internet: zones with negative TTLs of their own, a resolver that still
// holds old answers, a secondary that lags behind. Seconds are counted from the evidence's time.
#include <gtest/gtest.h>

#include "run_world.hpp"

namespace fcrdns {
namespace {

constexpr auto text = R"(
$SERVER a.root.example. 198.51.100.1
$SERVER ns1.host.example. 198.51.100.13
$SERVER ns2.host.example. 198.51.100.14
$SERVER lags.host.example. 198.51.100.15
$ZONE . a.root.example.
$ZONE example. a.root.example.
$ZONE com. a.root.example.
$ZONE arpa. a.root.example.
$ZONE in-addr.arpa. a.root.example. negative=7200
$ZONE host.example. ns1.host.example.
$ZONE [203.0.113.0/24] ns1.host.example. ns2.host.example. ttl=2400 negative=1800
5  PTR mail.example.com.
6  PTR mail.example.com.
7  PTR mail.example.com.
8  PTR late.example.com.
9  PTR gone.example.com.
11 PTR moved.example.com.
$ZONE example.com. ns1.host.example. ns2.host.example. ttl=600 negative=900
mail  A 203.0.113.5
mail  A 203.0.113.6
mail  A 203.0.113.7
late  A 203.0.113.8
moved A 203.0.113.12
lagging A 203.0.114.5
$ZONE [203.0.114.0/24] ns1.host.example. negative=1800 lame=lags.host.example.
5  PTR lagging.example.com.
$ZONE [203.0.114.0/24] lags.host.example. negative=1800 copy
$CACHED 6.113.0.203.in-addr.arpa. 120 PTR !nxdomain
$CACHED 7.113.0.203.in-addr.arpa. 500 PTR old.example.com.
$CACHED late.example.com. 60 A 203.0.113.99
)";

struct Row {
  const char* what;
  const char* subject;
  std::optional<bool> observed;  ///< empty: nothing is told
  int earliest = 0, latest = 0;
};
const Row rows[] = {
    {"all is right", "203.0.113.5", std::nullopt},
    {"right by now, the absence is held still", "203.0.113.6", true, 121, 1801},
    {"right by now, the old PTR is held still", "203.0.113.7", true, 501, 2401},
    {"right by now, the old address is held still", "203.0.113.8", true, 61, 601},
    {"no PTR: the zone's negative TTL", "203.0.113.10", false, 1801, 1801},
    {"a name without address: the PTR lives longer than its absence", "203.0.113.9", false, 2401, 2401},
    {"a name that leads elsewhere", "203.0.113.11", false, 2401, 2401},
    {"a secondary lags behind: its absence counts, not the PTR of the other", "203.0.114.5", false, 1, 1801},
    {"nothing is delegated: the negative TTL is the parent's", "192.0.2.77", false, 7201, 7201},
};

}  // namespace

TEST(SafeToResend, IsToldFromTheAuthorityAndTheCaches) {
  static const auto world = scenarios::signed_world(world::parse_world(text).value());
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto result = scenarios::check_walked(world, row.subject);
    const auto& safe = result.plan.safe_to_resend;
    ASSERT_EQ(safe.has_value(), row.observed.has_value());
    if (!safe) continue;
    EXPECT_EQ(safe->observed, *row.observed);
    const auto seconds = [&](base::WallTime when) { return std::chrono::round<base::Seconds>(when - result.evidence.time).count(); };
    EXPECT_NEAR(static_cast<double>(seconds(safe->earliest)), row.earliest, 1);  // the walk's own time is counted too
    EXPECT_NEAR(static_cast<double>(seconds(safe->latest)), row.latest, 1);
  }
}

}  // namespace fcrdns
