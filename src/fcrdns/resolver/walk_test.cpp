// Walks past servers that lie, and what a walk owes its caller: its end, its time, its promises when let go. The walks of
// a well-made world are in tests/scenarios/walk_test.cpp.
#include "fcrdns/resolver/walk.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "fcrdns/resolver/odd_server_test.hpp"
#include "fcrdns/resolver/scripted.hpp"

namespace fcrdns::resolver {
namespace {

using base::Milliseconds;
using dns::Status;

// The addresses of servers; what they say is the row's matter. The resolver knows ns.bank.example by its right address.
constexpr std::string_view world_text = R"(
$SERVER a.root. 192.0.2.1
$SERVER arpa.example. 192.0.2.2
$SERVER ns.bank.example. 192.0.2.3
$SERVER evil.example. 192.0.2.66
$SERVER second.example. 192.0.2.4
$ZONE . a.root.
$ZONE example. a.root.
)";
const world::World& world() {
  static const auto parsed = world::parse_world(world_text).value();
  return parsed;
}

dns::Name name(const std::string& text) { return dns::Name::parse(text).value(); }
const std::string five = "5.113.0.203.in-addr.arpa.";
dns::Question ptr_question() { return {name(five), dns::Type::ptr}; }

/// What one server says: "AA" sets the bit, an RCODE's number is it, everything else is a record. Nothing: silence.
using Lines = std::vector<std::string>;
using Speech = std::function<Lines(const std::string& server, const dns::Question& question)>;

PlayServers play(Speech speech) {
  return [speech = std::move(speech)](const world::Server& server, base::OctetView octets, bool tcp, base::SteadyTime) {
    const Heard heard{.query = dns::read_message(octets).value(), .tcp = tcp};
    const auto lines = speech(server.name.text(), heard.query.questions.front());
    ServerSays says;
    if (lines.empty()) return says;
    auto reply = reply_to(heard);
    for (const auto& line : lines) {
      if (line == "AA") reply.authoritative = true;
      else if (line == "3") reply.rcode = dns::Rcode::nxdomain;
      else if (line == "5") reply.rcode = dns::Rcode::refused;
      else add_records(reply, {line});
    }
    says.messages.push_back(dns::write_message(reply, tcp ? 65535 : 1232));
    return says;
  };
}

const std::string soa = " 60 SOA a. b. 7 2 3 4 5";
const std::string down = "authority 113.0.203.in-addr.arpa. 60 NS ns.bank.example.";
const std::string answer = five + " 60 PTR mail.example.";

/// The root refers to in-addr.arpa, that to 113.0.203.in-addr.arpa at ns.bank.example.
Lines well(const std::string& server, const dns::Question& question) {
  if (server == "a.root.") return {"authority in-addr.arpa. 60 NS arpa.in-addr.arpa.", "additional arpa.in-addr.arpa. 60 A 192.0.2.2"};
  if (server == "arpa.example.") return {down};
  if (server != "ns.bank.example.") return {"5"};
  if (question.type == dns::Type::soa) return {"AA", "authority 113.0.203.in-addr.arpa." + soa};
  return {"AA", answer};
}
/// The same, but for one server.
Speech but(const std::string& odd, Lines lines) {
  return [=](const std::string& server, const dns::Question& question) {
    return server == odd ? lines : well(server, question);
  };
}

Walk walk(Scripted& resolver, Walker& walker, const dns::Question& question, Milliseconds time = Milliseconds{20000}) {
  std::optional<Walk> walked;
  walker.walk(question, resolver.now() + time, [&](Walk w) { walked = std::move(w); });
  for (int i = 0; i < 10000 && !walked; ++i) (void)resolver.wait(time);
  if (!walked) throw std::runtime_error("the walk does not end");
  return std::move(*walked);
}

/// The deepest zone, what its servers say, and the joint answer.
std::string shown(const Walk& walk) {
  std::string out = walk.root_reached ? walk.rungs.back().apex.text() + ":" : "no root:";
  for (const auto& server : walk.servers) out += " " + server.address.text() + "=" + std::string(dns::to_word(server.udp));
  out += " -> " + std::string(dns::to_word(walk.answer.status));
  for (const auto& record : walk.answer.records) out += " " + dns::to_text(record.type, record.data);
  if (walk.alias) out += " alias " + walk.alias->text();
  return out;
}

// ---- servers that lie ----------------------------------------------------------------------------------------------

struct Row {
  const char* id;
  Speech speech;
  const char* expected;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.id; }

const std::vector<Row>& rows() {
  const auto bank = [](Lines lines) { return but("ns.bank.example.", std::move(lines)); };
  const auto arpa = [](Lines lines) { return but("arpa.example.", std::move(lines)); };
  const auto root = [](Lines lines) { return but("a.root.", std::move(lines)); };
  static const std::vector<Row> table{
      {"all_well", well, "113.0.203.in-addr.arpa.: 192.0.2.3=noerror -> noerror mail.example."},
      {"upward_referral", bank({"authority . 60 NS evil.example."}), "113.0.203.in-addr.arpa.: 192.0.2.3=lame -> lame"},
      {"upward_referral_to_the_parent", bank({"authority in-addr.arpa. 60 NS evil.example."}), "113.0.203.in-addr.arpa.: 192.0.2.3=lame -> lame"},
      {"self_referral", bank({down}), "113.0.203.in-addr.arpa.: 192.0.2.3=lame -> lame"},
      {"sideways_referral", bank({"authority 114.0.203.in-addr.arpa. 60 NS evil.example."}), "113.0.203.in-addr.arpa.: 192.0.2.3=lame -> lame"},
      {"referral_below_the_name", bank({"authority 1." + five + " 60 NS evil.example."}), "113.0.203.in-addr.arpa.: 192.0.2.3=lame -> lame"},
      {"answer_without_aa", bank({answer}), "113.0.203.in-addr.arpa.: 192.0.2.3=lame -> lame"},
      {"absence_without_aa", bank({"3", "authority 113.0.203.in-addr.arpa." + soa}), "113.0.203.in-addr.arpa.: 192.0.2.3=lame -> lame"},
      {"empty_without_aa_nor_soa", bank({"additional x.example. 60 A 192.0.2.9"}), "113.0.203.in-addr.arpa.: 192.0.2.3=lame -> lame"},
      {"empty_with_aa_without_soa", bank({"AA"}), "113.0.203.in-addr.arpa.: 192.0.2.3=nodata -> nodata"},
      {"refused_with_records", bank({"5", "AA", answer}), "113.0.203.in-addr.arpa.: 192.0.2.3=refused -> refused"},
      {"nxdomain_with_records", bank({"AA", "3", answer}), "113.0.203.in-addr.arpa.: 192.0.2.3=malformed -> malformed"},
      {"two_aliases", bank({"AA", five + " 60 CNAME a.example.", five + " 60 CNAME b.example."}), "113.0.203.in-addr.arpa.: 192.0.2.3=malformed -> malformed"},
      {"record_beside_an_alias", bank({"AA", answer, five + " 60 CNAME a.example."}), "113.0.203.in-addr.arpa.: 192.0.2.3=malformed -> malformed"},
      {"records_of_another_name", bank({"AA", "6.113.0.203.in-addr.arpa. 60 PTR evil.example."}), "113.0.203.in-addr.arpa.: 192.0.2.3=nodata -> nodata"},
      {"alias_with_its_target_is_not_followed", bank({"AA", five + " 60 CNAME 5.sub.example.", "5.sub.example. 60 PTR mail.example."}),
       "113.0.203.in-addr.arpa.: 192.0.2.3=noerror -> noerror alias 5.sub.example."},
      {"alias_to_an_absence", bank({"AA", "3", five + " 60 CNAME 5.sub.example.", "authority sub.example." + soa}),
       "113.0.203.in-addr.arpa.: 192.0.2.3=noerror -> noerror alias 5.sub.example."},
      {"alias_in_a_ring", bank({"AA", five + " 60 CNAME 6.example.", "6.example. 60 CNAME " + five}),
       "113.0.203.in-addr.arpa.: 192.0.2.3=noerror -> noerror alias 6.example."},
      {"dname_that_is_too_long", bank({"AA", "113.0.203.in-addr.arpa. 60 DNAME " + std::string(63, 'a') + "." + std::string(63, 'b') + "." +
                                                 std::string(63, 'c') + "." + std::string(60, 'd') + "."}),
       "113.0.203.in-addr.arpa.: 192.0.2.3=malformed -> malformed"},

      {"referral_with_aa", arpa({"AA", down}), "113.0.203.in-addr.arpa.: 192.0.2.3=noerror -> noerror mail.example."},
      {"glue_for_a_stranger", arpa({down, "additional ns.bank.example. 60 A 192.0.2.66"}),
       "113.0.203.in-addr.arpa.: 192.0.2.3=noerror -> noerror mail.example."},
      {"glue_of_who_is_not_listed", arpa({down, "additional ns.in-addr.arpa. 60 A 192.0.2.66"}),
       "113.0.203.in-addr.arpa.: 192.0.2.3=noerror -> noerror mail.example."},
      {"one_server_is_named_twice", arpa({down, "authority 113.0.203.in-addr.arpa. 60 NS NS.bank.example."}),
       "113.0.203.in-addr.arpa.: 192.0.2.3=noerror -> noerror mail.example."},
      {"referral_beside_an_soa", arpa({down, "authority in-addr.arpa." + soa}), "in-addr.arpa.: 192.0.2.2=lame -> lame"},
      {"referral_beside_records_without_aa", arpa({answer, down}), "in-addr.arpa.: 192.0.2.2=lame -> lame"},
      {"servers_at_no_address", arpa({"authority 113.0.203.in-addr.arpa. 60 NS gone.in-addr.arpa.", "additional gone.in-addr.arpa. 60 A 0.0.0.0",
                                      "additional gone.in-addr.arpa. 60 AAAA ff02::1", "additional gone.in-addr.arpa. 60 A 255.255.255.255"}),
       "113.0.203.in-addr.arpa.: 0.0.0.0=unreachable 255.255.255.255=unreachable ff02::1=unreachable -> unreachable"},
      {"parent_answers_for_the_child", arpa({"AA", answer}), "in-addr.arpa.: 192.0.2.2=noerror -> noerror mail.example."},

      {"root_refuses", root({"5"}), "no root: -> refused"},
      {"root_is_silent", root({}), "no root: -> timeout"},
      {"resolver_in_place_of_the_root", root({answer}), "no root: -> lame"},
      {"root_refers_to_itself", root({"authority . 60 NS a.root."}), "no root: -> lame"},
      {"root_answers_itself", root({"AA", "3", "authority ." + soa}), ".: 192.0.2.1=nxdomain -> nxdomain"},
  };
  return table;
}

class WalkPast : public testing::TestWithParam<Row> {};

TEST_P(WalkPast, is_not_led_astray) {
  const auto& row = GetParam();
  Scripted resolver(world(), play(row.speech));
  Walker walker(resolver);
  const auto found = walk(resolver, walker, ptr_question());
  EXPECT_EQ(shown(found), row.expected);
  EXPECT_TRUE(std::ranges::none_of(resolver.asked_servers(), [](const auto& q) { return q.server.address.text() == "192.0.2.66"; }))
      << "nobody is sent to the liar's address";
  EXPECT_EQ(found.questions, resolver.asked().size() + resolver.asked_servers().size());
  EXPECT_EQ(resolver.now(), found.answer.answered);
}

INSTANTIATE_TEST_SUITE_P(Every, WalkPast, testing::ValuesIn(rows()), [](const auto& row) { return row.param.id; });

// ---- a zone that only its SOA shows --------------------------------------------------------------------------------

/// in-addr.arpa and 113.0.203.in-addr.arpa on one server, which says this to SOA and to NS questions.
std::string shared(Lines to_soa, Lines to_ns) {
  const auto speech = [&](const std::string& server, const dns::Question& question) -> Lines {
    if (server != "arpa.example.") return well(server, question);
    if (question.type == dns::Type::soa) return to_soa;
    if (question.type == dns::Type::ns) return to_ns;
    return {"AA", answer};
  };
  Scripted resolver(world(), play(speech));
  Walker walker(resolver);
  auto found = walk(resolver, walker, ptr_question());
  std::string out;
  for (const auto& rung : found.rungs) {
    out += rung.apex.text() + (rung.shares_parent_servers ? "*" : "");
    for (const auto& server : rung.nameservers) out += " " + server.text();
    out += " > ";
  }
  return out + shown(found);
}

TEST(SharedZone, is_found_by_its_soa_and_not_believed_beyond_it) {
  const std::string cut = "113.0.203.in-addr.arpa.", top = ". > in-addr.arpa. arpa.in-addr.arpa. > ";
  const Lines listed{"AA", cut + " 60 NS ns.bank.example."}, honest{"AA", "authority " + cut + soa};
  const auto only_parent = top + "in-addr.arpa.: 192.0.2.2=noerror -> noerror mail.example.";
  EXPECT_EQ(shared(honest, listed), top + cut + "* ns.bank.example. > " + cut + ": 192.0.2.3=noerror -> noerror mail.example.");
  EXPECT_EQ(shared(honest, {"5"}), top + cut + "* arpa.in-addr.arpa. > " + cut + ": 192.0.2.2=noerror -> noerror mail.example.")
      << "nobody tells its servers: they are those of the parent";
  EXPECT_EQ(shared({"authority " + cut + soa}, listed), only_parent) << "without AA";
  EXPECT_EQ(shared({"AA", "authority 114.0.203.in-addr.arpa." + soa}, listed), only_parent) << "a zone beside";
  EXPECT_EQ(shared({"AA", "authority 1." + five + soa}, listed), only_parent) << "a zone below the name";
  EXPECT_EQ(shared({"AA", "authority ." + soa}, listed), only_parent) << "a zone above";
  EXPECT_EQ(shared({"AA"}, listed), only_parent);
  EXPECT_EQ(shared({}, listed), only_parent);
}

// ---- what a walk owes ----------------------------------------------------------------------------------------------

TEST(Walk, ends_at_its_deadline_with_what_is_known) {
  Scripted resolver(world(), play(but("ns.bank.example.", {})));
  Walker walker(resolver);
  const auto found = walk(resolver, walker, ptr_question(), Milliseconds{1000});
  EXPECT_EQ(resolver.now().time_since_epoch(), Milliseconds{1000});
  EXPECT_EQ(shown(found), "113.0.203.in-addr.arpa.: 192.0.2.3=timeout -> timeout");
  EXPECT_EQ(found.problem, "out of time at 113.0.203.in-addr.arpa.");
  EXPECT_FALSE(found.all_proven_bad()) << "cut off is not proven";
}

TEST(Walk, without_a_root_ends_at_once) {
  Scripted resolver(world());  // plays no servers
  Walker walker(resolver);
  std::optional<Walk> found;
  walker.walk(ptr_question(), resolver.now() + Milliseconds{1000}, [&](Walk w) { found = std::move(w); });
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->root_reached);
  EXPECT_EQ(found->answer.status, Status::unreachable);
  EXPECT_EQ(found->problem, "no root server to begin at");
  EXPECT_EQ(found->questions, 0U);
}

