// The term that lets an address send, and the place in a record where it takes effect (RFC 7208 4.6.2: terms are tried
// from left to right, the first that matches decides).
#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/spf/spf.hpp"

namespace fcrdns::spf {
namespace {

constexpr std::string_view version = "v=spf1";

/// "ip4:203.0.113.0/24" and the like, without a qualifier: whether it holds the address. Empty: it is no such term.
std::optional<bool> holds(std::string_view term, const net::Address& address) {
  const auto word = base::to_lower(term.substr(0, 4));
  if (word != "ip4:" && word != "ip6:") return std::nullopt;
  const auto value = term.substr(4);
  const auto slash = std::min(value.find('/'), value.size());
  const auto network = net::Address::parse(value.substr(0, slash));
  if (!network) return std::nullopt;
  // Host bits may be set (RFC 7208 5.6), so the prefix is made of the address, not of what stands there.
  const auto bits = slash == value.size() ? std::string(network->is_v4() ? "/32" : "/128") : std::string(value.substr(slash));
  const auto ours = net::Prefix::parse(network->text() + bits);
  return ours && ours->contains(address);
}

/// Whether this term can decide against the address: whatever stands behind it may come too late.
bool may_refuse(std::string_view term, const net::Address& address) {
  if (base::to_lower(term.substr(0, 9)) == "redirect=") return true;
  const auto name_end = std::min(term.find_first_of(":/="), term.size());
  if (name_end < term.size() && term[name_end] == '=') return false;  // another modifier
  const bool qualified = term.starts_with('-') || term.starts_with('~') || term.starts_with('?');
  const auto plain = qualified || term.starts_with('+') ? term.substr(1) : term;
  if (base::equals_ignoring_case(plain, "all")) return true;
  return qualified && holds(plain, address).value_or(true);
}

}  // namespace

std::string term_for(const net::Address& address) {
  const auto client = address.unmapped();
  return (client.is_v4() ? "ip4:" : "ip6:") + client.text();
}

std::optional<std::string> with_term(std::string_view record, const net::Address& address) {
  if (!base::equals_ignoring_case(record.substr(0, version.size()), version)) return std::nullopt;
  if (record.size() > version.size() && record[version.size()] != ' ') return std::nullopt;
  const auto client = address.unmapped();
  const auto term = term_for(client);
  for (std::size_t at = version.size(); (at = record.find_first_not_of(' ', at)) != record.npos;) {
    const auto end = std::min(record.find(' ', at), record.size());
    const auto here = record.substr(at, end - at);
    if (may_refuse(here, client)) return std::string(record.substr(0, at)) + term + ' ' + std::string(record.substr(at));
    if (holds(here.starts_with('+') ? here.substr(1) : here, client).value_or(false)) return std::string(record);
    at = end;
  }
  return std::string(record) + (record.ends_with(' ') ? "" : " ") + term;
}

}  // namespace fcrdns::spf
