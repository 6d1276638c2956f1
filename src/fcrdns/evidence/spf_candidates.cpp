#include "fcrdns/evidence/spf_candidates.hpp"

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/spf/policy.hpp"
#include "fcrdns/spf/record.hpp"

namespace fcrdns::evidence {
namespace {

constexpr std::size_t max_terms = 100;
constexpr std::size_t longest_record = 65'535;  // octets, as a record can hold

/// "203.0.113.64" is a /32; host bits are the author's slip and no reason to see nothing.
void add_network(SpfCandidates& out, std::string_view text) {
  const auto slash = text.find('/');
  const auto address = net::Address::parse(text.substr(0, slash));
  if (!address) return;
  if (slash == text.npos) {
    out.networks.push_back({*address, static_cast<std::uint8_t>(8 * address->octets().size())});
  } else if (const auto prefix = net::Prefix::parse(text)) {
    out.networks.push_back(*prefix);
  }
}

/// "a", "a:host", "a/24", "a:host/24": the host; the length widens what may send, not what is named.
void add_host(std::vector<dns::Name>& out, std::string_view value, const dns::Name& domain) {
  value = value.substr(0, value.find('/'));
  if (value.empty()) return out.push_back(domain);
  if (const auto name = dns::Name::parse(value); name && name->label_count() > 1) out.push_back(*name);
}

/// More forgiving than spf::parse_mechanism: what a slip of the author means is looked at all the same.
void add_term(SpfCandidates& out, std::string_view term, const dns::Name& domain) {
  if (term.starts_with('-') || term.starts_with('~')) return;
  if (term.starts_with('+') || term.starts_with('?')) term.remove_prefix(1);
  const auto end = std::min(term.find_first_of(":/="), term.size());
  const auto word = base::to_lower(term.substr(0, end));
  auto value = term.substr(end);
  if (value.starts_with(':')) value.remove_prefix(1);
  if (word == "all" || word == "exp") return;
  const bool followed = term.find('%') == term.npos && (word == "a" || word == "mx" || word == "ip4" || word == "ip6");
  if (!followed) return out.not_followed.push_back(base::escape(term, 120));
  if (word == "a") return add_host(out.a, value, domain);
  if (word != "mx") return add_network(out, value);
  if (value.empty() || value.starts_with('/')) out.mx = true;
  else add_host(out.mx_of, value, domain);
}

}  // namespace

SpfCandidates spf_candidates(const std::vector<dns::Record>& records, const dns::Name& domain) {
  SpfCandidates out;
  for (const auto& record : records) {
    const auto* txt = std::get_if<dns::Txt>(&record.data);
    if (txt == nullptr) continue;
    const auto text = spf::joined(*txt, longest_record);
    if (!spf::is_record(text)) continue;
    out.present = true;
    const auto terms = spf::terms_of(text);
    for (std::size_t i = 0; i < std::min(terms.size(), max_terms); ++i) add_term(out, terms[i], domain);
  }
  return out;
}

}  // namespace fcrdns::evidence
