// Servers that answer one question and not the next, or in one wording and not in another: RFC 6891 7 (EDNS), RFC 7766 5
// (TCP), RFC 1035 2.3.3 (letter case is kept).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "fcrdns/finding/rules.hpp"

namespace fcrdns::finding::rules {

using evidence::Manner;
using evidence::ProofRow;

namespace {

// One lost packet is the network's, not the server's; wrong answers count from the first.
constexpr unsigned lost_in_one_manner = 2;      // of 10
constexpr unsigned lost_over_one_transport = 3; // of 40
constexpr unsigned all_mask = 15;               // a bit for each Manner

/// What a set of manners is called behind the transport.
constexpr std::array<std::string_view, 16> set_words = [] {
  std::array<std::string_view, 16> out{};
  out[1] = " without EDNS", out[2] = " with EDNS but without DO", out[4] = " with DO", out[6] = " with EDNS";
  out[8] = " in mixed letter case", out[9] = " without EDNS", out[3] = " in the name's own letter case, without DO";
  out[5] = " without EDNS or with DO", out[10] = " with EDNS but without DO, or in mixed letter case";
  out[12] = " with DO or in mixed letter case";
  return out;  // three of four count as all
}();

unsigned bit_of(Manner manner) { return 1U << static_cast<unsigned>(manner); }

/// The rows of one server address over one transport, by manner.
struct Transport {
  std::vector<const ProofRow*> rows;

  /// In which manners it fails; three of them are all.
  [[nodiscard]] unsigned faults() const {
    unsigned lost = 0;
    for (const auto* row : rows) lost += evidence::unanswered(*row);
    unsigned mask = 0;
    int manners = 0;
    for (const auto* row : rows) {
      const auto lost_here = evidence::unanswered(*row);
      const bool says_other = row->asked > row->right + lost_here;
      if (!says_other && lost_here < lost_in_one_manner && (lost_here == 0 || lost < lost_over_one_transport)) continue;
      mask |= bit_of(row->manner);
      ++manners;
    }
    return manners > 2 ? all_mask : mask;
  }
};

/// "3 of 10 unanswered, 1 of 10 servfail"
std::string shares(const std::vector<const ProofRow*>& rows, unsigned mask) {
  unsigned asked = 0;
  std::map<std::string, unsigned> what;
  for (const auto* row : rows) {
    if ((mask & bit_of(row->manner)) == 0) continue;
    asked += row->asked;
    for (const auto& [status, count] : row->others) {
      const bool none = status == dns::Status::timeout || status == dns::Status::unreachable;
      what[none ? "unanswered" : status == dns::Status::noerror ? "with other data" : std::string(to_word(status))] += count;
    }
  }
  std::string out;
  for (const auto& [word, count] : what) out += fmt::format("{}{} of {} {}", out.empty() ? "" : ", ", count, asked, word);
  return out;
}

/// What one server address does wrong; empty when nothing, or when it never is right: that the walk has seen, and other
/// findings tell it.
std::vector<std::string> faults_of(const std::string& server, const Transport& udp, const Transport& tcp) {
  auto both = udp.rows;
  both.insert(both.end(), tcp.rows.begin(), tcp.rows.end());
  if (std::ranges::all_of(both, [](const ProofRow* row) { return row->right == 0; })) return {};
  const auto over_udp = udp.faults(), over_tcp = tcp.faults();
  if (over_udp != 0 && over_udp == over_tcp)
    return {fmt::format("{} over UDP and TCP{}: {}", server, set_words[over_udp], shares(both, over_udp))};
  std::vector<std::string> out;
  if (over_udp != 0) out.push_back(fmt::format("{} over UDP{}: {}", server, set_words[over_udp], shares(udp.rows, over_udp)));
  if (over_tcp != 0) out.push_back(fmt::format("{} over TCP{}: {}", server, set_words[over_tcp], shares(tcp.rows, over_tcp)));
  return out;
}

std::string zone_of(const Case& c, const dns::Question& question) {
  const auto apex_in = [&](std::span<const resolver::Walk> walks) -> std::string {
    const auto found = std::ranges::find(walks, question, &resolver::Walk::question);
    return found == walks.end() || found->deepest() == nullptr ? "" : found->deepest()->apex.text();
  };
  auto zone = apex_in(c.at.reverse);
  for (const auto& name : c.at.names)
    if (zone.empty()) zone = apex_in(name.forward);
  return zone.empty() ? question.name.text() : zone;
}

}  // namespace

void authority_flaky(const Case& c) {
  std::vector<dns::Question> questions;
  for (const auto& row : c.at.proof)
    if (!holds(questions, row.question)) questions.push_back(row.question);
  for (const auto& question : questions) {
    std::map<std::pair<dns::Name, net::Endpoint>, std::array<Transport, 2>> servers;
    std::map<dns::Name, int> addresses;
    for (const auto& row : c.at.proof) {
      if (row.question != question) continue;
      auto [place, is_new] = servers.try_emplace({row.server, row.endpoint});
      place->second[row.tcp ? 1 : 0].rows.push_back(&row);
      addresses[row.server] += is_new ? 1 : 0;
    }
    std::vector<std::string> faults;
    for (const auto& [server, transports] : servers) {
      const auto& [name, endpoint] = server;
      const auto text = name.text() + (addresses[name] > 1 ? " (" + endpoint.address.text() + ")" : "");
      for (auto& fault : faults_of(text, transports[0], transports[1])) faults.push_back(std::move(fault));
    }
    if (faults.empty()) continue;
    c.add(Id::authority_flaky, Severity::warning,
          {{"question", question.name.text()}, {"type", dns::to_text(question.type)}, {"zone", zone_of(c, question)},
           {"servers", std::move(faults)}});
  }
}

}  // namespace fcrdns::finding::rules
