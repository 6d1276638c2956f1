// Evidence made by hand, for this room's tests: one line says what was seen of one address.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fcrdns/evidence/evidence.hpp"
#include "fcrdns/finding/finding.hpp"

namespace fcrdns::remedy {

inline constexpr base::WallTime scene_time{base::Milliseconds{1'795'266'120'000}};  // 2026-11-21T13:02:00Z

inline dns::Name name_of(std::string_view text) { return dns::Name::parse(text).value(); }
inline net::Address address_of(std::string_view text) { return net::Address::parse(text).value(); }

inline dns::Record soa_of(std::string_view zone, std::uint32_t ttl, std::uint32_t minimum) {
  return {name_of(zone), dns::Type::soa, dns::Class::in, ttl, dns::Soa{name_of("ns1.example.net"), name_of("hostmaster.example.net"), 1, 3600, 600, 86400, minimum}};
}
/// Nothing there: the SOA's TTL as it came, and its MINIMUM.
inline resolver::Answer nothing(std::string_view zone, std::uint32_t ttl, std::uint32_t minimum, dns::Status status = dns::Status::nxdomain) {
  resolver::Answer out;
  out.status = status;
  out.soa = soa_of(zone, ttl, minimum);
  return out;
}
inline resolver::Answer ptr_to(std::vector<std::string_view> names, std::uint32_t ttl) {
  resolver::Answer out;
  out.status = dns::Status::noerror;
  for (const auto name : names) out.records.push_back({name_of("5.113.0.203.in-addr.arpa"), dns::Type::ptr, dns::Class::in, ttl, name_of(name)});
  return out;
}
inline resolver::Answer leads_to(std::vector<std::string_view> addresses, std::uint32_t ttl) {
  resolver::Answer out;
  out.status = dns::Status::noerror;
  for (const auto text : addresses) {
    const auto address = address_of(text);
    out.records.push_back({name_of("mail.example.com"), address.is_v4() ? dns::Type::a : dns::Type::aaaa, dns::Class::in, ttl, address});
  }
  return out;
}
inline resolver::Answer trouble(dns::Status status) {
  resolver::Answer out;
  out.status = status;
  return out;
}

/// A walk that ended in `zone`, whose servers said each of `said`; the first is the joint answer.
inline resolver::Walk walk_to(std::string_view question, dns::Type type, std::string_view zone, std::vector<resolver::Answer> said,
                              std::uint32_t soa_ttl = 3600, std::uint32_t minimum = 3600) {
  resolver::Walk out;
  out.question = {name_of(question), type, dns::Class::in};
  out.root_reached = true;
  out.rungs = {{dns::Name(), {name_of("a.root-servers.net")}, false}, {name_of(zone), {name_of("ns1.example.net"), name_of("ns2.example.net")}, false}};
  out.answer = said.empty() ? trouble(dns::Status::timeout) : said.front();
  out.soa = soa_of(zone, soa_ttl, minimum);
  unsigned number = 0;
  for (auto& answer : said) {
    resolver::ServerReport server;
    server.name = name_of("ns" + std::to_string(++number) + ".example.net");
    server.address = address_of("192.0.2." + std::to_string(number));
    server.udp = server.tcp = answer.status;
    server.answer = std::move(answer);
    out.servers.push_back(std::move(server));
  }
  return out;
}

/// One subject. Its first address is 203.0.113.5 unless told otherwise.
struct Scene {
  evidence::Evidence evidence;
  std::vector<std::vector<owner::Candidate>> owners;
  std::vector<finding::Finding> given;  ///< instead of what the rules find

  explicit Scene(std::string_view address = "203.0.113.5", resolver::Answer ptr = trouble(dns::Status::timeout)) {
    evidence.time = scene_time;
    evidence.subject.kind = subject::Kind::address;
    evidence.subject.text = address;
    evidence.subject.address = address_of(address);
    also(address, std::move(ptr));
  }
  Scene& also(std::string_view address, resolver::Answer ptr) {
    auto& at = evidence.addresses.emplace_back();
    at.address = address_of(address);
    at.from = {"given"};
    at.ptr = std::move(ptr);
    return *this;
  }
  Scene& name(std::string_view text, resolver::Answer own, std::vector<resolver::Walk> forward = {}) {
    auto& name = at().names.emplace_back();
    name.name = name_of(text);
    name.ttl = 3600;
    name.usability = verdict::usability(name.name, at().address);
    name.own = std::move(own);
    name.other.status = dns::Status::not_asked;
    name.forward = std::move(forward);
    return *this;
  }
  Scene& walked(resolver::Walk walk) {
    evidence.authority = resolver::Resolver::Authority::reachable;
    at().reverse.push_back(std::move(walk));
    return *this;
  }
  Scene& cache(std::string_view question, dns::Type type, resolver::Answer answer) {
    at().caches.push_back({{address_of("192.0.2.53"), 53}, {name_of(question), type, dns::Class::in}, std::move(answer)});
    return *this;
  }
  Scene& took(base::Milliseconds wall) {
    evidence.wall = wall;
    return *this;
  }
  Scene& owned_by(std::vector<owner::Candidate> candidates) {
    owners.resize(evidence.addresses.size());
    owners.back() = std::move(candidates);
    return *this;
  }
  Scene& found_under(std::string_view host) {
    at().host = name_of(host);
    return *this;
  }
  Scene& with(finding::Id id, finding::Arguments arguments = {}, finding::Severity severity = finding::Severity::error) {
    given.push_back({id, severity, at().address, std::move(arguments)});
    return *this;
  }
  /// --mail-from
  Scene& spf(spf::Result result, std::string record, std::string problem = "", std::vector<spf::Term> trace = {}) {
    at().spf.push_back({.domain = "example.com", .result = result, .problem = std::move(problem), .record = std::move(record), .trace = std::move(trace)});
    return *this;
  }
  /// --helo
  Scene& helo(std::string_view text, resolver::Answer a, bool is_mx = false) {
    evidence.helo = evidence::NameLook{name_of(text), std::move(a), trouble(dns::Status::not_asked), trouble(dns::Status::not_asked), is_mx};
    return *this;
  }

  [[nodiscard]] evidence::AddressEvidence& at() { return evidence.addresses.back(); }
};

/// A scene with its verdicts, as the stations before hand them on.
struct Prepared {
  Scene scene;
  std::vector<verdict::Verdict> verdicts;
  explicit Prepared(Scene made) : scene(std::move(made)) {
    scene.owners.resize(scene.evidence.addresses.size());
    for (const auto& at : scene.evidence.addresses) verdicts.push_back(evidence::verdict_of(at));
  }
  [[nodiscard]] finding::Considered considered() const { return {scene.evidence, verdicts, scene.owners}; }
};

}  // namespace fcrdns::remedy
