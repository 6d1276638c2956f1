// The words of every finding, apart from its logic. {key} is filled with the argument of that name; a list is joined
// with commas. Values are printable ASCII already (names in presentation form, details escaped when gathered).
#include <algorithm>
#include <array>

#include "fcrdns/finding/finding.hpp"

namespace fcrdns::finding {
namespace {

struct Words {
  Id id;
  std::string_view word;
  std::string_view title;
  std::string_view detail;
};

constexpr std::array catalogue = {
    Words{Id::ptr_missing, "ptr_missing", "{address} has no PTR record",
          "Nothing is found at {reverse_name} ({status}), so a receiver cannot learn a name for this address."},
    Words{Id::classless_broken, "classless_broken", "The PTR of {address} is handed on by a CNAME that leads to nothing",
          "{reverse_name} is an alias for {target} (RFC 2317), and there is no PTR there ({status})."},
    Words{Id::ptr_malformed, "ptr_malformed", "The PTR of {address} is not a usable host name: {names}",
          "A receiver looks up the addresses of the PTR's name; this text cannot be one (a final dot forgotten, an "
          "address, a single label, a reserved ending or stray characters), or it bears an underscore."},
    Words{Id::forward_mismatch, "forward_mismatch", "The PTR of {address} names {names}, which points to {addresses}",
          "The name has addresses, but the sending one is not among them: the way back does not close."},
    Words{Id::forward_missing, "forward_missing", "The PTR of {address} names {names}, which has no address",
          "The way back does not close because the name does not exist or has neither an A nor an AAAA record."},
    Words{Id::forward_family_missing, "forward_family_missing",
          "The PTR of {address} names {names}, which has addresses of the other family only",
          "Only an A record confirms an IPv4 address and only an AAAA record an IPv6 address; found: {addresses}."},
    Words{Id::forward_proxied, "forward_proxied", "{names} looks like it points to a proxy ({addresses}), not to {address}",
          "The addresses lie in a content-delivery network's published ranges. With the proxy on, the name never shows "
          "the address that sends mail."},
    Words{Id::forward_private, "forward_private", "{names} points to private addresses ({addresses}) when asked from outside",
          "Receivers outside your network see the same and cannot confirm {address}."},
    Words{Id::ptr_multiple, "ptr_multiple", "{address} has {total} PTR names",
          "Some receivers look at one name only, picked by chance: with one good name of two, Postfix refused about half "
          "of the connections. Confirm: {confirm}. Do not confirm: {do_not_confirm}."},
    Words{Id::ptr_oversized, "ptr_oversized", "The PTR answer of {address} is too large: {total} names",
          "Receivers look up a limited number of names (here {checked} were looked at), and a reply this large needs TCP, "
          "which not every resolver path lets through."},
    Words{Id::ptr_target_alias, "ptr_target_alias", "The PTR of {address} names {names}, which is an alias for {targets}",
          "It still confirms, but RFC 2181 section 10.2 wants a PTR to name the canonical host, and some receivers insist."},
    Words{Id::special_purpose_address, "special_purpose_address", "{address} is a special-purpose address: {block} ({rfc})",
          "Such an address does not appear on the public Internet, and no public PTR can be delegated for it. What counts "
          "is the address that receivers see."},
    Words{Id::ipv6_source_without_ptr, "ipv6_source_without_ptr",
          "IPv4 is fine ({ipv4}), but mail that leaves over IPv6 ({ipv6}) is refused",
          "Mail servers choose IPv6 when they can, often by chance, so only some mails bounce. The PTR of the IPv4 address "
          "does nothing for the IPv6 address."},
    Words{Id::subject_not_found, "subject_not_found", "{name} has no address ({status})",
          "There is nothing to check: the host does not exist, or has neither an A nor an AAAA record."},
    Words{Id::dnssec_bogus, "dnssec_bogus", "DNSSEC validation fails for {question}",
          "A validating receiver gets no answer at all, others may: the outcome differs from receiver to receiver."},
    Words{Id::reverse_unreachable, "reverse_unreachable", "The reverse DNS of {address} could not be read ({status})",
          "Asking for {question} ended in {status}. That is trouble with the zone's servers or on the way, not a missing "
          "record: receivers answer 4xx and let you try again."},
    Words{Id::forward_unreachable, "forward_unreachable", "The addresses of {question} could not be read ({status})",
          "That is trouble with the zone's servers or on the way, not a missing record: receivers answer 4xx and let you "
          "try again."},
};

/// Documentation blocks and blocks that are asked about need other words than a private address.
constexpr std::string_view special_asked_detail =
    "It was asked about all the same, as any other address would be.";

constexpr std::size_t list_limit = 5;

std::string shown(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  const auto& list = std::get<std::vector<std::string>>(value);
  if (list.empty()) return "none";
  std::string out;
  for (std::size_t i = 0; i < std::min(list.size(), list_limit); ++i) out += (i == 0 ? "" : ", ") + list[i];
  if (list.size() > list_limit) out += " and " + std::to_string(list.size() - list_limit) + " more";
  return out;
}

std::string fill(std::string_view pattern, const Arguments& arguments) {
  std::string out;
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    out += pattern.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = pattern.find('}', open);
    const auto key = pattern.substr(open + 1, close - open - 1);
    const auto found = std::ranges::find(arguments, key, &Arguments::value_type::first);
    if (found != arguments.end()) out += shown(found->second);
    pattern.remove_prefix(close + 1);
    // The final dot of a name serves as the sentence's full stop.
    if (out.ends_with('.') && pattern.starts_with('.')) pattern.remove_prefix(1);
  }
  return out;
}

const Words& words(Id id) { return *std::ranges::find(catalogue, id, &Words::id); }

constexpr std::array<std::string_view, 4> severities{"error", "warning", "info", "undetermined"};

}  // namespace

std::string_view to_word(Severity severity) { return severities[static_cast<std::size_t>(severity)]; }
std::string_view to_word(Id id) { return words(id).word; }

std::string title(const Finding& finding) { return fill(words(finding.id).title, finding.arguments); }

std::string detail(const Finding& finding) {
  const bool asked = finding.id == Id::special_purpose_address && finding.severity == Severity::info;
  auto text = fill(asked ? special_asked_detail : words(finding.id).detail, finding.arguments);
  const auto reason = std::ranges::find(finding.arguments, "reason", &Arguments::value_type::first);
  if (reason != finding.arguments.end()) text += " Reason given: " + shown(reason->second);
  return text;
}

std::span<const Id> all_ids() {
  static const auto ids = [] {
    std::array<Id, catalogue.size()> out{};
    std::ranges::transform(catalogue, out.begin(), &Words::id);
    return out;
  }();
  return ids;
}

}  // namespace fcrdns::finding
