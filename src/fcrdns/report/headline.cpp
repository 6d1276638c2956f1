// The sentence that comes first, and the finding it tells.
#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/report/report.hpp"

namespace fcrdns::report {
namespace {

using finding::Severity;
using verdict::Iprev;

/// The finding that explains a failure best: the rules stand in that order.
const finding::Finding* first(const Result& result, Severity severity) {
  const auto found = std::ranges::find(result.findings, severity, &finding::Finding::severity);
  return found == result.findings.end() ? nullptr : &*found;
}

constexpr bool fails(Iprev iprev) { return iprev == Iprev::fail || iprev == Iprev::permerror; }

/// "6 addresses (.64 and .71 left out). "
std::string prefix_intro(const Result& result) {
  const auto& prefix = result.evidence.subject.prefix;
  if (!prefix) return "";
  const auto count = result.evidence.addresses.size() + result.evidence.addresses_left_out;
  if (prefix->base.is_v6() || prefix->length > 30) return fmt::format("{} {}. ", count, count == 1 ? "address" : "addresses");
  const unsigned from = prefix->base.octets()[3], to = from + (1U << (32 - prefix->length)) - 1;
  return fmt::format("{} addresses (.{} and .{} left out). ", count, from, to);
}

/// "2 have no PTR, 1 does not lead back, 3 confirm."
std::string failing_counts(const Result& result) {
  std::size_t pass = 0, none = 0, mismatch = 0, open = 0;
  for (const auto& verdict : result.verdicts)
    switch (verdict.iprev) {
      case Iprev::pass: ++pass; break;
      case Iprev::permerror: ++none; break;
      case Iprev::fail: ++mismatch; break;
      case Iprev::temperror: ++open; break;
    }
  if (none == result.verdicts.size()) return none == 1 ? "It has no PTR." : "None has a PTR.";
  if (mismatch == result.verdicts.size()) return "None leads back to itself.";
  std::string out;
  const auto say = [&](std::size_t count, std::string_view one, std::string_view many) {
    if (count > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, count == 1 ? one : many);
  };
  say(none, "has no PTR", "have no PTR");
  say(mismatch, "does not lead back", "do not lead back");
  say(open, "could not be decided", "could not be decided");
  say(pass, "confirms", "confirm");
  return out + '.';
}

std::string refusal(const Result& result) {
  const auto failing = std::ranges::count_if(result.verdicts, [](const auto& verdict) { return fails(verdict.iprev); });
  return fmt::format(" Gmail and others refuse {} mail (550 5.7.25).", failing == 1 ? "its" : "their");
}

/// All is right, but the names are a provider's.
std::string all_confirm_generic(const Result& result, std::size_t generic) {
  const auto count = result.evidence.addresses.size();
  std::string who;
  if (count == 1) who = result.evidence.subject.prefix ? "It" : result.evidence.addresses.front().address.text();
  else if (generic == count) who = result.evidence.subject.prefix ? "All" : fmt::format("All {} addresses", count);
  else who = fmt::format("All confirm, {} of them", generic);
  if (generic == count) who += count == 1 ? " confirms," : " confirm,";
  return who + (generic == 1 ? " under your provider's default name." : " under your provider's default names.") +
         " Gmail's rule is met; receivers that refuse generic names may not take your mail.";
}

/// All is right.
std::string all_confirm(const Result& result) {
  const auto count = result.evidence.addresses.size();
  const auto generic = std::ranges::count(result.findings, finding::Id::ptr_generic, &finding::Finding::id);
  if (count == 0) return "There is no address to look at.";
  if (generic > 0) return all_confirm_generic(result, std::min(static_cast<std::size_t>(generic), count));
  if (result.evidence.subject.prefix) return count == 1 ? "It confirms." : "All confirm.";
  if (count == 1) {
    const auto& at = result.evidence.addresses.front();
    return fmt::format("{} is forward-confirmed: {}.", at.address.text(), reason(at, result.verdicts.front()));
  }
  return fmt::format("{} addresses of {} are forward-confirmed.", count == 2 ? "Both" : fmt::format("All {}", count),
                     base::escape(result.evidence.subject.text, 255));
}

/// SPF was asked for by name: what it says against the sender is no detail.
std::string beside_it(const Result& result) {
  using enum finding::Id;
  for (const auto& finding : result.findings)
    if (finding.severity == Severity::warning && (finding.id == spf_fail || finding.id == spf_softfail || finding.id == spf_permerror))
      return " But " + sentence(finding);
  return "";
}

/// Of a domain's candidates only those fail that nothing says they send.
std::string receivers_only(const Result& result) {
  const auto subject = base::escape(result.evidence.subject.text, 255);
  const auto receivers = std::ranges::count_if(result.evidence.addresses, evidence::is_only_mx);
  if (static_cast<std::size_t>(receivers) == result.evidence.addresses.size())
    return "As far as the DNS tells, the mail hosts of " + subject + " only receive: nothing says which address sends.";
  return "What " + subject + " names as senders confirms. Some mail hosts that only receive (MX) do not, and need not.";
}

}  // namespace

const finding::Finding* leading(const Result& result) {
  if (const auto* error = first(result, Severity::error)) return error;
  if (const auto* open = first(result, Severity::undetermined)) return open;
  if (!result.iprev || *result.iprev == Iprev::pass) return nullptr;
  // A profile that takes the confirmation lightly, or an authority that is right already.
  if (const auto* warning = first(result, Severity::warning)) return warning;
  const auto stale = std::ranges::find(result.findings, finding::Id::stale_cache, &finding::Finding::id);
  return stale == result.findings.end() ? nullptr : &*stale;
}

bool is_broken(const finding::Finding& finding) {
  const auto* form = finding::argument(finding, "form");
  const auto* word = form == nullptr ? nullptr : std::get_if<std::string>(form);
  return word != nullptr && *word == "broken";
}

std::string headline(const Result& result) {
  if (!result.error.empty()) return result.error;
  const auto about = prefix_intro(result);
  const auto* told = leading(result);
  const bool refused = result.iprev == Iprev::fail || result.iprev == Iprev::permerror;
  if (refused && result.exit_code == ok) return receivers_only(result);
  if (told == nullptr) return about + (refused ? failing_counts(result) : all_confirm(result) + beside_it(result));
  if (!about.empty() && refused) return about + failing_counts(result) + refusal(result);
  const auto said = about + sentence(*told);
  switch (told->severity) {
    case Severity::undetermined:
      return said + (is_broken(*told) ? " Receivers answer 4xx until that is mended." : " Nothing is proven yet.");
    case Severity::info: return said + " Nothing needs to be changed.";  // stale_cache
    default: break;
  }
  if (told->id == finding::Id::special_purpose_address) return said + " No public PTR is possible for it.";
  if (!refused || told->id == finding::Id::ipv6_source_without_ptr) return said;
  return said + refusal(result);
}

}  // namespace fcrdns::report
