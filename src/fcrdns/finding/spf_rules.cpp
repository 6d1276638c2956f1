// What SPF (RFC 7208) says of the addresses that send, and what is wrong with the name said in HELO: both are the sender's
// domain's matter, so one finding tells of all addresses with the same fault.
#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/finding/rules.hpp"

namespace fcrdns::finding::rules {
namespace {

using spf::Identity;
using spf::Outcome;
using spf::Result;

/// What a receiver minds. neutral says nothing, and temperror is trouble that passes: both are shown, no more.
constexpr struct {
  Result result;
  Id id;
  Severity severity;
} faults[] = {
    {Result::fail, Id::spf_fail, Severity::warning},
    {Result::softfail, Id::spf_softfail, Severity::warning},
    {Result::permerror, Id::spf_permerror, Severity::warning},
    {Result::none, Id::spf_none, Severity::info},
};

/// "-all", "~all (redirect=_spf.example.net)"
std::string decided_by(const Outcome& outcome) {
  const auto sign = outcome.result == Result::softfail ? "~" : "-";
  return sign + outcome.mechanism + (outcome.through.empty() ? "" : " (" + outcome.through + ")");
}

Finding finding_of(const Outcome& outcome, Id id, Severity severity) {
  Finding out{id, severity, {}, {}};
  if (outcome.identity == Identity::helo) out.arguments.emplace_back("form", "helo");
  out.arguments.emplace_back("domain", outcome.domain);
  if (id == Id::spf_permerror) out.arguments.emplace_back("problem", outcome.problem);
  if (id == Id::spf_fail || id == Id::spf_softfail) out.arguments.emplace_back("term", decided_by(outcome));
  if (id == Id::spf_fail && outcome.explanation) out.arguments.emplace_back("reason", *outcome.explanation);
  return out;
}

/// The address that the question was about, when it is among them; else the first.
net::Address leading(const evidence::Evidence& evidence, const std::vector<net::Address>& addresses) {
  const auto& asked = evidence.subject.address;
  return asked && holds(addresses, *asked) ? *asked : addresses.front();
}

void close(Finding finding, const evidence::Evidence& evidence, const std::vector<net::Address>& addresses, std::vector<Finding>& out) {
  finding.address = leading(evidence, addresses);
  finding.arguments.emplace_back("addresses", texts(addresses));
  out.push_back(std::move(finding));
}

}  // namespace

void spf(std::span<const Case> cases, std::vector<Finding>& out) {
  struct Told {
    Finding finding;
    std::vector<net::Address> addresses;
  };
  std::vector<Told> told;
  for (const auto& c : cases) {
    if (only_receives(c.evidence(), c.at)) continue;
    for (const auto& outcome : c.at.spf) {
      const auto* fault = std::ranges::find(faults, outcome.result, [](const auto& row) { return row.result; });
      if (fault == std::end(faults)) continue;
      // Few HELO names have a record of their own, and nobody is refused for that.
      if (outcome.identity == Identity::helo && outcome.result == Result::none) continue;
      // The null sender is judged by the HELO name: the same fault twice.
      if (outcome.identity == Identity::helo && c.at.spf.front().domain == outcome.domain && c.at.spf.front().result == outcome.result &&
          &c.at.spf.front() != &outcome)
        continue;
      auto finding = finding_of(outcome, fault->id, fault->severity);
      auto known = std::ranges::find_if(told, [&](const Told& one) { return one.finding.id == finding.id && one.finding.arguments == finding.arguments; });
      if (known == told.end()) known = told.insert(told.end(), {std::move(finding), {}});
      known->addresses.push_back(c.at.address);
    }
  }
  for (auto& each : told) close(std::move(each.finding), cases.front().evidence(), each.addresses, out);
}

void helo_invalid(std::span<const Case> cases, std::vector<Finding>& out) {
  if (cases.empty()) return;
  const auto& evidence = cases.front().evidence();
  if (!evidence.helo && evidence.helo_text.empty()) return;
  auto found = judge_helo(evidence.helo ? base::without_final_dot(evidence.helo->name.text()) : evidence.helo_text);
  if (!found) return;
  std::vector<net::Address> addresses;
  for (const auto& c : cases) addresses.push_back(c.at.address);
  close(*std::move(found), evidence, addresses, out);
}

}  // namespace fcrdns::finding::rules
