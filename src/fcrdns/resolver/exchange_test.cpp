// Questions put to a zone's own servers, and what no single question can show: the spread of IDs and letter case.
#include "fcrdns/resolver/exchange.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "fcrdns/resolver/extended_error.hpp"
#include "fcrdns/resolver/given.hpp"
#include "fcrdns/resolver/odd_server_test.hpp"
#include "fcrdns/resolver/query_case.hpp"

namespace fcrdns::resolver {
namespace {

using base::Milliseconds;
using dns::Status;

const std::string name_text = "5.113.0.203.in-addr.arpa.";
dns::Question ptr_question() { return {*dns::Name::parse(name_text), dns::Type::ptr}; }

// ---- authoritative servers -----------------------------------------------------------------------------------------

struct Row {
  const char* name;
  std::vector<std::string> lines;
  bool authoritative;
  Status status;
};
class Direct : public testing::TestWithParam<Row> {};

TEST_P(Direct, is_believed_as_far_as_it_proves_something) {
  const auto& row = GetParam();
  transport::Loop loop;
  OddServer server(loop, [&](const Heard& h) {
    auto reply = reply_to(h, row.lines);
    reply.authoritative = row.authoritative;
    return std::vector{say(h, reply)};
  });
  Exchanger exchanger(loop);
  std::optional<Exchanged> result;
  const auto under_way = exchanger.start({server.endpoint()}, ptr_question(), {.source = dns::Source::authoritative},
                                         loop.now() + Milliseconds{500}, [&](Exchanged e) { result = std::move(e); });
  while (!result) ASSERT_TRUE(loop.run_one(Milliseconds{1000}));
  EXPECT_EQ(dns::to_word(result->answer.status), dns::to_word(row.status));
  EXPECT_EQ(result->answer.dnssec, Dnssec::unknown);
  EXPECT_EQ(result->server, server.endpoint());
  EXPECT_TRUE(result->message) << "a referral must reach who walks delegations";
  const auto& query = server.heard().front().query;
  EXPECT_FALSE(query.recursion_desired || query.authentic);
}

INSTANTIATE_TEST_SUITE_P(
    Exchange, Direct,
    testing::Values(Row{"answer", {name_text + " 60 PTR mail.example.com."}, true, Status::noerror},
                    Row{"not_authoritative", {name_text + " 60 PTR mail.example.com."}, false, Status::lame},
                    Row{"absence", {"authority 113.0.203.in-addr.arpa. 60 SOA a. b. 1 2 3 4 5"}, true, Status::nodata},
                    Row{"referral", {"authority 113.0.203.in-addr.arpa. 60 NS ns1.example.net."}, false, Status::lame}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(Exchange, let_go_before_its_end_is_silent) {
  transport::Loop loop;
  Exchanger exchanger(loop);
  bool called = false;
  auto under_way = exchanger.start({}, ptr_question(), {}, loop.now(), [&](Exchanged) { called = true; });
  under_way.reset();
  loop.run_one(Milliseconds{5});
  EXPECT_FALSE(called);
}

// ---- one server itself, over one transport -------------------------------------------------------------------------

struct Asked {
  const char* name;
  Script script;  // empty: nobody there
  bool tcp;
  Status status;
  int udp, tcp_connections;  // what the server hears
};
void PrintTo(const Asked& row, std::ostream* out) { *out << row.name; }

std::vector<Said> answers(const Heard& h) {
  auto reply = reply_to(h, {name_text + " 60 PTR mail.example.com."});
  reply.authoritative = true;
  return {say(h, reply)};
}
std::vector<Said> is_silent(const Heard&) { return {}; }
std::vector<Said> truncates(const Heard& h) {
  if (h.tcp) return answers(h);
  auto reply = reply_to(h);
  reply.truncated = true;
  return {say(h, reply)};
}
std::vector<Said> truncates_and_hangs_up(const Heard& h) { return h.tcp ? std::vector{Said{.octets = {}, .close = true}} : truncates(h); }
std::vector<Said> wants_no_edns(const Heard& h) { return h.query.edns ? is_silent(h) : answers(h); }
std::vector<Said> hangs_up_once(const Heard& h) {
  return h.tcp_before == 0 ? std::vector{Said{.octets = {}, .close = true}} : answers(h);
}
std::vector<Said> drops_the_first(const Heard& h) { return h.udp_before + h.tcp_before == 0 ? is_silent(h) : answers(h); }

class AskServer : public testing::TestWithParam<Asked> {};

TEST_P(AskServer, has_two_tries_of_one_transport) {
  const auto& row = GetParam();
  transport::Loop loop;
  const auto server = row.script ? std::make_unique<OddServer>(loop, row.script) : nullptr;
  Given resolver(loop, {});
  std::optional<ServerAnswer> said;
  const ServerQuestion question{.server = server ? server->endpoint() : nobody(), .question = ptr_question(), .tcp = row.tcp};
  const bool ends_by_itself = row.status != Status::timeout;
  resolver.ask_server(question, loop.now() + Milliseconds{ends_by_itself ? 5000 : 600}, [&](ServerAnswer a) { said = std::move(a); });
  while (!said) ASSERT_TRUE(resolver.wait(Milliseconds{6000}));
  EXPECT_EQ(dns::to_word(said->answer.status), dns::to_word(row.status));
  EXPECT_EQ(said->message.has_value(), row.status == Status::noerror);
  EXPECT_FALSE(said->no_route);
  int udp = 0, tcp = 0;
  for (const auto& heard : server ? server->heard() : std::vector<Heard>()) {
    ++(heard.tcp ? tcp : udp);
    EXPECT_FALSE(heard.query.recursion_desired);
  }
  EXPECT_EQ(udp, row.udp);
  EXPECT_EQ(tcp, row.tcp_connections);
}

INSTANTIATE_TEST_SUITE_P(
    Exchange, AskServer,
    testing::Values(Asked{"udp", answers, false, Status::noerror, 1, 0}, Asked{"tcp", answers, true, Status::noerror, 0, 1},
                    Asked{"udp_silent", is_silent, false, Status::timeout, 3, 0},  // the third without EDNS
                    Asked{"tcp_silent", is_silent, true, Status::timeout, 0, 2},
                    Asked{"udp_truncated", truncates, false, Status::noerror, 1, 1},
                    Asked{"udp_truncated_without_tcp", truncates_and_hangs_up, false, Status::unreachable, 2, 2},
                    Asked{"udp_without_edns", wants_no_edns, false, Status::noerror, 3, 0},
                    Asked{"udp_first_is_lost", drops_the_first, false, Status::noerror, 2, 0},
                    Asked{"tcp_first_is_closed", hangs_up_once, true, Status::noerror, 0, 2},
                    Asked{"udp_nobody", Script(), false, Status::unreachable, 0, 0},
                    Asked{"tcp_nobody", Script(), true, Status::unreachable, 0, 0}),
    [](const auto& row) { return std::string(row.param.name); });

/// One packet of one wording, and nothing around it.
struct AskedOnce {
  const char* name;
  Script script;  // empty: nobody there
  bool tcp;
  Wording wording;
  Status status;
  int udp, tcp_connections;
};
void PrintTo(const AskedOnce& row, std::ostream* out) { *out << row.name; }

std::vector<Said> refuses_edns(const Heard& h) {
  if (!h.query.edns) return answers(h);
  auto reply = reply_to(h);
  reply.rcode = dns::Rcode::formerr;
  return {say(h, reply)};
}
std::vector<Said> wants_do(const Heard& h) { return h.query.edns && h.query.edns->dnssec_ok ? answers(h) : is_silent(h); }
std::vector<Said> wants_case_as_it_is(const Heard& h) {
  return h.query.questions.front().name.same_case(ptr_question().name) ? answers(h) : is_silent(h);
}
std::vector<Said> lowers(const Heard& h) {
  auto reply = reply_to(h, {name_text + " 60 PTR mail.example.com."});
  reply.authoritative = true;
  for (auto& question : reply.questions) question.name = question.name.lowered();
  return {say(h, reply)};
}

class AskServerOnce : public testing::TestWithParam<AskedOnce> {};

TEST_P(AskServerOnce, sends_one_packet_worded_so) {
  const auto& row = GetParam();
  transport::Loop loop;
  const auto server = row.script ? std::make_unique<OddServer>(loop, row.script) : nullptr;
  Given resolver(loop, {});
  std::optional<ServerAnswer> said;
  const ServerQuestion question{.server = server ? server->endpoint() : nobody(), .question = ptr_question(), .tcp = row.tcp, .once = row.wording};
  resolver.ask_server(question, loop.now() + Milliseconds{row.status == Status::timeout ? 300 : 5000}, [&](ServerAnswer a) { said = std::move(a); });
  while (!said) ASSERT_TRUE(resolver.wait(Milliseconds{6000}));
  EXPECT_EQ(dns::to_word(said->answer.status), dns::to_word(row.status));
  int udp = 0, tcp = 0;
  for (const auto& heard : server ? server->heard() : std::vector<Heard>()) {
    ++(heard.tcp ? tcp : udp);
    EXPECT_EQ(heard.query.edns.has_value(), row.wording.edns);
    EXPECT_EQ(heard.query.edns && heard.query.edns->dnssec_ok, row.wording.dnssec_ok);
    EXPECT_TRUE(row.wording.mixed_case || heard.query.questions.front().name.same_case(ptr_question().name));
  }
  EXPECT_EQ(udp, row.udp);
  EXPECT_EQ(tcp, row.tcp_connections);
}

constexpr Wording plainly{.edns = false}, with_edns{}, with_do{.dnssec_ok = true}, mixed{.mixed_case = true};

INSTANTIATE_TEST_SUITE_P(
    Exchange, AskServerOnce,
    testing::Values(AskedOnce{"plain", answers, false, plainly, Status::noerror, 1, 0},
                    AskedOnce{"edns", answers, false, with_edns, Status::noerror, 1, 0},
                    AskedOnce{"do", wants_do, false, with_do, Status::noerror, 1, 0},
                    AskedOnce{"tcp", answers, true, plainly, Status::noerror, 0, 1},
                    AskedOnce{"mixed_case", answers, false, mixed, Status::noerror, 1, 0},
                    AskedOnce{"silent", is_silent, false, with_edns, Status::timeout, 1, 0},
                    AskedOnce{"tcp_silent", is_silent, true, with_edns, Status::timeout, 0, 1},
                    AskedOnce{"tcp_closed", hangs_up_once, true, with_edns, Status::unreachable, 0, 1},
                    AskedOnce{"silent_to_edns", wants_no_edns, false, with_edns, Status::timeout, 1, 0},
                    AskedOnce{"formerr_to_edns", refuses_edns, false, with_edns, Status::formerr, 1, 0},
                    AskedOnce{"silent_to_mixed_case", wants_case_as_it_is, false, mixed, Status::timeout, 1, 0},
                    AskedOnce{"case_not_kept", lowers, false, mixed, Status::malformed, 1, 0},
                    AskedOnce{"case_does_not_matter", lowers, false, with_edns, Status::noerror, 1, 0},
                    AskedOnce{"truncated", truncates, false, plainly, Status::noerror, 1, 1},
                    AskedOnce{"truncated_without_tcp", truncates_and_hangs_up, false, plainly, Status::unreachable, 1, 1},
                    AskedOnce{"nobody", Script(), false, plainly, Status::unreachable, 0, 0}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(AskServer, later_is_when_the_time_has_come) {
  transport::Loop loop;
  Given resolver(loop, {});
  const auto when = loop.now() + Milliseconds{20};
  std::optional<base::SteadyTime> called;
  resolver.at(when, [&] { called = loop.now(); });
  EXPECT_FALSE(called);
  ASSERT_TRUE(resolver.wait(Milliseconds{1000}));
  ASSERT_TRUE(called);
  EXPECT_GE(*called, when);
}

TEST(AskServer, says_when_there_is_no_route) {
  transport::Loop loop;
  Given resolver(loop, {});
  for (const bool tcp : {false, true}) {
    std::optional<ServerAnswer> said;
    const ServerQuestion question{.server = {net::Address::v4({255, 255, 255, 255}), 53}, .question = ptr_question(), .tcp = tcp};
    resolver.ask_server(question, loop.now() + Milliseconds{2000}, [&](ServerAnswer a) { said = std::move(a); });
    while (!said) ASSERT_TRUE(resolver.wait(Milliseconds{3000}));
    EXPECT_EQ(said->answer.status, Status::unreachable);
    EXPECT_TRUE(said->no_route);
  }
}

TEST(AskServer, a_cache_is_asked_without_recursion_and_believed_without_aa) {
  transport::Loop loop;
  OddServer server(loop, [](const Heard& h) { return std::vector{say(h, reply_to(h, {name_text + " 60 PTR mail.example.com."}))}; });
  Given resolver(loop, {});
  std::optional<ServerAnswer> said;
  resolver.ask_server({.server = server.endpoint(), .question = ptr_question(), .source = dns::Source::recursive},
                      loop.now() + Milliseconds{2000}, [&](ServerAnswer a) { said = std::move(a); });
  while (!said) ASSERT_TRUE(resolver.wait(Milliseconds{3000}));
  EXPECT_EQ(said->answer.status, Status::noerror);
  EXPECT_FALSE(server.heard().front().query.recursion_desired);
}

// ---- queries -------------------------------------------------------------------------------------------------------

TEST(Query, H018_ids_are_uniform_and_in_no_sequence) {
  std::array<double, 256> low{}, high{};
  int neighbours = 0;
  std::uint16_t before = 0;
  constexpr int count = 10000;
  for (int i = 0; i < count; ++i) {
    const auto id = make_query(ptr_question(), {}, true, base::secure_random()).id;
    ++low[id & 255];
    ++high[id >> 8];
    neighbours += static_cast<std::uint16_t>(id - before + 2) <= 4;
    before = id;
  }
  EXPECT_LE(neighbours, 20);  // 0.8 expected
  for (const auto& buckets : {low, high}) {
    double chi_square = 0;
    for (const double n : buckets) chi_square += (n - count / 256.0) * (n - count / 256.0) / (count / 256.0);
    EXPECT_LT(chi_square, 400);  // 255 degrees of freedom: 6 sigma
    EXPECT_GT(chi_square, 140);  // too even is no chance either
  }
}

TEST(Query, letter_case_is_drawn_anew_each_time) {
  std::set<std::string> spellings;
  const auto name = ptr_question().name;
  for (int i = 0; i < 100; ++i) {
    const auto cased = with_random_case(name, base::secure_random());
    EXPECT_EQ(cased, name);
    spellings.insert(cased.text());
  }
  EXPECT_GE(spellings.size(), 80U);  // of 1,024
}

TEST(QueryCase, what_the_case_did_to_a_reply_is_undone_and_nothing_else) {
  const auto sent = *dns::Name::parse("5.113.0.203.iN-aDDr.aRPa.");
  dns::Message message;
  message.answers.push_back(record("5.113.0.203.iN-aDDr.aRPa. 60 CNAME 5.0-63.113.0.203.iN-aDDr.aRPa."));
  message.answers.push_back(record("5.0-63.113.0.203.iN-aDDr.aRPa. 60 PTR Mail.Example.COM."));
  message.authority.push_back(record("113.0.203.in-addr.aRPa. 60 SOA Ns.aRPa. Host.example. 1 2 3 4 5"));
  restore_case(message, sent, ptr_question().name);
  std::string text;
  for (const auto* section : {&message.answers, &message.authority})
    for (const auto& r : *section) text += dns::to_text(r) + "\n";
  EXPECT_EQ(text,
            "5.113.0.203.in-addr.arpa. 60 IN CNAME 5.0-63.113.0.203.in-addr.arpa.\n"
            "5.0-63.113.0.203.in-addr.arpa. 60 IN PTR Mail.Example.COM.\n"
            "113.0.203.in-addr.arpa. 60 IN SOA Ns.arpa. Host.example. 1 2 3 4 5\n");
}

TEST(ExtendedError, has_words_and_blame) {
  struct Case {
    std::uint16_t code;
    const char *text, *words;
    Blame blame;
  };
  constexpr Case cases[] = {
      {6, "", "DNSSEC Bogus", Blame::validation},
      {12, "no proof", "NSEC Missing: no proof", Blame::validation},
      {13, "", "Cached Error", Blame::open},
      {22, "x", "No Reachable Authority: x", Blame::something_else},
      {4711, "", "extended error 4711", Blame::open},
  };
  for (const auto& [code, text, words, blame] : cases) {
    const dns::ExtendedError error{code, text};
    EXPECT_EQ(describe(error), words);
    EXPECT_EQ(blame_of(error), blame);
  }
}

TEST(Resolver, trouble_is_ranked_by_how_much_it_says) {
  const std::array order{Status::nxdomain,  Status::bogus, Status::servfail, Status::refused, Status::formerr,
                         Status::malformed, Status::lame,  Status::loop,     Status::timeout, Status::unreachable};
  for (std::size_t i = 1; i < order.size(); ++i) {
    EXPECT_TRUE(says_more(order[i - 1], order[i]));
    EXPECT_FALSE(says_more(order[i], order[i - 1]));
  }
  EXPECT_FALSE(says_more(Status::noerror, Status::nodata));
}

}  // namespace
}  // namespace fcrdns::resolver
