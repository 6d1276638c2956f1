// The same walks over real sockets on the loopback and over the played network: what one finds, the other finds.
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <thread>

#include "fcrdns/authority/server.hpp"
#include "fcrdns/resolver/given.hpp"
#include "fcrdns/resolver/walk.hpp"
#include "walkable.hpp"

namespace fcrdns {
namespace {

// Every server has glue: nobody is there to look names up.
constexpr std::string_view text = R"(
$SERVER a.root. 127.81.0.1
$SERVER b.root. 127.81.0.2
$SERVER ns.arpa. 127.81.0.3
$SERVER good.1.18.198.in-addr.arpa. 127.81.0.4
$SERVER second.1.18.198.in-addr.arpa. 127.81.0.5
$SERVER refused.2.18.198.in-addr.arpa. 127.81.0.6 mode=refused
$SERVER lame.3.18.198.in-addr.arpa. 127.81.0.7 mode=lame
$SERVER truncated.4.18.198.in-addr.arpa. 127.81.0.8 mode=truncated
$SERVER lower.5.18.198.in-addr.arpa. 127.81.0.9 mode=lower_case
$SERVER flood.6.18.198.in-addr.arpa. 127.81.0.10 mode=wrong_id
$SERVER noedns.7.18.198.in-addr.arpa. 127.81.0.11 mode=no_edns
$SERVER late.8.18.198.in-addr.arpa. 127.81.0.12 delay=30ms
$ZONE . a.root. b.root.
$ZONE arpa. a.root.
$ZONE in-addr.arpa. ns.arpa.
$ZONE 1.18.198.in-addr.arpa. good.1.18.198.in-addr.arpa. second.1.18.198.in-addr.arpa.
1 PTR one.example.
2 CNAME 2.0-15
$GENERATE 1-200 3 PTR many-$.example.
; On both of the parent's servers: where one of them holds it only, chance decides which is heard first, and how it reads.
$ZONE 0-15.1.18.198.in-addr.arpa. good.1.18.198.in-addr.arpa. second.1.18.198.in-addr.arpa.
2 PTR two.example.
$ZONE 2.18.198.in-addr.arpa. refused.2.18.198.in-addr.arpa.
$ZONE 3.18.198.in-addr.arpa. lame.3.18.198.in-addr.arpa. good.1.18.198.in-addr.arpa.
1 PTR one.example.
$ZONE 4.18.198.in-addr.arpa. truncated.4.18.198.in-addr.arpa.
1 PTR one.example.
$ZONE 5.18.198.in-addr.arpa. lower.5.18.198.in-addr.arpa.
1 PTR one.example.
$ZONE 6.18.198.in-addr.arpa. flood.6.18.198.in-addr.arpa.
1 PTR one.example.
$ZONE 7.18.198.in-addr.arpa. noedns.7.18.198.in-addr.arpa.
1 PTR one.example.
$ZONE 8.18.198.in-addr.arpa. late.8.18.198.in-addr.arpa.
1 PTR one.example.
)";

constexpr std::array names{"1.1.18.198", "2.1.18.198", "3.1.18.198", "9.1.18.198", "2.0-15.1.18.198", "1.2.18.198", "1.3.18.198",
                           "1.4.18.198", "1.5.18.198", "1.6.18.198", "1.7.18.198", "1.8.18.198", "1.9.18.198"};

/// All walks at once, by their names; what depends on the clock and on sockets is left out.
std::map<std::string, resolver::Walk> walk_all(resolver::Resolver& resolver) {
  resolver::Walker walker(resolver);
  std::map<std::string, resolver::Walk> ended;
  const auto deadline = resolver.now() + base::Milliseconds{20000};
  for (const std::string name : names)
    walker.walk({dns::Name::parse(name + ".in-addr.arpa.").value(), dns::Type::ptr}, deadline, [&ended, name](resolver::Walk walk) {
      const auto timeless = [](resolver::Answer& answer) {
        answer.asked = answer.answered = {};
        answer.attempts.clear();
        // Whether a letter case drawn by chance shows that it was not kept is chance, too; then it is asked over TCP.
        answer.over_tcp = false;
        answer.size = 0;
      };
      timeless(walk.answer);
      for (auto& server : walk.servers) {
        server.took = {};
        timeless(server.answer);
      }
      walk.questions = 0;  // how many of three are asked before one leads on is chance
      ended.emplace(name, std::move(walk));
    });
  while (ended.size() < names.size() && resolver.now() < deadline) (void)resolver.wait(base::Milliseconds{1000});
  return ended;
}

TEST(WalkOnSockets, finds_what_it_finds_when_the_network_is_played) {
  const auto world = scenarios::signed_world(world::parse_world(text).value());
  authority::Responder responder(world, base::secure_random());
  authority::Listeners listeners;
  std::uint16_t port = 0;
  for (int tries = 0; tries < 10 && port == 0; ++tries) {
    const auto wanted = static_cast<std::uint16_t>(20000 + base::secure_random().below(10000));
    if (authority::serve(world.world, responder, listeners, wanted)) port = wanted;
  }
  ASSERT_NE(port, 0) << "no port that is free at every address";
  const std::jthread serving([&] { listeners.run(); });

  transport::Loop loop;
  resolver::Given on_sockets(loop, {});
  std::vector<net::Endpoint> roots;
  for (const char* address : {"127.81.0.1", "127.81.0.2"}) roots.push_back({net::Address::parse(address).value(), port});
  on_sockets.set_roots(roots, {});
  const auto real = walk_all(on_sockets);
  listeners.stop();

  scenarios::Played played(world);
  const auto expected = walk_all(played.resolver());
  ASSERT_EQ(expected.size(), names.size());
  EXPECT_EQ(expected.at("3.1.18.198").answer.records.size(), 200U);
  EXPECT_TRUE(expected.at("2.0-15.1.18.198").rungs.back().shares_parent_servers);
  for (const auto& [name, walk] : expected) {
    ASSERT_TRUE(real.contains(name));
    EXPECT_TRUE(walk == real.at(name)) << name;
  }
}

}  // namespace
}  // namespace fcrdns
