// check_host() over a few records each: what decides, through what, and at which cost.
#include <gtest/gtest.h>

#include "fcrdns/spf/played_dns_test.hpp"

namespace fcrdns::spf {
namespace {

const net::Address v4 = *net::Address::parse("192.0.2.1"), v6 = *net::Address::parse("2001:db8::1");

/// "pass ip4:192.0.2.0/24 through include:a.example, 1 look-ups, 0 void: problem"
std::string summary(const Outcome& outcome) {
  auto out = std::string(to_word(outcome.result));
  if (!outcome.mechanism.empty()) out += ' ' + outcome.mechanism;
  if (!outcome.through.empty()) out += " through " + outcome.through;
  out += ", " + std::to_string(outcome.lookups) + '/' + std::to_string(outcome.void_lookups);
  if (!outcome.problem.empty()) out += ": " + outcome.problem;
  return out;
}

struct Row {
  std::initializer_list<std::string_view> dns;
  const char* expected;
  net::Address client = v4;
};

void expect(std::span<const Row> rows) {
  for (const auto& row : rows) {
    PlayedDns dns(row.dns);
    EXPECT_EQ(summary(evaluate(dns, {.client = row.client, .mail_from = "user@example.com", .helo = "mail.example.com"})), row.expected)
        << (row.dns.size() == 0 ? "no record" : *row.dns.begin());
  }
}

TEST(Evaluation, what_decides) {
  const Row rows[] = {
      {{}, "none, 0/0"},
      {{"example.com TXT hello"}, "none, 0/0"},
      {{"example.com TXT v=spf1"}, "neutral default, 0/0"},
      {{"example.com TXT v=spf1 -all"}, "fail all, 0/0"},
      {{"example.com TXT v=spf1 ~all"}, "softfail all, 0/0"},
      {{"example.com TXT v=spf1 ?all"}, "neutral all, 0/0"},
      {{"example.com TXT v=spf1 ip4:192.0.2.0/24 -all"}, "pass ip4:192.0.2.0/24, 0/0"},
      {{"example.com TXT v=spf1 ip4:192.0.2.0/24 -all"}, "fail all, 0/0", v6},
      {{"example.com TXT v=spf1 -ip4:192.0.2.0/24 +all"}, "fail ip4:192.0.2.0/24, 0/0"},
      {{"example.com TXT v=spf1 a -all", "example.com A 192.0.2.1"}, "pass a, 1/0"},
      {{"example.com TXT v=spf1 a -all", "example.com A 192.0.2.1"}, "fail all, 1/1", v6},
      {{"example.com TXT v=spf1 a -all", "example.com CNAME x.example"}, "fail all, 1/1"},
      {{"example.com TXT v=spf1 a:www.example.com -all", "www.example.com CNAME x.example", "x.example A 192.0.2.1"}, "pass a:www.example.com, 1/0"},
      {{"example.com TXT v=spf1 mx -all", "example.com MX 10 b.example", "example.com MX 5 a.example", "a.example A 192.0.2.2", "b.example A 192.0.2.1"}, "pass mx, 1/0"},
      {{"example.com TXT v=spf1 mx//64 -all", "example.com MX 10 b.example", "b.example AAAA 2001:db8::2"}, "pass mx//64, 1/0", v6},
      {{"example.com TXT v=spf1 mx -all", "example.com MX 0 ."}, "fail all, 1/0"},
      {{"example.com TXT v=spf1 mx -all", "example.com A 192.0.2.1"}, "fail all, 1/1"},
      {{"example.com TXT v=spf1 ptr -all", "1.2.0.192.in-addr.arpa PTR MAIL.example.com", "mail.example.com A 192.0.2.1"}, "pass ptr, 1/0"},
      {{"example.com TXT v=spf1 ptr -all", "1.2.0.192.in-addr.arpa PTR example.com", "example.com A 192.0.2.1"}, "pass ptr, 1/0"},
      {{"example.com TXT v=spf1 ptr -all", "1.2.0.192.in-addr.arpa PTR badexample.com", "badexample.com A 192.0.2.1"}, "fail all, 1/0"},
      {{"example.com TXT v=spf1 ptr -all", "1.2.0.192.in-addr.arpa PTR mail.example.com", "mail.example.com A 192.0.2.2"}, "fail all, 1/0"},
      {{"example.com TXT v=spf1 ptr -all", "1.2.0.192.in-addr.arpa PTR !servfail"}, "fail all, 1/0"},
      {{"example.com TXT v=spf1 ptr -all", "1.2.0.192.in-addr.arpa PTR mail.example.com", "mail.example.com A !timeout"}, "fail all, 1/0"},
      {{"example.com TXT v=spf1 exists:%{i}.x.example -all", "192.0.2.1.x.example A 127.0.0.2"}, "pass exists:%{i}.x.example, 1/0"},
      {{"example.com TXT v=spf1 exists:%{l}.%{o1}.x.example -all", "user.com.x.example A 127.0.0.2"}, "pass exists:%{l}.%{o1}.x.example, 1/0", v6},
      {{"example.com TXT v=spf1 include:a.example -all", "a.example TXT v=spf1 ip4:192.0.2.1 -all"}, "pass ip4:192.0.2.1 through include:a.example, 1/0"},
      {{"example.com TXT v=spf1 ?include:a.example -all", "a.example TXT v=spf1 ip4:192.0.2.1 -all"}, "neutral ip4:192.0.2.1 through include:a.example, 1/0"},
      {{"example.com TXT v=spf1 include:a.example -all", "a.example TXT v=spf1 include:b.example", "b.example TXT v=spf1 +all"}, "pass all through include:a.example, 2/0"},
      {{"example.com TXT v=spf1 include:a.example ~all", "a.example TXT v=spf1 -all"}, "softfail all, 1/0"},
      {{"example.com TXT v=spf1 include:a.example", "a.example TXT v=spf1 -all"}, "neutral default, 1/0"},
      {{"example.com TXT v=spf1 redirect=a.example", "a.example TXT v=spf1 a -all", "a.example A 192.0.2.1"}, "pass a through redirect=a.example, 2/0"},
      {{"example.com TXT v=spf1 redirect=a.example", "a.example TXT v=spf1"}, "neutral default through redirect=a.example, 1/0"},
      {{"example.com TXT v=spf1 redirect=a.example -all", "a.example TXT v=spf1 +all"}, "fail all, 0/0"},
      {{"example.com TXT v=spf1 redirect=a.example", "a.example TXT v=spf1 include:b.example -all", "b.example TXT v=spf1 ip4:192.0.2.1"}, "pass ip4:192.0.2.1 through redirect=a.example, 2/0"},
      {{"example.com TXT v=spf1 a:sp%_ace.example a:x..example -all"}, "fail all, 2/1"},  // a name that cannot be is not asked about
      {{"example.com TXT v=spf1 include:%{l}%{d} -all"}, "permerror include:%{l}%{d} through include:%{l}%{d}, 1/0: userexample.com has no SPF record"},
  };
  expect(rows);
}

TEST(Evaluation, errors_and_where_they_stand) {
  const Row rows[] = {
      {{"example.com TXT !servfail"}, "temperror, 0/0: TXT of example.com: servfail"},
      {{"example.com TXT !timeout"}, "temperror, 0/0: TXT of example.com: timeout"},
      {{"example.com TXT !refused"}, "temperror, 0/0: TXT of example.com: refused"},
      {{"example.com TXT !bogus"}, "temperror, 0/0: TXT of example.com: bogus"},
      {{"example.com TXT !lame"}, "temperror, 0/0: TXT of example.com: lame"},
      {{"example.com TXT !not_asked"}, "temperror, 0/0: TXT of example.com: not_asked"},
      {{"example.com CNAME example.com"}, "temperror, 0/0: TXT of example.com: loop"},
      {{"example.com TXT !unusable"}, "none, 0/0"},
      {{"example.com TXT v=spf1 -all", "example.com TXT V=SPF1 +all"}, "permerror, 0/0: example.com has more than one SPF record"},
      {{"example.com TXT v=spf1 ip4:192.0.2.1 -al"}, "permerror, 0/0: in the record of example.com: \"-al\": no such mechanism"},
      {{"example.com TXT v=spf1 a:192.0.2.1"}, "permerror, 0/0: in the record of example.com: \"a:192.0.2.1\": not a domain name"},
      {{"example.com TXT v=spf1 a:slow.example -all", "slow.example A !timeout"}, "temperror a:slow.example, 1/0: A of slow.example: timeout"},
      {{"example.com TXT v=spf1 a:slow.example -all", "slow.example A !timeout"}, "fail all, 1/1", v6},
      {{"example.com TXT v=spf1 mx -all", "example.com MX !servfail"}, "temperror mx, 1/0: MX of example.com: servfail"},
      {{"example.com TXT v=spf1 mx -all", "example.com MX 1 a.example", "example.com MX 2 b.example", "a.example A 192.0.2.1", "b.example A !timeout"}, "pass mx, 1/0"},
      {{"example.com TXT v=spf1 mx -all", "example.com MX 2 a.example", "example.com MX 1 b.example", "a.example A 192.0.2.1", "b.example A !timeout"}, "temperror mx, 1/0: A of b.example: timeout"},
      {{"example.com TXT v=spf1 exists:x.example", "x.example A !formerr"}, "temperror exists:x.example, 1/0: A of x.example: formerr"},
      {{"example.com TXT v=spf1 include:a.example"}, "permerror include:a.example through include:a.example, 1/0: a.example has no SPF record"},
      {{"example.com TXT v=spf1 include:a..example"}, "permerror include:a..example through include:a..example, 1/0: a..example has no SPF record"},
      {{"example.com TXT v=spf1 include:a.example", "a.example TXT !timeout"}, "temperror include:a.example through include:a.example, 1/0: TXT of a.example: timeout"},
      {{"example.com TXT v=spf1 include:a.example", "a.example TXT v=spf1 foo"}, "permerror include:a.example through include:a.example, 1/0: in the record of a.example: \"foo\": no such mechanism"},
      {{"example.com TXT v=spf1 include:a.example", "a.example TXT v=spf1 mx", "a.example MX !lame"}, "temperror mx through include:a.example, 2/0: MX of a.example: lame"},
      {{"example.com TXT v=spf1 redirect=a.example"}, "permerror redirect=a.example through redirect=a.example, 1/0: a.example has no SPF record"},
      {{"example.com TXT v=spf1 a:1.example a:2.example a:3.example -all"}, "permerror a:3.example, 3/3: more than 2 look-ups found nothing"},
      {{"example.com TXT v=spf1 a:1.example a:2.example -all"}, "fail all, 2/2"},
      {{"example.com TXT v=spf1 mx -all", "example.com MX 1 a.example", "example.com MX 2 b.example", "example.com MX 3 c.example"}, "permerror mx, 1/3: more than 2 look-ups found nothing"},
      {{"example.com TXT v=spf1 exists:%{p}.x.example a:%{p}.x.example -all"}, "permerror a:%{p}.x.example, 2/3: more than 2 look-ups found nothing"},
  };
  expect(rows);
}

TEST(Evaluation, identities) {
  struct Case {
    Query query;
    const char *domain, *result, *explanation;
  };
  PlayedDns dns{"example.com TXT v=spf1 -all exp=why.example.com", "mail.example.com TXT v=spf1 -all exp=why.example.com",
                "why.example.com TXT %{s} %{l} %{o} %{h}"};
  const std::string long_local(2000, 'x');
  const Case cases[] = {
      {{.mail_from = "user@example.com", .helo = "mail.example.com"}, "example.com", "fail", "user@example.com user example.com mail.example.com"},
      {{.mail_from = "user@example.com."}, "example.com", "fail", "user@example.com user example.com unknown"},
      {{.mail_from = "\"a@b\"@example.com"}, "example.com", "fail", "\"a@b\"@example.com \"a@b\" example.com unknown"},
      {{.mail_from = "@example.com"}, "example.com", "fail", "postmaster@example.com postmaster example.com unknown"},
      {{.mail_from = "example.com"}, "example.com", "fail", "postmaster@example.com postmaster example.com unknown"},
      {{.mail_from = "", .helo = "mail.example.com."}, "mail.example.com", "fail", "postmaster@mail.example.com postmaster mail.example.com mail.example.com"},
      {{.identity = Identity::helo, .mail_from = "user@example.com", .helo = "mail.example.com"}, "mail.example.com", "fail",
       "postmaster@mail.example.com postmaster mail.example.com mail.example.com"},
      {{.mail_from = "j\xc3\xb6rg@example.com"}, "example.com", "fail", nullptr},  // 6.2: US-ASCII only
      {{.mail_from = "user@b\xc3\xbc" "cher.example"}, "b\\195\\188cher.example", "none", nullptr},
      {{.mail_from = "user@[192.0.2.1]"}, "[192.0.2.1]", "none", nullptr},
      {{.mail_from = "user@192.0.2.1"}, "192.0.2.1", "none", nullptr},
      {{.mail_from = "user@localhost"}, "localhost", "none", nullptr},
      {{.mail_from = "user@a..example.com"}, "a..example.com", "none", nullptr},
      {{.mail_from = "user@"}, "", "none", nullptr},
      {{.mail_from = ""}, "", "none", nullptr},
      {{.mail_from = long_local + "@example.com"}, "example.com", "none", nullptr},
  };
  for (auto row : cases) {
    const auto outcome = evaluate(dns, row.query);
    EXPECT_EQ(outcome.domain, row.domain);
    EXPECT_EQ(to_word(outcome.result), row.result) << row.domain;
    EXPECT_EQ(outcome.explanation.value_or("none"), row.explanation ? row.explanation : "none") << row.domain;
  }
}

TEST(Evaluation, a_mapped_client_is_a_v4_client) {
  PlayedDns dns{"example.com TXT v=spf1 ip4:192.0.2.1 -all"};
  EXPECT_EQ(evaluate(dns, {.client = *net::Address::parse("::ffff:192.0.2.1"), .mail_from = "a@example.com"}).result, Result::pass);
}

TEST(Evaluation, explanations) {
  struct Case {
    std::string text;          // of the explanation
    const char* expected;      // null: none
  };
  const std::string long_text(3000, 'x');
  const Case cases[] = {
      {"See http://example.com/?i=%{i}&s=%{S}", "See http://example.com/?i=192.0.2.1&s=user%40example.com"},
      {"%{c} %{r} %{t}", "192.0.2.1 unknown 0"},
      {"%{p}", "unknown"},
      {"%{d}", "example.com"},
      {"100% sure", nullptr},
      {"caf\xc3\xa9", nullptr},
      {"bell\x07", nullptr},
      {"", nullptr},
  };
  for (const auto& row : cases) {
    PlayedDns dns{"example.com TXT v=spf1 a:1.example a:2.example -all exp=why.example.com"};  // no void look-up is left
    dns.add("why.example.com", dns::Type::txt, PlayedDns::text(row.text));
    const auto outcome = evaluate(dns, {.client = v4, .mail_from = "user@example.com"});
    EXPECT_EQ(outcome.explanation.value_or("none"), row.expected ? row.expected : "none") << row.text;
    EXPECT_EQ(outcome.lookups, 2U);
    EXPECT_EQ(outcome.void_lookups, 2U);
  }
  PlayedDns dns{"example.com TXT v=spf1 -all exp=why.example.com", "why.example.com TXT " + long_text};
  EXPECT_EQ(evaluate(dns, {.client = v4, .mail_from = "user@example.com"}).explanation, std::string(1024, 'x'));
}

TEST(Evaluation, traces_each_term_with_its_cost) {
  PlayedDns dns{"example.com TXT v=spf1 ip4:198.51.100.1 include:a.example ptr a:gone.example redirect=b.example",
                "a.example TXT v=spf1 mx ~all", "a.example MX 1 x.example", "x.example A 198.51.100.2", "1.2.0.192.in-addr.arpa PTR !timeout",
                "b.example TXT v=spf1 a:slow.example -all", "slow.example A !servfail"};
  const auto outcome = evaluate(dns, {.client = v4, .mail_from = "user@example.com"});
  const std::vector<Term> expected{
      {0, "example.com", "ip4:198.51.100.1", "no match", 0, 0}, {0, "example.com", "include:a.example", "no match", 2, 0},
      {1, "a.example", "mx", "no match", 1, 0},                 {1, "a.example", "~all", "match", 0, 0},
      {0, "example.com", "ptr", "timeout", 1, 0},               {0, "example.com", "a:gone.example", "void", 1, 1},
      {0, "example.com", "redirect=b.example", "temperror", 2, 0}, {1, "b.example", "a:slow.example", "servfail", 1, 0},
  };
  ASSERT_EQ(outcome.trace.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(outcome.trace[i], expected[i]) << outcome.trace[i].text << ": " << outcome.trace[i].outcome;
  EXPECT_EQ(outcome.result, Result::temperror);
  EXPECT_EQ(outcome.lookups, 6U);
  EXPECT_EQ(outcome.record, "v=spf1 ip4:198.51.100.1 include:a.example ptr a:gone.example redirect=b.example");
}

TEST(Evaluation, asks_each_question_once_and_those_of_one_mx_side_by_side) {
  PlayedDns dns{"example.com TXT v=spf1 a mx a mx -all", "example.com A 198.51.100.1", "example.com MX 1 a.example", "example.com MX 2 b.example",
                "a.example A 198.51.100.2", "b.example A 198.51.100.3"};
  std::vector<std::size_t> rounds;
  std::optional<Outcome> outcome;
  const Evaluation evaluation({.client = v4, .mail_from = "user@example.com"}, dns.later(), [&](Outcome found) { outcome = std::move(found); });
  while (!dns.due.empty()) {
    rounds.push_back(dns.due.size());
    for (auto batch = std::exchange(dns.due, {}); !batch.empty(); batch.pop_back()) batch.back()();  // the last one first
  }
  EXPECT_EQ(rounds, (std::vector<std::size_t>{1, 1, 1, 2}));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(summary(*outcome), "fail all, 4/0");
}

TEST(Evaluation, may_end_at_any_time) {
  const auto records = {std::string_view("example.com TXT v=spf1 mx a -all"), std::string_view("example.com MX 1 a.example"),
                        std::string_view("example.com MX 2 b.example")};
  for (std::size_t answers = 0; answers <= 4; ++answers) {
    PlayedDns dns(records);
    bool told = false;
    auto evaluation = std::make_unique<Evaluation>(Query{.client = v4, .mail_from = "user@example.com"}, dns.later(), [&](const Outcome&) { told = true; });
    for (std::size_t i = 0; i < answers; ++i) {
      dns.due.front()();
      dns.due.pop_front();
    }
    evaluation.reset();
    for (; !dns.due.empty(); dns.due.pop_front()) dns.due.front()();
    EXPECT_FALSE(told) << answers;
  }
}

TEST(Evaluation, may_be_let_go_from_inside_a_question_and_from_inside_done) {
  PlayedDns dns{"example.com TXT v=spf1 mx -all", "example.com MX 1 a.example", "example.com MX 2 b.example"};
  std::unique_ptr<Evaluation> evaluation;
  bool told = false;
  const Ask ask = [&](dns::Question question, auto done) {
    if (question.type == dns::Type::a) evaluation.reset();
    dns.later()(std::move(question), std::move(done));
  };
  evaluation = std::make_unique<Evaluation>(Query{.client = v4, .mail_from = "user@example.com"}, ask, [&](const Outcome&) { told = true; });
  for (; !dns.due.empty(); dns.due.pop_front()) dns.due.front()();
  EXPECT_FALSE(told);
  EXPECT_EQ(dns.asked.size(), 3U);  // of the two exchanges, only the first

  PlayedDns other{"example.com TXT v=spf1 -all"};
  evaluation = std::make_unique<Evaluation>(Query{.client = v4, .mail_from = "user@example.com"}, other.later(), [&](const Outcome&) { evaluation.reset(); });
  other.due.front()();
  EXPECT_EQ(evaluation, nullptr);
}

TEST(Evaluation, words) {
  for (const auto result : {Result::none, Result::neutral, Result::pass, Result::fail, Result::softfail, Result::temperror, Result::permerror})
    EXPECT_EQ(parse_result(to_word(result)), result);
  EXPECT_EQ(to_word(Result::softfail), "softfail");
  EXPECT_EQ(to_word(Result::permerror), "permerror");
  EXPECT_FALSE(parse_result("maybe"));
  EXPECT_EQ(parse_identity("helo"), Identity::helo);
  EXPECT_EQ(parse_identity("mailfrom"), Identity::mailfrom);
  EXPECT_FALSE(parse_identity(""));
}

}  // namespace
}  // namespace fcrdns::spf