TEST(Walk, may_begin_another_from_its_end) {
  Scripted resolver(world(), play(well));
  Walker walker(resolver);
  int ended = 0;
  const auto deadline = resolver.now() + Milliseconds{1000};
  walker.walk(ptr_question(), deadline, [&](const Walk&) {
    ++ended;
    walker.walk(ptr_question(), deadline, [&](const Walk&) { ++ended; });
  });
  while (resolver.wait(Milliseconds{1000})) continue;
  EXPECT_EQ(ended, 2);
}

TEST(Walk, the_walker_may_be_let_go_from_the_end_of_a_walk_and_before_it) {
  Scripted resolver(world(), play(well));
  int ended = 0;
  auto walker = std::make_unique<Walker>(resolver);
  const auto deadline = resolver.now() + Milliseconds{1000};
  walker->walk(ptr_question(), deadline, [&](const Walk&) {
    ++ended;
    walker.reset();
  });
  walker->walk({name(five), dns::Type::soa}, deadline, [&](const Walk&) { ++ended; });
  while (resolver.wait(Milliseconds{1000})) continue;
  EXPECT_EQ(ended, 1);
  walker = std::make_unique<Walker>(resolver);
  walker->walk(ptr_question(), resolver.now() + Milliseconds{1000}, [&](const Walk&) { ++ended; });
  walker.reset();
  while (resolver.wait(Milliseconds{1000})) continue;
  EXPECT_EQ(ended, 1);
}

