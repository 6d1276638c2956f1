// 0x20: the letter case of a question as something a forger must guess (draft-vixie-dnsext-dns0x20), and the way back.
#pragma once

#include "fcrdns/base/random.hpp"
#include "fcrdns/dns/message.hpp"
#include "fcrdns/dns/name.hpp"

namespace fcrdns::resolver {

/// The same name (RFC 4343), each ASCII letter in upper or lower case by chance.
[[nodiscard]] dns::Name with_random_case(const dns::Name& name, base::Random& random);

/// Undoes what the random case did to a reply: servers compress names into the question, so its case shows up in owners
/// and in data. Every name that ends in labels of `sent`, octet for octet, gets those of `original` instead.
void restore_case(dns::Message& message, const dns::Name& sent, const dns::Name& original);

}  // namespace fcrdns::resolver
