// What is advised of an SPF record: the term put into the record that is there, a first record, what a broken one costs.
#include <gtest/gtest.h>

#include <algorithm>

#include "fcrdns/remedy/remedy.hpp"
#include "fcrdns/remedy/scene.hpp"

namespace fcrdns::remedy {
namespace {

using finding::Id;
using finding::Severity;
using List = std::vector<std::string>;

constexpr auto ip = "203.0.113.5", v6 = "2001:db8:12:34::1";

std::vector<Step> steps_of(const Scene& scene) {
  const Prepared prepared(scene);
  return plan(prepared.considered(), prepared.scene.given).steps;
}

Scene judged(Id id, spf::Result result, std::string record, List addresses, std::string problem = "", std::vector<spf::Term> trace = {}) {
  auto scene = Scene(ip, ptr_to({"mail.example.com"}, 60)).name("mail.example.com", leads_to({ip}, 60));
  return scene.spf(result, std::move(record), std::move(problem), std::move(trace))
      .with(id, {{"domain", "example.com"}, {"addresses", std::move(addresses)}}, Severity::warning);
}

TEST(Spf, the_record_that_is_there_gets_the_term) {
  struct Row { const char* record; List addresses; const char* data; };
  const std::string many(300, 'x');
  const Row rows[] = {
      {"v=spf1 mx -all", {ip}, "\"v=spf1 mx ip4:203.0.113.5 -all\""},
      {"v=spf1 mx ~all", {ip, v6}, "\"v=spf1 mx ip4:203.0.113.5 ip6:2001:db8:12:34::1 ~all\""},
      {"v=spf1 redirect=_spf.example.net", {ip}, "\"v=spf1 ip4:203.0.113.5 redirect=_spf.example.net\""},
      {"v=spf1 exists:\"x\" -all", {ip}, "\"v=spf1 exists:\\\"x\\\" ip4:203.0.113.5 -all\""},
      {"v=spf1 -all", {ip, "203.0.113.6", "203.0.113.7", "203.0.113.8", "203.0.113.9"}, "\"v=spf1 ip4:203.0.113.5 -all\""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.record);
    const auto steps = steps_of(judged(Id::spf_fail, spf::Result::fail, row.record, row.addresses));
    ASSERT_EQ(steps.size(), 3U);
    EXPECT_EQ(steps[0].action, Action::change_record);
    ASSERT_TRUE(steps[0].record);
    EXPECT_EQ(steps[0].record->name, "example.com.");
    EXPECT_EQ(steps[0].record->type, "TXT");
    EXPECT_EQ(steps[0].record->data, row.data);
    EXPECT_NE(steps[0].caution.find("a relay sends"), std::string::npos);
    EXPECT_EQ(steps[1].how.front(), "fcrdns check 203.0.113.5 --mail-from example.com");
  }
}

TEST(Spf, a_long_record_is_cut_into_strings) {
  const auto record = "v=spf1 a:" + std::string(260, 'x') + ".example -all";
  const auto steps = steps_of(judged(Id::spf_fail, spf::Result::fail, record, {ip}));
  ASSERT_FALSE(steps.empty());
  auto data = steps.front().record->data;
  const auto middle = data.find("\" \"");
  ASSERT_EQ(middle, 256U);
  EXPECT_EQ(data.erase(middle, 3), "\"v=spf1 a:" + std::string(260, 'x') + ".example ip4:203.0.113.5 -all\"");
}

TEST(Spf, a_first_record_refuses_nobody) {
  const auto steps = steps_of(judged(Id::spf_none, spf::Result::none, "", {ip, v6}));
  ASSERT_FALSE(steps.empty());
  EXPECT_EQ(steps[0].action, Action::add_record);
  EXPECT_EQ(steps[0].record->data, "\"v=spf1 ip4:203.0.113.5 ip6:2001:db8:12:34::1 ~all\"");
  EXPECT_NE(steps[0].caution.find("not -all"), std::string::npos);
}

TEST(Spf, a_broken_record_is_told_by_its_fault) {
  const std::vector<spf::Term> trace{{.text = "mx", .lookups = 1}, {.text = "include:a.example", .lookups = 7}, {.depth = 1, .text = "a", .lookups = 1}, {.text = "ip4:192.0.2.1"}};
  struct Row { const char *problem, *how; };
  const Row rows[] = {
      {"more than 10 terms need a look-up", "look-ups by term: include:a.example 7, mx 1"},
      {"more than 2 look-ups found nothing", "terms that find nothing"},
      {"example.com has more than one SPF record", "make one record of them"},
      {"in the record of example.com: \"-al\": no such mechanism", "mend what is named: in the record of example.com: \"-al\""},
  };
  for (const auto& row : rows) {
    const auto steps = steps_of(judged(Id::spf_permerror, spf::Result::permerror, "v=spf1", {ip}, row.problem, trace));
    ASSERT_FALSE(steps.empty());
    EXPECT_FALSE(steps[0].record) << "which record is right, nobody knows";
    EXPECT_TRUE(std::ranges::any_of(steps[0].how, [&](const std::string& line) { return line.find(row.how) != line.npos; })) << row.problem;
  }
}

TEST(Helo, says_the_name_that_the_ptr_has) {
  const auto named = steps_of(Scene(ip, ptr_to({"mail.example.com"}, 60)).name("mail.example.com", leads_to({ip}, 60)).with(Id::helo_invalid, {{"helo", "localhost"}}));
  ASSERT_FALSE(named.empty());
  EXPECT_EQ(named[0].how.front(), "Postfix: postconf -e smtp_helo_name=mail.example.com && postfix reload");
  const auto nameless = steps_of(Scene(ip, nothing("113.0.203.in-addr.arpa", 60, 60)).helo("mail.lan", trouble(dns::Status::nxdomain)).with(Id::helo_invalid, {{"helo", "mail.lan"}}));
  ASSERT_GT(nameless[0].how.size(), 1U);
  EXPECT_EQ(nameless[0].how[1], "Postfix: postconf -e smtp_helo_name=NAME && postfix reload") << "never the name that is refused";
}

}  // namespace
}  // namespace fcrdns::remedy
