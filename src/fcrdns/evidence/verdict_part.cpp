#include "fcrdns/evidence/verdict_part.hpp"

#include <algorithm>

namespace fcrdns::evidence {
namespace {

using dns::Type;
using subject::Kind;

constexpr std::size_t max_candidate_hosts = 64;
constexpr std::size_t max_prefix_addresses = 256;

/// The hosts of an MX answer, the most wanted first; "." says that the domain takes no mail (RFC 7505).
std::vector<dns::Name> exchanges_in(const resolver::Answer& answer) {
  std::vector<dns::Mx> found;
  for (const auto& record : answer.records)
    if (const auto* mx = std::get_if<dns::Mx>(&record.data); mx != nullptr && !mx->exchange.is_root()) found.push_back(*mx);
  std::ranges::sort(found, [](const dns::Mx& a, const dns::Mx& b) {
    return a.preference != b.preference ? a.preference < b.preference : a.exchange < b.exchange;
  });
  std::vector<dns::Name> names;
  for (auto& mx : found) names.push_back(std::move(mx.exchange));
  return names;
}

}  // namespace

void VerdictPart::begin() {
  const auto& subject = asking_.evidence.subject;
  switch (subject.kind) {
    case Kind::address:
      found(*subject.address, {}, asking_.options.blame ? "bounce" : "given", {});
      return sending_host();
    case Kind::prefix:
      for (const auto& address : subject::hosts_of(*subject.prefix)) found(address, {}, "prefix", {});
      return;
    case Kind::host:
    case Kind::domain: return ask_name();
  }
}

/// The host that a bounce names: its other addresses send too, and tell the families apart.
void VerdictPart::sending_host() {
  const auto& blame = asking_.options.blame;
  if (!blame || !blame->sending_host) return;
  address_records(*blame->sending_host, Type::a, {"sending_host"}, {}, nullptr);
  address_records(*blame->sending_host, Type::aaaa, {"sending_host"}, {}, nullptr);
}

void VerdictPart::ask_name() {
  const auto& subject = asking_.evidence.subject;
  decided_ = subject.kind == Kind::host && subject.fixed;
  own_origin_ = subject.kind == Kind::domain ? "" : "a";
  if (asking_.options.only != net::Family::v6) address_records(subject.host, Type::a, {"a"}, {}, &Evidence::host_a);
  if (asking_.options.only != net::Family::v4) address_records(subject.host, Type::aaaa, {"aaaa"}, {}, &Evidence::host_aaaa);
  if (decided_) return;
  const auto ask = [this](Type type, std::optional<resolver::Answer> Evidence::*slot) {
    // A slow server of MX or TXT does not keep a host waiting.
    asking_.ask(Part::verdict, {asking_.evidence.subject.host, type}, {}, asking_.soon(),
                [this, slot](resolver::Answer answer, std::size_t) {
                  asking_.evidence.*slot = std::move(answer);
                  if (asking_.evidence.mx && asking_.evidence.txt) decide_kind();
                });
  };
  ask(Type::mx, &Evidence::mx);
  ask(Type::txt, &Evidence::txt);
}

void VerdictPart::address_records(const dns::Name& host, Type type, std::vector<std::string> from, Row after,
                                  std::optional<resolver::Answer> Evidence::*slot) {
  asking_.ask(Part::verdict, {host, type}, after, asking_.deadline,
              [this, host, from = std::move(from), slot](resolver::Answer answer, std::size_t row) mutable {
                const bool own = slot != nullptr;  // until the kind is known, the name's own addresses are looked at ahead
                if (own && own_origin_ != "a") from = {own_origin_};
                for (const auto& address : addresses_in(answer))
                  for (const auto& origin : from)
                    if (!origin.empty()) found(address, host, origin, row);
                if (own) asking_.evidence.*slot = std::move(answer);
              });
}

/// Host or domain? A domain has an MX or SPF record, and these name hosts.
void VerdictPart::decide_kind() {
  auto& evidence = asking_.evidence;
  decided_ = true;
  const auto spf = spf_candidates(evidence.txt->records, evidence.subject.host);
  evidence.not_followed = spf.not_followed;
  const auto exchanges = exchanges_in(*evidence.mx);
  const bool names_hosts = !exchanges.empty() || !spf.a.empty() || !spf.mx_of.empty() || !spf.networks.empty();
  if (!names_hosts) {
    // Mail for it goes to the addresses of the name itself (RFC 5321 5.1), so these are what can be looked at.
    if (own_origin_.empty()) {
      own_origin_ = "a";
      for (const auto* answer : {&evidence.host_a, &evidence.host_aaaa})
        if (*answer)
          for (const auto& address : addresses_in(**answer)) found(address, evidence.subject.host, address.is_v4() ? "a" : "aaaa", {});
    }
    return;
  }
  evidence.subject.kind = Kind::domain;
  take_candidates(spf, exchanges);
}

void VerdictPart::take_candidates(const SpfCandidates& spf, const std::vector<dns::Name>& exchanges) {
  auto& evidence = asking_.evidence;
  const auto& domain = evidence.subject.host;
  // The name's own addresses: looked at ahead, candidates only when SPF says so.
  const bool own = std::ranges::find(spf.a, domain) != spf.a.end();
  own_origin_ = own ? "spf:a" : "";
  for (auto& at : evidence.addresses) at.from = own ? std::vector<std::string>{own_origin_} : std::vector<std::string>{};
  for (const auto* answer : {&evidence.host_a, &evidence.host_aaaa})
    if (own && *answer)
      for (const auto& address : addresses_in(**answer)) found(address, domain, own_origin_, {});

  for (const auto& exchange : exchanges)
    candidates_of(exchange, spf.mx ? std::vector<std::string>{"mx", "spf:mx"} : std::vector<std::string>{"mx"});
  for (const auto& host : spf.a)
    if (host != domain) candidates_of(host, {"spf:a"});
  for (const auto& other : spf.mx_of)
    asking_.ask(Part::verdict, {other, Type::mx}, {}, asking_.soon(), [this](resolver::Answer answer, std::size_t) {
      for (const auto& exchange : exchanges_in(answer)) candidates_of(exchange, {"spf:mx"});
    });
  for (const auto& network : spf.networks) {
    const bool small = network.length >= (network.base.is_v4() ? 24 : 120);
    if (!small) evidence.not_followed.push_back((network.base.is_v4() ? "ip4:" : "ip6:") + network.text());
    else
      for (const auto& address : subject::hosts_of(network)) found(address, {}, network.base.is_v4() ? "spf:ip4" : "spf:ip6", {});
  }
}

void VerdictPart::candidates_of(const dns::Name& host, const std::vector<std::string>& from) {
  if (++hosts_asked_ > max_candidate_hosts) return;
  if (asking_.options.only != net::Family::v6) address_records(host, Type::a, from, {}, nullptr);
  if (asking_.options.only != net::Family::v4) address_records(host, Type::aaaa, from, {}, nullptr);
}

void VerdictPart::found(const net::Address& address, const std::optional<dns::Name>& host, std::string from, Row after) {
  auto& evidence = asking_.evidence;
  const auto client = address.unmapped();
  if (const auto known = std::ranges::find(evidence.addresses, client, &AddressEvidence::address);
      known != evidence.addresses.end()) {
    if (std::ranges::find(known->from, from) == known->from.end()) known->from.push_back(std::move(from));
    if (!known->host) known->host = host;
    return;
  }
  const auto index = evidence.addresses.size();
  if (index == (evidence.subject.kind == Kind::prefix ? max_prefix_addresses : max_addresses)) {
    ++evidence.addresses_left_out;
    return;
  }
  auto& entry = evidence.addresses.emplace_back();
  entry.address = client;
  entry.host = host;
  entry.from = {std::move(from)};
  entry.special = net::SpecialPurposeTable::built_in().find(client);
  if (entry.special && entry.special->treatment == net::Treatment::not_asked && !asking_.options.ask_special) {
    entry.ptr = unasked(dns::Status::not_asked);
    return;
  }
  const auto reverse = dns::Name::parse(net::reverse_name(client)).value();
  asking_.ask(Part::verdict, {reverse, Type::ptr}, after, asking_.deadline,
              [this, index](resolver::Answer answer, std::size_t row) { ptr_answered(index, std::move(answer), row); });
  hooks_.address_found(index);
}

void VerdictPart::ptr_answered(std::size_t index, resolver::Answer answer, std::size_t row) {
  auto& entry = asking_.evidence.addresses[index];
  entry.ptr = std::move(answer);
  for (const auto& record : entry.ptr.records) {
    const auto* name = std::get_if<dns::Name>(&record.data);
    if (name == nullptr) continue;
    auto& known = entry.names.emplace_back();
    known.name = *name;
    known.ttl = record.ttl;
    known.usability = verdict::usability(*name, entry.address);
    known.own = unasked(is_usable(known.usability) ? dns::Status::not_checked : dns::Status::unusable);
    known.other = unasked(dns::Status::not_asked);
  }
  std::ranges::sort(entry.names, [](const NameEvidence& a, const NameEvidence& b) { return a.name < b.name; });

  std::size_t checked = 0;
  for (std::size_t i = 0; i < entry.names.size() && checked < asking_.options.max_names; ++i) {
    if (!is_usable(entry.names[i].usability)) continue;
    ask_forward(index, i, row);
    ++checked;
  }
  hooks_.names_known(index);
}

void VerdictPart::ask_forward(std::size_t index, std::size_t name, std::size_t row) {
  auto& entry = asking_.evidence.addresses[index].names[name];
  const bool v4 = asking_.evidence.addresses[index].address.is_v4();
  const auto store = [this, index, name](resolver::Answer NameEvidence::*slot) {
    return [this, index, name, slot](resolver::Answer answer, std::size_t) {
      asking_.evidence.addresses[index].names[name].*slot = std::move(answer);
    };
  };
  entry.own = unasked(dns::Status::timeout);  // under way
  asking_.ask(Part::verdict, {entry.name, v4 ? Type::a : Type::aaaa}, row, asking_.deadline, store(&NameEvidence::own));
  asking_.ask(Part::verdict, {asking_.evidence.addresses[index].names[name].name, v4 ? Type::aaaa : Type::a}, row,
              asking_.soon(), store(&NameEvidence::other));
}

}  // namespace fcrdns::evidence
