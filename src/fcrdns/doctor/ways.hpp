// From paths to ways out: those that differ only in the destination are one; what receivers see of each; which of them are
// checked. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fcrdns/diagnosis/diagnose.hpp"
#include "fcrdns/doctor/destinations.hpp"
#include "fcrdns/doctor/machine.hpp"

namespace fcrdns::doctor {

using finding::KnownFrom;
using finding::WayOut;

/// Appends a text that is not empty and not there yet.
void add_once(std::vector<std::string>& out, const std::string& text);

/// The paths of one sender, joined; in the order of the first of each.
void join(std::vector<WayOut>& ways, const std::vector<host::Path>& paths, std::size_t sender);
/// The way that a path is part of.
[[nodiscard]] const WayOut* way_of(std::span<const WayOut> ways, const host::Path& path, std::size_t sender);

/// What receivers see of the way, and how that is known.
void look_from_outside(WayOut& way, const Machine& machine, std::span<const net::Address> given, const Answers& answers);

/// One check: an address or a relay's host, with the HELO name that is said there. Ways that share it are checked once.
struct Check {
  subject::Subject subject;
  std::string helo;        ///< as said; empty: none that can be looked up
  std::string mail_from;   ///< empty: not known
  [[nodiscard]] bool same(const Check& other) const { return subject == other.subject && helo == other.helo && mail_from == other.mail_from; }
};
[[nodiscard]] std::optional<Check> check_of(const WayOut& way, const host::Mta& sender, const std::string& mail_from);
/// The envelope sender that SPF is looked at for; empty: the mail server names no domain that could have a policy.
[[nodiscard]] std::string mail_from_of(const host::Mta& sender, const std::string& given);

/// Fills in what the check says of the way.
void take_result(WayOut& way, const report::Result& result);

/// The names this host goes by: HELO, the mail server's own. Lower case, each once.
[[nodiscard]] std::vector<std::string> own_names(const Machine& machine, std::span<const WayOut> ways);
/// What /etc/hosts, and the answers of the resolver that the machine is set to use (`system`), say otherwise than the DNS: of
/// the names this host goes by and the addresses it is seen from.
[[nodiscard]] std::vector<finding::Contradiction> contradictions(const Machine& machine, std::span<const WayOut> ways, const Answers& answers,
                                                                 std::span<const report::Result> results, const Answers& system = {});

}  // namespace fcrdns::doctor
