// The plan: whatever is found, its steps are complete, in an order that works, and break nothing unsaid.
#include <gtest/gtest.h>

#include <algorithm>

#include "fcrdns/remedy/block.hpp"
#include "fcrdns/remedy/owners_way.hpp"
#include "fcrdns/remedy/records.hpp"
#include "fcrdns/remedy/remedy.hpp"
#include "fcrdns/remedy/scene.hpp"
#include "fcrdns/remedy/setting.hpp"

namespace fcrdns::remedy {
namespace {

using dns::Status;
using dns::Type;
using finding::Id;
using finding::Severity;
using List = std::vector<std::string>;

constexpr auto rev = "5.113.0.203.in-addr.arpa", zone = "113.0.203.in-addr.arpa", mail = "mail.example.com", ip = "203.0.113.5";
constexpr auto v6 = "2001:db8:12:34::1";

const owner::Candidate hetzner{"Hetzner Cloud", "hetzner-cloud", owner::Source::delegation, owner::Certainty::likely};
const owner::Candidate hoster{"Example Hosting GmbH", "", owner::Source::rdap, owner::Certainty::hint};

Scene missing() { return Scene(ip, nothing(zone, 300, 3600)).walked(walk_to(rev, Type::ptr, zone, {nothing(zone, 300, 3600)})); }
Scene named(std::string_view name, resolver::Answer own) {
  return Scene(ip, ptr_to({name}, 3600)).name(name, std::move(own)).walked(walk_to(rev, Type::ptr, zone, {ptr_to({name}, 3600)}));
}
Scene missing_v6() {
  constexpr auto apex = "4.3.0.0.2.1.0.0.8.b.d.0.1.0.0.2.ip6.arpa";
  return Scene(v6, nothing(apex, 300, 3600))
      .walked(walk_to(net::reverse_name(address_of(v6)), Type::ptr, apex, {nothing(apex, 300, 3600)}))
      .owned_by({hetzner});
}
Scene classless(std::string_view form) {
  auto ptr = nothing("0-63.113.0.203.in-addr.arpa", 300, 300);
  ptr.via = {name_of("5.0-63.113.0.203.in-addr.arpa")};
  return Scene(ip, ptr)
      .walked(walk_to("5.0-63.113.0.203.in-addr.arpa", Type::ptr, form == "undelegated" ? zone : "0-63.113.0.203.in-addr.arpa", {ptr}))
      .with(Id::classless_broken, {{"form", std::string(form)}, {"target", "5.0-63.113.0.203.in-addr.arpa."}});
}

/// One scene per way that a finding has, with the arguments its rule gives.
std::vector<Scene> scenes() {
  const auto generic = "203-0-113-5.static.isp.example";
  return {
      missing().with(Id::ptr_missing),
      missing().with(Id::ptr_missing).owned_by({hetzner, hoster}),
      missing().with(Id::ptr_missing).owned_by({hoster}).found_under(mail),
      missing_v6().with(Id::ptr_missing),
      missing_v6().with(Id::ptr_missing).helo(mail, trouble(Status::timeout)).with(Id::ipv6_source_without_ptr, {{"address", v6}}),
      missing().with(Id::ptr_missing).with(Id::owner_cannot_set),
      classless("lacks_record"), classless("undelegated"), classless("lame"), classless("cname_and_ptr"), classless(""),
      named("mail", trouble(Status::unusable)).with(Id::ptr_malformed, {{"names", List{"mail."}}}),
      named("mail_1.example.com", leads_to({ip}, 60)).with(Id::ptr_malformed, {{"names", List{"mail_1.example.com."}}, {"form", "underscore"}}, Severity::warning),
      named(mail, leads_to({"203.0.113.9"}, 60)).with(Id::forward_mismatch, {{"names", List{"mail.example.com."}}}),
      named(generic, leads_to({"203.0.113.9"}, 60)).with(Id::ptr_foreign_name).with(Id::forward_mismatch, {{"names", List{"203-0-113-5.static.isp.example."}}}),
      named(mail, nothing("example.com", 60, 60)).with(Id::forward_missing, {{"names", List{"mail.example.com."}}}),
      named(mail, nothing("com", 60, 60)).with(Id::forward_missing, {{"names", List{"mail.example.com."}}, {"form", "domain_gone"}}),
      named(mail, nothing("example.com", 60, 60, Status::nodata)).with(Id::forward_family_missing, {{"names", List{"mail.example.com."}}}),
      named(mail, leads_to({"104.16.1.1"}, 60)).with(Id::forward_proxied, {{"names", List{"mail.example.com."}}}),
      named(mail, leads_to({"10.1.1.1"}, 60)).with(Id::forward_private, {{"names", List{"mail.example.com."}}}),
      named(mail, leads_to({ip}, 60)).with(Id::ptr_multiple, {{"do_not_confirm", List{"old.example.com.", "x y."}}}),
      named(mail, leads_to({ip}, 60)).with(Id::ptr_oversized),
      named(mail, leads_to({ip}, 60)).with(Id::ptr_target_alias, {{"targets", List{"host.example.com."}}}),
      named(generic, leads_to({ip}, 60)).with(Id::ptr_generic, {}, Severity::warning).owned_by({hetzner}),
      Scene("192.168.1.1", trouble(Status::not_asked)).with(Id::special_purpose_address),
      Scene(ip).with(Id::subject_not_found),
      Scene(ip, trouble(Status::bogus)).with(Id::dnssec_bogus, {{"question", "5.113.0.203.in-addr.arpa."}, {"reason", "signature expired"}}, Severity::undetermined),
      Scene(ip).walked(walk_to(rev, Type::ptr, zone, {trouble(Status::refused)})).with(Id::reverse_unreachable, {{"form", "broken"}}, Severity::undetermined),
      Scene(ip).with(Id::reverse_unreachable, {{"form", "resolver_only"}}, Severity::undetermined),
      named(mail, trouble(Status::servfail)).with(Id::forward_unreachable, {{"question", "mail.example.com."}}, Severity::undetermined),
      missing().with(Id::ptr_in_forward_zone, {{"form", "swapped"}, {"record", "mail.example.com."}, {"data", List{"5.113.0.203.in-addr.arpa."}}}),
      missing().with(Id::ptr_in_forward_zone, {{"form", "reverse_copy"}, {"record", "5.113.0.203.in-addr.arpa."}, {"data", List{"mail.example.com."}}}),
      missing().with(Id::ptr_in_forward_zone, {{"form", "octet_in_domain"}, {"record", "5.example.com."}, {"data", List{"bad\\010name.example.com."}}}),
      missing_v6().with(Id::reverse_name_wrong, {{"form", "ip6_int"}, {"record", "1.0.ip6.int."}, {"data", List{"mail.example.com."}}}),
      Scene(ip, nothing("203.in-addr.arpa", 300, 300)).walked(walk_to(rev, Type::ptr, "203.in-addr.arpa", {nothing("203.in-addr.arpa", 300, 300)})).with(Id::ptr_missing).with(Id::reverse_not_delegated),
      Scene(v6, nothing("1.0.0.2.ip6.arpa", 300, 300)).walked(walk_to(net::reverse_name(address_of(v6)), Type::ptr, "1.0.0.2.ip6.arpa", {nothing("1.0.0.2.ip6.arpa", 300, 300)})).with(Id::reverse_not_delegated),
      missing().with(Id::ptr_on_neighbour, {{"neighbours", List{"203.0.113.6"}}, {"names", List{"mail.example.com."}}}),
      named(mail, leads_to({ip}, 60)).with(Id::wildcard_ptr, {}, Severity::info),
      named(mail, leads_to({ip}, 60)).with(Id::servers_disagree, {{"question", "5.113.0.203.in-addr.arpa."}, {"lacking", List{"ns2.example.net. (192.0.2.2)"}}}),
      named(mail, leads_to({ip}, 60)).with(Id::authority_flaky, {{"question", "5.113.0.203.in-addr.arpa."}, {"servers", List{"ns2.example.net. over TCP: 3 of 10 unanswered"}}}, Severity::warning),
      named(mail, leads_to({ip}, 60)).with(Id::stale_cache, {{"remaining_ttl", std::int64_t{77}}}, Severity::info),
      Scene(ip).with(Id::own_dns_path_blocked, {}, Severity::info),
      named(mail, leads_to({ip}, 60)).with(Id::ttl_extreme, {{"form", "long"}, {"question", "5.113.0.203.in-addr.arpa."}, {"ttl", std::int64_t{604800}}}, Severity::warning),
      named(generic, leads_to({ip}, 60)).helo(mail, leads_to({"203.0.113.9"}, 60), true).with(Id::helo_differs).with(Id::helo_forward_mismatch, {}, Severity::warning),
      named(generic, leads_to({ip}, 60)).with(Id::owner_cannot_set),
      missing().with(Id::owner_needs_forward_first, {}, Severity::info),
      missing().with(Id::ptr_from_server_name, {}, Severity::info),
      missing().with(Id::wrong_subject, {{"form", "mx_only"}}, Severity::info).with(Id::ptr_missing),
      named(mail, leads_to({ip}, 60)).with(Id::receiver_side_fault, {{"receiver", "Gmail"}}, Severity::info),
      Scene("172.18.0.1", trouble(Status::not_asked)).with(Id::receiver_sees_gateway, {{"receiver", "Postfix"}}, Severity::info),
      named(mail, leads_to({ip}, 60)).with(Id::blame_is_authentication, {{"receiver", "Gmail"}}),
      named(mail, leads_to({ip}, 60)).with(Id::not_our_address, {{"domain", "example.net."}}, Severity::info),
      named(mail, leads_to({ip}, 60)).with(Id::helo_invalid, {{"helo", "localhost"}}),
      missing().spf(spf::Result::fail, "v=spf1 -all").with(Id::spf_fail, {{"domain", "example.com"}}, Severity::warning),
      missing().spf(spf::Result::softfail, "v=spf1 ~all").with(Id::spf_softfail, {{"domain", "example.com"}}, Severity::warning),
      missing().spf(spf::Result::permerror, "", "example.com has more than one SPF record").with(Id::spf_permerror, {{"domain", "example.com"}}, Severity::warning),
      missing().spf(spf::Result::none, "").with(Id::spf_none, {{"domain", "example.com"}}, Severity::info),
  };
}

std::vector<Step> steps_of(const Scene& scene) {
  const Prepared prepared(scene);
  return plan(prepared.considered(), prepared.scene.given).steps;
}
/// The steps of one choice of the first finding.
std::vector<Step> choice_of(const Scene& scene, int choice) {
  auto steps = steps_of(scene);
  std::erase_if(steps, [&](const Step& step) { return step.choice != choice || step.finding != scene.given.front().id; });
  return steps;
}
bool says(const std::vector<std::string>& lines, std::string_view text) {
  return std::ranges::any_of(lines, [&](const std::string& line) { return line.find(text) != line.npos; });
}

}  // namespace

TEST(Plan, every_error_has_a_step) {
  std::vector<Id> seen;
  for (const auto& scene : scenes()) {
    const auto steps = steps_of(scene);
    for (const auto& given : scene.given) {
      seen.push_back(given.id);
      const bool told = std::ranges::find(steps, given.id, &Step::finding) != steps.end();
      EXPECT_TRUE(told || given.severity == Severity::info) << to_word(given.id);
    }
  }
  for (const auto id : finding::all_ids()) {
    if (id >= Id::unexpected_source) continue;  // doctor names their changes
    EXPECT_NE(std::ranges::find(seen, id), seen.end()) << to_word(id);
  }
}

TEST(Plan, every_step_is_complete_and_numbered) {
  for (const auto& scene : scenes()) {
    const Step* last = nullptr;
    const auto steps = steps_of(scene);
    for (const auto& step : steps) {
      SCOPED_TRACE(std::string(to_word(step.finding)) + " " + std::to_string(step.choice) + "." + std::to_string(step.step));
      EXPECT_FALSE(step.who.empty());
      EXPECT_TRUE(step.record || !step.how.empty());
      const bool same = last != nullptr && last->finding == step.finding && last->address == step.address;
      const bool further = same && last->choice == step.choice;
      EXPECT_EQ(step.step, further ? last->step + 1 : 1);
      EXPECT_EQ(step.choice, !same ? 1 : further ? last->choice : last->choice + 1);
      last = &step;
    }
  }
}

TEST(Plan, recommends_nothing_that_breaks_mail) {
  for (const auto& scene : scenes())
    for (const auto& step : steps_of(scene))
      for (const auto& line : step.how) {
        EXPECT_EQ(line.find("smtp_address_preference"), line.npos) << line;
        EXPECT_EQ(line.find("postconf -e myhostname"), line.npos) << line;
        // Per sending service only; in main.cf it closes inbound IPv6.
        for (auto at = line.find("inet_protocols"); at != line.npos; at = line.find("inet_protocols", at + 1))
          EXPECT_TRUE(at >= 10 && line.substr(at - 10, 10) == "smtp/unix/") << line;
      }
}

TEST(Plan, every_record_lies_in_its_zone_and_its_relative_name_leads_back_to_it) {
  int with_zone = 0;
  for (const auto& scene : scenes())
    for (const auto& step : steps_of(scene)) {
      if (!step.record) continue;
      SCOPED_TRACE(step.record->name + " in " + step.zone.value_or("-"));
      EXPECT_TRUE(step.record->name.ends_with('.'));
      EXPECT_EQ(step.zone.has_value(), !step.record->relative.empty());
      if (!step.zone) continue;
      ++with_zone;
      const auto name = name_of(step.record->name), in = name_of(*step.zone);
      EXPECT_TRUE(name.is_within(in));
      EXPECT_EQ(step.record->relative == "@" ? in : name_of(step.record->relative + "." + *step.zone), name);
    }
  EXPECT_GT(with_zone, 20);
}

TEST(Plan, a_choice_that_could_break_something_says_so) {
  struct Row { const char* what; Scene scene; int choice; std::size_t step; const char* caution; };
  const Row rows[] = {
      {"an added address takes visitors", named(mail, leads_to({"203.0.113.9"}, 60)).with(Id::forward_mismatch, {{"names", List{"mail.example.com."}}}), 1, 0, "of its visitors"},
      {"AAAA on an MX opens inbound IPv6", missing_v6().helo(mail, leads_to({ip}, 60), true).with(Id::ptr_missing), 1, 0, "port 25 answers on IPv6"},
      {"AAAA on a name that has an A", missing_v6().helo(mail, leads_to({ip}, 60)).with(Id::ptr_missing), 1, 0, "opens it for IPv6"},
      {"DNS only shows the origin", named(mail, leads_to({"104.16.1.1"}, 60)).with(Id::forward_proxied, {{"names", List{"mail.example.com."}}}), 2, 0, "address of the web server"},
      {"a copy may serve resolvers inside", missing().with(Id::ptr_in_forward_zone, {{"form", "reverse_copy"}, {"record", "5.113.0.203.in-addr.arpa."}, {"data", "mail.example.com."}}), 1, 3, "inside your network"},
      {"prune only what is known", named(mail, leads_to({ip}, 60)).with(Id::ptr_multiple, {{"do_not_confirm", List{"old.example.com."}}}), 1, 0, "purpose you know"},
      {"IPv4 only loses receivers", missing_v6().with(Id::ipv6_source_without_ptr), 1, 0, "IPv6 only become unreachable"},
      {"a bound address must be there", missing().with(Id::ptr_on_neighbour, {{"neighbours", "203.0.113.6"}}), 2, 0, "all mail stalls"},
      {"the private address serves inside", named(mail, leads_to({"10.1.1.1"}, 60)).with(Id::forward_private, {{"names", List{"mail.example.com."}}}), 1, 0, "internal view"},
      {"nothing beside a CNAME", classless("lacks_record"), 1, 1, "beside a CNAME"},
      {"their name as HELO has limits", named("a.isp.example", leads_to({ip}, 60)).with(Id::owner_cannot_set), 1, 0, "not where generic names"},
      {"the order", missing().with(Id::ptr_missing), 1, 1, "Forward record first"},
      {"not before it is known to send", missing().with(Id::ptr_missing).with(Id::wrong_subject, {}, Severity::info), 1, 1, "really sends"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto steps = choice_of(row.scene, row.choice);
    ASSERT_GT(steps.size(), row.step);
    EXPECT_NE(steps[row.step].caution.find(row.caution), std::string::npos) << steps[row.step].caution;
  }
}

TEST(Plan, the_name_is_the_users_own_or_nobodys) {
  auto look = missing().helo(mail, leads_to({ip}, 60)).with(Id::ptr_missing);
  look.evidence.expect = evidence::NameLook{name_of("mx.example.com"), nothing("example.com", 60, 60), {}, {}, false};
  auto neighbour = missing().with(Id::ptr_on_neighbour);
  neighbour.at().probes.push_back({evidence::Purpose::neighbour, {}, address_of("203.0.113.6"), {}, ptr_to({"post.example.com"}, 60), leads_to({ip}, 60)});
  auto swapped = missing().with(Id::ptr_in_forward_zone, {{"form", "swapped"}, {"record", "mail.example.com."}, {"data", List{"5.113.0.203.in-addr.arpa."}}});
  swapped.evidence.domain = name_of("example.com");
  auto others = swapped;
  others.evidence.domain = name_of("example.org");
  struct Row { const char* what; Scene scene; const char* name; bool forward_step; };
  const Row rows[] = {
      {"nothing is known", missing().with(Id::ptr_missing), "NAME.", true},
      {"--helo, which leads here", missing().helo(mail, leads_to({ip}, 60)).with(Id::ptr_missing), "mail.example.com.", false},
      {"--helo, which leads elsewhere", missing().helo(mail, leads_to({"203.0.113.9"}, 60)).with(Id::ptr_missing), "mail.example.com.", true},
      {"--expect before --helo", look, "mx.example.com.", true},
      {"a HELO that is no host name", missing().helo("localhost", leads_to({ip}, 60)).with(Id::ptr_missing), "NAME.", true},
      {"a host that points here", missing().found_under(mail).with(Id::ptr_missing), "mail.example.com.", false},
      {"the neighbour's PTR names it", neighbour, "post.example.com.", false},
      {"the misplaced PTR names it", swapped, "mail.example.com.", true},
      {"a misplaced PTR of another domain", others, "NAME.", true},
      {"a generic name is not given again", named("a.isp.example", leads_to({ip}, 60)).found_under("a.isp.example").with(Id::ptr_generic), "NAME.", true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto steps = choice_of(row.scene, 1);
    const auto at = static_cast<std::size_t>(row.forward_step ? 1 : 0);
    ASSERT_GT(steps.size(), at);
    EXPECT_EQ(steps[at].record->type, "PTR");
    EXPECT_EQ(steps[at].record->data, row.name);
    if (row.forward_step) {
      EXPECT_EQ(steps[0].record->name, row.name);
    }
  }
}

TEST(Plan, records_are_told_absolute_and_relative) {
  const auto v4 = choice_of(missing().found_under(mail).with(Id::ptr_missing), 1);
  EXPECT_EQ(v4[0].record->name, "5.113.0.203.in-addr.arpa.");
  EXPECT_EQ(v4[0].record->relative, "5");
  EXPECT_EQ(v4[0].zone, "113.0.203.in-addr.arpa.");
  const auto v6_steps = choice_of(missing_v6().found_under(mail).with(Id::ptr_missing), 1);
  EXPECT_EQ(v6_steps[0].record->relative, "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0");
  const auto child = choice_of(classless("lacks_record"), 1);
  EXPECT_EQ(child[1].record->name, "5.0-63.113.0.203.in-addr.arpa.");
  EXPECT_EQ(child[1].record->relative, "5");
  const auto forward = choice_of(named(mail, nothing("example.com", 60, 60)).with(Id::forward_missing, {{"names", "mail.example.com."}}), 1);
  EXPECT_EQ(forward[0].record->relative, "mail");
  EXPECT_EQ(forward[0].zone, "example.com.");
  struct Row { const char *name, *zone, *relative; };
  for (const auto& row : {Row{"example.com.", "example.com.", "@"}, {"a.b.example.com.", "example.com.", "a.b"}, {"example.org.", "example.com.", ""}})
    EXPECT_EQ(relative_to(row.name, name_of(row.zone)), row.relative);
}

TEST(Plan, a_classless_delegation_is_mended_where_it_is_broken) {
  const auto forward_tree = [] {
    auto ptr = nothing("com", 300, 300);
    ptr.via = {name_of("host5.rev.example.com")};
    return Scene(ip, ptr).walked(walk_to("host5.rev.example.com", Type::ptr, "com", {ptr})).with(Id::classless_broken, {{"form", "undelegated"}});
  };
  struct Row { const char* what; Scene scene; List records; };
  const Row rows[] = {
      {"the record lacks", classless("lacks_record"), {"NAME. A", "5.0-63.113.0.203.in-addr.arpa. PTR"}},
      {"no delegation", classless("undelegated"), {"NAME. A", "0-63.113.0.203.in-addr.arpa. NS", "5.0-63.113.0.203.in-addr.arpa. PTR"}},
      {"servers without the zone", classless("lame"), {"NAME. A", "5.0-63.113.0.203.in-addr.arpa. PTR"}},
      {"an alias beside a PTR", classless("cname_and_ptr"), {}},
      {"into a domain", forward_tree(), {"NAME. A", "host5.rev.example.com. PTR"}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    List records;
    for (const auto& step : choice_of(row.scene, 1))
      if (step.record) records.push_back(step.record->name + " " + step.record->type);
    EXPECT_EQ(records, row.records);
  }
}

TEST(Plan, the_registry_is_told_in_its_own_form) {
  struct Row { const char *server, *who, *line; };
  const Row rows[] = {
      {"https://rdap.db.ripe.net/ip/203.0.113.5", "RIPE NCC", "source:   RIPE"},
      {"https://rdap.apnic.net/ip/203.0.113.5", "APNIC", "source:   APNIC"},
      {"https://rdap.afrinic.net/rdap/ip/203.0.113.5", "AFRINIC", "source:   AFRINIC"},
      {"https://rdap.arin.net/registry/ip/203.0.113.5", "ARIN", "delegation 113.0.203.in-addr.arpa"},
      {"https://rdap.lacnic.net/rdap/ip/203.0.113.5", "LACNIC", "delegation 113.0.203.in-addr.arpa"},
      {"", "the registry (RIPE", "domain:   113.0.203.in-addr.arpa"},
  };
  for (const auto& row : rows) {
    auto scene = Scene(ip, nothing("203.in-addr.arpa", 300, 300)).with(Id::reverse_not_delegated);
    if (*row.server != 0) scene.at().registration.emplace().server = row.server;
    const auto steps = choice_of(scene, 1);
    ASSERT_EQ(steps.size(), 4U);
    EXPECT_EQ(steps[1].zone, "113.0.203.in-addr.arpa.");
    EXPECT_NE(steps[2].who.find(row.who), std::string::npos) << steps[2].who;
    EXPECT_TRUE(says(steps[2].how, row.line)) << row.server;
  }
  auto scene = Scene(v6, nothing("1.0.0.2.ip6.arpa", 300, 300)).with(Id::reverse_not_delegated);
  EXPECT_EQ(choice_of(scene, 1)[1].zone, "2.1.0.0.8.b.d.0.1.0.0.2.ip6.arpa.");
  scene.at().registration.emplace().range = "2001:db8:: - 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff";
  EXPECT_EQ(choice_of(scene, 1)[1].zone, "8.b.d.0.1.0.0.2.ip6.arpa.");
}

TEST(Plan, a_small_block_is_asked_for_once_in_two_forms) {
  Scene scene("203.0.113.65");
  scene.evidence.addresses.clear();
  scene.evidence.subject.kind = subject::Kind::prefix;
  scene.evidence.subject.prefix = net::Prefix::parse("203.0.113.64/29").value();
  for (int octet = 65; octet <= 70; ++octet) {
    const auto address = "203.0.113." + std::to_string(octet), name = "203-0-113-" + std::to_string(octet) + ".isp.example";
    scene.also(address, ptr_to({name}, 3600)).name(name, leads_to({address}, 60));
    scene.walked(walk_to(net::reverse_name(address_of(address)), Type::ptr, zone, {ptr_to({name}, 3600)}));
    scene.with(Id::ptr_generic, {}, Severity::warning);
  }
  scene.helo(mail, leads_to({"203.0.113.66"}, 60));
  const auto steps = steps_of(scene);
  const auto records = [&](int choice) {
    List out;
    for (const auto& step : steps)
      if (step.choice == choice && step.record) out.push_back(step.record->name + " " + step.record->type + " " + step.record->data);
    return out;
  };
  EXPECT_EQ(records(1), (List{"66.113.0.203.in-addr.arpa. PTR mail.example.com."}));
  EXPECT_EQ(records(2), (List{"64-71.113.0.203.in-addr.arpa. NS NAMESERVER.", "66.64-71.113.0.203.in-addr.arpa. PTR mail.example.com."}));
  const auto ask = std::ranges::find(steps, 2, &Step::choice);
  EXPECT_EQ(ask->record->relative, "64-71");
  EXPECT_TRUE(says(ask->how, "64.113.0.203.in-addr.arpa. CNAME 64.64-71.113.0.203.in-addr.arpa."));
  EXPECT_EQ(std::ranges::count_if(ask->how, [](const std::string& line) { return line.find(" CNAME ") != line.npos; }), 8);
  EXPECT_TRUE(says(steps[1].how, "203.0.113.65, 203.0.113.67"));
  const auto helo = std::ranges::find_if(steps, [](const Step& step) { return says(step.how, "smtp_helo_name=203-0-113-66.isp.example"); });
  ASSERT_NE(helo, steps.end());
  EXPECT_EQ(helo->choice, 3);
}

TEST(Plan, a_block_of_more_than_sixteen_is_one_line) {
  const auto delegation = delegation_of(net::Prefix::parse("203.0.113.128/26").value());
  ASSERT_TRUE(delegation);
  EXPECT_EQ(delegation->aliases, (List{"$GENERATE 128-191 $.113.0.203.in-addr.arpa. CNAME $.128-191.113.0.203.in-addr.arpa."}));
  for (const auto* text : {"203.0.113.0/24", "203.0.113.5/32", "2001:db8::/120"})
    EXPECT_FALSE(delegation_of(net::Prefix::parse(text).value())) << text;
}

TEST(Plan, findings_that_say_the_same_have_the_same_steps) {
  auto scene = missing().with(Id::ptr_missing).with(Id::ptr_in_forward_zone, {{"form", "at_host_name"}, {"record", "mail.example.com."}, {"data", List{"x.example.com."}}});
  scene.with(Id::reverse_name_wrong, {{"form", "zone_doubled"}, {"record", "5.113.0.203.in-addr.arpa.113.0.203.in-addr.arpa."}, {"data", List{"mail.example.com."}}});
  scene.evidence.domain = name_of("example.com");
  const auto steps = steps_of(scene);
  const auto of = [&](Id id) {
    List out;
    for (const auto& step : steps)
      if (step.finding == id && step.choice == 1) out.push_back(std::string(to_word(step.action)) + " " + (step.record ? step.record->name : ""));
    return out;
  };
  EXPECT_EQ(of(Id::ptr_missing), (List{"add_record mail.example.com.", "add_record 5.113.0.203.in-addr.arpa.", "verify ", "remove_record mail.example.com.",
                                       "remove_record 5.113.0.203.in-addr.arpa.113.0.203.in-addr.arpa."}));
  EXPECT_EQ(of(Id::ptr_missing), of(Id::ptr_in_forward_zone));
  EXPECT_EQ(of(Id::ptr_missing), of(Id::reverse_name_wrong));
  EXPECT_TRUE(says(steps[1].how, "within the zone 113.0.203.in-addr.arpa.: 5"));
}

TEST(Plan, two_addresses_of_a_host_are_told_together) {
  Scene scene = missing();
  scene.found_under(mail).owned_by({hetzner}).with(Id::ptr_missing);
  scene.also("203.0.113.6", nothing(zone, 300, 3600)).found_under(mail).owned_by({hetzner}).with(Id::ptr_missing);
  scene.walked(walk_to("6.113.0.203.in-addr.arpa", Type::ptr, zone, {nothing(zone, 300, 3600)}));
  const auto steps = steps_of(scene);
  List names;
  for (const auto& step : steps)
    if (step.record) names.push_back(step.record->name);
  EXPECT_EQ(names, (List{"5.113.0.203.in-addr.arpa.", "6.113.0.203.in-addr.arpa."}));
}

TEST(OwnersWay, owners_are_named_with_their_certainty) {
  using enum owner::Source;
  using enum owner::Certainty;
  struct Row { std::vector<owner::Candidate> owners; const char* text; };
  const Row rows[] = {
      {{}, ""},
      {{{"Vultr", "vultr", ptr, sure}}, "Vultr (default names)"},
      {{{"Hetzner Cloud", "hetzner-cloud", delegation, likely}, {"Hetzner Robot", "hetzner-robot", delegation, likely}},
       "Hetzner Cloud, likely (name servers) or Hetzner Robot, likely (name servers)"},
      {{{"Example Hosting GmbH", "", rdap, hint}}, "perhaps Example Hosting GmbH (RDAP)"},
  };
  for (const auto& row : rows) EXPECT_EQ(who(row.owners), row.text);
}

TEST(OwnersWay, place_holders_are_filled_in) {
  const Blanks v4{address_of(ip), "mx.example.net.", {"5.113.0.203.in-addr.arpa.", name_of(zone), ""}};
  struct Row { const char *text, *filled; };
  const Row rows[] = {
      {"x set-rdns SERVER --ip ADDRESS --hostname HOSTNAME", "x set-rdns SERVER --ip 203.0.113.5 --hostname mx.example.net"},
      {"--domain=HOSTNAME.", "--domain=mx.example.net."},
      {"IP_ADDRESS_ID ADDRESSES eipalloc-ID", "IP_ADDRESS_ID ADDRESSES eipalloc-ID"},
      {"update add REVERSE_NAME. 3600 PTR HOSTNAME.", "update add 5.113.0.203.in-addr.arpa. 3600 PTR mx.example.net."},
      {"-z ZONE -n RELATIVE --zone=VM_ZONE", "-z 113.0.203.in-addr.arpa -n 5 --zone=VM_ZONE"},
  };
  for (const auto& row : rows) EXPECT_EQ(filled(row.text, v4), row.filled);
  const Blanks unknown{address_of(ip), "mx.example.net.", {"5.113.0.203.in-addr.arpa.", std::nullopt, ""}};
  EXPECT_EQ(filled("-z ZONE -n RELATIVE", unknown), "-z ZONE -n RELATIVE");
  const Blanks hostile{address_of(ip), "mx.example.net.", {"5.$(id).example.net.", name_of("$(id).example.net"), ""}};
  EXPECT_EQ(filled("-z ZONE -n RELATIVE REVERSE_NAME", hostile), "-z ZONE -n RELATIVE REVERSE_NAME");
  const Blanks own_words{address_of(ip), "ZONE.example.net.", {"5.113.0.203.in-addr.arpa.", name_of(zone), ""}};
  EXPECT_EQ(filled("HOSTNAME", own_words), "ZONE.example.net");
}

TEST(OwnersWay, the_family_decides_between_the_catalogues_ways) {
  struct Row { const char *provider, *address, *line; };
  const Row rows[] = {
      {"vultr", ip, "set-ipv4 INSTANCE_ID 203.0.113.5 --entry mail.example.com"},
      {"vultr", v6, "set-ipv6 INSTANCE_ID 2001:db8:12:34::1 --entry mail.example.com"},
      {"vultr", v6, "POST https://api.vultr.com/v2/instances/INSTANCE_ID/ipv6/reverse"},
      {"gcp", v6, "--network-interface=nic0 --ipv6-public-ptr-domain=mail.example.com."},
      {"ovh", ip, "POST https://eu.api.ovh.com/1.0/ip/IP_BLOCK/reverse"},
      {"scaleway-metal", ip, "scw fip ip update IP_ID reverse=mail.example.com"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.line);
    const auto address = address_of(row.address);
    const auto reverse = net::reverse_name(address);
    const owner::Candidate owner{"its owner", row.provider, owner::Source::ptr, owner::Certainty::likely};
    EXPECT_TRUE(says(ways(std::vector{owner}, {address, "mail.example.com.", {reverse, name_of(reverse).parent(), ""}}), row.line));
  }
}

TEST(OwnersWay, the_catalogue_tells_how_and_how_sure_that_is) {
  const Blanks v4{address_of(ip), "mail.example.com.", {"5.113.0.203.in-addr.arpa.", name_of(zone), ""}};
  const auto lines = ways(std::vector{hetzner}, v4);
  EXPECT_TRUE(says(lines, "command: hcloud server set-rdns SERVER --ip 203.0.113.5 --hostname mail.example.com"));
  EXPECT_FALSE(says(lines, "--reset"));
  EXPECT_TRUE(says(lines, "API: POST https://api.hetzner.cloud/v1/servers/SERVER_ID/actions/change_dns_ptr"));
  EXPECT_TRUE(says(lines, "(not confirmed)"));
  auto hint = hetzner;
  hint.certainty = owner::Certainty::hint;
  const auto perhaps = ways(std::vector{hint}, v4);
  ASSERT_FALSE(perhaps.empty());
  for (const auto& line : perhaps) EXPECT_TRUE(line.starts_with("perhaps Hetzner Cloud, ")) << line;
  EXPECT_TRUE(ways(std::vector{hoster}, v4).empty());
  const auto several = ways(std::vector{hetzner, owner::Candidate{"Vultr", "vultr", owner::Source::ptr, owner::Certainty::likely}}, v4);
  EXPECT_TRUE(says(several, "Hetzner Cloud, command: "));
  EXPECT_TRUE(says(several, "Vultr, panel: "));
}

}  // namespace fcrdns::remedy
