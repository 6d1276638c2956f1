// The sentences of an explanation: what the receiver refused, and what is to be made of it now.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "fcrdns/base/text.hpp"
#include "fcrdns/explanation/render.hpp"
#include "fcrdns/explanation/words.hpp"

namespace fcrdns::explanation {
namespace {

using finding::Id;
using finding::Severity;
using verdict::Iprev;

const finding::Finding* find(const report::Result& result, Id id) {
  const auto found = std::ranges::find(result.findings, id, &finding::Finding::id);
  return found == result.findings.end() ? nullptr : &*found;
}

/// The finding that explains this topic best: of its own address first.
const finding::Finding* explaining(const report::Result& result) {
  const auto& subject = result.evidence.subject.address;
  for (const auto severity : {Severity::error, Severity::undetermined})
    for (const auto& finding : result.findings)
      if (finding.severity == severity && (!subject || finding.address == subject)) return &finding;
  return report::leading(result);
}

std::string subject_text(const report::Result& result) {
  const auto& address = result.evidence.subject.address;
  return address ? address->text() : base::escape(result.evidence.subject.text, 255);
}

std::string family_text(const Explained& explained) {
  const auto& result = explained.result;
  const auto who = receiver_text(explained.topic->latest);
  const auto* trap = find(result, Id::ipv6_source_without_ptr);
  if (trap == nullptr)
    return fmt::format("{} takes no mail over IPv6, and yours came from {}. Send to it over IPv4; a PTR does not mend that.", who, subject_text(result));
  const auto& addresses = result.evidence.addresses;
  bool named = false;
  for (std::size_t i = 0; i < addresses.size(); ++i)
    if (addresses[i].address == trap->address) named = result.verdicts[i].iprev == Iprev::fail;
  return fmt::format("{} refused your mail because it came from your IPv6 address, {}. Your IPv4 is fine.", who,
                     named ? "whose PTR does not lead back" : "which has no PTR");
}

std::string headline(const Explained& explained, base::WallTime now) {
  const auto& result = explained.result;
  const auto& claim = explained.topic->latest;
  const auto who = receiver_text(claim);
  const auto said = [&](Id id) {
    const auto* finding = find(result, id);
    return finding == nullptr ? std::string() : report::sentence(*finding);
  };
  switch (explained.conclusion) {
    using enum Conclusion;
    case other_family: return family_text(explained);
    case authentication: return said(Id::blame_is_authentication);
    case not_ours: return said(Id::not_our_address);
    case receiver_side: {
      const auto gateway = said(Id::receiver_sees_gateway);
      return gateway.empty() ? "Nothing wrong on your side: " + said(Id::receiver_side_fault) : gateway;
    }
    case fixed_since:
      return fmt::format("Nothing wrong found on your side for {}; {}'s reply{} does not fit the DNS seen now.", subject_text(result), who,
                         claim.time ? " of " + moment_text(*claim.time, now) : "");
    case undetermined: {
      const auto* open = explaining(result);
      return fmt::format("{} refused your mail; whether its reason still holds cannot be told now. {}", who,
                         open == nullptr ? result.error : report::sentence(*open));
    }
    default: break;
  }
  const auto* wrong = explaining(result);
  return fmt::format("{} refused your mail. {}", who, wrong == nullptr ? report::headline(result) : report::sentence(*wrong));
}

/// "All 3 servers of 113.0.203.in-addr.arpa and both of example.com agree." Empty when some do not, or were not asked.
std::string agreement(const report::Result& result) {
  std::string out;
  const auto take = [&](const resolver::Walk& walk) {
    const auto& servers = walk.servers;
    if (servers.empty() || walk.deepest() == nullptr || std::ranges::any_of(servers, [&](const resolver::ServerReport& server) {
          return server.answer.status != walk.answer.status || server.answer.records.size() != walk.answer.records.size();
        }))
      return false;
    std::set<dns::Name> names;
    for (const auto& server : servers) names.insert(server.name);
    const auto count = names.size() == 1 ? "the one" : names.size() == 2 ? "both" : fmt::format("all {}", names.size());
    out += fmt::format("{}{} {} of {}", out.empty() ? "" : " and ", count, names.size() == 1 ? "server" : "servers", base::without_final_dot(walk.deepest()->apex.text()));
    return true;
  };
  for (const auto& at : result.evidence.addresses) {
    if (at.reverse.empty() || at.names.empty() || at.names.front().forward.empty()) return "";
    if (!take(at.reverse.back()) || !take(at.names.front().forward.back())) return "";
    break;
  }
  if (out.empty()) return out;
  out.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(out.front())));
  return out + " agree.";
}

