// What an answer to a signed message means, and the way on, one line each (RFC 2136 2.2, 3; RFC 8945 5.2, 5.3).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "fcrdns/apply/rfc2136_line.hpp"

namespace fcrdns::apply {
namespace {

using dns::Rcode;
using dns::TsigError;
using dns::TsigVerdict;

/// {zone}, {key}, {what} stand for those of Asked.
struct RcodeRow {
  Rcode rcode;
  Trouble trouble;
  std::string_view word, meaning;
};
constexpr std::array rcode_rows = {
    RcodeRow{Rcode::formerr, Trouble::unsupported, "FORMERR", "it does not understand it; does it do dynamic updates with TSIG at all?"},
    RcodeRow{Rcode::servfail, Trouble::refused, "SERVFAIL",
             "it failed; its log says why (a journal or zone file that it cannot write, a zone that is frozen or expired)"},
    RcodeRow{Rcode::nxdomain, Trouble::foreign, "NXDOMAIN", "the name is gone in the meantime; look again"},
    RcodeRow{Rcode::notimp, Trouble::unsupported, "NOTIMP", "it does not do dynamic updates; set the record where the zone is made"},
    RcodeRow{Rcode::refused, Trouble::refused, "REFUSED",
             "the key {key} may not do that there; allow it in the zone {zone} (BIND: update-policy or allow-update; Knot: an acl with action: update)"},
    RcodeRow{Rcode::yxdomain, Trouble::foreign, "YXDOMAIN", "a name stands there now that did not before; look again"},
    RcodeRow{Rcode::yxrrset, Trouble::foreign, "YXRRSET", "a record stands there now that did not before; nothing was changed"},
    RcodeRow{Rcode::nxrrset, Trouble::foreign, "NXRRSET", "what was there has changed in between; nothing was changed"},
    RcodeRow{Rcode::notauth, Trouble::not_found, "NOTAUTH",
             "it is not the primary of the zone {zone}; name that with --set server=ADDRESS:PORT, or the right zone with --set zone=NAME"},
    RcodeRow{Rcode::notzone, Trouble::not_found, "NOTZONE", "the name is not in the zone {zone}; name the right one with --set zone=NAME"},
};

std::string filled_in(std::string_view text, const Asked& asked) {
  std::string out(text);
  for (const auto& [mark, value] : {std::pair<std::string_view, std::string>{"{zone}", asked.zone.is_root() ? "it is in" : asked.zone.text()},
                                    {"{key}", asked.key->name.text()}})
    for (auto at = out.find(mark); at != std::string::npos; at = out.find(mark, at + value.size())) out.replace(at, mark.size(), value);
  return out;
}

/// "1 h 2 min", "6 min 40 s"
std::string span_text(base::Seconds span) {
  const auto s = std::abs(span.count());
  if (s >= 86400) return fmt::format("{} d {} h", s / 86400, s % 86400 / 3600);
  if (s >= 3600) return fmt::format("{} h {} min", s / 3600, s % 3600 / 60);
  if (s >= 60) return fmt::format("{} min {} s", s / 60, s % 60);
  return fmt::format("{} s", s);
}

/// Only what is signed tells a clock that can be believed.
Problem clocks_differ(const Heard& heard, const Asked& asked) {
  auto text = fmt::format("{} says BADTIME to {}: its clock and ours differ by more than {} s", asked.server.text(), asked.what, dns::tsig_fudge);
  if (heard.check.server_time) {
    const auto theirs = *heard.check.server_time;
    const auto apart = std::chrono::floor<base::Seconds>(heard.at) - std::chrono::floor<base::Seconds>(theirs);
    text += fmt::format(": it has {}, we have {}, {} {}", base::to_rfc3339(theirs), base::to_rfc3339(heard.at), span_text(apart),
                        apart.count() > 0 ? "later" : "earlier");
  }
  return {Trouble::refused, text + "; set the clock that is wrong (timedatectl, chronyc tracking)", {}};
}

/// What the server's own TSIG record complains of. Unsigned as it is, it proves nothing; but nothing was gained by lying.
std::optional<Problem> complaint(const Heard& heard, const Asked& asked) {
  const auto server = asked.server.text();
  const auto& key = *asked.key;
  switch (heard.check.error) {
    case TsigError::badkey:
      return Problem{Trouble::refused, fmt::format("{} says BADKEY to {}: it has no key {} ({}); name and algorithm must be there as they are here",
                                                   server, asked.what, key.name.text(), to_word(key.algorithm)), {}};
    case TsigError::badsig:
      return Problem{Trouble::refused, fmt::format("{} says BADSIG to {}: its key {} ({}) has another secret, or the message was changed on its way",
                                                   server, asked.what, key.name.text(), to_word(key.algorithm)), {}};
    case TsigError::badtime: return clocks_differ(heard, asked);
    case TsigError::badtrunc:
      return Problem{Trouble::refused, fmt::format("{} says BADTRUNC to {}: it wants another length of signature", server, asked.what), {}};
    case TsigError::none: return std::nullopt;
  }
  return Problem{Trouble::refused, fmt::format("{} says TSIG error {} to {}", server, static_cast<unsigned>(heard.check.error), asked.what), {}};
}

std::optional<Problem> rcode_problem(const Heard& heard, const Asked& asked, bool question, std::string_view note) {
  const auto rcode = heard.message.rcode;
  if (rcode == Rcode::noerror || (question && rcode == Rcode::nxdomain)) return std::nullopt;
  const auto row = std::ranges::find(rcode_rows, rcode, &RcodeRow::rcode);
  if (row == rcode_rows.end())
    return Problem{Trouble::refused, fmt::format("{} says RCODE {} to {}{}",
                                                 asked.server.text(), static_cast<unsigned>(rcode), asked.what, note), {}};
  if (question && rcode == Rcode::refused)
    return Problem{Trouble::not_found, fmt::format("{} says REFUSED to {}{}: it does not have that zone, or does not show it to us",
                                                   asked.server.text(), asked.what, note), {}};
  return Problem{row->trouble, fmt::format("{} says {} to {}{}: {}",
                                           asked.server.text(), row->word, asked.what, note, filled_in(row->meaning, asked)), {}};
}

/// An answer without a signature that can be checked. What it refuses is told as it says it; what it grants is not believed.
Problem not_believed(const Heard& heard, const Asked& asked, bool question, std::string_view why) {
  if (auto problem = rcode_problem(heard, asked, question, fmt::format(" ({})", why))) return *std::move(problem);
  return {question ? Trouble::refused : Trouble::undecided,
          fmt::format("{} answers {}, but {}: not believed; it must know the key {} and sign what it says", asked.server.text(), asked.what, why,
                      asked.key->name.text()), {}};
}

std::string no_answer(const Heard& heard, const Asked& asked) {
  const auto server = asked.server.text();
  switch (heard.how) {
    case Heard::How::unreachable: return fmt::format("{} cannot be reached over TCP; does it run there, and does a firewall let us through?",
                                                     server);
    case Heard::How::closed: return fmt::format("{} closed the connection without an answer to {}", server, asked.what);
    default: return fmt::format("{} gave no answer over TCP to {} within {} s", server, asked.what, asked.patience.count());
  }
}

}  // namespace

std::optional<Problem> judge(const Heard& heard, const Asked& asked, bool question) {
  if (heard.how != Heard::How::answered) {
    const bool nothing_done = question || heard.how == Heard::How::unreachable;
    return Problem{nothing_done ? Trouble::unreachable : Trouble::undecided, no_answer(heard, asked), {}};
  }
  switch (heard.check.verdict) {
    case TsigVerdict::good:
      if (auto problem = complaint(heard, asked)) return problem;
      return rcode_problem(heard, asked, question, "");
    case TsigVerdict::bad_time: return clocks_differ(heard, asked);
    case TsigVerdict::not_signed:
      if (auto problem = complaint(heard, asked)) return problem;
      return not_believed(heard, asked, question, "without a signature");
    case TsigVerdict::wrong_key: return not_believed(heard, asked, question, "signed with another key");
    case TsigVerdict::bad_mac: return not_believed(heard, asked, question, "with a signature that is wrong");
    case TsigVerdict::truncated_mac: return not_believed(heard, asked, question, "with a signature cut short");
    case TsigVerdict::malformed: break;
  }
  return Problem{question ? Trouble::refused : Trouble::undecided,
                 fmt::format("{} answers {} with a damaged message", asked.server.text(), asked.what), {}};
}

}  // namespace fcrdns::apply
