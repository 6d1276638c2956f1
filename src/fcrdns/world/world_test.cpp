#include "fcrdns/world/world.hpp"

#include <gtest/gtest.h>

namespace fcrdns::world {
namespace {

constexpr std::string_view text = R"(
; a small tree
$SERVER a.root. 198.41.0.4
$SERVER ns.example. 192.0.2.53 2001:db8::53 delay=20ms mode=truncated tcp=silent drop_udp=3/10
$SERVER ns.sub.example. 192.0.2.54
$ZONE . a.root.
$ZONE example. ns.example. ttl=600 negative=300 signed
@       TXT "a ; no comment" "!no failure"
host    A 192.0.2.1
host 60 AAAA 2001:db8::1
alias   CNAME host
under.empty A 192.0.2.9
*.wild  A 192.0.2.2
stated.wild TXT "here"
a.stop.wild A 192.0.2.3
moved   DNAME host.example.
*.aliases CNAME host
broken  A !servfail
every   ANY !timeout
late    A 192.0.2.4 !delay=150ms
$GENERATE 7-9 gen$ 50 A 192.0.2.$
$ZONE sub.example. ns.sub.example. lame=ns.example. bogus
www A 192.0.2.5
$ZONE [192.0.2.0/24] ns.example.
1 PTR host.example.
[192.0.2.2] PTR odd\013\010name.example.
$HOST 192.0.2.1 iprev=pass exit=0 "all is well; really"
$HOST host.example iprev=- findings=subject_not_found,ptr_missing exit=2 or=temperror:2:ptr_missing,ptr_multiple
$HOST 192.0.2.3 options="--helo host.example --as host" iprev=pass exit=0 not=helo_differs unwalked=permerror:1:ptr_missing
$ZONE [192.0.2.0/24] ns.sub.example. copy serial=7
9 PTR copied.example.
$CACHED 9.2.0.192.in-addr.arpa. 120 PTR !nxdomain
$CACHED host.example. 60 A 192.0.2.77
)";

World small_world() {
  auto world = parse_world(text);
  EXPECT_TRUE(world) << world.error().message;
  return *world;
}

dns::Name name(std::string_view text_of_name) { return dns::Name::parse(text_of_name).value(); }

TEST(World, ReadsTheTextForm) {
  const auto world = small_world();
  ASSERT_EQ(world.zones.size(), 5U);
  const auto* server = world.server(name("NS.example"));
  ASSERT_TRUE(server);
  EXPECT_EQ(server->addresses.size(), 2U);
  EXPECT_EQ(server->behaviour, (Behaviour{Failure::truncated, base::Milliseconds(20)}));
  EXPECT_TRUE(server->udp);
  EXPECT_FALSE(server->tcp);
  EXPECT_EQ(server->drop_udp, (Share{3, 10}));
  EXPECT_EQ(server->drop_tcp, Share{});
  const auto& example = world.zones[1];
  EXPECT_EQ(example.signing, Signing::signed_);
  EXPECT_EQ(example.ttl, 600U);
  EXPECT_EQ(dns::to_text(example.records[0]), "example. 600 IN TXT \"a ; no comment\" \"!no failure\"");
  EXPECT_EQ(dns::to_text(example.records[2]), "host.example. 60 IN AAAA 2001:db8::1");
  EXPECT_EQ(world.zones[2].lame_servers, std::vector{name("ns.example.")});
  EXPECT_EQ(world.zones[3].apex, name("2.0.192.in-addr.arpa."));
  EXPECT_EQ(dns::to_text(world.zones[3].records[1]), "2.2.0.192.in-addr.arpa. 3600 IN PTR odd\\013\\010name.example.");
  ASSERT_EQ(world.hosts.size(), 3U);
  EXPECT_EQ(world.hosts[0].story, "all is well; really");
  EXPECT_EQ(world.hosts[1].findings, (std::vector<std::string>{"subject_not_found", "ptr_missing"}));
  EXPECT_EQ(world.hosts[1].exit_code, 2);
  EXPECT_FALSE(world.hosts[0].otherwise);
  ASSERT_TRUE(world.hosts[1].otherwise);
  EXPECT_EQ(world.hosts[2].options, (std::vector<std::string>{"--helo", "host.example", "--as", "host"}));
  EXPECT_EQ(world.hosts[2].not_findings, std::vector<std::string>{"helo_differs"});
  EXPECT_FALSE(world.hosts[1].unwalked);
  ASSERT_TRUE(world.hosts[2].unwalked);
  EXPECT_EQ(world.hosts[2].unwalked->exit_code, 1);
  EXPECT_EQ(world.hosts[2].unwalked->findings, std::vector<std::string>{"ptr_missing"});
  ASSERT_EQ(world.cached.size(), 2U);
  EXPECT_EQ(world.cached[0].status, dns::Status::nxdomain);
  EXPECT_EQ(world.cached[0].record.ttl, 120U);
  EXPECT_EQ(dns::to_text(world.cached[1].record), "host.example. 60 IN A 192.0.2.77");
  EXPECT_EQ(world.hosts[1].otherwise->iprev, "temperror");
  EXPECT_EQ(world.hosts[1].otherwise->exit_code, 2);
  EXPECT_EQ(world.hosts[1].otherwise->findings, (std::vector<std::string>{"ptr_missing", "ptr_multiple"}));
}

struct Row {
  std::string_view zone, asked;
  dns::Type type;
  ZoneAnswer::Kind kind;
  std::string_view first_record = "";
};

TEST(World, LooksUp) {
  using enum ZoneAnswer::Kind;
  using dns::Type;
  const Row rows[] = {
      {"example.", "host.example.", Type::a, records, "host.example. 600 IN A 192.0.2.1"},
      {"example.", "HOST.example.", Type::txt, nodata},
      {"example.", "none.example.", Type::a, nxdomain},
      {"example.", "empty.example.", Type::a, nodata},
      {"example.", "alias.example.", Type::a, alias, "alias.example. 600 IN CNAME host.example."},
      {"example.", "alias.example.", Type::cname, records, "alias.example. 600 IN CNAME host.example."},
      {"example.", "x.y.wild.example.", Type::a, records, "x.y.wild.example. 600 IN A 192.0.2.2"},
      {"example.", "x.wild.example.", Type::mx, nodata},
      {"example.", "stated.wild.example.", Type::a, nodata},      // RFC 4592 2.2.1: the name exists
      {"example.", "b.stop.wild.example.", Type::a, nxdomain},    // an empty non-terminal stops the wildcard
      {"example.", "x.stated.wild.example.", Type::a, nxdomain},  // the closest encloser has no wildcard of its own
      {"example.", "*.wild.example.", Type::a, records, "*.wild.example. 600 IN A 192.0.2.2"},
      {"example.", "q.aliases.example.", Type::a, alias, "q.aliases.example. 600 IN CNAME host.example."},
      {"example.", "x.moved.example.", Type::a, alias, "moved.example. 600 IN DNAME host.example."},
      {"example.", "moved.example.", Type::a, nodata},  // RFC 6672 2.3: the owner itself is not moved
      {"example.", "broken.example.", Type::aaaa, nodata},
      {"example.", "gen8.example.", Type::a, records, "gen8.example. 50 IN A 192.0.2.8"},
      {"example.", "gen10.example.", Type::a, nxdomain},
      {"example.", "example.", Type::ns, records, "example. 600 IN NS ns.example."},
      {"example.", "example.", Type::soa, records,
       "example. 300 IN SOA ns.example. hostmaster.example. 2026010101 7200 3600 1209600 300"},
      {"example.", "ns.example.", Type::aaaa, records, "ns.example. 600 IN AAAA 2001:db8::53"},
      {"example.", "www.sub.example.", Type::a, referral, "sub.example. 3600 IN NS ns.sub.example."},
      {"example.", "sub.example.", Type::ds, nodata},
      {"sub.example.", "www.sub.example.", Type::a, records, "www.sub.example. 3600 IN A 192.0.2.5"},
      {".", "1.2.0.192.in-addr.arpa.", Type::ptr, referral, "2.0.192.in-addr.arpa. 3600 IN NS ns.example."},
      {".", "in-addr.arpa.", Type::ns, nodata},
      {".", "net.", Type::a, nxdomain},
  };
  const auto world = small_world();
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.asked) + " " + dns::to_text(row.type));
    const auto* zone = world.zone_of(name(row.zone));
    const auto answer = look_up(world, *zone, {name(row.asked), row.type, dns::Class::in});
    EXPECT_EQ(answer.kind, row.kind);
    EXPECT_EQ(answer.records.empty() ? "" : dns::to_text(answer.records.front()), row.first_record);
  }
}

