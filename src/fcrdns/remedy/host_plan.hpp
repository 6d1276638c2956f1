// What can be done on the host itself about what is wrong with its ways out: wishes that host::change_for() makes a change
// of, the cheapest first. Records in the DNS are the plan of each way's own check.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fcrdns/finding/host_rules.hpp"
#include "fcrdns/host/change.hpp"

namespace fcrdns::remedy {

struct Proposal {
  finding::Id finding = finding::Id::ipv6_source_without_ptr;
  std::string what;                   ///< a line: "IPv4 only for what sends"
  std::optional<host::Wish> wish;     ///< of the mail server; empty: it is not the mail server that is to be changed
  std::size_t sender = 0;             ///< which of HostFacts::senders
  std::vector<std::string> clients;   ///< empty: all that send by SMTP
  std::vector<std::string> how;       ///< lines to paste, where it is not the mail server's
  std::string caution;                ///< empty: nothing known
};

[[nodiscard]] std::vector<Proposal> plan_host(const finding::HostFacts& facts, std::span<const finding::Finding> findings);

}  // namespace fcrdns::remedy
