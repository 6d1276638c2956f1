// Sentences that more than one rendering says.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "fcrdns/base/text.hpp"
#include "fcrdns/report/report.hpp"

namespace fcrdns::report {
namespace {

using dns::Status;
using finding::Severity;
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
  if (open == at.names.end()) return "could not be decided";
  return with_detail(fmt::format("could not be decided: {} gave {}", open->name.text(), upper_word(open->own.status)), open->own);
}

/// "in 25 min", "in 3 h 20 min", "in 2 days"
std::string from_now(std::chrono::minutes left) {
  const auto minutes = left.count();
  if (minutes <= 0) return "now";
  if (minutes < 120) return fmt::format("in {} min", minutes);
  const auto hours = minutes / 60, rest = minutes % 60;
  if (hours < 48) return fmt::format("in {} h{}", hours, rest > 0 ? fmt::format(" {} min", rest) : "");
  return fmt::format("in {} days", (minutes + 24 * 60 - 1) / (24 * 60));
}

bool was_asked(const AddressEvidence& at) { return at.ptr.status != Status::not_asked; }
bool was_walked(const AddressEvidence& at) { return !at.reverse.empty(); }

/// Trouble on the way is no fault of the record.
const spf::Outcome* unread_spf(const evidence::Evidence& evidence) {
  for (const auto& at : evidence.addresses)
    for (const auto& outcome : at.spf)
      if (outcome.result == spf::Result::temperror) return &outcome;
  return nullptr;
}

std::string not_followed(const evidence::Evidence& evidence) {
  std::string list;
  constexpr std::size_t limit = 4;
  for (std::size_t i = 0; i < std::min(evidence.not_followed.size(), limit); ++i)
    list += (i == 0 ? "" : ", ") + evidence.not_followed[i];
  if (evidence.not_followed.size() > limit) list += fmt::format(" and {} more", evidence.not_followed.size() - limit);
  return "The SPF record names other senders too, not looked at: " + list;
}

}  // namespace

std::string sentence(const finding::Finding& finding) {
  auto text = finding::title(finding);
  if (!text.ends_with('.')) text += '.';
  return text;
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

std::vector<std::string> notes(const Result& result) {
  std::vector<std::string> out;
  const auto& evidence = result.evidence;
  if (!evidence.subject.note.empty() && !evidence.subject.prefix) out.push_back(base::escape(evidence.subject.note, 300));
  if (evidence.authority == resolver::Resolver::Authority::unreachable)
    out.emplace_back("This network blocks direct DNS (no root server answered): asked the system's resolver instead");
  else if (std::ranges::any_of(evidence.addresses, was_asked) && std::ranges::none_of(evidence.addresses, was_walked))
    out.emplace_back("The zones' own servers were not asked: this rests on what the resolver answers");
  if (evidence.addresses_left_out > 0)
    out.push_back(fmt::format("{} more addresses of this subject were not looked at", evidence.addresses_left_out));
  if (evidence.addresses.size() > evidence::max_explained && evidence.authority == resolver::Resolver::Authority::reachable)
    out.push_back(fmt::format("The zones' own servers were asked about the first {} addresses; the others rest on the resolver's answer",
                              evidence::max_explained));
  for (const auto& at : evidence.addresses) {
    const auto usable = static_cast<std::size_t>(
        std::ranges::count(at.names, Status::not_checked, [](const NameEvidence& name) { return name.own.status; }));
    if (usable > 0)
      out.push_back(fmt::format("{} of the {} names of {} were looked up", evidence::names_checked(at), at.names.size(),
                                at.address.text()));
  }
  if (!evidence.not_followed.empty()) out.push_back(not_followed(evidence));
  const auto registration = std::ranges::find_if(evidence.addresses, [](const AddressEvidence& at) {
    return at.registration && at.registration->outcome != owner::Registration::Outcome::found;
  });
  if (registration != evidence.addresses.end())
    out.push_back(fmt::format("The registry could not say who holds {} ({}{})", registration->address.text(),
                              to_word(registration->registration->outcome),
                              registration->registration->problem.empty() ? "" : ": " + registration->registration->problem));
  if (const auto* open = unread_spf(evidence); open != nullptr)
    out.push_back(fmt::format("SPF of {} could not be read now ({}): receivers who meet the same wait and try again", open->domain, open->problem));
  const bool refused = result.iprev == Iprev::fail || result.iprev == Iprev::permerror;
  if (refused && std::ranges::any_of(evidence.addresses, was_asked)) {
    if (!finding::not_looked_for(evidence).empty())
      out.emplace_back("Not looked for: a PTR put into your own domain by mistake; add --domain NAME");
    const bool spf = std::ranges::any_of(evidence.addresses, [](const AddressEvidence& at) { return !at.spf.empty(); });
    out.emplace_back(spf ? "Not looked at: DKIM" : "Not looked at: SPF and DKIM");
  }
  return out;
}

std::string record_line(const remedy::PlannedRecord& record) {
  return fmt::format("{} {} IN {} {}", record.name, record.ttl, record.type, record.data);
}

std::string relative_form(const remedy::Step& step) {
  if (!step.record || step.record->relative.empty() || !step.zone) return "";
  return step.record->relative + " in zone " + base::without_final_dot(*step.zone);
}

std::string owner_text(const owner::Candidate& candidate) {
  using owner::Source;
  const auto source = candidate.source == Source::rdap ? "RDAP" : candidate.source == Source::ptr ? "its PTR names" : "delegation";
  return fmt::format("{}, {} ({})", candidate.name, to_word(candidate.certainty), source);
}

std::string span_text(const remedy::SafeToResend& safe) {
  if (safe.earliest == safe.latest) return "from " + base::to_rfc3339(safe.latest);
  return "between " + base::to_rfc3339(safe.earliest) + " and " + base::to_rfc3339(safe.latest);
}

std::string clock_text(base::WallTime when, base::WallTime now) {
  const bool soon = when > now && when - now < std::chrono::minutes{2};  // who waits that long looks at the second hand
  when = soon ? std::chrono::ceil<base::Seconds>(when) : std::chrono::ceil<std::chrono::minutes>(when);  // never early
  const std::time_t time = std::chrono::floor<base::Seconds>(when).time_since_epoch().count();
  const std::time_t today = std::chrono::floor<base::Seconds>(now).time_since_epoch().count();
  std::tm local{}, here_now{};
  ::localtime_r(&time, &local);
  ::localtime_r(&today, &here_now);
  const auto utc = base::to_rfc3339(when);
  const auto day = utc.substr(0, 10) == base::to_rfc3339(now).substr(0, 10) ? "" : utc.substr(0, 10) + " ";
  auto out = day + utc.substr(11, soon ? 8 : 5) + " UTC (";
  if (local.tm_gmtoff != 0) {
    if (local.tm_yday != here_now.tm_yday || local.tm_year != here_now.tm_year)
      out += fmt::format("{:04}-{:02}-{:02} ", local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
    out += fmt::format("{:02}:{:02} here, ", local.tm_hour, local.tm_min);
  }
  return out + (soon ? fmt::format("in {} s", std::chrono::ceil<base::Seconds>(when - now).count()) : from_now(std::chrono::ceil<std::chrono::minutes>(when - now))) + ")";
}

int worse_exit(int a, int b) {
  for (const int code : {int{internal}, int{input_output}, int{interrupted}, int{usage}, int{failed}, int{undetermined}, int{other_reason}})
    if (a == code || b == code) return code;
  return ok;
}

}  // namespace fcrdns::report