TEST(World, NamesTheWildcardAnAnswerCameFrom) {
  const auto world = small_world();
  const auto& zone = world.zones[1];
  EXPECT_EQ(look_up(world, zone, {name("x.y.wild.example."), dns::Type::a, dns::Class::in}).wildcard,
            name("*.wild.example."));
  EXPECT_FALSE(look_up(world, zone, {name("host.example."), dns::Type::a, dns::Class::in}).wildcard);
}

TEST(World, ADnameThatMakesTheNameTooLong) {
  const std::string label(63, 'a');
  const auto world = parse_world("$ZONE .\nshort DNAME " + label + "." + label + "." + label + ".\n").value();
  const auto asked = name(label + ".short.");
  EXPECT_EQ(look_up(world, world.zones[0], {asked, dns::Type::a, dns::Class::in}).kind, ZoneAnswer::Kind::too_long);
}

TEST(World, BehavesAsStated) {
  const auto world = small_world();
  const auto& zone = world.zones[1];
  const auto behaviour = [&](std::string_view asked, dns::Type type) {
    return behaviour_of(zone, {name(asked), type, dns::Class::in});
  };
  EXPECT_EQ(behaviour("broken.example.", dns::Type::a).failure, Failure::servfail);
  EXPECT_EQ(behaviour("broken.example.", dns::Type::aaaa).failure, Failure::none);
  EXPECT_EQ(behaviour("every.example.", dns::Type::txt).failure, Failure::timeout);
  EXPECT_EQ(behaviour("late.example.", dns::Type::a).delay, base::Milliseconds(150));
}

