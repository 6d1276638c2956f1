#include "fcrdns/spf/sender.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/spf/macro.hpp"

namespace fcrdns::spf {
namespace {

constexpr std::size_t longest = 1024;  // octets of a sender, a HELO or a receiver: four times what SMTP allows

/// %{i}: "192.0.2.3", or 32 nibbles with dots. Capitals, as the names of such addresses are mostly shown; the DNS does not mind.
std::string dotted(const net::Address& address) {
  if (address.is_v4()) return address.text();
  std::string out;
  for (const auto octet : address.octets()) out += fmt::format("{}{:X}.{:X}", out.empty() ? "" : ".", octet >> 4, octet & 15U);
  return out;
}

std::string bounded(const std::string& text) { return text.empty() || text.size() > longest ? "unknown" : base::without_final_dot(text); }

}  // namespace

Sender::Sender(const Query& query) {
  const bool by_helo = query.identity == Identity::helo || query.mail_from.empty();
  const auto text = by_helo ? "@" + query.helo : query.mail_from;
  const auto at = text.rfind('@');
  too_long = text.size() > longest;
  local = at == text.npos ? "" : text.substr(0, at);
  domain = base::without_final_dot(at == text.npos ? text : text.substr(at + 1));
  if (local.empty()) local = "postmaster";
}

bool is_mail_domain(const std::string& domain) { return name_of(domain).has_value() && ends_in_toplabel(domain); }

std::string macro_value(char letter, const Query& query, const Sender& sender) {
  switch (letter) {
    case 's': return sender.local + '@' + sender.domain;
    case 'l': return sender.local;
    case 'o': return sender.domain;
    case 'i': return dotted(query.client);
    case 'v': return query.client.is_v4() ? "in-addr" : "ip6";
    case 'h': return bounded(query.helo);
    case 'c': return query.client.text();
    case 'r': return bounded(query.receiver);
    case 't': return std::to_string(std::chrono::floor<base::Seconds>(query.time).time_since_epoch().count());
    default: return {};
  }
}

}  // namespace fcrdns::spf