/// Why a server that looks right may still be refused, the likeliest first.
std::vector<std::string> likely_reasons(const Explained& explained, base::WallTime now) {
  const auto& safe = explained.result.plan.safe_to_resend;
  const auto who = receiver_text(explained.topic->latest);
  base::Milliseconds slowest{};
  for (const auto& at : explained.result.evidence.addresses)
    for (const auto& walk : at.reverse)
      for (const auto& server : walk.servers) slowest = std::max(slowest, server.took);
  std::vector<std::string> out;
  if (auto agreed = agreement(explained.result); !agreed.empty()) out.push_back(std::move(agreed));
  out.emplace_back("Most likely, in this order:");
  out.push_back(safe ? fmt::format("1  the record was set recently: {} could hold the former answer until {}", who, report::clock_text(safe->latest, now))
                     : fmt::format("1  the record was set since then; by now no cache of {} may hold the former answer", who));
  out.push_back(fmt::format("2  a short DNS failure on the way (slowest server seen: {} ms)", slowest.count()));
  out.emplace_back("3  the receiver's own memory of the address; how long that is, nobody outside knows");
  const auto& source = explained.topic->latest.source;
  const auto again = "ONE mail; do not flush the queue. Refused again: fcrdns explain --proof " + (source == "-" ? "BOUNCE" : base::escape(source, 200));
  // A minute is named in full, and never too early.
  const auto minute = [](base::WallTime when) { return std::chrono::ceil<std::chrono::minutes>(when); };
  out.push_back(safe ? fmt::format("After {} send {}", moment_text(minute(safe->latest), now), again) : "Send " + again);
  return out;
}

}  // namespace

std::string moment_text(base::WallTime when, base::WallTime now) {
  const auto utc = base::to_rfc3339(when);
  return (utc.substr(0, 10) == base::to_rfc3339(now).substr(0, 10) ? "" : utc.substr(0, 10) + " ") + utc.substr(11, 5) + " UTC";
}

std::string codes_text(const mail::Reply& reply) {
  auto out = reply.code > 0 ? std::to_string(reply.code) : std::string();
  if (reply.enhanced) out += (out.empty() ? "" : " ") + reply.enhanced->text();
  return out.empty() ? "no code" : out;
}

std::string refusal_text(const bounce::Claim& claim, base::WallTime now) {
  auto out = fmt::format("{} ({})", codes_text(claim.reply), claim.permanent ? "permanent" : "for now; it is tried again");
  if (!claim.remote_mta.empty()) out += " by " + base::escape(base::without_final_dot(claim.remote_mta), 255);
  if (claim.time) out += ", " + moment_text(*claim.time, now);
  if (!claim.sending_host.empty()) out += "; sent by " + base::escape(base::without_final_dot(claim.sending_host), 255);
  return out;
}

std::string_view cause_text(bounce::Cause cause) {
  switch (cause) {
    using enum bounce::Cause;
    case no_ptr: return "the address has no PTR";
    case fcrdns_mismatch: return "the PTR's name does not lead back to the address";
    case no_ptr_or_mismatch: return "the address has no PTR, or its name does not lead back";
    case generic_ptr: return "the PTR's name looks like a provider's default";
    case dns_tempfail: return "the reverse name could not be looked up";
    case ipv6_policy: return "its rule for mail over IPv6";
    case helo: return "the HELO name";
    case authentication: return "authentication (SPF, DKIM, DMARC)";
    case reputation: return "reputation, a block list or a rate limit";
    case other: return "another reason";
  }
  return "";
}

std::string_view advice_text(bounce::Advice advice) {
  switch (advice) {
    case bounce::Advice::swapped_fields:
      return "the text tells to create a PTR at the host's name, with the reverse name as its content; that has the fields swapped, and "
             "at a domain registrar it does nothing: the PTR belongs to the owner of the address";
    case bounce::Advice::ipv4_preference:
      return "the text advises smtp_address_preference=ipv4, which is half a fix: after a 4xx over IPv4 Postfix still goes out over IPv6. "
             "Give the smtp services inet_protocols=ipv4 (postconf -P smtp/unix/inet_protocols=ipv4), or IPv6 its PTR";
  }
  return "";
}

std::vector<std::string> preface(const Explained& explained, base::WallTime now) {
  std::vector<std::string> out{headline(explained, now)};
  const auto& blame = explained.topic->blame;
  out.push_back(refusal_text(explained.topic->latest, now));
  if (blame.mails > 1) {
    auto line = fmt::format("{} mails were refused so", blame.mails);
    if (blame.first && blame.last) line += fmt::format(", first {}, last {}", moment_text(*blame.first, now), moment_text(*blame.last, now));
    out.push_back(std::move(line));
  }
  if (explained.conclusion == Conclusion::fixed_since)
    for (auto& line : likely_reasons(explained, now)) out.push_back(std::move(line));
  return out;
}

}  // namespace fcrdns::explanation
