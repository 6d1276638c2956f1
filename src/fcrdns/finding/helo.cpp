// Is this text a name that a mail server may say in HELO? RFC 5321 2.3.5 (a full host name), 4.1.3 (address literals), and
// what receivers make of both: Postfix reject_invalid_helo_hostname and reject_non_fqdn_helo_hostname, Exim helo_verify.
#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/finding/finding.hpp"
#include "fcrdns/subject/idn.hpp"

namespace fcrdns::finding {
namespace {

using verdict::Usability;

/// Endings that people give names inside their own walls; the public tree has none of them.
constexpr std::pair<std::string_view, std::string_view> endings[] = {
    {"localdomain", "localhost"},     {"lan", "inner_ending"},       {"internal", "inner_ending"}, {"intranet", "inner_ending"},
    {"private", "inner_ending"},      {"corp", "inner_ending"},      {"home", "inner_ending"},     {"home.arpa", "inner_ending"},
    {"in-addr.arpa", "reverse_name"}, {"ip6.arpa", "reverse_name"},
};

constexpr std::pair<Usability, std::string_view> codes[] = {
    {Usability::root, "root"},
    {Usability::single_label, "single_label"},
    {Usability::localhost, "localhost"},
    {Usability::ip_literal, "ip_literal"},
    {Usability::special_use, "special_use"},
    {Usability::not_a_host_name, "characters"},
};

/// What docker calls a container when nobody names it: the first 12 hexadecimal digits of its id.
bool is_container_id(std::string_view label) {
  return (label.size() == 12 || label.size() == 64) &&
         std::ranges::all_of(label, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// "[203.0.113.5]", "[IPv6:2001:db8::5]": empty when nothing is wrong with it but that it is no name.
std::string_view fault_of_literal(std::string_view said) {
  if (!said.ends_with(']')) return "literal_malformed";
  auto inner = said.substr(1, said.size() - 2);
  const bool tagged = base::equals_ignoring_case(inner.substr(0, 5), "IPv6:");
  if (tagged) inner.remove_prefix(5);
  const auto address = net::Address::parse(inner);
  if (!address || (tagged && address->is_v4())) return "literal_malformed";
  if (!tagged && address->is_v6()) return "literal_untagged";
  const auto special = net::SpecialPurposeTable::built_in().find(address->unmapped());
  return special && special->treatment == net::Treatment::not_asked ? "literal_private" : "";
}

std::string_view fault_of_name(std::string_view said) {
  if (net::Address::parse(said)) return "ip_literal";
  if (said.find('\\') != said.npos) return "characters";  // an escape of ours, not of the wire
  const auto name = dns::Name::parse(said);
  if (!name) return "characters";
  const auto usability = verdict::usability(*name, {});
  if (usability == Usability::single_label && is_container_id(name->label(0))) return "container_id";
  for (const auto& [known, code] : codes)
    if (usability == known) return code;
  for (const auto& [ending, code] : endings)
    if (name->is_within(dns::Name::parse(ending).value())) return code;
  return "";
}

}  // namespace

std::optional<Finding> judge_helo(std::string_view said) {
  const auto text = base::trim(said);
  Finding out{Id::helo_invalid, Severity::error, {}, {{"helo", base::escape(text, 255)}}};
  const auto fault = [&](std::string_view code) {
    out.arguments.emplace_back("faults", std::vector<std::string>{std::string(code)});
    return out;
  };
  if (text.empty()) return fault("empty");
  if (text.starts_with('[')) {
    if (const auto code = fault_of_literal(text); !code.empty()) return fault(code);
    out.severity = Severity::warning;  // legal, but no name: some refuse it, none prefers it
    out.arguments.emplace_back("form", "literal");
    return out;
  }
  // Written by a person in its own letters: the server says the form the DNS knows.
  const bool ascii = std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
  const auto converted = ascii ? base::Expected<std::string>(std::string(text)) : subject::to_a_labels(text);
  const auto code = converted ? fault_of_name(*converted) : "characters";
  return code.empty() ? std::nullopt : std::optional(fault(code));
}

}  // namespace fcrdns::finding
