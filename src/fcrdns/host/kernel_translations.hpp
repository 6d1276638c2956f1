// Source NAT as nftables tells it over netlink (nft(8); linux/netfilter/nf_tables.h, nfnetlink.h): rules that end in masquerade
// or source NAT, written by nft, by iptables-nft or by docker. What a rule asks of a packet is read as far as it names source
// addresses and interfaces.
#pragma once

#include <optional>

#include "fcrdns/host/kernel_messages.hpp"

namespace fcrdns::host {

/// Of one NFT_MSG_NEWRULE; empty: it translates no source, or is damaged. Numbers inside are big-endian.
[[nodiscard]] std::optional<Translation> read_translation(base::OctetView body);

/// In the network namespace of the thread that asks; a Fault says what right is missing.
[[nodiscard]] base::Expected<std::vector<Translation>> ask_for_translations();

}  // namespace fcrdns::host
