#include "fcrdns/explanation/conclusion.hpp"

#include <algorithm>
#include <array>

namespace fcrdns::explanation {
namespace {

using finding::Id;
using finding::Severity;
using verdict::Iprev;

constexpr std::array<std::string_view, 8> words{"still_broken", "other_family",  "authentication", "undetermined",
                                                 "fixed_since",  "receiver_side", "not_ours",       "not_reverse_dns"};

/// Whether a finding speaks of what the bounce blames: the quoted address, or where none was quoted, any of the host's.
bool is_of_topic(const report::Result& result, const std::optional<net::Address>& address) {
  const auto& subject = result.evidence.subject;
  return !address || !subject.address || address == subject.address;
}

bool has(const report::Result& result, Id id) {
  return std::ranges::any_of(result.findings, [&](const finding::Finding& finding) {
    return finding.id == id && is_of_topic(result, finding.address);
  });
}

bool has_error(const report::Result& result) {
  return std::ranges::any_of(result.findings, [&](const finding::Finding& finding) {
    return finding.severity == Severity::error && is_of_topic(result, finding.address);
  });
}

/// The worst word of what the bounce is about, as the zones' own servers make it.
std::optional<Iprev> word_now(const report::Result& result) {
  std::optional<Iprev> worst;
  const finding::Considered considered{result.evidence, result.verdicts, result.owners};
  for (std::size_t i = 0; i < result.verdicts.size(); ++i) {
    if (!is_of_topic(result, result.evidence.addresses[i].address)) continue;
    const auto word = finding::at_authority(considered, i);
    worst = worst ? verdict::worse(*worst, word) : word;
  }
  return worst;
}

/// A receiver that takes no mail over IPv6 at all, whatever the PTR says.
bool is_family_refused(const report::Result& result) {
  const auto& blame = result.evidence.blame;
  const auto& address = result.evidence.subject.address;
  return blame && blame->causes.front() == bounce::Cause::ipv6_policy && !blame->names_authentication && (!address || address->is_v6());
}

}  // namespace

std::string_view to_word(Conclusion conclusion) { return words[static_cast<std::size_t>(conclusion)]; }

Conclusion conclude(const report::Result& result) {
  using enum Conclusion;
  if (!result.error.empty()) return undetermined;
  if (has(result, Id::receiver_sees_gateway)) return receiver_side;
  if (is_family_refused(result)) return other_family;
  const auto word = word_now(result);
  if (!word) return undetermined;  // no address to look at
  switch (*word) {
    case Iprev::temperror: return undetermined;
    case Iprev::fail:
    case Iprev::permerror: return has(result, Id::ipv6_source_without_ptr) ? other_family : still_broken;
    case Iprev::pass: break;
  }
  if (has(result, Id::not_our_address)) return not_ours;
  if (has(result, Id::blame_is_authentication)) return authentication;
  if (has_error(result)) return still_broken;
  return has(result, Id::receiver_side_fault) ? receiver_side : fixed_since;
}

Conclusion conclude(const Summary& summary, const std::vector<Explained>& explained, std::size_t unchecked) {
  if (summary.reverse_dns == 0) return Conclusion::not_reverse_dns;
  if (summary.topics.empty()) return Conclusion::not_ours;  // our own server refused others
  auto worst = unchecked > 0 ? Conclusion::undetermined : Conclusion::not_reverse_dns;
  for (const auto& each : explained) worst = std::min(worst, each.conclusion);
  return worst;
}

int exit_code(Conclusion conclusion, const Summary& summary) {
  switch (conclusion) {
    case Conclusion::still_broken:
    case Conclusion::other_family:
    case Conclusion::authentication: return report::failed;
    case Conclusion::undetermined: return report::undetermined;
    case Conclusion::not_reverse_dns: return summary.refused_elsewhere > 0 ? report::other_reason : report::ok;
    default: return report::ok;
  }
}

int exit_code_unchecked(const Summary& summary) {
  if (summary.reverse_dns > 0) return report::failed;
  return summary.refused_elsewhere > 0 ? report::other_reason : report::ok;
}

}  // namespace fcrdns::explanation