TEST(World, MakesDelegations) {
  const auto world = small_world();
  const auto* sub = world.zone_of(name("www.sub.example."));
  EXPECT_EQ(delegation_of(*sub).size(), 2U);  // the lame server is listed too
  EXPECT_EQ(glue_of(world, *sub, name("sub.example.")).size(), 1U);
  EXPECT_EQ(glue_of(world, *sub, name("example.")).size(), 3U);
  EXPECT_EQ(parent_of(world, *sub)->apex, name("example."));
  EXPECT_EQ(parent_of(world, *world.zone_of(name("."))), nullptr);
  EXPECT_EQ(children_of(world, *world.zone_of(name("."))).size(), 2U);
}

TEST(World, ACopyIsHeldByItsServersAlone) {
  const auto world = small_world();
  const auto reverse = name("9.2.0.192.in-addr.arpa.");
  const dns::Question question{reverse, dns::Type::ptr, dns::Class::in};
  EXPECT_EQ(look_up(world, *world.zone_of(reverse), question).kind, ZoneAnswer::Kind::nxdomain);
  const auto* copy = world.copy_at(name("ns.sub.example."), reverse);
  ASSERT_TRUE(copy);
  EXPECT_EQ(copy->serial, 7U);
  EXPECT_EQ(look_up(world, *copy, question).kind, ZoneAnswer::Kind::records);
  EXPECT_FALSE(world.copy_at(name("ns.example."), reverse));
  EXPECT_EQ(children_of(world, *world.zone_of(name("."))).size(), 2U);
}

TEST(World, RefusesAndNamesTheLine) {
  constexpr std::pair<std::string_view, std::string_view> rows[] = {
      {"host A 192.0.2.1", "line 1: a record before the first $ZONE"},
      {"\n$ZONE example. ns.example.", "line 2: no $SERVER ns.example."},
      {"$ZONE example.\nhost", "line 2: a record needs a type"},
      {"$ZONE example.\nhost A", "line 2: a record needs data, or a failure after '!'"},
      {"$ZONE example.\nhost A !explode", "line 2: no such failure: explode"},
      {"$ZONE example.\nhost ANY 192.0.2.1", "line 2: ANY takes a failure only"},
      {"$ZONE example.\nhost ANY 192.0.2.1 !servfail", "line 2: ANY takes a failure only"},
      {"$ZONE example.\nhost.net. A 192.0.2.1", "line 2: host.net. lies outside example."},
      {"$ZONE example.\nwww.sub A 192.0.2.1\n$ZONE sub.example.", "line 1: www.sub.example. belongs to sub.example."},
      {"$ZONE example.\n$ZONE Example.", "line 2: zone stated twice: Example."},
      {"$ZONE [192.0.2.0/25]", "line 1: no reverse zone of its own: 192.0.2.0/25"},
      {"$HOST 192.0.2.1 exit=1", "line 1: $HOST needs iprev=WORD, or iprev=- for none"},
      {"$HOST 192.0.2.1 iprev=pass or=fail", "line 1: or= needs WORD:EXIT:FINDINGS"},
      {"$HOST 192.0.2.1 iprev=pass unwalked=fail", "line 1: unwalked= needs WORD:EXIT:FINDINGS"},
      {"$ZONE example. copy signed", "line 1: a copy is not signed: example."},
      {"$CACHED example. 60 A", "line 1: $CACHED needs a name, a TTL, a type and data"},
      {"$CACHED example. 60 A !servfail", "line 1: $CACHED holds data, !nxdomain or !nodata"},
      {"$GENERATE 3-1 a A 192.0.2.$", "line 1: $GENERATE needs FIRST-LAST, 65536 at most"},
      {"$INCLUDE file", "line 1: no such directive: $INCLUDE"},
  };
  for (const auto& [bad, message] : rows) {
    const auto world = parse_world(bad);
    ASSERT_FALSE(world) << bad;
    EXPECT_EQ(world.error().message, message);
  }
}

}  // namespace
}  // namespace fcrdns::world
