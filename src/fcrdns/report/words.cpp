// Sentences that more than one rendering says.
#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/report/report.hpp"

namespace fcrdns::report {
namespace {

using dns::Status;
using evidence::AddressEvidence;
using evidence::NameEvidence;
using verdict::Iprev;

std::string upper_word(Status status) {
  auto word = std::string(to_word(status));
  if (status == Status::timeout) return "no answer in time";
  if (status == Status::lame) return "an answer that proves nothing (lame)";
  if (status == Status::malformed) return "damaged replies";
  if (status == Status::loop) return "a CNAME loop";
  if (status == Status::bogus) return "failed DNSSEC validation";
  if (status == Status::unreachable) return "servers that cannot be reached";
  std::ranges::transform(word, word.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return word;
}

std::string with_detail(const std::string& text, const resolver::Answer& answer) {
  return answer.detail.empty() ? text : text + " (" + answer.detail + ")";
}

std::string permerror_reason(const AddressEvidence& at) {
  if (at.ptr.status == Status::not_asked) return "no public PTR is possible for this address";
  if (at.ptr.status == Status::noerror) return "no PTR to speak of: it names only the root";
  const auto owner = at.ptr.via.empty() ? net::reverse_name(at.address) : at.ptr.via.back().text();
  return at.ptr.status == Status::nxdomain ? fmt::format("no PTR: {} does not exist (NXDOMAIN)", owner)
                                           : fmt::format("no PTR: {} exists without one (NODATA)", owner);
}

std::string fail_reason(const AddressEvidence& at) {
  if (at.names.size() > 1) {
    const auto checked = evidence::names_checked(at);
    return fmt::format("none of the {} names looked up leads back{}", checked,
                       checked < at.names.size() ? fmt::format(" ({} names in all)", at.names.size()) : "");
  }
  const auto& name = at.names.front();
  const auto text = name.name.text();
  switch (name.own.status) {
    case Status::unusable: return "the PTR is not a usable host name: " + text;
    case Status::nxdomain: return fmt::format("the PTR names {}, which does not exist", text);
    case Status::nodata:
      return fmt::format("the PTR names {}, which has no {} record", text, at.address.is_v4() ? "A" : "AAAA");
    default: return fmt::format("the PTR names {}, which points to {}", text, outcome_text(name.own));
  }
}

std::string temperror_reason(const AddressEvidence& at) {
  if (dns::is_trouble(at.ptr.status))
    return with_detail("could not be decided: the reverse name gave " + upper_word(at.ptr.status), at.ptr);
  const auto open = std::ranges::find_if(at.names, [](const NameEvidence& name) { return dns::is_trouble(name.own.status); });
  return with_detail(fmt::format("could not be decided: {} gave {}", open->name.text(), upper_word(open->own.status)), open->own);
}

/// The finding that explains a failure best: the rules stand in that order.
const finding::Finding* first(const Result& result, finding::Severity severity) {
  const auto found = std::ranges::find(result.findings, severity, &finding::Finding::severity);
  return found == result.findings.end() ? nullptr : &*found;
}

}  // namespace

std::string sentence(const finding::Finding& finding) {
  auto text = finding::title(finding);
  if (!text.ends_with('.')) text += '.';
  return text;
}

const finding::Finding* leading(const Result& result) {
  const auto* error = first(result, finding::Severity::error);
  return error != nullptr ? error : first(result, finding::Severity::undetermined);
}

std::string outcome_text(const resolver::Answer& answer) {
  if (answer.status != Status::noerror) return dns::is_negative(answer.status) ? "nothing" : upper_word(answer.status);
  std::string out;
  constexpr std::size_t limit = 4;
  const auto addresses = evidence::addresses_in(answer);
  for (std::size_t i = 0; i < std::min(addresses.size(), limit); ++i) out += (i == 0 ? "" : ", ") + addresses[i].text();
  if (addresses.size() > limit) out += fmt::format(" and {} more", addresses.size() - limit);
  return out;
}

std::string reason(const AddressEvidence& at, const verdict::Verdict& verdict) {
  switch (verdict.iprev) {
    case Iprev::pass: return at.names[*verdict.confirmed].name.text() + " leads back to it";
    case Iprev::permerror: return permerror_reason(at);
    case Iprev::fail: return fail_reason(at);
    case Iprev::temperror: return temperror_reason(at);
  }
  return "";
}

std::string_view brief(const AddressEvidence& at, Iprev iprev) {
  switch (iprev) {
    case Iprev::pass: return "confirmed";
    case Iprev::permerror: return at.ptr.status == Status::not_asked ? "none possible" : "no PTR";
    case Iprev::fail: return "does not lead back";
    case Iprev::temperror: return "could not be decided";
  }
  return "";
}

std::string headline(const Result& result) {
  if (!result.error.empty()) return result.error;
  const auto subject = base::escape(result.evidence.subject.text, 255);
  if (const auto* error = first(result, finding::Severity::error)) {
    const bool refused = result.iprev == Iprev::fail || result.iprev == Iprev::permerror;
    if (error->id == finding::Id::special_purpose_address) return sentence(*error) + " No public PTR is possible for it.";
    if (!refused || error->id == finding::Id::ipv6_source_without_ptr) return sentence(*error);
    return sentence(*error) + " Gmail and others refuse its mail (550 5.7.25).";
  }
  if (const auto* open = first(result, finding::Severity::undetermined))
    return sentence(*open) + " Nothing is proven yet.";
  if (result.evidence.addresses.size() == 1) {
    const auto& at = result.evidence.addresses.front();
    return fmt::format("{} is forward-confirmed: {}.", at.address.text(), reason(at, result.verdicts.front()));
  }
  const auto count = result.evidence.addresses.size();
  return fmt::format("{} addresses of {} are forward-confirmed.", count == 2 ? "Both" : fmt::format("All {}", count), subject);
}

std::vector<std::string> notes(const Result& result) {
  std::vector<std::string> out;
  const auto& evidence = result.evidence;
  if (!evidence.subject.note.empty()) out.push_back(base::escape(evidence.subject.note, 300));
  if (evidence.authority == resolver::Resolver::Authority::unreachable)
    out.emplace_back("This network blocks direct DNS (no root server answered): asked the system's resolver instead");
  if (evidence.addresses_left_out > 0)
    out.push_back(fmt::format("{} more addresses of this host were not looked at", evidence.addresses_left_out));
  for (const auto& at : evidence.addresses) {
    const auto usable = static_cast<std::size_t>(
        std::ranges::count(at.names, Status::not_checked, [](const NameEvidence& name) { return name.own.status; }));
    if (usable > 0)
      out.push_back(fmt::format("{} of the {} names of {} were looked up", evidence::names_checked(at), at.names.size(),
                                at.address.text()));
  }
  return out;
}

std::string record_line(const remedy::PlannedRecord& record) {
  return fmt::format("{} {} IN {} {}", record.name, record.ttl, record.type, record.data);
}

int worse_exit(int a, int b) {
  for (const int code : {int{internal}, int{input_output}, int{interrupted}, int{usage}, int{failed}, int{undetermined}})
    if (a == code || b == code) return code;
  return ok;
}

}  // namespace fcrdns::report
