// Where it breaks: the ladder of every address that does not confirm, its zone's servers, its owners.
#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/report/groups.hpp"
#include "fcrdns/report/ladder.hpp"
#include "fcrdns/report/table.hpp"
#include "fcrdns/report/text_parts.hpp"

namespace fcrdns::report {
namespace {

using evidence::AddressEvidence;

constexpr std::size_t ladders_shown = 3;  // unless -v

std::string says(const resolver::ServerReport& server) {
  if (server.answer.status != dns::Status::noerror) return std::string(to_word(server.answer.status));
  std::string out;
  constexpr std::size_t limit = 2;
  const auto& records = server.answer.records;
  for (std::size_t i = 0; i < std::min(records.size(), limit); ++i)
    out += (i == 0 ? "" : ", ") + dns::to_text(records[i].type, records[i].data);
  if (records.size() > limit) out += fmt::format(" and {} more", records.size() - limit);
  return out.empty() && !server.answer.via.empty() ? "CNAME " + server.answer.via.front().text() : out;
}

/// Each zone with the servers its parent lists; of the deepest what each of them said.
std::string walk_text(const resolver::Walk& walk) {
  std::vector<Row> zones;
  for (const auto& rung : walk.rungs) {
    std::string servers;
    for (const auto& name : rung.nameservers) servers += (servers.empty() ? "" : " ") + name.text();
    zones.push_back({rung.apex.text(), servers + (rung.shares_parent_servers ? "  (its parent's too)" : "")});
  }
  auto out = fmt::format("    {} {}, {} questions\n", dns::to_text(walk.question.type), walk.question.name.text(),
                         walk.questions) +
             table(zones, 6);
  std::vector<Row> servers{{"SERVER", "ADDRESS", "UDP", "TCP", "AA", "SERIAL", "MS", "SAYS"}};
  for (const auto& server : walk.servers)
    servers.push_back({server.name.text(), server.address.text(), std::string(to_word(server.udp)), std::string(to_word(server.tcp)),
                       server.authoritative ? "yes" : "no", server.serial ? std::to_string(*server.serial) : "-",
                       std::to_string(server.took.count()), says(server)});
  for (const auto& name : walk.without_address) servers.push_back({name.text(), "none"});
  if (servers.size() > 1) out += table(servers, 6);
  if (walk.left_out > 0) out += fmt::format("      {} more servers were not asked\n", walk.left_out);
  if (walk.cyclic) out += "      the names of its servers and another zone's lead in a circle\n";
  if (!walk.problem.empty()) out += wrap(walk.problem, 6);
  return out;
}

std::string unfolded(const AddressEvidence& at) {
  std::string out;
  for (const auto& walk : at.reverse) out += walk_text(walk);
  for (const auto& name : at.names)
    for (const auto& walk : name.forward) out += walk_text(walk);
  return out;
}

std::string owners_line(const std::vector<owner::Candidate>& owners, bool verbose) {
  if (owners.empty()) return "";
  auto out = "Owner of the reverse zone: " + owner_text(owners.front());
  const auto shown = verbose ? owners.size() : std::min<std::size_t>(owners.size(), 3);
  for (std::size_t i = 1; i < shown; ++i) out += "; or " + owner_text(owners[i]);
  return out;
}

/// Whether somebody has to be asked about this address.
bool is_due(const Result& result, std::size_t index) {
  if (result.verdicts[index].iprev != verdict::Iprev::pass) return true;
  const auto& address = result.evidence.addresses[index].address;
  return std::ranges::any_of(result.findings, [&](const finding::Finding& finding) {
    return finding.address == address && finding.severity != finding::Severity::info;
  });
}

struct Shown {
  std::vector<Rung> rungs;
  std::vector<net::Address> addresses;
  std::size_t first;  ///< index
};

}  // namespace

std::string zones_text(const Result& result, const Style& style) {
  std::vector<Shown> distinct;
  for (std::size_t i = 0; i < result.evidence.addresses.size(); ++i) {
    if (!style.verbose && result.verdicts[i].iprev == verdict::Iprev::pass) continue;
    auto rungs = ladder(result, i);
    if (rungs.empty()) continue;
    const auto same = std::ranges::find(distinct, rungs, &Shown::rungs);
    auto& row = same == distinct.end() ? distinct.emplace_back(Shown{std::move(rungs), {}, i}) : *same;
    row.addresses.push_back(result.evidence.addresses[i].address);
  }
  std::string out;
  const auto shown = style.verbose ? distinct.size() : std::min(distinct.size(), ladders_shown);
  for (std::size_t i = 0; i < shown; ++i) {
    out += "\n";
    if (result.evidence.addresses.size() > 1) out += "  " + address_list(distinct[i].addresses) + "\n";
    out += ladder_text(distinct[i].rungs, 2);
    if (style.verbose) out += unfolded(result.evidence.addresses[distinct[i].first]);
  }
  if (shown < distinct.size()) out += fmt::format("\n  and {} more ladders (-v)\n", distinct.size() - shown);

  std::vector<std::string> owners;
  for (std::size_t i = 0; i < result.owners.size(); ++i) {
    if (!style.verbose && !is_due(result, i)) continue;
    const auto line = owners_line(result.owners[i], style.verbose);
    if (!line.empty() && std::ranges::find(owners, line) == owners.end()) owners.push_back(line);
  }
  if (!owners.empty()) out += "\n";
  for (const auto& line : owners) out += wrap(line, 2);
  return out;
}

}  // namespace fcrdns::report
