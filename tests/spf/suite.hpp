// The JSON of the openspf test suite as a DNS and queries; peers.py writes the same form.
//
// A record of kind SPF is also served as TXT unless the name has a TXT entry; TXT "NONE" only says that it has; TIMEOUT lets
// every other question about the name time out; names that are not listed do not exist.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "fcrdns/spf/played_dns_test.hpp"

namespace fcrdns::spf {

using Json = nlohmann::json;

/// The suite's strings are octets; as JSON they came to be code points below 256.
inline std::string octets(const std::string& utf8) {
  std::string out;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto c = static_cast<unsigned char>(utf8[i]);
    out += c < 0x80 ? utf8[i] : static_cast<char>((c & 3) << 6 | (static_cast<unsigned char>(utf8[++i]) & 0x3f));
  }
  return out;
}

inline dns::Txt txt_of(const Json& value) {
  dns::Txt txt;
  for (const auto& part : value.is_array() ? value : Json::array({value})) txt.strings.push_back(octets(part.get<std::string>()));
  return txt;
}

inline dns::Name name_in(const std::string& text) { return name_of(octets(text)).value_or(dns::Name()); }

inline void add(PlayedDns& dns, const std::string& owner, const std::string& kind, const Json& value, bool has_txt) {
  if (kind == "TXT" && value == "NONE") return;
  if (kind == "TXT" || (kind == "SPF" && !has_txt)) return dns.add(owner, dns::Type::txt, txt_of(value));
  if (kind == "MX") return dns.add(owner, dns::Type::mx, dns::Mx{value[0].get<std::uint16_t>(), name_in(value[1])});
  if (kind == "A" || kind == "AAAA") return dns.add(owner, *dns::parse_type(kind), *net::Address::parse(value.get<std::string>()));
  if (kind == "PTR" || kind == "CNAME") return dns.add(owner, *dns::parse_type(kind), name_in(value));
  if (kind != "SPF") throw std::runtime_error(owner + ": a record of an unknown kind, " + kind);
}

inline PlayedDns dns_of(const Json& zones) {
  PlayedDns dns;
  for (const auto& [name, entries] : zones.items()) {
    const auto owner = octets(name);
    const auto has = [&](const char* kind) { return std::ranges::any_of(entries, [&](const Json& e) { return e.is_object() && e.contains(kind); }); };
    const bool times_out = std::ranges::count(entries, Json("TIMEOUT")) > 0;
    for (const auto& entry : entries)
      if (entry.is_object())
        for (const auto& [kind, value] : entry.items()) add(dns, owner, kind, value, has("TXT"));
    if (!times_out) continue;
    for (const auto* type : {"A", "AAAA", "MX", "PTR", "TXT"}) {
      const bool served = std::ranges::any_of(entries, [&](const Json& e) { return e.is_object() && e.contains(type) && e[type] != "NONE"; });
      if (!served) dns.fail(owner, *dns::parse_type(type), dns::Status::timeout);
    }
  }
  return dns;
}

inline Outcome outcome_of(const Json& zones, const Json& test) {
  auto dns = dns_of(zones);
  return evaluate(dns, {.client = *net::Address::parse(test.at("host").get<std::string>()),
                        .mail_from = octets(test.at("mailfrom")), .helo = octets(test.at("helo"))});
}

}  // namespace fcrdns::spf
