#include "fcrdns/remedy/fix_plan.hpp"

#include <gtest/gtest.h>

#include "fcrdns/remedy/recipes.hpp"
#include "fcrdns/remedy/scene.hpp"

namespace fcrdns::remedy {
namespace {

using dns::Status;
using owner::Certainty;
using owner::Source;

constexpr const char* zone = "113.0.203.in-addr.arpa";
constexpr const char* reverse = "5.113.0.203.in-addr.arpa";
constexpr const char* ip = "203.0.113.5";
const owner::Candidate hetzner{"Hetzner Cloud", "hetzner-cloud", Source::delegation, Certainty::likely};
const owner::Candidate linode{"Linode", "linode", Source::ptr, Certainty::sure};

FixPlan plan_of(Scene scene, const char* owner = nullptr, const char* host = "mail.example.com") {
  const Prepared prepared(std::move(scene));
  return fix_plan(prepared.considered(), prepared.scene.given, name_of(host), owner == nullptr ? nullptr : provider::find(owner), 3600);
}
const PlanStep& at(const FixPlan& plan, Station station) { return plan.steps[static_cast<std::size_t>(station)]; }

/// Nothing is there yet; the zone's two servers say so.
Scene bare() {
  return Scene(ip, nothing(zone, 1800, 900)).walked(walk_to(reverse, dns::Type::ptr, zone, {nothing(zone, 3600, 1800), nothing(zone, 3600, 1800)}))
      .helo("mail.example.com", nothing("example.com", 600, 300));
}
/// The PTR is there, and the name leads back.
Scene mended() {
  return Scene(ip, ptr_to({"mail.example.com"}, 3600))
      .walked(walk_to(reverse, dns::Type::ptr, zone, {ptr_to({"mail.example.com"}, 3600), ptr_to({"mail.example.com"}, 3600)}))
      .name("mail.example.com", leads_to({ip}, 3600)).helo("mail.example.com", leads_to({ip}, 3600));
}

}  // namespace

TEST(FixPlan, all_five_stations_stand_there_in_their_order) {
  const auto plan = plan_of(bare());
  ASSERT_EQ(plan.steps.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(static_cast<std::size_t>(plan.steps[i].station), i);
  EXPECT_EQ(at(plan, Station::forward).record->name, "mail.example.com.");
  EXPECT_EQ(at(plan, Station::forward).record->relative, "mail");
  EXPECT_EQ(at(plan, Station::forward).zone, "example.com.");
  EXPECT_EQ(at(plan, Station::ptr).record->relative, "5");
  EXPECT_EQ(at(plan, Station::ptr).record->data, "mail.example.com.");
  EXPECT_EQ(at(plan, Station::ptr).action, Action::add_record);
  EXPECT_EQ(at(plan, Station::wait_ptr).wait, base::Seconds{1801});
}

TEST(FixPlan, what_every_server_shows_is_done) {
  const auto plan = plan_of(mended());
  for (const auto& step : plan.steps) EXPECT_TRUE(step.done) << to_word(step.station);
  EXPECT_FALSE(plan.safe_to_resend);
  auto lagging = mended();
  lagging.at().reverse = {walk_to(reverse, dns::Type::ptr, zone, {ptr_to({"mail.example.com"}, 3600), nothing(zone, 3600, 1800)})};
  EXPECT_FALSE(at(plan_of(std::move(lagging)), Station::ptr).done);
}

TEST(FixPlan, the_wait_between_is_for_owners_that_check) {
  struct Row { const char* owner; base::Seconds wait; bool done; };
  const Row rows[] = {
      {"linode", base::Seconds{300}, false},   // refuses until the name leads back
      {"hetzner-cloud", base::Seconds{0}, true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.owner);
    const auto plan = plan_of(bare(), row.owner);
    EXPECT_EQ(at(plan, Station::wait_forward).wait, row.wait);
    EXPECT_EQ(at(plan, Station::wait_forward).done, row.done);
    EXPECT_EQ(plan.owners, std::vector<std::string>{row.owner});
  }
}

TEST(FixPlan, who_gives_the_recipes) {
  struct Row { std::vector<owner::Candidate> known; const char* named; std::size_t providers; bool perhaps; };
  auto hint = hetzner;
  hint.certainty = Certainty::hint;
  const Row rows[] = {
      {{hetzner}, nullptr, 1, false},
      {{hetzner, linode}, nullptr, 2, false},
      {{hetzner, linode}, "vultr", 1, false},
      {{hint}, nullptr, 1, true},
      {{hint, linode}, nullptr, 1, false},
  };
  for (const auto& row : rows) {
    const auto plan = plan_of(bare().owned_by(row.known), row.named);
    std::vector<std::string> seen;
    for (const auto& recipe : at(plan, Station::ptr).recipes) {
      EXPECT_EQ(recipe.perhaps, row.perhaps);
      if (seen.empty() || seen.back() != recipe.provider) seen.push_back(recipe.provider);
    }
    EXPECT_EQ(seen.size(), row.providers);
  }
  EXPECT_EQ(at(plan_of(bare()), Station::ptr).recipes.size(), 1U);  // where to look, when nobody is known
}

TEST(FixPlan, the_record_goes_where_the_alias_leads) {
  auto ptr = nothing("0-63.113.0.203.in-addr.arpa", 900, 900);
  ptr.via = {name_of("5.0-63.113.0.203.in-addr.arpa")};
  auto first = walk_to(reverse, dns::Type::ptr, zone, {});
  first.alias = name_of("5.0-63.113.0.203.in-addr.arpa");
  auto second = walk_to("5.0-63.113.0.203.in-addr.arpa", dns::Type::ptr, "0-63.113.0.203.in-addr.arpa", {nothing("0-63.113.0.203.in-addr.arpa", 900, 900)});
  const auto plan = plan_of(Scene(ip, ptr).walked(first).walked(second).owned_by({{"Example Hosting", "linode", Source::rdap, Certainty::sure}}));
  const auto& step = at(plan, Station::ptr);
  EXPECT_EQ(step.record->name, "5.0-63.113.0.203.in-addr.arpa.");
  EXPECT_EQ(step.zone, "0-63.113.0.203.in-addr.arpa.");
  EXPECT_TRUE(step.who.starts_with("whoever runs the zone 0-63.113.0.203.in-addr.arpa. (name servers ns1.example.net."));
  EXPECT_TRUE(step.recipes.empty());  // the registrant runs the zone above it
  EXPECT_NE(step.caution.find("it is an alias"), std::string::npos);
}

TEST(FixPlan, what_the_name_brings_with_it_is_told) {
  auto aliased = leads_to({"203.0.113.9"}, 300);
  aliased.via = {name_of("host.example.net")};
  const auto plan = plan_of(Scene(ip, nothing(zone, 900, 900)).helo("mail.example.com", aliased, true));
  const auto& step = at(plan, Station::forward);
  EXPECT_EQ(step.record->name, "host.example.net.");
  EXPECT_NE(step.caution.find("is an alias of host.example.net"), std::string::npos);
  EXPECT_NE(step.caution.find("do not replace"), std::string::npos);
  EXPECT_NE(step.caution.find("your MX"), std::string::npos);
  ASSERT_EQ(plan.warnings.size(), 1U);
  struct Row { const char* host; std::size_t warnings; };
  for (const auto& row : {Row{"mail.example.com", 0}, Row{"203-0-113-5.example.com", 1}, Row{"mail_1.example.com", 1}})
    EXPECT_EQ(plan_of(Scene(ip, nothing(zone, 900, 900)), nullptr, row.host).warnings.size(), row.warnings) << row.host;
}

TEST(FixPlan, dead_ends) {
  struct Row { const char *address, *owner, *host; std::size_t ends; };
  const Row rows[] = {
      {ip, "orange-fr", "mail.example.com", 1},         {"2001:db8::5", "orange-fr", "mail.example.com", 1},
      {"2001:db8::5", "alibaba", "mail.example.com", 1}, {ip, "alibaba", "mail.example.com", 0},
      {"2001:db8::5", "vultr", "mail.example.com", 0},   {ip, nullptr, "localhost", 1},
  };
  for (const auto& row : rows) EXPECT_EQ(plan_of(Scene(row.address), row.owner, row.host).dead_ends.size(), row.ends) << row.address << ' ' << row.host;
  EXPECT_TRUE(at(plan_of(Scene(ip), "vultr", "local$(id)host"), Station::ptr).recipes.empty());
}

TEST(Recipes, the_request_as_a_line_of_curl) {
  const auto blanks = [](const char* address) { return Blanks{address_of(address), "mail.example.com.", {net::reverse_name(address_of(address)), {}, ""}}; };
  struct Row { const char *provider, *address, *line; };
  const Row rows[] = {
      {"linode", ip, "curl -X PUT https://api.linode.com/v4/networking/ips/203.0.113.5 \\\n  -H \"Authorization: Bearer $LINODE_TOKEN\" "
                     "-H \"Content-Type: application/json\" \\\n  -d '{\"rdns\":\"mail.example.com\"}'"},
      {"hetzner-robot", ip, "curl -X POST https://robot-ws.your-server.de/rdns/203.0.113.5 \\\n  --user \"$ROBOT_USER:$ROBOT_PASSWORD\" \\\n  -d 'ptr=mail.example.com'"},
      {"vultr", "2001:db8::5", "curl -X POST https://api.vultr.com/v2/instances/INSTANCE_ID/ipv6/reverse \\\n  -H \"Authorization: Bearer $VULTR_API_KEY\" "
                               "-H \"Content-Type: application/json\" \\\n  -d '{\"ip\":\"2001:db8::5\",\"reverse\":\"mail.example.com\"}'"},
  };
  for (const auto& row : rows) EXPECT_EQ(curl_line(*provider::find(row.provider)->api, blanks(row.address)), row.line);
  EXPECT_FALSE(curl_line(*provider::find("exoscale")->api, blanks(ip)));        // each request is signed
  EXPECT_FALSE(curl_line(*provider::find("gcp")->api, blanks("2001:db8::5")));  // for IPv4 only
}

}  // namespace fcrdns::remedy
