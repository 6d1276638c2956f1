// What rules make of evidence that a world cannot hold easily: resolver and authority at odds, caches, proof of broken
// servers, owners. One row each; every other rule has its hosts in data/worlds/.
#include <gtest/gtest.h>

#include <algorithm>

#include "fcrdns/finding/finding.hpp"

namespace fcrdns::finding {
namespace {

using dns::Name;
using dns::Status;
using dns::Type;
using evidence::AddressEvidence;
using evidence::Evidence;
using resolver::Answer;
using resolver::Walk;

const auto client = net::Address::parse("203.0.113.5").value();
constexpr std::string_view reverse = "5.113.0.203.in-addr.arpa.", zone = "113.0.203.in-addr.arpa.";

Name name(std::string_view text) { return Name::parse(text).value(); }

dns::Record record(std::string_view owner, Type type, std::string_view data, std::uint32_t ttl = 3600) {
  return {name(owner), type, dns::Class::in, ttl, dns::parse_rdata(type, data, Name()).value()};
}
Answer held(std::vector<dns::Record> records) {
  Answer answer;
  answer.status = Status::noerror;
  answer.records = std::move(records);
  return answer;
}
Answer ptr(std::string_view host, std::uint32_t ttl = 3600) { return held({record(reverse, Type::ptr, host, ttl)}); }
Answer a(std::string_view host, std::string_view address) { return held({record(host, Type::a, address)}); }
Answer said(Status status) {
  Answer answer;
  answer.status = status;
  return answer;
}
Answer absent(std::string_view apex = zone, std::uint32_t ttl = 600) {
  auto answer = said(Status::nxdomain);
  answer.soa = record(apex, Type::soa, "ns. host. 1 2 3 4 900", ttl);
  return answer;
}

/// Walked down to `apex`, where ns1, ns2 ... said so.
Walk walk(std::string_view question, Type type, std::string_view apex, std::vector<Answer> servers) {
  Walk out;
  out.question = {name(question), type, dns::Class::in};
  out.root_reached = true;
  out.rungs = {{Name(), {}, false}, {name(apex), {}, false}};
  out.answer = servers.front();
  int number = 0;
  for (auto& answer : servers) {
    resolver::ServerReport server;
    server.name = name("ns" + std::to_string(++number) + ".provider.example.");
    server.address = net::Address::v4({192, 0, 2, static_cast<std::uint8_t>(number)});
    server.udp = server.tcp = answer.status;
    server.serial = dns::is_definite(answer.status) ? std::optional(7U) : std::nullopt;
    if (resolver::says_more(answer.status, out.answer.status) || (out.answer.records.empty() && !answer.records.empty())) out.answer = answer;
    server.answer = std::move(answer);
    out.servers.push_back(std::move(server));
  }
  return out;
}
Walk reverse_walk(std::vector<Answer> servers) { return walk(reverse, Type::ptr, zone, std::move(servers)); }

/// An address whose PTR the resolver gave as `answer`; its name leads to `leads_to`.
Evidence seen(Answer answer, std::string_view leads_to = "203.0.113.5") {
  Evidence out;
  out.subject.kind = subject::Kind::address;
  out.subject.address = client;
  auto& at = out.addresses.emplace_back();
  at.address = client;
  at.from = {"given"};
  at.ptr = std::move(answer);
  for (const auto& held_record : at.ptr.records) {
    evidence::NameEvidence known;
    known.name = std::get<Name>(held_record.data);
    known.own = a(known.name.text(), leads_to);
    known.other = said(Status::nodata);
    at.names.push_back(std::move(known));
  }
  return out;
}
Evidence walked(Evidence evidence, std::vector<Answer> servers) {
  evidence.authority = resolver::Resolver::Authority::reachable;
  evidence.addresses[0].reverse = {reverse_walk(std::move(servers))};
  return evidence;
}

std::vector<std::string> shown(const Evidence& evidence, std::vector<owner::Candidate> owners = {}, Profile profile = Profile::google) {
  std::vector<verdict::Verdict> verdicts;
  for (const auto& at : evidence.addresses) verdicts.push_back(evidence::verdict_of(at));
  const std::vector all(evidence.addresses.size(), std::move(owners));
  std::vector<std::string> out;
  for (const auto& finding : judge({evidence, verdicts, all}, profile)) {
    auto text = std::string(to_word(finding.severity)) + " " + std::string(to_word(finding.id));
    for (const auto* key : {"form", "broken", "remaining_ttl", "ttl"}) {
      const auto* value = argument(finding, key);
      if (value == nullptr) continue;
      const auto* number = std::get_if<std::int64_t>(value);
      text += " " + std::string(key) + "=" + (number ? std::to_string(*number) : std::get<std::string>(*value));
    }
    out.push_back(std::move(text));
  }
  return out;
}

using Shown = std::vector<std::string>;
struct Row {
  std::string_view story;
  Evidence evidence;
  Shown findings;
};

TEST(Judge, GoesByTheAuthorityWhereItWasAsked) {
  auto blind = walked(seen(absent()), {ptr("mail.example.")});
  blind.addresses[0].reverse[0].root_reached = false;
  auto mixed = walked(seen(ptr("old.example.", 30), "203.0.113.99"), {ptr("mail.example.")});
  const Row rows[] = {
      {"both say there is none", walked(seen(absent()), {absent(), absent()}), {"error ptr_missing"}},
      {"only a cache says there is none", walked(seen(absent()), {ptr("mail.example.")}), {"info stale_cache form=negative remaining_ttl=600"}},
      {"a listed server says there is none", walked(seen(absent()), {absent(), ptr("mail.example.")}), {"error servers_disagree form=lacking"}},
      {"a cache has the former name", mixed, {"info stale_cache remaining_ttl=30"}},
      {"a cache still has what was removed", walked(seen(ptr("mail.example.")), {absent()}), {"error ptr_missing"}},
      {"the root was not reached", blind, {"error ptr_missing"}},
      {"the walk ended early: the resolver counts", walked(seen(absent()), {said(Status::not_asked)}), {"error ptr_missing"}},
      {"the servers are gone: what a cache says is not their word", walked(seen(absent()), {said(Status::timeout)}),
       {"undetermined reverse_unreachable form=broken broken=1"}},
      {"an alias was not followed to its end: the resolver counts",
       [] {
         auto evidence = walked(seen(ptr("mail.example.")), {absent()});
         evidence.addresses[0].reverse[0].alias = name("5.sub.example.");
         return evidence;
       }(),
       {}},
  };
  for (const auto& row : rows) EXPECT_EQ(shown(row.evidence), row.findings) << row.story;
}

TEST(Judge, TroubleIsNoAbsence) {
  auto twice = walked(seen(said(Status::bogus)), {ptr("mail.example.")});
  for (const auto* server : {"192.0.2.1:53", "192.0.2.2:53", "192.0.2.2:53"})
    twice.addresses[0].ptr.attempts.push_back({server, "udp", {}, {}, "bogus"});
  auto once = twice;
  once.addresses[0].ptr.attempts.erase(once.addresses[0].ptr.attempts.begin());
  auto forward = seen(ptr("mail.example."));
  forward.addresses[0].names[0].own = said(Status::servfail);
  auto forward_broken = forward;
  forward_broken.addresses[0].names[0].forward = {walk("mail.example.", Type::a, "example.", {said(Status::refused)})};
  auto forward_fine = forward;
  forward_fine.addresses[0].names[0].forward = {walk("mail.example.", Type::a, "example.", {a("mail.example.", "203.0.113.5")})};
  const Row rows[] = {
      {"not walked", seen(said(Status::servfail)), {"undetermined reverse_unreachable"}},
      {"the servers answer well", walked(seen(said(Status::servfail)), {ptr("mail.example.")}),
       {"undetermined reverse_unreachable form=resolver_only"}},
      {"the servers know of nothing", walked(seen(said(Status::servfail)), {absent()}),
       {"error ptr_missing", "undetermined reverse_unreachable form=resolver_only"}},
      {"every server refuses", walked(seen(said(Status::refused)), {said(Status::refused), said(Status::lame)}),
       {"undetermined reverse_unreachable form=broken broken=1"}},
      {"a cache still answers, the servers are gone", walked(seen(ptr("mail.example.")), {said(Status::refused)}),
       {"undetermined reverse_unreachable form=broken broken=1"}},
      {"bogus, whatever an unvalidated question shows", once, {"undetermined dnssec_bogus"}},
      {"bogus on two paths", twice, {"undetermined dnssec_bogus broken=1"}},
      {"forward, not walked", forward, {"undetermined forward_unreachable"}},
      {"forward, every server refuses", forward_broken, {"undetermined forward_unreachable form=broken broken=1"}},
      {"forward, the servers answer well", forward_fine, {"undetermined forward_unreachable form=resolver_only"}},
  };
  for (const auto& row : rows) EXPECT_EQ(shown(row.evidence), row.findings) << row.story;
}

TEST(Judge, CachesThatAreBehindAreToldWithTheLongestTtl) {
  auto evidence = walked(seen(ptr("mail.example.")), {ptr("mail.example.")});
  const auto question = evidence.addresses[0].reverse[0].question;
  const auto cache = [&](int number, Answer answer) {
    evidence.addresses[0].caches.push_back({{net::Address::v4({192, 0, 2, static_cast<std::uint8_t>(number)}), 53}, question, std::move(answer)});
  };
  cache(1, ptr("mail.example.", 10));
  cache(2, said(Status::servfail));
  EXPECT_EQ(shown(evidence), Shown{});
  cache(3, absent(zone, 120));
  cache(4, ptr("old.example.", 700));
  EXPECT_EQ(shown(evidence), (Shown{"info stale_cache remaining_ttl=700"}));
}

TEST(Judge, TtlsAreTheAuthoritys) {
  const auto row = [](std::uint32_t cached, std::uint32_t own, std::string_view leads_to) {
    return shown(walked(seen(ptr("mail.example.", cached), leads_to), {ptr("mail.example.", own)}));
  };
  EXPECT_EQ(row(0, 3600, "203.0.113.5"), Shown{});
  EXPECT_EQ(row(86400, 86401, "203.0.113.9"), (Shown{"error forward_mismatch", "warning ttl_extreme form=long ttl=86401"}));
  EXPECT_EQ(row(86400, 86401, "203.0.113.5"), Shown{});
  EXPECT_EQ(row(86400, 86400, "203.0.113.9"), (Shown{"error forward_mismatch"}));
  EXPECT_EQ(row(3600, 0, "203.0.113.5"), (Shown{"info ttl_extreme ttl=0"}));
}

TEST(Judge, ARegistrysZoneIsNobodysUnlessItHasOneHolder) {
  auto evidence = seen(absent("203.in-addr.arpa."));
  EXPECT_EQ(shown(evidence), (Shown{"error reverse_not_delegated", "error ptr_missing"}));
  auto& registration = evidence.addresses[0].registration.emplace();
  registration.outcome = owner::Registration::Outcome::found;
  registration.range = "203.0.0.0 - 203.255.255.255";
  EXPECT_EQ(shown(evidence), (Shown{"error ptr_missing"}));
  EXPECT_EQ(shown(seen(absent("0.203.in-addr.arpa."))), (Shown{"error ptr_missing"}));
  auto nodata = absent("203.in-addr.arpa.");
  nodata.status = Status::nodata;
  EXPECT_EQ(shown(seen(nodata)), (Shown{"error ptr_missing"}));
}

TEST(Judge, AMisplacedPtrExplainsNothingWhereTheRightOneStands) {
  const auto with_probe = [](Evidence evidence) {
    evidence::Probe probe;
    probe.purpose = evidence::Purpose::at_host_name;
    probe.question = {name("mail.example."), Type::ptr, dns::Class::in};
    probe.answer = held({record("mail.example.", Type::ptr, "5.113.0.203.in-addr.arpa.")});
    evidence.domain = name("example.");
    evidence.addresses[0].probes = {probe, probe};  // two servers, one record
    return evidence;
  };
  EXPECT_EQ(shown(with_probe(seen(absent()))), (Shown{"error ptr_missing", "error ptr_in_forward_zone form=swapped"}));
  EXPECT_EQ(shown(with_probe(seen(ptr("mail.example.")))), (Shown{"info ptr_in_forward_zone form=swapped"}));
}

TEST(Judge, OctetsThatReadTheSameBothWaysAreNotWrong) {
  auto evidence = seen(absent());
  evidence::Probe probe;
  probe.purpose = evidence::Purpose::not_reversed;
  probe.question = {name(reverse), Type::ptr, dns::Class::in};
  probe.answer = ptr("mail.example.com.");
  evidence.domain = name("example.com.");
  evidence.domain_given = true;
  evidence.addresses[0].probes = {probe};
  EXPECT_EQ(shown(evidence), (Shown{"error ptr_missing"}));
  evidence.addresses[0].probes[0].question.name = name("203.0.113.5.in-addr.arpa.");
  EXPECT_EQ(shown(evidence), (Shown{"error ptr_missing", "error reverse_name_wrong form=not_reversed"}));
  evidence.domain = name("example.net.");
  EXPECT_EQ(shown(evidence), (Shown{"error ptr_missing"})) << "somebody else's name there is right";
}

TEST(Judge, HostsThatOnlyReceiveAreWarnedOf) {
  auto evidence = seen(absent());
  evidence.subject.kind = subject::Kind::domain;
  evidence.subject.host = name("example.");
  evidence.addresses[0].from = {"mx"};
  evidence.addresses[0].host = name("mx.example.");
  EXPECT_EQ(shown(evidence), (Shown{"info wrong_subject form=mx_only", "warning ptr_missing"}));
  evidence.addresses[0].ptr = said(Status::servfail);
  EXPECT_EQ(shown(evidence), (Shown{"info wrong_subject form=mx_only", "warning reverse_unreachable"}));
  evidence.addresses[0].from = {"mx", "spf:a"};
  EXPECT_EQ(shown(evidence), (Shown{"undetermined reverse_unreachable"}));
}

TEST(Judge, ProfilesMoveSeverities) {
  Evidence nobody;
  nobody.subject.host = name("mail.example.");
  nobody.host_a = nobody.host_aaaa = said(Status::nxdomain);
  EXPECT_EQ(shown(nobody, {}, Profile::rfc8601), (Shown{"error subject_not_found"}));
  EXPECT_EQ(shown(seen(absent()), {}, Profile::rfc8601), (Shown{"warning ptr_missing"}));
  EXPECT_EQ(shown(seen(said(Status::servfail)), {}, Profile::rfc8601), (Shown{"undetermined reverse_unreachable"}));
}

TEST(Judge, OwnersAreBelievedWhenTheBestAgree) {
  using owner::Certainty;
  const auto candidates = [](std::initializer_list<std::pair<std::string_view, Certainty>> rows) {
    std::vector<owner::Candidate> out;
    for (const auto& [id, certainty] : rows) out.push_back({std::string(id), std::string(id), owner::Source::delegation, certainty});
    return out;
  };
  struct OwnerRow {
    std::vector<owner::Candidate> owners;
    Shown beside;
  };
  const OwnerRow rows[] = {
      {candidates({{"orange-fr", Certainty::likely}}), {"error owner_cannot_set"}},
      {candidates({{"orange-fr", Certainty::hint}}), {}},
      {candidates({{"verizon", Certainty::sure}}), {"info owner_cannot_set"}},
      {candidates({{"aws-ec2", Certainty::likely}, {"aws-lightsail", Certainty::likely}}), {"info owner_needs_forward_first"}},
      {candidates({{"aws-ec2", Certainty::likely}, {"hetzner-cloud", Certainty::likely}}), {}},
      {candidates({{"aws-ec2", Certainty::sure}, {"hetzner-cloud", Certainty::likely}}), {"info owner_needs_forward_first"}},
      {candidates({{"digitalocean", Certainty::likely}}), {"info ptr_from_server_name"}},
      {candidates({{"", Certainty::sure}, {"no-such-provider", Certainty::sure}}), {}},
  };
  for (const auto& row : rows) {
    auto wanted = row.beside;
    wanted.insert(wanted.begin(), "error ptr_missing");
    EXPECT_EQ(shown(seen(absent()), row.owners), wanted);
    EXPECT_EQ(shown(seen(ptr("mail.example.")), row.owners), Shown{}) << "nothing has to be set";
  }
}

TEST(Judge, SaysWhatItCouldNotLookFor) {
  EXPECT_EQ(not_looked_for(seen(absent())), std::vector{Id::ptr_in_forward_zone});
  EXPECT_TRUE(not_looked_for(seen(ptr("mail.example."))).empty());
  EXPECT_TRUE(not_looked_for(seen(said(Status::servfail))).empty());
  auto known = seen(absent());
  known.domain = name("example.");
  EXPECT_TRUE(not_looked_for(known).empty());
  auto blocked = seen(ptr("mail.example."));
  blocked.authority = resolver::Resolver::Authority::unreachable;
  EXPECT_EQ(shown(blocked), (Shown{"info own_dns_path_blocked"}));
}

TEST(Judge, TellsTheWordAtTheAuthority) {
  const auto evidence = walked(seen(ptr("mail.example.")), {absent()});
  const std::vector<verdict::Verdict> verdicts{evidence::verdict_of(evidence.addresses[0])};
  EXPECT_EQ(verdicts[0].iprev, verdict::Iprev::pass);
  EXPECT_EQ(at_authority({evidence, verdicts, {}}, 0), verdict::Iprev::permerror);
}

}  // namespace
}  // namespace fcrdns::finding
