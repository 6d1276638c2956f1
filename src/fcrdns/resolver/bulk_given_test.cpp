// The servers that misbehave for given_test.cpp, asked in bulk: the same answers. Then what only many questions show.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "fcrdns/resolver/bulk.hpp"
#include "fcrdns/resolver/bulk_outstanding.hpp"
#include "fcrdns/resolver/misbehaving_test.hpp"

namespace fcrdns::resolver {
namespace {

using namespace odd;

constexpr Milliseconds ample{20'000};

/// Servers and who asks them, in one thread.
struct Scene {
  transport::Loop loop;
  std::vector<std::unique_ptr<OddServer>> servers;
  std::vector<net::Endpoint> endpoints;
  std::unique_ptr<Bulk> bulk;
  std::map<std::uint64_t, dns::Reply> replies;
  std::map<std::uint64_t, base::SteadyTime> delivered;
  Bulk::Deliver deliver = [this](std::uint64_t token, dns::Reply& reply) {
    EXPECT_FALSE(replies.contains(token)) << "delivered twice";
    delivered[token] = bulk->now();
    replies[token] = std::move(reply);
  };

  /// An empty script: nobody listens there.
  Scene(const std::vector<Script>& scripts, BulkOptions options = {.tries = 3, .patience = Milliseconds{60}}) {
    for (const auto& script : scripts) {
      if (script) servers.push_back(std::make_unique<OddServer>(loop, script));
      endpoints.push_back(script ? servers.back()->endpoint() : nobody());
    }
    options.servers = endpoints;
    auto made = make_bulk_given(options);
    EXPECT_TRUE(made) << made.error().message;
    bulk = *std::move(made);
  }
  void turn() {
    bulk->turn(deliver);
    while (loop.run_one(Milliseconds{0})) {}
  }
  void ask(std::uint64_t token, Milliseconds in = ample, dns::Question question = ptr_question()) {
    while (bulk->room() == 0) turn();
    bulk->ask(std::move(question), token, bulk->now() + in);
  }
  void finish() {
    while (!bulk->idle()) turn();
  }
};

/// Row by name, where bulk ends otherwise than given.
const std::map<std::string, Status> differs = {
    {"H017_flood_of_wrong_ids", Status::timeout},  // no TCP for it: whoever floods does not get to slow a scan
};
const std::set<std::string> asks_no_tcp = {"H017_flood_of_wrong_ids", "H019_case_not_kept"};

class InBulk : public testing::TestWithParam<Row> {};

TEST_P(InBulk, ends_as_one_by_one) {
  const auto& row = GetParam();
  if (row.servers.empty()) {
    EXPECT_FALSE(make_bulk_given({}));
    return;
  }
  Scene scene(row.servers);
  scene.ask(7);
  scene.finish();
  ASSERT_EQ(scene.replies.size(), 1U);
  auto& reply = scene.replies.at(7);
  const auto differing = differs.find(row.name);
  const auto status = differing == differs.end() ? row.status : differing->second;
  EXPECT_EQ(dns::to_word(reply.status), dns::to_word(status));
  EXPECT_EQ(reply.via.size(), row.also.via);
  EXPECT_FALSE(reply.open_chain);
  if (row.also.over_tcp && !asks_no_tcp.contains(row.name)) {
    EXPECT_GT(scene.bulk->counts().tcp, 0U);
  }
  EXPECT_EQ(scene.bulk->counts().questions, 1U);
  ASSERT_EQ(reply.records.size(), status == Status::noerror ? 1U : 0U);
  for (const auto& record : reply.records) EXPECT_EQ(std::get<dns::Name>(record.data).text(), "mail.example.com.");
}
INSTANTIATE_TEST_SUITE_P(resolver, InBulk, testing::ValuesIn(rows()), [](const auto& param) { return std::string(param.param.name); });

// ---- what one question cannot show ---------------------------------------------------------------------------------

dns::Question numbered(std::uint64_t number) {
  return {*dns::Name::parse(std::to_string(number % 256) + "." + std::to_string(number / 256) + ".0.10.in-addr.arpa."), dns::Type::ptr};
}
/// The PTR of a name says the name again: an answer that went astray shows.
Replies named_after_question(const Heard& h) {
  const auto name = h.query.questions.front().name.text();
  return {say(h, reply_to(h, {name + " 60 PTR x" + name}))};
}
void expect_own_names(const Scene& scene, std::size_t count) {
  ASSERT_EQ(scene.replies.size(), count);
  for (const auto& [token, reply] : scene.replies) {
    ASSERT_EQ(reply.status, Status::noerror) << token << " " << dns::to_word(reply.status);
    EXPECT_EQ(std::get<dns::Name>(reply.records.front().data).text(), "x" + numbered(token).name.text());
  }
}

TEST(BulkGiven, each_question_gets_its_own_answer) {
  for (const bool segments : {true, false}) {
    Scene scene({named_after_question}, {.segments = segments});
    for (std::uint64_t i = 0; i < 1000; ++i) scene.ask(i, ample, numbered(i));
    scene.finish();
    expect_own_names(scene, 1000);
    EXPECT_EQ(scene.bulk->counts().packets, 1000U);
    EXPECT_EQ(scene.bulk->health(9).size(), 1U);
    EXPECT_EQ(scene.bulk->health(1).front().answered, 1000U);
  }
}

/// A worker that had no lease for minutes, a caller that stays away, a machine that stands still: what came meanwhile was in time.
TEST(BulkGiven, time_in_which_nobody_listened_is_nobodys_silence) {
  Scene scene({named_after_question});
  const auto stand_still = [] {
    for (const auto back = base::steady_now() + Milliseconds{120}; base::steady_now() < back;) std::this_thread::yield();
  };
  stand_still();
  for (std::uint64_t i = 0; i < 40; ++i) scene.ask(i, Milliseconds{50}, numbered(i));
  while (!scene.bulk->idle()) {
    stand_still();
    scene.turn();
  }
  expect_own_names(scene, 40);
  EXPECT_EQ(scene.bulk->counts().retries, 0U);
}

TEST(BulkGiven, through_loss_to_and_fro) {
  int turn = 0;
  const Script lossy = [&](const Heard& h) { return ++turn % 3 == 0 ? Replies{} : named_after_question(h); };
  Scene scene({lossy, lossy}, {.tries = 20, .patience = Milliseconds{40}});
  for (std::uint64_t i = 0; i < 300; ++i) scene.ask(i, ample, numbered(i));
  scene.finish();
  expect_own_names(scene, 300);
  EXPECT_GE(scene.bulk->counts().retries, 100U);
}

TEST(BulkGiven, damaged_replies_never_lend_another_name) {
  const Script odd_ones_damaged = [](const Heard& h) {
    auto said = named_after_question(h);
    if (h.query.questions.front().name.label(0).back() % 2 == 1) said.front().octets.pop_back();
    return said;
  };
  Scene scene({odd_ones_damaged});
  for (std::uint64_t i = 0; i < 100; ++i) scene.ask(i, ample, numbered(i));
  scene.finish();
  for (const auto& [token, reply] : scene.replies) {
    EXPECT_EQ(reply.status, token % 2 == 1 ? Status::malformed : Status::noerror);
    EXPECT_EQ(reply.records.size(), token % 2 == 1 ? 0U : 1U);
  }
  EXPECT_EQ(scene.replies.size(), 100U);
  EXPECT_EQ(scene.bulk->health(1).front().timeouts, 0U) << "whoever answers, however badly, is not slow";
}

TEST(BulkGiven, many_over_tcp) {
  Scene scene({udp_tcp(truncated(), named_after_question)}, {.patience = Milliseconds{5000}});
  for (std::uint64_t i = 0; i < 200; ++i) scene.ask(i, ample, numbered(i));
  scene.finish();
  expect_own_names(scene, 200);
  EXPECT_EQ(scene.bulk->counts().tcp, 200U);
}

TEST(BulkGiven, a_dead_resolver_beside_a_good_one) {
  for (const auto& dead : {Script(), Script(silent), Script(says(Rcode::refused)), Script(says(Rcode::servfail))}) {
    Scene scene({dead, named_after_question});
    for (std::uint64_t i = 0; i < 100; ++i) scene.ask(i, ample, numbered(i));
    scene.finish();
    expect_own_names(scene, 100);
  }
}

TEST(BulkGiven, each_question_ends_at_its_own_deadline) {
  Scene scene({silent}, {.tries = 100, .patience = Milliseconds{30}});
  const auto begun = scene.bulk->now();
  scene.ask(1, Milliseconds{300});
  scene.ask(2, Milliseconds{100});
  scene.finish();
  for (const auto& [token, least] : std::map<std::uint64_t, Milliseconds>{{1, Milliseconds{300}}, {2, Milliseconds{100}}}) {
    EXPECT_EQ(scene.replies.at(token).status, Status::timeout);
    EXPECT_GE(scene.delivered.at(token) - begun, least);
  }
  EXPECT_LT(scene.delivered.at(2), scene.delivered.at(1));
}

TEST(BulkGiven, what_the_pace_holds_back_ends_at_its_deadline_too) {
  Scene scene({silent}, {.rate = 10, .tries = 100, .patience = Milliseconds{10}});
  scene.ask(1, Milliseconds{250});
  scene.finish();
  EXPECT_EQ(scene.replies.at(1).status, Status::timeout);
}

TEST(BulkGiven, the_late_answer_to_an_earlier_packet_counts) {
  const Script late_once = [](const Heard& h) {
    if (h.udp_before > 0) return Replies{};
    auto replies = good(h);
    replies.front().after = Milliseconds{100};  // the second packet leaves after 60
    return replies;
  };
  Scene scene({late_once}, {.tries = 2, .patience = Milliseconds{60}});
  scene.ask(1);
  scene.finish();
  EXPECT_EQ(scene.replies.at(1).status, Status::noerror);
  EXPECT_EQ(scene.servers.front()->heard().size(), 2U);
}

TEST(BulkGiven, H031_remembers_who_refuses_edns) {
  Scene scene({with_edns(says(Rcode::formerr), good)});
  scene.ask(1);
  scene.finish();
  scene.ask(2);
  scene.finish();
  EXPECT_EQ(scene.replies.at(2).status, Status::noerror);
  EXPECT_EQ(scene.servers.front()->heard().size(), 3U);
}

TEST(BulkGiven, who_answers_edns_is_asked_with_edns_for_ever) {
  Scene scene({[](const Heard& h) { return h.udp_before % 4 == 3 ? good(h) : Replies{}; }}, {.tries = 4, .patience = Milliseconds{20}});
  scene.servers.front() = {};  // begins with one that answers at once, at the same place
  OddServer eager(scene.loop, [](const Heard& h) { return h.udp_before == 0 || h.udp_before == 4 ? good(h) : Replies{}; }, scene.endpoints.front());
  scene.ask(1);
  scene.finish();
  scene.ask(2);
  scene.finish();
  EXPECT_EQ(scene.replies.at(2).status, Status::noerror);
  for (const auto& heard : eager.heard()) EXPECT_TRUE(heard.query.edns);
}

TEST(BulkGiven, asks_the_way_rfc_6840_and_6891_want) {
  Scene scene({good});
  scene.ask(1);
  scene.finish();
  const auto& query = scene.servers.front()->heard().front().query;
  EXPECT_TRUE(query.recursion_desired && query.authentic);
  EXPECT_FALSE(query.checking_disabled || query.response);
  ASSERT_TRUE(query.edns);
  EXPECT_EQ(query.edns->udp_payload, 1232);
  EXPECT_FALSE(query.edns->dnssec_ok);
}

TEST(BulkGiven, bogus_is_servfail_where_it_does_not_matter) {
  Scene scene({with_cd(says(Rcode::servfail), good)}, {.tries = 2, .tell_bogus = false});
  scene.ask(1);
  scene.finish();
  EXPECT_EQ(scene.replies.at(1).status, Status::servfail);
  EXPECT_EQ(scene.servers.front()->heard().size(), 2U);
}

TEST(BulkGiven, a_question_may_be_asked_from_a_delivery) {
  Scene scene({named_after_question});
  scene.deliver = [&](std::uint64_t token, dns::Reply& reply) {
    scene.replies[token] = std::move(reply);
    if (token < 50 && scene.bulk->room() > 0) scene.bulk->ask(numbered(token + 1), token + 1, scene.bulk->now() + ample);
  };
  scene.ask(0, ample, numbered(0));
  scene.finish();
  expect_own_names(scene, 51);
}

TEST(BulkGiven, the_window_is_kept) {
  Scene scene({silent}, {.window = 10, .tries = 1, .patience = Milliseconds{30}});
  std::size_t under_way = 0;
  for (; scene.bulk->room() > 0 || under_way == 0; scene.turn())
    for (; scene.bulk->room() > 0; ++under_way) scene.bulk->ask(ptr_question(), under_way, scene.bulk->now() + ample);
  EXPECT_EQ(under_way, 10U);
  scene.finish();
  EXPECT_EQ(scene.replies.size(), 10U);
}

TEST(BulkGiven, may_end_with_questions_open) {
  Scene scene({udp_tcp(truncated(), silent)});
  for (std::uint64_t i = 0; i < 10; ++i) scene.ask(i);
  for (int i = 0; i < 5; ++i) scene.turn();
  scene.bulk.reset();
  EXPECT_TRUE(scene.replies.empty());
}

TEST(Outstanding, forgets_what_is_replaced_and_finds_the_rest) {
  Outstanding outstanding(3);
  const auto packet = [](std::uint16_t id) { return Outstanding::Packet{.server = 1, .id = id, .socket = 2}; };
  for (std::uint16_t i = 0; i < 12; ++i) outstanding.add(i / 4U, i % 4U, packet(static_cast<std::uint16_t>(i * 64)));  // one chain
  for (std::uint16_t i = 0; i < 12; ++i) {
    const auto found = outstanding.find(packet(static_cast<std::uint16_t>(i * 64)));
    EXPECT_EQ(found.place, i / 4U);
    EXPECT_EQ(found.turn, i % 4U);
  }
  outstanding.add(1, 2, packet(5));
  EXPECT_EQ(outstanding.find(packet(6 * 64)).place, Outstanding::none);
  EXPECT_EQ(outstanding.find(packet(5)).place, 1U);
  outstanding.forget(1);
  for (std::uint16_t i = 0; i < 12; ++i)
    EXPECT_EQ(outstanding.find(packet(static_cast<std::uint16_t>(i * 64))).place, i / 4U == 1 ? Outstanding::none : i / 4U);
  EXPECT_EQ(outstanding.find({.server = 2, .id = 0, .socket = 2}).place, Outstanding::none);
  EXPECT_EQ(outstanding.find({.server = 1, .id = 0, .socket = 3}).place, Outstanding::none);
}

}  // namespace
}  // namespace fcrdns::resolver
