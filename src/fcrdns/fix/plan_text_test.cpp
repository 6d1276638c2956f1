#include "fcrdns/fix/plan_text.hpp"

#include <gtest/gtest.h>

#include "fcrdns/base/text.hpp"
#include "fcrdns/fix/refusal.hpp"
#include "fcrdns/remedy/scene.hpp"

namespace fcrdns::fix {
namespace {

struct Seen {
  remedy::FixPlan plan;
  report::Result result;
};
Seen seen(remedy::Scene scene, const char* owner = nullptr) {
  const remedy::Prepared prepared(std::move(scene));
  Seen out{remedy::fix_plan(prepared.considered(), {}, remedy::name_of("mail.example.com"), owner == nullptr ? nullptr : provider::find(owner), 3600), {}};
  out.result.evidence = prepared.scene.evidence;
  out.result.verdicts = prepared.verdicts;
  return out;
}
remedy::Scene bare(const char* address = "203.0.113.5") { return remedy::Scene(address, remedy::nothing("113.0.203.in-addr.arpa", 3600, 900)); }
remedy::Scene generic() {
  return remedy::Scene("203.0.113.5", remedy::ptr_to({"5.pool.example.net"}, 3600)).name("5.pool.example.net", remedy::leads_to({"203.0.113.5"}, 3600));
}
bool says(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

TEST(PlanText, the_sentence_comes_first) {
  using remedy::leads_to, remedy::ptr_to;
  struct Row { remedy::Scene scene; const char* sentence; };
  const Row rows[] = {
      {bare(), "Two records make mail.example.com and 203.0.113.5 lead to each other, in this order."},
      {bare().helo("mail.example.com", leads_to({"203.0.113.5"}, 300)), "mail.example.com leads to 203.0.113.5 already; the PTR is missing."},
      {remedy::Scene("203.0.113.5", ptr_to({"mail.example.com"}, 300)), "203.0.113.5 names mail.example.com already; the address record that leads back is missing."},
      {remedy::Scene("203.0.113.5", ptr_to({"mail.example.com"}, 300)).name("mail.example.com", leads_to({"203.0.113.5"}, 300)),
       "mail.example.com and 203.0.113.5 lead to each other already: there is nothing to change."},
  };
  for (const auto& row : rows) EXPECT_TRUE(plan_text(seen(row.scene).plan, {}).starts_with(row.sentence)) << plan_text(seen(row.scene).plan, {});
  EXPECT_TRUE(plan_sentence(seen(bare("2001:db8::5"), "alibaba").plan).starts_with("2001:db8::5 cannot get the PTR"));
}

TEST(PlanText, what_is_told_plainly_and_what_with_v) {
  const auto plan = seen(bare(), "hetzner-cloud").plan;
  const auto plain = plan_text(plan, {}), whole = plan_text(plan, {.verbose = true});
  struct Row { const char* part; bool plain, whole; };
  const Row rows[] = {
      {"       mail.example.com. 3600 IN A 203.0.113.5", true, true},
      {"hcloud server set-rdns SERVER --ip 203.0.113.5 --hostname mail.example.com", true, true},
      {"curl -X POST https://api.hetzner.cloud/v1/servers/SERVER_ID/actions/change_dns_ptr", true, true},
      {"resource \"hcloud_rdns\" \"mail\" {", false, true},
      {"hetzner.hcloud.rdns:", false, true},
      {"Terraform, Ansible: fcrdns fix 203.0.113.5 mail.example.com -v", true, false},
      {"brings the default name back", false, true},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(says(plain, row.part), row.plain) << row.part << '\n' << plain;
    EXPECT_EQ(says(whole, row.part), row.whole) << row.part << '\n' << whole;
  }
}

TEST(Refusal, the_cheapest_way_out_first) {
  const auto with_name = seen(generic());
  const auto text = refusal(with_name.plan, with_name.result, {});
  EXPECT_LT(text.find("smtp_helo_name=5.pool.example.net"), text.find("relay"));
  EXPECT_TRUE(says(text, "not where generic names are refused"));
  EXPECT_TRUE(says(text, "A PTR for 203.0.113.5 inside example.com does nothing"));
  const auto without = seen(bare());
  EXPECT_FALSE(says(refusal(without.plan, without.result, {}), "HELO"));
  const auto v6 = seen(bare("2001:db8::5"));
  EXPECT_TRUE(says(refusal(v6.plan, v6.result, {}), "inet_protocols=ipv4"));
  EXPECT_FALSE(says(refusal(without.plan, without.result, {}), "inet_protocols=ipv4"));
}

}  // namespace fcrdns::fix