TEST(Walk, a_chain_of_zones_has_an_end) {
  // Each label of a long name is a zone of its own, each with a server of its own.
  std::string labels, text = "$SERVER a.root. 192.0.2.1\n$ZONE . a.root.\n";
  for (int i = 0; i < 60; ++i) {
    labels += "x.";
    text += "$SERVER n" + std::to_string(i) + ". 198.18.0." + std::to_string(i) + "\n";
  }
  const auto chain = world::parse_world(text).value();
  const auto deep = name(labels);
  std::size_t next = 0;
  const auto speech = [&](const std::string&, const dns::Question&) -> Lines {
    const auto server = "n" + std::to_string(next) + ".";
    const auto glue = "additional " + server + " 60 A 198.18.0." + std::to_string(next);
    return {"authority " + deep.ancestor(++next).text() + " 60 NS " + server, glue};
  };
  Scripted resolver(chain, play(speech));
  Walker walker(resolver);
  const auto found = walk(resolver, walker, {deep, dns::Type::ptr});
  EXPECT_EQ(found.rungs.size(), Walker::max_rungs);
  EXPECT_EQ(found.problem, "more than 40 zones deep");
  EXPECT_FALSE(found.all_proven_bad());
}

// ---- all_proven_bad ------------------------------------------------------------------------------------------------

