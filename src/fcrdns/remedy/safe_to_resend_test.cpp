// When is it safe to send again? One line per case; times are seconds after the evidence's.
#include <gtest/gtest.h>

#include <optional>

#include "fcrdns/remedy/safe_to_resend.hpp"
#include "fcrdns/remedy/scene.hpp"

namespace fcrdns::remedy {
namespace {

using dns::Status;
using dns::Type;

constexpr auto rev = "5.113.0.203.in-addr.arpa", zone = "113.0.203.in-addr.arpa", parent = "203.in-addr.arpa";
constexpr auto child = "5.0-7.113.0.203.in-addr.arpa", child_zone = "0-7.113.0.203.in-addr.arpa";
constexpr auto mail = "mail.example.com", domain = "example.com", old = "old.example.com", ip = "203.0.113.5";

struct Times {
  bool observed;
  int earliest, latest;
};
struct Row {
  const char* what;
  Scene scene;
  std::optional<Times> expected;
};

resolver::Walk reverse(std::vector<resolver::Answer> said, std::uint32_t ttl = 3600, std::uint32_t minimum = 3600) {
  return walk_to(rev, Type::ptr, zone, std::move(said), ttl, minimum);
}
resolver::Walk forward(std::vector<resolver::Answer> said, std::uint32_t ttl = 3600, std::uint32_t minimum = 3600) {
  return walk_to(mail, Type::a, domain, std::move(said), ttl, minimum);
}
const auto good = ptr_to({mail}, 3600);
const auto here = leads_to({ip}, 300);
const auto refused = trouble(Status::refused);

/// The authority is right both ways; the resolver said `ptr`, and `own` of the name when it knew it.
Scene right(resolver::Answer ptr, std::optional<resolver::Answer> own) {
  Scene scene(ip, std::move(ptr));
  scene.walked(reverse({good}));
  if (own) scene.name(mail, *own, {forward({here})});
  else scene.found_under(mail);
  return scene;
}

resolver::Answer leads_on() {
  auto out = ptr_to({}, 0);
  out.via = {name_of(child)};
  return out;
}
/// The PTR stands in a child zone, right; the servers of the zone above, with a negative TTL of 600, said each of `said`.
Scene aliased(resolver::Answer ptr, std::vector<resolver::Answer> said) {
  auto walk = reverse(std::move(said), 600, 7200);
  walk.alias = name_of(child);
  Scene scene(ip, std::move(ptr));
  scene.walked(std::move(walk)).walked(walk_to(child, Type::ptr, child_zone, {good})).found_under(mail);
  return scene;
}

std::vector<Row> rows() {
  return {
      // Right, or nothing known.
      {"all is right, no walk", Scene(ip, good).name(mail, here), {}},
      {"all is right, walked", right(good, here), {}},
      {"all is right, a cache holds the same", right(good, here).cache(rev, Type::ptr, ptr_to({mail}, 17)), {}},
      {"all is right, a cache cannot be seen", right(good, here).cache(rev, Type::ptr, refused), {}},
      {"round robin: another order of the same names", Scene(ip, ptr_to({old, mail}, 9)).name(mail, here, {forward({here})}).walked(reverse({ptr_to({mail, old}, 3600)})), {}},
      {"other addresses beside this one differ: no matter", right(good, leads_to({ip, "203.0.113.7"}, 60)), {}},
      {"trouble, nothing proven", Scene(ip, trouble(Status::servfail)), {}},
      {"trouble at the resolver, right at the authority", right(trouble(Status::timeout), std::nullopt), {}},
      {"no public PTR possible", Scene("192.168.1.1", trouble(Status::not_asked)), {}},

      // Not yet mended: from now, without a walk.
      {"no PTR: min(SOA TTL, MINIMUM) seen; MINIMUM bounds what was counted down", Scene(ip, nothing(zone, 300, 3600)), Times{false, 301, 3601}},
      {"no PTR: MINIMUM below the SOA's TTL", Scene(ip, nothing(zone, 86400, 900)), Times{false, 901, 901}},
      {"NODATA as well", Scene(ip, nothing(zone, 60, 60, Status::nodata)), Times{false, 61, 61}},
      {"a name that leads elsewhere: PTR and address record may be held", Scene(ip, ptr_to({mail}, 1800)).name(mail, leads_to({"203.0.113.9"}, 7200)), Times{false, 7201, 7201}},
      {"a name without address: its negative TTL", Scene(ip, ptr_to({mail}, 60)).name(mail, nothing(domain, 120, 600)), Times{false, 121, 601}},
      {"one name confirms not, its PTR lives longest", Scene(ip, ptr_to({mail}, 86400)).name(mail, nothing(domain, 120, 600)), Times{false, 86401, 86401}},
      {"a second address that is right adds nothing", Scene(ip, good).name(mail, here).also("203.0.113.6", nothing(zone, 30, 30)), Times{false, 31, 31}},
      {"two that fail: the longer counts", Scene(ip, nothing(zone, 30, 30)).also("203.0.113.6", nothing(zone, 40, 40)), Times{false, 41, 41}},

      // Not yet mended, walked: the authority's full TTLs.
      {"the authority's SOA, not the counted-down one", Scene(ip, nothing(zone, 20, 3600)).walked(reverse({nothing(zone, 600, 3600)}, 600, 3600)), Times{false, 21, 601}},
      {"the cut was higher up: the parent's SOA", Scene(ip, nothing(parent, 20, 172800)).walked(walk_to(rev, Type::ptr, parent, {nothing(parent, 86400, 172800)}, 86400, 172800)), Times{false, 21, 86401}},
      {"the resolver's negative is of a zone that was cut since: its MINIMUM bounds", Scene(ip, nothing(parent, 20, 7200)).walked(reverse({nothing(zone, 600, 600)}, 600, 600)), Times{false, 21, 7201}},
      {"the resolver passes still, the authority has nothing", Scene(ip, ptr_to({mail}, 100)).name(mail, here, {forward({here})}).walked(reverse({nothing(zone, 600, 600)}, 600, 600)), Times{false, 301, 601}},
      {"forward: full negative TTL of the name's zone", Scene(ip, ptr_to({mail}, 5)).name(mail, nothing(domain, 7, 900), {forward({nothing(domain, 900, 900)}, 900, 900)}).walked(reverse({ptr_to({mail}, 60)})), Times{false, 8, 901}},
      {"forward: full TTL of the old address", Scene(ip, ptr_to({mail}, 5)).name(mail, leads_to({"203.0.113.9"}, 11), {forward({leads_to({"203.0.113.9"}, 14400)})}).walked(reverse({ptr_to({mail}, 60)})), Times{false, 12, 14401}},
      {"one listed server lacks the PTR: not mended everywhere", right(good, here).walked(reverse({good, nothing(zone, 600, 600)}, 600, 600)), Times{false, 1, 601}},
      {"one listed server lacks the PTR, and the resolver asked it", Scene(ip, nothing(zone, 120, 600)).found_under(mail).walked(reverse({good, nothing(zone, 600, 600)}, 600, 600)), Times{false, 121, 601}},
      {"one listed server lacks the PTR, and a cache asked it", right(good, here).walked(reverse({good, nothing(zone, 600, 600)}, 600, 600)).cache(rev, Type::ptr, nothing(zone, 44, 600)), Times{false, 45, 3601}},
      {"one listed server has the old PTR", right(good, here).walked(reverse({good, ptr_to({old}, 7200)})), Times{false, 1, 7201}},
      {"one listed server lacks the alias", aliased(nothing(zone, 120, 7200), {leads_on(), nothing(zone, 600, 7200)}), Times{false, 121, 601}},
      {"one listed server lacks the address", Scene(ip, good).name(mail, here, {forward({here, nothing(domain, 600, 600)}, 600, 600)}).walked(reverse({good})), Times{false, 1, 601}},

      // Observed: the authority is right now.
      {"the resolver holds the absence", right(nothing(zone, 120, 3600), std::nullopt), Times{true, 121, 3601}},
      {"a dead server shows nothing to anybody", right(nothing(zone, 120, 3600), std::nullopt).walked(reverse({good, trouble(Status::timeout)})), Times{true, 121, 3601}},
      {"the absence came from the parent: its MINIMUM bounds", right(nothing(parent, 120, 86400), std::nullopt), Times{true, 121, 86401}},
      {"the absence came from the zone of the alias: its SOA", aliased(nothing(zone, 120, 7200), {leads_on(), leads_on()}), Times{true, 121, 601}},
      {"the resolver holds the old name", right(ptr_to({old}, 40), std::nullopt), Times{true, 41, 3601}},
      {"the resolver holds the old address", right(good, leads_to({"203.0.113.9"}, 25)), Times{true, 26, 301}},
      {"the resolver holds the absence of the address", right(good, nothing(domain, 30, 900)), Times{true, 31, 3601}},
      {"a cache holds more than the resolver", right(nothing(zone, 10, 3600), std::nullopt).cache(rev, Type::ptr, nothing(zone, 600, 3600)), Times{true, 601, 3601}},
      {"only a cache holds the absence", right(good, here).cache(rev, Type::ptr, nothing(zone, 77, 3600)), Times{true, 78, 3601}},
      {"only a cache holds the old address", right(good, here).cache(mail, Type::a, leads_to({"203.0.113.9"}, 44)), Times{true, 45, 301}},
      {"a held TTL above the authority's present one", right(ptr_to({old}, 50000), std::nullopt), Times{true, 50001, 50001}},
      {"counted from the last answer, rounded up", right(nothing(zone, 120, 3600), std::nullopt).took(base::Milliseconds{2300}), Times{true, 121, 3604}},
      {"one address is right and held, another is wrong: not observed, the longer counts", right(nothing(zone, 120, 3600), std::nullopt).also("203.0.113.6", nothing(zone, 30, 30)), Times{false, 121, 3601}},
  };
}

}  // namespace

TEST(SafeToResend, is_between_what_is_left_and_what_may_be_held) {
  for (const auto& row : rows()) {
    SCOPED_TRACE(row.what);
    const Prepared prepared(row.scene);
    const auto safe = safe_to_resend(prepared.considered(), {});
    ASSERT_EQ(safe.has_value(), row.expected.has_value());
    if (!safe) continue;
    const auto seconds = [](base::WallTime when) { return std::chrono::floor<base::Seconds>(when - scene_time).count(); };
    EXPECT_EQ(safe->observed, row.expected->observed);
    EXPECT_EQ(seconds(safe->earliest), row.expected->earliest);
    EXPECT_EQ(seconds(safe->latest), row.expected->latest);
    EXPECT_LE(safe->earliest, safe->latest);
    EXPECT_FALSE(safe->note.empty());
  }
}

TEST(SafeToResend, a_name_that_nobody_looked_up_is_right_when_the_rules_say_that_a_cache_is_stale) {
  Scene scene(ip, nothing(zone, 120, 3600));
  scene.walked(reverse({good})).with(finding::Id::stale_cache, {}, finding::Severity::info);
  const Prepared prepared(scene);
  EXPECT_FALSE(safe_to_resend(prepared.considered(), {})->observed);
  EXPECT_TRUE(safe_to_resend(prepared.considered(), prepared.scene.given)->observed);
}

}  // namespace fcrdns::remedy
