// Recursive resolvers that misbehave, one per row, and how a question to them ends.
#include "fcrdns/resolver/given.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <ostream>

#include "fcrdns/resolver/misbehaving_test.hpp"

namespace fcrdns::resolver {
namespace {

using namespace odd;

constexpr Milliseconds short_deadline{600};   // for what ends only there
constexpr Milliseconds ample_deadline{5000};  // for what ends before, on a busy machine too
constexpr Milliseconds slack{1000};

class Misbehaving : public testing::TestWithParam<Row> {};

TEST_P(Misbehaving, ends_as_it_should) {
  const auto& row = GetParam();
  transport::Loop loop;
  std::vector<std::unique_ptr<OddServer>> servers;
  std::vector<net::Endpoint> endpoints;
  for (const auto& script : row.servers) {
    if (script) servers.push_back(std::make_unique<OddServer>(loop, script));
    endpoints.push_back(script ? servers.back()->endpoint() : nobody());
  }
  Given given(loop, endpoints);
  const auto deadline = dns::is_definite(row.status) ? ample_deadline : short_deadline;
  std::vector<Answer> answers;
  given.ask(ptr_question(), given.now() + deadline, [&](Answer a) { answers.push_back(std::move(a)); });
  const bool delivered = given.wait(deadline * 2);
  ASSERT_TRUE(delivered);
  ASSERT_EQ(answers.size(), 1U);
  const auto& answer = answers.front();

  EXPECT_EQ(dns::to_word(answer.status), dns::to_word(row.status));
  EXPECT_EQ(answer.over_tcp, row.also.over_tcp);
  EXPECT_EQ(to_word(answer.dnssec), to_word(row.also.dnssec));
  EXPECT_NE(answer.detail.find(row.also.detail), std::string::npos) << answer.detail;
  EXPECT_EQ(answer.via.size(), row.also.via);
  EXPECT_LE(answer.attempts.size(), static_cast<std::size_t>(std::max(row.also.packets_at_most, 1)));
  EXPECT_LE(answer.answered - answer.asked, deadline + slack);
  for (const auto& attempt : answer.attempts) EXPECT_NE(attempt.outcome, "") << attempt.server;
  ASSERT_EQ(answer.records.size(), row.status == Status::noerror ? 1U : 0U);
  if (row.status != Status::noerror) return;
  EXPECT_EQ(std::get<dns::Name>(answer.records.front().data).text(), "mail.example.com.");
  const auto& owner = answer.via.empty() ? ptr_question().name : answer.via.back();
  EXPECT_TRUE(answer.records.front().owner.same_case(owner)) << answer.records.front().owner.text();
}

INSTANTIATE_TEST_SUITE_P(resolver, Misbehaving, testing::ValuesIn(rows()),
                         [](const auto& param) { return std::string(param.param.name); });

// ---- what one question cannot show ---------------------------------------------------------------------------------

/// Asks one question after the other and returns the answers.
std::vector<Answer> ask_in_turn(Resolver& resolver, int count, Milliseconds deadline = short_deadline) {
  std::vector<Answer> answers;
  for (int i = 0; i < count; ++i) {
    resolver.ask(ptr_question(), resolver.now() + deadline, [&](Answer a) { answers.push_back(std::move(a)); });
    resolver.wait(deadline * 2);
  }
  return answers;
}

TEST(Given, H031_remembers_who_refuses_edns) {
  for (const auto& to_edns : {says(Rcode::formerr), Script(silent)}) {
    transport::Loop loop;
    OddServer server(loop, with_edns(to_edns, good));
    Given given(loop, {server.endpoint()});
    const auto answers = ask_in_turn(given, 2);
    ASSERT_EQ(answers.size(), 2U);
    EXPECT_EQ(answers[1].status, Status::noerror);
    EXPECT_EQ(answers[1].attempts.size(), 1U);
  }
}

TEST(Given, asks_the_way_rfc_6840_and_6891_want) {
  transport::Loop loop;
  OddServer server(loop, good, "::1");
  Given given(loop, {server.endpoint()});
  ASSERT_EQ(ask_in_turn(given, 1).front().status, Status::noerror);
  const auto& query = server.heard().front().query;
  EXPECT_TRUE(query.recursion_desired && query.authentic);
  EXPECT_FALSE(query.checking_disabled || query.response);
  ASSERT_TRUE(query.edns);
  EXPECT_EQ(query.edns->udp_payload, 1232);
  EXPECT_FALSE(query.edns->dnssec_ok);
}

TEST(Given, H020_icmp_does_not_end_the_question) {
  transport::Loop loop;
  const auto endpoint = nobody();
  Given given(loop, {endpoint});
  std::optional<Answer> answer;
  given.ask(ptr_question(), given.now() + short_deadline, [&](Answer a) { answer = std::move(a); });
  std::optional<OddServer> server;
  const auto late = loop.at(loop.now() + Milliseconds{50}, [&] { server.emplace(loop, good, endpoint); });
  ASSERT_TRUE(given.wait(short_deadline * 2));
  EXPECT_EQ(answer->status, Status::noerror);
  EXPECT_EQ(answer->attempts.front().outcome, "refused by ICMP");
}

TEST(Given, without_dnssec_takes_what_fails_validation) {
  transport::Loop loop;
  OddServer server(loop, with_cd(says(Rcode::servfail), good));
  Given given(loop, {server.endpoint()}, false);
  EXPECT_EQ(ask_in_turn(given, 1).front().status, Status::noerror);
}

TEST(Given, uses_the_late_answer_to_an_earlier_packet) {
  transport::Loop loop;
  OddServer server(loop, [](const Heard& h) {
    if (h.udp_before > 0) return Replies{};
    auto replies = good(h);
    replies.front().after = Milliseconds{200};  // the second packet leaves after 120
    return replies;
  });
  Given given(loop, {server.endpoint()});
  const auto answer = ask_in_turn(given, 1).front();
  EXPECT_EQ(answer.status, Status::noerror);
  ASSERT_EQ(answer.attempts.size(), 2U);
  EXPECT_EQ(answer.attempts[0].outcome, "noerror");
  EXPECT_EQ(answer.attempts[1].outcome, "given up");
}

TEST(Given, asks_again_for_what_a_resolver_learned_after_its_own_limit) {
  // As a stock Unbound: what took longer than its limit is not sent, but the next question is answered from its cache.
  transport::Loop loop;
  const auto learned = loop.now() + Milliseconds{300};
  OddServer server(loop, [&](const Heard& h) { return loop.now() < learned ? Replies{} : good(h); });
  Given given(loop, {server.endpoint()});
  EXPECT_EQ(ask_in_turn(given, 1).front().status, Status::noerror);
}

TEST(Given, definite_trouble_does_not_burn_the_deadline) {
  for (const auto& script : {says(Rcode::servfail), says(Rcode::refused), says({})}) {
    transport::Loop loop;
    OddServer server(loop, script);
    Given given(loop, {server.endpoint(), server.endpoint()});
    const auto answer = ask_in_turn(given, 1, Milliseconds{30000}).front();
    EXPECT_LT(answer.answered - answer.asked, Milliseconds{2000});
    EXPECT_TRUE(dns::is_trouble(answer.status));
  }
}

TEST(Given, questions_run_side_by_side) {
  transport::Loop loop;
  OddServer server(loop, [](const Heard& h) {
    auto replies = good(h);
    replies.front().after = Milliseconds{50};
    return replies;
  });
  Given given(loop, {server.endpoint()});
  int done = 0;
  const auto begun = given.now();
  for (int i = 0; i < 20; ++i)
    given.ask(ptr_question(), begun + short_deadline, [&](Answer a) { done += a.status == Status::noerror; });
  while (done < 20 && given.wait(short_deadline)) {
  }
  EXPECT_EQ(done, 20);
  EXPECT_LT(given.now() - begun, Milliseconds{400});
}

TEST(Given, a_question_may_be_asked_from_a_delivery) {
  transport::Loop loop;
  OddServer server(loop, good);
  Given given(loop, {server.endpoint()});
  int done = 0;
  given.ask(ptr_question(), given.now() + short_deadline, [&](Answer) {
    ++done;
    given.ask(ptr_question(), given.now() + short_deadline, [&](Answer) { ++done; });
  });
  while (done < 2) ASSERT_TRUE(given.wait(short_deadline));
  EXPECT_FALSE(given.wait(Milliseconds{20})) << "with no question open there is only the loop to wait for";
}

TEST(Given, may_end_with_questions_open) {
  transport::Loop loop;
  OddServer server(loop, silent);
  bool called = false;
  {
    Given given(loop, {server.endpoint()});
    given.ask(ptr_question(), given.now() + short_deadline, [&](Answer) { called = true; });
    loop.run_one(Milliseconds{10});
  }
  loop.run_one(Milliseconds{10});
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace fcrdns::resolver