TEST(AllProvenBad, is_said_of_proof_only) {
  struct Server {
    Status udp, tcp;
    bool no_route = false;
  };
  using enum Status;
  struct Case {
    const char* what;
    std::vector<Server> servers;
    bool expected;
    std::size_t left_out = 0;
    const char* problem = "";
  };
  const Case cases[] = {
      {"no server at all", {}, false},
      {"lame", {{lame, lame}}, true},
      {"each in its own way", {{refused, refused}, {timeout, timeout}, {servfail, malformed}, {formerr, unreachable}}, true},
      {"one answers", {{lame, lame}, {noerror, noerror}}, false},
      {"one denies", {{lame, lame}, {nxdomain, nxdomain}}, false},
      {"over TCP only", {{timeout, noerror}}, false},
      {"over UDP only", {{nodata, timeout}}, false},
      {"unreachable", {{unreachable, unreachable}}, true},
      {"no route", {{unreachable, unreachable, true}}, false},
      {"no route, and lame", {{unreachable, unreachable, true}, {lame, lame}}, true},
      {"no route, and well", {{unreachable, unreachable, true}, {noerror, noerror}}, false},
      {"not to be asked", {{not_asked, not_asked}}, false},
      {"not to be asked, and lame", {{not_asked, not_asked}, {lame, lame}}, true},
      {"TCP was not asked", {{lame, not_asked}}, false},
      {"some were left out", {{lame, lame}}, false, 3},
      {"the walk ended early", {{timeout, timeout}}, false, 0, "out of time"},
  };
  for (const auto& [what, servers, expected, left_out, problem] : cases) {
    Walk walk;
    walk.left_out = left_out;
    walk.problem = problem;
    for (const auto& server : servers)
      walk.servers.push_back({.udp = server.udp, .tcp = server.tcp, .no_route = server.no_route});
    EXPECT_EQ(walk.all_proven_bad(), expected) << what;
  }
}

}  // namespace
}  // namespace fcrdns::resolver
