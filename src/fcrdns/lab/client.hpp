// The client's side of a resolver: which queries are taken, and the head of every reply.
#pragma once

#include <optional>
#include <string_view>

#include "fcrdns/authority/listeners.hpp"
#include "fcrdns/dns/message.hpp"

namespace fcrdns::lab {

/// The query, if it is one that a resolver answers; else a refusal has been sent, if it was worth one.
[[nodiscard]] std::optional<dns::Message> accept(base::OctetView octets, authority::Transport transport,
                                                 const authority::Reply& reply);
/// A reply to the query without any record: ID, question, flags and EDNS as the client's.
[[nodiscard]] dns::Message reply_to(const dns::Message& query);
/// Whether the client sets DO (RFC 3225).
[[nodiscard]] bool wants_dnssec(const dns::Message& query);
/// Adds an extended error (RFC 8914), if the client speaks EDNS.
void explain(dns::Message& reply, std::uint16_t code, std::string_view why);

inline constexpr std::uint16_t other_error = 0, dnssec_bogus = 6, no_reachable_authority = 22;  // RFC 8914 5.2

}  // namespace fcrdns::lab
