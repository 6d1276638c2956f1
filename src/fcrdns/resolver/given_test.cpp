// Recursive resolvers that misbehave, one per row, and how a question to them ends.
#include "fcrdns/resolver/given.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <ostream>

#include "fcrdns/resolver/odd_server_test.hpp"

namespace fcrdns::resolver {
namespace {

using dns::Rcode;
using dns::Status;
using base::Milliseconds;

constexpr Milliseconds short_deadline{600};   // for what ends only there
constexpr Milliseconds ample_deadline{5000};  // for what ends before, on a busy machine too
constexpr Milliseconds slack{1000};

const std::string ptr_line = "5.113.0.203.in-addr.arpa. 3600 PTR mail.example.com.";
const std::string soa_line =
    "authority 113.0.203.in-addr.arpa. 900 SOA ns.example.net. hostmaster.example.net. 1 2 3 4 300";

dns::Question ptr_question() { return {*dns::Name::parse("5.113.0.203.in-addr.arpa."), dns::Type::ptr}; }

// ---- what servers do -----------------------------------------------------------------------------------------------

using Replies = std::vector<Said>;

Replies good(const Heard& h) { return {say(h, reply_to(h, {ptr_line}))}; }
Replies silent(const Heard&) { return {}; }
Script says(std::vector<std::string> lines) {
  return [lines = std::move(lines)](const Heard& h) { return Replies{say(h, reply_to(h, lines))}; };
}
Script says(Rcode rcode, std::vector<std::string> lines = {}) {
  return [rcode, lines = std::move(lines)](const Heard& h) {
    auto reply = reply_to(h, lines);
    reply.rcode = rcode;
    return Replies{say(h, reply)};
  };
}
/// `odd` over UDP, `then` over TCP.
Script udp_tcp(Script odd, Script then) {
  return [odd = std::move(odd), then = std::move(then)](const Heard& h) { return h.tcp ? then(h) : odd(h); };
}
Script truncated() {
  return [](const Heard& h) {
    auto reply = reply_to(h);
    reply.truncated = true;
    return Replies{say(h, reply)};
  };
}
/// Whatever `change` makes of a good reply, `count` times.
Script changed(std::function<void(dns::Message&)> change, int count = 1) {
  return [=](const Heard& h) {
    auto reply = reply_to(h, {ptr_line});
    change(reply);
    return Replies(static_cast<std::size_t>(count), say(h, reply));
  };
}
void wrong_id(dns::Message& m) { m.id = static_cast<std::uint16_t>(m.id + 1); }
void wrong_question(dns::Message& m) { m.questions.front().name = *dns::Name::parse("6.113.0.203.in-addr.arpa."); }
void wrong_type(dns::Message& m) { m.questions.front().type = dns::Type::a; }
void wrong_class(dns::Message& m) { m.questions.front().klass = dns::Class::any; }
void not_a_response(dns::Message& m) { m.response = false; }
void lower_case(dns::Message& m) { m.questions.front().name = m.questions.front().name.lowered(); }
void with_ad(dns::Message& m) { m.authentic = true; }

Replies garbage(const Heard& h) {
  auto said = say(h, reply_to(h, {ptr_line}));
  said.octets.pop_back();  // over TCP this is a half frame
  return {said};
}
Script then(Script first, Script second) {
  return [=](const Heard& h) {
    auto replies = first(h);
    std::ranges::move(second(h), std::back_inserter(replies));
    return replies;
  };
}
Script first_time(Script first, Script later) {
  return [=](const Heard& h) { return h.udp_before + h.tcp_before == 0 ? first(h) : later(h); };
}
Script with_edns(Script to_edns, Script to_plain) {
  return [=](const Heard& h) { return h.query.edns ? to_edns(h) : to_plain(h); };
}
Script with_cd(Script checked, Script unchecked) {
  return [=](const Heard& h) { return h.query.checking_disabled ? unchecked(h) : checked(h); };
}
Script servfail_because(std::uint16_t code, std::string text) {
  return [=](const Heard& h) {
    auto reply = reply_to(h, Rcode::servfail);
    dns::EdnsOption option{15, {}};
    base::put_u16(option.data, code);
    base::put(option.data, base::octets_of(text));
    if (reply.edns) reply.edns->options.push_back(option);
    return Replies{say(h, reply)};
  };
}
/// A stream of one octet every `each`.
Script drip(Milliseconds each) {
  return [each](const Heard& h) {
    Replies drops;
    for (const auto octet : say(h, reply_to(h, {ptr_line})).octets)
      drops.push_back({.octets = {octet}, .after = each * (drops.size() + 1)});
    return drops;
  };
}
Replies frame_of_zero(const Heard&) { return {{.octets = {0, 0}}}; }
Replies half_then_fin(const Heard& h) {
  auto said = garbage(h);
  said.front().close = true;
  return said;
}
Replies two_frames(const Heard& h) {
  auto first = reply_to(h, {ptr_line});
  wrong_id(first);
  auto said = say(h, first);
  base::put(said.octets, say(h, reply_to(h, {ptr_line})).octets);
  return {said};
}
/// A chain of `links` CNAMEs, one per reply, with a PTR at its end.
Script chain(int links) {
  return [links](const Heard& h) {
    const auto name = h.query.questions.front().name.lowered();
    const auto label = std::string(name.label(0));
    const int at = label[0] == 'l' ? std::stoi(label.substr(1)) : 0;
    const auto next = "l" + std::to_string(at + 1) + ".113.0.203.in-addr.arpa.";
    return Replies{
        say(h, reply_to(h, {name.text() + (at < links ? " 60 CNAME " + next : " 60 PTR mail.example.com.")}))};
  };
}
const std::string cname_line = "5.113.0.203.in-addr.arpa. 60 CNAME 5.0-63.113.0.203.in-addr.arpa.";
Script by_name(std::vector<std::string> lines, Script elsewhere) {
  return [=](const Heard& h) {
    return h.query.questions.front().name == ptr_question().name ? says(lines)(h) : elsewhere(h);
  };
}

// ---- the rows ------------------------------------------------------------------------------------------------------

struct Row {
  const char* name;
  std::vector<Script> servers;  // an empty one: nobody listens there
  Status status;
  struct Also {
    bool over_tcp = false;
    Dnssec dnssec = Dnssec::unknown;
    std::string detail{};
    std::size_t via = 0;
    int packets_at_most = 8;
  } also{};
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

const std::vector<Row>& rows() {
  static const std::vector<Row> table{
      {"answers", {good}, Status::noerror, {.packets_at_most = 1}},
      {"answers_with_ad", {changed(with_ad)}, Status::noerror, {.dnssec = Dnssec::secure, .packets_at_most = 1}},
      {"nxdomain_with_soa", {says(Rcode::nxdomain, {soa_line})}, Status::nxdomain, {.packets_at_most = 1}},
      {"nodata_with_soa", {says({soa_line})}, Status::nodata, {.packets_at_most = 1}},
      {"empty_without_soa", {says({})}, Status::lame, {}},
      {"H035_nxdomain_of_the_first_is_final", {says(Rcode::nxdomain, {soa_line}), good},
       Status::nxdomain, {.packets_at_most = 1}},
      {"H016_wrong_id_then_good", {then(changed(wrong_id), good)}, Status::noerror, {.packets_at_most = 1}},
      {"H016_wrong_question_then_good", {then(changed(wrong_question), good)}, Status::noerror, {.packets_at_most = 1}},
      {"H016_wrong_type_then_good", {then(changed(wrong_type), good)}, Status::noerror, {.packets_at_most = 1}},
      {"H016_wrong_class_then_good", {then(changed(wrong_class), good)}, Status::noerror, {.packets_at_most = 1}},
      {"H016_query_bounced_back_then_good", {then(changed(not_a_response), good)},
       Status::noerror, {.packets_at_most = 1}},
      {"H016_wrong_id_only", {changed(wrong_id)}, Status::timeout, {}},
      {"H017_flood_of_wrong_ids", {udp_tcp(changed(wrong_id, 1000), good)},
       Status::noerror, {.over_tcp = true, .packets_at_most = 2}},
      {"H017_flood_over_both", {changed(wrong_id, 1000)}, Status::timeout, {}},
      {"H019_case_not_kept", {changed(lower_case)}, Status::noerror, {.over_tcp = true, .packets_at_most = 2}},
      {"H020_icmp_then_next_server", {Script(), good}, Status::noerror, {.packets_at_most = 3}},
      {"nobody_listens", {Script()}, Status::unreachable, {.packets_at_most = 4}},
      {"nobody_listens_on_two", {Script(), Script()}, Status::unreachable, {.packets_at_most = 8}},
      {"H022_damaged_then_good", {then(garbage, good)}, Status::noerror, {.packets_at_most = 1}},
      {"H022_empty_datagram_then_good", {then([](const Heard&) { return Replies{{}}; }, good)},
       Status::noerror, {.packets_at_most = 1}},
      {"damaged_only", {udp_tcp(garbage, silent)}, Status::malformed, {}},
      {"H021_extra_records", {says({ptr_line, "mail.example.com. 60 A 203.0.113.5"})},
       Status::noerror, {.packets_at_most = 1}},
      {"H031_formerr_to_edns", {with_edns(says(Rcode::formerr), good)}, Status::noerror, {.packets_at_most = 2}},
      {"H031_notimp_to_edns", {with_edns(says(Rcode::notimp), good)}, Status::noerror, {.packets_at_most = 2}},
      {"H031_badvers_to_edns", {with_edns(says(Rcode::badvers), good)}, Status::noerror, {.packets_at_most = 2}},
      {"H031_silent_to_edns", {with_edns(silent, good)}, Status::noerror, {.packets_at_most = 3}},
      {"formerr_to_everything", {says(Rcode::formerr)}, Status::formerr, {}},
      {"H032_truncated", {udp_tcp(truncated(), good)}, Status::noerror, {.over_tcp = true, .packets_at_most = 2}},
      {"truncated_and_tcp_silent", {udp_tcp(truncated(), silent)}, Status::timeout, {}},
      {"H033_slow_drip", {udp_tcp(truncated(), drip(Milliseconds{50}))}, Status::timeout, {}},
      {"drip_that_ends_in_time", {udp_tcp(truncated(), drip(Milliseconds{1}))}, Status::noerror, {.over_tcp = true}},
      {"H034_frame_of_zero_octets", {udp_tcp(truncated(), frame_of_zero)}, Status::malformed, {}},
      {"H034_frame_of_zero_then_good", {udp_tcp(truncated(), then(frame_of_zero, good))},
       Status::noerror, {.over_tcp = true}},
      {"H034_half_frame_then_fin", {udp_tcp(truncated(), half_then_fin)}, Status::malformed, {.detail = "TCP fails"}},
      {"H034_two_frames", {udp_tcp(truncated(), two_frames)},
       Status::noerror, {.over_tcp = true, .packets_at_most = 2}},
      {"silent", {silent}, Status::timeout, {}},
      {"first_packet_lost", {first_time(silent, good)}, Status::noerror, {.packets_at_most = 2}},
      {"silent_then_next_server", {silent, good}, Status::noerror, {.packets_at_most = 2}},
      {"servfail", {says(Rcode::servfail)}, Status::servfail, {.packets_at_most = 3}},
      {"servfail_then_next_server", {says(Rcode::servfail), good}, Status::noerror, {.packets_at_most = 2}},
      {"servfail_once", {first_time(says(Rcode::servfail), good)}, Status::noerror, {.packets_at_most = 3}},
      {"servfail_and_silent", {says(Rcode::servfail), silent}, Status::servfail, {}},
      {"servfail_with_reason", {servfail_because(22, "all dead")},
       Status::servfail, {.detail = "No Reachable Authority: all dead"}},
      {"refused", {says(Rcode::refused)}, Status::refused, {.packets_at_most = 2}},
      {"refused_then_next_server", {says(Rcode::refused), good}, Status::noerror, {.packets_at_most = 2}},
      {"refused_and_servfail", {says(Rcode::refused), says(Rcode::servfail)}, Status::servfail, {}},
      {"notimp", {says(Rcode::notimp)}, Status::servfail, {}},
      {"bogus", {with_cd(says(Rcode::servfail), good)}, Status::bogus,
       {.dnssec = Dnssec::bogus, .detail = "fails DNSSEC validation", .packets_at_most = 3}},
      {"bogus_absence", {with_cd(says(Rcode::servfail), says(Rcode::nxdomain, {soa_line}))},
       Status::bogus, {.dnssec = Dnssec::bogus}},
      {"bogus_with_reason", {with_cd(servfail_because(7, "expired last week"), good)}, Status::bogus,
       {.dnssec = Dnssec::bogus, .detail = "Signature Expired: expired last week", .packets_at_most = 2}},
      {"trouble_upstream_is_not_bogus", {with_cd(servfail_because(22, ""), good)},
       Status::servfail, {.detail = "No Reachable Authority"}},
      {"passing_trouble_is_not_bogus", {first_time(says(Rcode::servfail), good)},
       Status::noerror, {.packets_at_most = 3}},
      {"cname_within_reply", {says({cname_line, "5.0-63.113.0.203.in-addr.arpa. 60 PTR mail.example.com."})},
       Status::noerror, {.via = 1, .packets_at_most = 1}},
      {"cname_leaves_reply", {chain(1)}, Status::noerror, {.via = 1, .packets_at_most = 2}},
      {"cname_into_nothing", {by_name({cname_line}, says(Rcode::nxdomain, {soa_line}))}, Status::nxdomain, {.via = 1}},
      {"cname_into_trouble", {by_name({cname_line}, says(Rcode::servfail))}, Status::servfail, {.via = 1}},
      {"cname_back",
       {by_name({cname_line}, says({"5.0-63.113.0.203.in-addr.arpa. 60 CNAME 5.113.0.203.in-addr.arpa."}))},
       Status::loop, {.via = 1}},
      {"chain_of_16_replies", {chain(16)}, Status::noerror, {.via = 16, .packets_at_most = 17}},
      {"chain_of_17_replies", {chain(17)}, Status::loop, {.via = 16, .packets_at_most = 17}},
      {"alias_beside_data", {says({cname_line, ptr_line})}, Status::malformed, {.packets_at_most = 2}},
      {"alias_beside_data_then_next_server", {says({cname_line, ptr_line}), good},
       Status::noerror, {.packets_at_most = 2}},
      {"truncated_over_tcp_too", {truncated()}, Status::malformed, {.packets_at_most = 4}},
      {"no_resolver_at_all", {}, Status::unreachable, {}},
  };
  return table;
}

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
