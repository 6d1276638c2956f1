// The term that lets an address send, and the place in a record where it takes effect (RFC 7208 4.6.2: terms are tried
// from left to right, the first that matches decides).
#include "fcrdns/base/text.hpp"
#include "fcrdns/spf/record.hpp"

namespace fcrdns::spf {
namespace {

enum class Effect { none, passes, may_refuse };

/// What a term does to the address, as far as it can be told without the DNS.
Effect effect_on(const net::Address& address, std::string_view term) {
  if (is_modifier(term))
    return base::to_lower(term.substr(0, term.find('='))) == "redirect" ? Effect::may_refuse : Effect::none;
  const auto mechanism = parse_mechanism(term);
  if (!mechanism) return Effect::none;
  const bool network = mechanism->kind == Kind::ip4 || mechanism->kind == Kind::ip6;
  if (network && !mechanism->joins(address, mechanism->network)) return Effect::none;
  if (mechanism->result != Result::pass) return Effect::may_refuse;
  return network || mechanism->kind == Kind::all ? Effect::passes : Effect::none;
}

}  // namespace

std::string term_for(const net::Address& address) {
  const auto client = address.unmapped();
  return (client.is_v4() ? "ip4:" : "ip6:") + client.text();
}

std::optional<std::string> with_term(std::string_view record, const net::Address& address) {
  if (!is_record(record)) return std::nullopt;
  const auto client = address.unmapped();
  std::string out(record);
  for (const auto term : terms_of(record)) {
    const auto effect = effect_on(client, term);
    if (effect == Effect::passes) return out;  // it may send as it is
    if (effect == Effect::may_refuse) return out.insert(static_cast<std::size_t>(term.data() - record.data()), term_for(client) + ' ');
  }
  return out + (out.ends_with(' ') ? "" : " ") + term_for(client);
}

}  // namespace fcrdns::spf
