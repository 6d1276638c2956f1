// What every server of a zone says when the same question is put to it again and again, in each manner that resolvers
// use: evidence for whoever runs the zone, or for a receiver's postmaster who sees something else.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/dns/message.hpp"
#include "fcrdns/dns/status.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::evidence {

/// How a question is worded.
enum class Manner {
  plain,       ///< without EDNS
  edns,        ///< EDNS, a buffer of 1232 octets
  edns_do,     ///< the same with DO (RFC 3225)
  mixed_case,  ///< 0x20: each letter of the name large or small by chance; without EDNS
};
inline constexpr Manner all_manners[] = {Manner::plain, Manner::edns, Manner::edns_do, Manner::mixed_case};
[[nodiscard]] std::string_view to_word(Manner manner);  ///< "edns_do"
[[nodiscard]] std::optional<Manner> parse_manner(std::string_view word);

/// One question, put to one address of one server over one transport in one manner, several times.
struct ProofRow {
  dns::Question question;
  dns::Name server;
  net::Endpoint endpoint;
  bool tcp = false;
  Manner manner = Manner::plain;
  unsigned asked = 0;      ///< 10; fewer when time was up, or the server answered nothing at all
  unsigned right = 0;      ///< the answer (status and data, in any order and with any TTL) that most of the zone's servers gave
  std::vector<std::pair<dns::Status, unsigned>> others;  ///< what else was said; noerror: other data
  std::string expected;    ///< the right answer, in small letters: "mail.example.com.", "nxdomain"; empty when no server gave any
  base::Milliseconds fastest{}, median{}, slowest{};     ///< of the replies that came; 0 when none did
  friend bool operator==(const ProofRow&, const ProofRow&) = default;
};
/// Questions to which nothing came back: silence, or nobody listening.
[[nodiscard]] unsigned unanswered(const ProofRow& row);

}  // namespace fcrdns::evidence
