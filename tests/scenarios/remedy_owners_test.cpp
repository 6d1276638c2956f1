// For thirty owners of addresses: whom a report names for a sample address, and which steps it prints, as a person
// reads them in tests/golden/owners.txt. The samples are the catalogue's own: a default name with its address, or the
// name servers of a reverse zone that lacks the PTR, or the organisation that RDAP names. After a wanted change:
//     FCRDNS_REGENERATE=1 build/dev/bin/scenarios_test --gtest_filter='RemedyOwners.*' && git diff tests/golden
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "fcrdns/base/data_files.hpp"
#include "fcrdns/diagnosis/diagnose.hpp"
#include "fcrdns/provider/provider.hpp"

namespace fcrdns {
namespace {

constexpr auto golden_file = FCRDNS_SOURCE_DIR "/tests/golden/owners.txt";
constexpr auto sample_v4 = "203.0.113.5", sample_v6 = "2001:db8:12:34::1";

/// How the owner is recognised: by its default name, by its name servers, by both, by the registration alone.
enum class By { name, servers, both, registration };
struct Row {
  const char* provider;
  By by;
  bool v6 = false;
};
constexpr Row rows[] = {
    {"aws-ec2", By::both},
    {"gcp", By::both},
    {"azure", By::servers},
    {"digitalocean", By::servers},
    {"linode", By::name},
    {"vultr", By::both},
    {"vultr", By::servers, true},
    {"hetzner-cloud", By::both},
    {"hetzner-cloud", By::servers, true},
    {"ovh", By::both},
    {"scaleway-instances", By::name},
    {"dedibox", By::both},
    {"contabo", By::name},
    {"ionos-server", By::servers},
    {"netcup", By::name},
    {"upcloud", By::name},
    {"hostinger", By::name},
    {"godaddy", By::name},
    {"rackspace", By::name},
    {"leaseweb", By::name},
    {"transip", By::name},
    {"sakura", By::name},
    {"huawei", By::name},
    {"strato", By::name},
    {"he", By::servers},
    {"comcast", By::name},
    {"spectrum", By::name},
    {"att", By::both},
    {"orange-fr", By::name},
    {"cloudflare-zone", By::servers},
    {"oci", By::registration},
    {"exoscale", By::registration},
    {"ripe", By::servers},
};

dns::Name name_of(std::string_view text) { return dns::Name::parse(text).value(); }

resolver::Answer nothing(const dns::Name& zone) {
  resolver::Answer out;
  out.status = dns::Status::nxdomain;
  out.soa = dns::Record{zone, dns::Type::soa, dns::Class::in, 3600, dns::Soa{name_of("ns.example.net"), name_of("hostmaster.example.net"), 1, 3600, 600, 86400, 3600}};
  return out;
}
resolver::Answer with(dns::Record record) {
  resolver::Answer out;
  out.status = dns::Status::noerror;
  out.records.push_back(std::move(record));
  return out;
}

/// What the catalogue has to build a sample from.
struct Sample {
  std::string example, example_address, organisation;
  std::vector<dns::Name> servers;
};
Sample sample_of(const char* id) {
  const auto json = nlohmann::json::parse(*base::data_file(fmt::format("providers/{}.json", id)));
  const auto& recognise = json.at("recognise");
  Sample out;
  if (recognise.contains("ptr")) {
    out.example = recognise["ptr"].value("example", "");
    out.example_address = recognise["ptr"].value("example_address", "");
  }
  if (recognise.contains("organisations")) out.organisation = recognise["organisations"].at(0).value("name", "");
  if (recognise.contains("nameservers"))
    for (const auto& server : recognise["nameservers"]) {
      auto suffix = server.value("suffix", "");
      if (const auto star = suffix.find('*'); star != suffix.npos) suffix.replace(star, 1, "com");
      out.servers.push_back(name_of(suffix));
    }
  return out;
}

evidence::Evidence evidence_of(const Row& row, const Sample& sample) {
  const bool named = row.by == By::name || row.by == By::both;
  evidence::Evidence out;
  out.time = base::WallTime{base::Milliseconds{1'795'266'120'000}};
  out.authority = resolver::Resolver::Authority::reachable;
  auto& at = out.addresses.emplace_back();
  at.address = net::Address::parse(row.v6 ? sample_v6 : named && !sample.example_address.empty() ? sample.example_address : sample_v4).value();
  at.from = {"given"};
  out.subject.kind = subject::Kind::address;
  out.subject.text = at.address.text();
  out.subject.address = at.address;

  const auto reverse = name_of(net::reverse_name(at.address));
  const auto zone = reverse.ancestor(row.v6 ? 18 : 5);  // a /64, a /24
  at.ptr = named ? with({reverse, dns::Type::ptr, dns::Class::in, 3600, name_of(sample.example)}) : nothing(zone);
  if (named) {
    auto& name = at.names.emplace_back();
    name.name = name_of(sample.example);
    name.own = with({name.name, dns::Type::a, dns::Class::in, 3600, at.address});
    name.other.status = dns::Status::not_asked;
  }
  resolver::Walk walk;
  walk.question = {reverse, dns::Type::ptr, dns::Class::in};
  walk.root_reached = true;
  const std::vector unknown{name_of("ns1.example.net"), name_of("ns2.example.net")};
  walk.rungs = {{dns::Name(), {name_of("a.root-servers.net")}, false},
                {zone, row.by == By::servers || row.by == By::both ? sample.servers : unknown, false}};
  walk.answer = at.ptr;
  at.reverse.push_back(std::move(walk));
  if (row.by == By::registration) {
    at.registration.emplace().outcome = owner::Registration::Outcome::found;
    at.registration->organisation = sample.organisation;
  }
  const auto none = nothing(name_of("example.com"));
  out.helo = evidence::NameLook{name_of("mail.example.com"), none, none, none, false};
  return out;
}

/// The steps of the finding that sends a person to the owner.
std::string told(const report::Result& result) {
  std::string out;
  int choice = 0;
  for (const auto& step : result.plan.steps) {
    if (step.finding != finding::Id::ptr_missing && step.finding != finding::Id::ptr_generic) continue;
    if (step.choice != choice && step.choice > 1) out += "  or\n";
    choice = step.choice;
    auto action = std::string(to_word(step.action));
    std::ranges::replace(action, '_', ' ');
    out += fmt::format("  {}  {}: {}{}\n", step.step, action, step.who, step.zone ? "; in zone " + *step.zone : "");
    if (step.record)
      out += fmt::format("       {} {} IN {} {}{}\n", step.record->name, step.record->ttl, step.record->type, step.record->data,
                         step.record->relative.empty() ? "" : "   (relative: " + step.record->relative + ")");
    for (const auto& how : step.how) out += fmt::format("     {}\n", how);
    if (!step.caution.empty()) out += fmt::format("     Caution: {}.\n", step.caution);
  }
  return out;
}

std::string story(const Row& row) {
  const auto sample = sample_of(row.provider);
  const auto* known = provider::find(row.provider);
  const auto result = diagnosis::report_on(evidence_of(row, sample));
  const auto& at = result.evidence.addresses.front();
  std::string findings;
  for (const auto& finding : result.findings) findings += (findings.empty() ? "" : ", ") + std::string(to_word(finding.id));
  std::string servers;
  for (const auto& server : at.reverse.front().rungs.back().nameservers) servers += ' ' + server.text();
  return fmt::format("== {} ({})\n{}: {}\n  zone {} of{}{}\n  finds {}\n{}", known->name, row.provider, at.address.text(),
                     at.names.empty() ? "no PTR" : at.names.front().name.text(), at.reverse.front().rungs.back().apex.text(), servers,
                     at.registration ? ", registered to " + at.registration->organisation : "", findings, told(result));
}

}  // namespace

TEST(RemedyOwners, AreToldAsAPersonReadsThem) {
  std::string now =
      "# For a sample address of each owner: who is named, and what is to be done there. Written by\n"
      "# FCRDNS_REGENERATE=1 build/dev/bin/scenarios_test --gtest_filter='RemedyOwners.*'\n";
  for (const auto& row : rows) now += "\n" + story(row);
  if (std::getenv("FCRDNS_REGENERATE") != nullptr) {
    std::ofstream(golden_file, std::ios::binary) << now;
    GTEST_SKIP() << "written anew: read it";
  }
  std::ifstream in(golden_file, std::ios::binary);
  std::ostringstream golden;
  golden << in.rdbuf();
  EXPECT_EQ(now, golden.str());
}

TEST(RemedyOwners, EachIsNamedAndTellsAWayWithTheAddressFilledIn) {
  for (const auto& row : rows) {
    SCOPED_TRACE(row.provider);
    const auto result = diagnosis::report_on(evidence_of(row, sample_of(row.provider)));
    ASSERT_FALSE(result.owners.front().empty());
    const bool named = std::ranges::any_of(result.owners.front(), [&](const owner::Candidate& candidate) {
      return candidate.provider == row.provider;
    });
    EXPECT_TRUE(named);
    for (const auto& step : result.plan.steps) {
      EXPECT_FALSE(step.who.empty());
      for (const auto& line : step.how)
        for (const std::string_view blank : {" ADDRESS ", "{ip}", "{ipAddress}", "\"ADDRESS\""})
          EXPECT_EQ(line.find(blank), line.npos) << line;
    }
  }
}

}  // namespace fcrdns
