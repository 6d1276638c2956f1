// The delegation walk, from the root to every server of the deepest zone: a question, and what is found on the way. The
// worlds are in walks.world; what no server of a world does (lying referrals, say) is in resolver/walk_test.cpp.
#include "fcrdns/resolver/walk.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "walkable.hpp"

namespace fcrdns {
namespace {

using resolver::Walk;
using resolver::Walker;

world::World world_of(const std::string& text) {
  auto world = world::parse_world(text);
  if (!world) throw std::runtime_error(world.error().message);
  return std::move(*world);
}

const world::World& shared_world() {
  static const world::World world = [] {
    std::ifstream in(FCRDNS_SOURCE_DIR "/tests/scenarios/walks.world");
    return world_of(std::string(std::istreambuf_iterator<char>(in), {}));
  }();
  return world;
}

/// "PTR 198.18.1.1", "A mail.example."
dns::Question question_of(const std::string& text) {
  const auto space = text.find(' ');
  const auto name = text.substr(space + 1);
  const auto address = net::Address::parse(name);
  return {dns::Name::parse(address ? net::reverse_name(*address) : name).value(),
          dns::parse_type(text.substr(0, space)).value()};
}

Walk walk(scenarios::Walkable& world, Walker& walker, const std::string& question,
          base::Milliseconds time = base::Milliseconds{20000}) {
  std::optional<Walk> walked;
  auto& resolver = world.resolver();
  walker.walk(question_of(question), resolver.now() + time, [&](Walk w) { walked = std::move(w); });
  const auto limit = resolver.now() + time;
  while (!walked && resolver.now() <= limit) (void)resolver.wait(time);
  if (!walked) throw std::runtime_error(question + ": the walk does not end");
  return std::move(*walked);
}

// ---- a walk in three short lines -----------------------------------------------------------------------------------

std::string without_tree(const dns::Name& name) {
  const auto text = name.text();
  for (const std::string tree : {".in-addr.arpa.", ".ip6.arpa."})
    if (text.ends_with(tree)) return text.substr(0, text.size() - tree.size());
  return text;
}

/// The zones below the root and the tree of reverse names; "*": it shares its servers with the zone above.
std::string zones(const Walk& walk) {
  std::string out;
  for (const auto& rung : walk.rungs) {
    const auto text = rung.apex.text();
    if (text == "." || text == "in-addr.arpa." || text == "ip6.arpa.") continue;
    out += (out.empty() ? "" : " > ") + without_tree(rung.apex) + (rung.shares_parent_servers ? "*" : "");
  }
  return out;
}

/// "good", "good/6": what it says over UDP, and over TCP where that differs; its serial where it is not the usual one.
std::string servers(const Walk& walk) {
  std::string out;
  for (const auto& server : walk.servers) {
    out += fmt::format("{}{}{}: {}", out.empty() ? "" : ", ", server.name.label_count() ? server.name.label(0) : ".",
                       server.address.is_v6() ? "/6" : "", to_word(server.udp));
    if (server.tcp != server.udp) out += fmt::format("|{}", to_word(server.tcp));
    if (server.serial && *server.serial != world::Zone{}.serial) out += fmt::format(" #{}", *server.serial);
    if (dns::is_definite(server.udp) && !server.authoritative) out += " without AA";
    if (server.no_route) out += " no route";
  }
  return out;
}

/// What all of them say together: the number of records, the alias, and what is proven.
std::string outcome(const Walk& walk) {
  std::string out(to_word(walk.answer.status));
  if (!walk.answer.records.empty()) out += fmt::format(" {}", walk.answer.records.size());
  if (walk.alias) out += " -> " + without_tree(*walk.alias);
  for (const auto& name : walk.without_address) out += fmt::format(", no address: {}", name.label(0));
  if (walk.left_out > 0) out += fmt::format(", left out: {}", walk.left_out);
  if (walk.cyclic) out += ", cyclic";
  if (walk.all_proven_bad()) out += ", all bad";
  if (!walk.problem.empty()) out += fmt::format(" ({})", walk.problem);
  return out;
}

struct Row {
  const char* id;
  const char* question;
  const char* zones;
  const char* servers;
  const char* outcome;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.id; }

const Row rows[] = {
#include "walk_rows.inc"
};

class WalkOf : public testing::TestWithParam<Row> {};

TEST_P(WalkOf, finds_what_is_there) {
  const auto& row = GetParam();
  scenarios::Walkable world(shared_world());
  Walker walker(world.resolver());
  const auto found = walk(world, walker, row.question);
  EXPECT_TRUE(found.root_reached);
  EXPECT_EQ(zones(found), row.zones);
  EXPECT_EQ(servers(found), row.servers);
  EXPECT_EQ(outcome(found), row.outcome);
}

INSTANTIATE_TEST_SUITE_P(Every, WalkOf, testing::ValuesIn(rows), [](const auto& row) { return row.param.id; });

}  // namespace
}  // namespace fcrdns
