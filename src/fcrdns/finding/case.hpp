// One address as every rule sees it: what is so, by the authority where it was asked, and why each PTR name leads back
// or does not.
#pragma once

#include "fcrdns/finding/finding.hpp"

namespace fcrdns::finding {

/// What a rule goes by: what the zone's own servers said, joined over all of them, or else the resolver's answer.
struct Judged {
  const resolver::Answer* answer = nullptr;
  bool authority = false;
  std::vector<dns::Name> via;   ///< aliases on the way
  std::optional<dns::Name> zone;  ///< that the answer, or its absence, comes from; empty when unknown
  [[nodiscard]] dns::Status status() const { return answer->status; }
};
/// The authority decides when the whole chain was walked and ended definitely. What a validator found bogus stays so.
[[nodiscard]] Judged judged(const resolver::Answer& said, std::span<const resolver::Walk> walks);

/// Why one PTR name does not lead back.
enum class Cause { confirms, malformed, missing, other_family, all_private, proxied, mismatch, trouble, not_checked };

struct NameView {
  const evidence::NameEvidence* name = nullptr;
  Judged forward;
  std::vector<net::Address> addresses;  ///< of the client's family
  Cause cause = Cause::not_checked;
  bool foreign = false;  ///< evidently somebody else's: see is_foreign()
};

struct Case {
  const Considered& all;
  const evidence::AddressEvidence& at;
  const verdict::Verdict& verdict;            ///< what the resolver's answers make of it
  std::span<const owner::Candidate> owners;
  Profile profile;
  std::vector<Finding>& out;

  Judged ptr;
  std::vector<NameView> names;      ///< those the authority still has, when it was asked
  std::vector<dns::Name> unseen;    ///< names the authority has and the resolver did not give: not looked up
  verdict::Iprev truth = verdict::Iprev::temperror;  ///< the word as the authority's answers make it

  Case(const Considered& considered, std::size_t index, Profile wanted, std::vector<Finding>& findings);

  void add(Id id, Severity severity, Arguments arguments) const;
  [[nodiscard]] const evidence::Evidence& evidence() const { return all.evidence; }
  [[nodiscard]] std::string reverse_name() const { return net::reverse_name(at.address); }
  /// Nothing leads back, whoever is asked.
  [[nodiscard]] bool fails() const { return truth == verdict::Iprev::fail || truth == verdict::Iprev::permerror; }
  [[nodiscard]] std::vector<const NameView*> names_with(Cause cause) const;
  /// Names that are the user's own as far as told: the host, the domain, --expect, --helo.
  [[nodiscard]] std::vector<dns::Name> own_names() const;
};

/// A host that only an MX of the domain names: it receives; that it sends nobody said.
[[nodiscard]] bool only_receives(const evidence::Evidence& evidence, const evidence::AddressEvidence& at);
/// The names in an answer's PTR records.
[[nodiscard]] std::vector<dns::Name> names_in(const resolver::Answer& answer);
[[nodiscard]] std::vector<std::string> texts(std::span<const dns::Name> names);
[[nodiscard]] std::vector<std::string> texts(std::span<const net::Address> addresses);
template <typename Range, typename Value_>
[[nodiscard]] bool holds(const Range& range, const Value_& value) {
  return std::find(std::begin(range), std::end(range), value) != std::end(range);
}
/// The part of the name that somebody registered: "example.co.uk." of "mail.example.co.uk."; empty for a public suffix.
[[nodiscard]] std::optional<dns::Name> registered_domain(const dns::Name& name);
/// Ends in in-addr.arpa or ip6.arpa.
[[nodiscard]] bool has_reverse_tail(const dns::Name& name);
/// Bears a reverse tree anywhere: its tail, or before the domain that hangs behind it.
[[nodiscard]] bool bears_reverse_tree(const dns::Name& name);
/// Every server of the last zone walked to is proven lame, refusing or dead.
[[nodiscard]] bool proven_bad(std::span<const resolver::Walk> walks);
/// "ns1.example.net. (192.0.2.1): refused"
[[nodiscard]] std::vector<std::string> outcomes(const resolver::Walk& walk);

}  // namespace fcrdns::finding
