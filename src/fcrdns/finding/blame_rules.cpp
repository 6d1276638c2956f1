// What a bounce adds to what is seen now: does its blame fit, and is it about us at all?
#include <algorithm>
#include <array>

#include "fcrdns/finding/rules.hpp"
#include "fcrdns/generic/generic.hpp"
#include "fcrdns/resolver/last_change.hpp"

namespace fcrdns::finding::rules {
namespace {

using base::WallTime;
using dns::Status;
using verdict::Iprev;

/// What SPF says of the address, the likeliest reason of a refusal first; the last ones are none.
constexpr struct {
  spf::Result result;
  std::string_view form, why;
} spf_words[] = {
    {spf::Result::fail, "spf", "spf_fail"},
    {spf::Result::softfail, "spf", "spf_softfail"},
    {spf::Result::permerror, "spf", "spf_permerror"},
    {spf::Result::none, "spf", "spf_none"},
    {spf::Result::temperror, "spf_open", "spf_temperror"},
    {spf::Result::neutral, "spf_open", "spf_neutral"},
    {spf::Result::pass, "spf_passes", "spf_pass"},
};

/// Addresses that no packet from outside bears: the receiver looks at its own gateway's inner side.
constexpr std::array<std::string_view, 5> inner_kinds{"private", "cgn", "ula", "link-local", "loopback"};

bool is_receivers_gateway(const Case& c) {
  const auto* said = blame_of(c);
  return said != nullptr && said->quoted && c.at.special && c.at.ptr.status == Status::not_asked && holds(inner_kinds, c.at.special->kind);
}

/// Since when all that leads back stands as it does now, as far as that can be proven.
std::optional<WallTime> right_since(const Case& c) {
  const auto now = c.evidence().time;
  std::optional<WallTime> latest;
  const auto take = [&](const std::vector<resolver::Walk>& walks) {
    if (walks.empty()) return false;
    for (const auto& walk : walks) {
      const auto changed = resolver::changed_at_latest(walk, now);
      if (!changed) return false;
      latest = latest ? std::max(*latest, *changed) : *changed;
    }
    return true;
  };
  if (!take(c.at.reverse)) return std::nullopt;
  const auto confirming = c.names_with(Cause::confirms);
  const bool some = std::ranges::any_of(confirming, [&](const NameView* view) { return take(view->name->forward); });
  return some ? latest : std::nullopt;
}

void not_our_address(const Case& c, const evidence::Blame& said) {
  const auto& sender = c.evidence().sender;
  if (!said.quoted || !sender || c.truth != Iprev::pass) return;
  const auto ours = registered_domain(sender->name);
  const auto addresses = evidence::addresses_in(c.at.address.is_v4() ? sender->a : sender->aaaa);
  if (!ours || addresses.empty() || holds(addresses, c.at.address)) return;
  for (const auto* view : c.names_with(Cause::confirms)) {
    const auto& name = view->name->name;
    const auto theirs = registered_domain(name);
    // A default name tells whose line it is, not whose server.
    if (!theirs || *theirs == *ours || generic::classify(name, c.at.address)) return;
    return c.add(Id::not_our_address, Severity::info, {{"name", name.text()}, {"domain", theirs->text()}, {"host", sender->name.text()}});
  }
}

/// The text blames the PTR, which is right: what else does it name, or what else is wrong, that a receiver refuses for?
void blame_is_authentication(const Case& c, const evidence::Blame& said) {
  if (!bounce::concerns_reverse_dns(said.causes.front()) || c.truth != Iprev::pass) return;
  Arguments arguments{{"receiver", said.receiver}};
  bool fails = false;
  for (const auto& [result, form, why] : spf_words) {
    const auto outcome = std::ranges::find(c.at.spf, result, &spf::Outcome::result);
    if (outcome == c.at.spf.end()) continue;
    fails = result == spf::Result::fail;
    arguments.insert(arguments.begin(), {{"form", std::string(form)}, {"domain", outcome->domain}, {"why", std::string(why)}});
    break;
  }
  if (said.names_authentication || fails) c.add(Id::blame_is_authentication, Severity::error, std::move(arguments));
}

void receiver_side_fault(const Case& c, const evidence::Blame& said) {
  if (!said.quoted || !said.last || !bounce::concerns_reverse_dns(said.causes.front())) return;
  if (c.truth != Iprev::pass || c.verdict.iprev != Iprev::pass) return;
  const auto since = right_since(c);
  const auto held = evidence::longest_held(c.at);
  if (!since || *since + base::Seconds{held} > *said.last) return;
  c.add(Id::receiver_side_fault, Severity::info,
        {{"receiver", said.receiver}, {"since", base::to_rfc3339(*since)}, {"refused", base::to_rfc3339(*said.last)}, {"hold", std::int64_t{held}}});
}

}  // namespace

const evidence::Blame* blame_of(const Case& c) {
  const auto& evidence = c.evidence();
  if (!evidence.blame) return nullptr;
  const bool named = evidence.subject.kind == subject::Kind::address;
  return !named || evidence.subject.address == c.at.address ? &*evidence.blame : nullptr;
}

void blame(const Case& c) {
  const auto* said = blame_of(c);
  if (said == nullptr) return;
  if (is_receivers_gateway(c)) {
    // Which address to use instead is the receiver's question here.
    std::erase_if(c.out, [&](const Finding& finding) { return finding.id == Id::special_purpose_address && finding.address == c.at.address; });
    return c.add(Id::receiver_sees_gateway, Severity::info, {{"receiver", said->receiver}, {"block", c.at.special->prefix.text()}});
  }
  not_our_address(c, *said);
  const auto before = c.out.size();
  blame_is_authentication(c, *said);
  if (c.out.size() == before) receiver_side_fault(c, *said);
}

void raise_blamed(const evidence::Evidence& evidence, std::vector<Finding>& findings) {
  static constexpr std::array of_helo{Id::helo_invalid, Id::helo_differs, Id::helo_forward_mismatch};
  static constexpr std::array of_spf{Id::spf_fail, Id::spf_softfail, Id::spf_permerror, Id::spf_none};
  if (!evidence.blame) return;
  const auto blames = [&](bounce::Cause cause) { return holds(evidence.blame->causes, cause); };
  const bool spf = evidence.blame->names_authentication || blames(bounce::Cause::authentication);
  const bool names = blames(bounce::Cause::fcrdns_mismatch) || blames(bounce::Cause::no_ptr_or_mismatch);
  for (auto& finding : findings) {
    if (finding.severity != Severity::warning && finding.severity != Severity::info) continue;
    if (evidence.subject.address && finding.address != evidence.subject.address) continue;
    const bool blamed = (finding.id == Id::ptr_generic && blames(bounce::Cause::generic_ptr)) ||
                        (finding.id == Id::ptr_multiple && finding.severity == Severity::warning && names) ||
                        (holds(of_helo, finding.id) && blames(bounce::Cause::helo)) || (holds(of_spf, finding.id) && spf);
    if (blamed) finding.severity = Severity::error;
  }
}

}  // namespace fcrdns::finding::rules
