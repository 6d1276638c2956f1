#include "fcrdns/evidence/proof_part.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"

namespace fcrdns::evidence {
namespace {

using base::Milliseconds;

constexpr std::size_t max_under_way = 8;
constexpr std::size_t silence_proven = 10;          // questions, none of which was answered
constexpr Milliseconds spread{2400}, least_pace{20}, most_pace{60};
constexpr std::size_t records_named = 4, octets_named = 300;

/// Only what differs from the plain question differs: mixed case goes without EDNS.
resolver::Wording wording_of(Manner manner) {
  const bool edns = manner == Manner::edns || manner == Manner::edns_do;
  return {.edns = edns, .dnssec_ok = manner == Manner::edns_do, .mixed_case = manner == Manner::mixed_case};
}

bool is_walked(const std::vector<resolver::Walk>& walks) {
  return !walks.empty() && walks.front().root_reached && !walks.back().servers.empty();
}

std::string in_small_letters(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return text;
}

std::string in_words(dns::Status status, const std::vector<std::string>& data) {
  if (data.empty()) return std::string(to_word(status));
  std::string out;
  for (std::size_t i = 0; i < std::min(data.size(), records_named); ++i) out += (i == 0 ? "" : ", ") + data[i];
  if (data.size() > records_named) out += fmt::format(" and {} more", data.size() - records_named);
  return out.size() <= octets_named ? out : out.substr(0, octets_named) + "...";
}

void set_times(ProofRow& row, std::vector<Milliseconds> took) {
  if (took.empty()) return;
  std::ranges::sort(took);
  row.fastest = took.front();
  row.median = took[took.size() / 2];
  row.slowest = took.back();
}

}  // namespace

void ProofPart::begin() {
  const auto& addresses = asking_.evidence.addresses;
  std::size_t proved = 0;
  for (std::size_t i = 0; i < std::min(addresses.size(), max_explained) && proved < max_addresses; ++i) {
    const auto before = zones_;
    take_up(i);
    if (zones_ > before) ++proved;
  }
  if (lines_.empty()) return;
  trace_row_ = asking_.begin_row(fmt::format("proof: {} questions at {} server addresses", zones_, lines_.size() / 2));
  Milliseconds begin{};
  for (auto& [endpoint, line] : lines_) {
    const auto each = spread / static_cast<int>(line.waiting.size());
    line.pace = std::clamp(each, least_pace, most_pace);
    // They do not all begin at the same moment.
    asking_.sources.resolver.at(asking_.now() + begin, [this, &line] { next(line); });
    begin = (begin + Milliseconds{7}) % most_pace;
  }
}

/// The zone of the PTR, then those of its names, the confirming ones first.
void ProofPart::take_up(std::size_t address) {
  const auto& at = asking_.evidence.addresses[address];
  if (at.from.empty() || !is_walked(at.reverse)) return;
  take_up(address, at.reverse.back());
  std::vector<const NameEvidence*> names;
  for (const auto& name : at.names)
    if (is_walked(name.forward)) names.push_back(&name);
  std::ranges::stable_partition(names, [&](const NameEvidence* name) { return leads_to(name->forward.back().answer, at.address); });
  if (names.size() > max_zones - 1) names.resize(max_zones - 1);
  for (const auto* name : names) take_up(address, name->forward.back());
}

/// Manners follow one another, to and fro: no bad moment, and no server that lets every other packet fall, meets one of
/// them alone.
void ProofPart::take_up(std::size_t address, const resolver::Walk& walk) {
  std::size_t taken = 0;
  for (const auto& server : walk.servers) {
    const bool was_asked = server.udp != dns::Status::not_asked || server.tcp != dns::Status::not_asked;
    if (server.no_route || !was_asked || taken == max_servers) continue;
    ++taken;
    for (const bool tcp : {false, true}) {
      const net::Endpoint endpoint{server.address, 53};
      auto& line = lines_[{endpoint, tcp}];
      const auto first = rows_.size();
      for (const auto manner : all_manners)
        rows_.push_back({address, zones_, {.question = walk.question, .server = server.name, .endpoint = endpoint, .tcp = tcp, .manner = manner}});
      for (unsigned i = 0; i < repetitions; ++i)
        for (std::size_t k = 0; k < rows_.size() - first; ++k) line.waiting.push_back(i % 2 == 0 ? first + k : rows_.size() - 1 - k);
    }
  }
  if (taken > 0) ++zones_;
}

void ProofPart::next(Line& line) {
  if (!line.has_answered && line.silent >= silence_proven) line.waiting.clear();
  if (asking_.now() + patience > asking_.proof_end) line.waiting.clear();
  if (line.waiting.empty()) {
    if (is_done()) finish();
    return;
  }
  // What may still prove a server silent is waited for.
  const bool is_unsure = !line.has_answered && line.silent + line.under_way >= silence_proven;
  if (line.under_way < max_under_way && !is_unsure) {
    const auto row = line.waiting.front();
    line.waiting.pop_front();
    ask(line, row);
    if (line.waiting.empty()) return;  // the last answer ends it
  }
  asking_.sources.resolver.at(asking_.now() + line.pace, [this, &line] { next(line); });
}

void ProofPart::ask(Line& line, std::size_t number) {
  ++line.under_way;
  auto& row = rows_[number].row;
  ++row.asked;
  const resolver::ServerQuestion question{.server = row.endpoint, .question = row.question, .tcp = row.tcp, .once = wording_of(row.manner)};
  asking_.sources.resolver.ask_server(question, asking_.now() + patience, [this, &line, number](const resolver::ServerAnswer& told) {
    auto& gathered = rows_[number];
    Said said{told.answer.status, {}};
    for (const auto& record : told.answer.records) said.data.push_back(in_small_letters(dns::to_text(record.type, record.data)));
    for (const auto& target : told.answer.via) said.data.push_back("CNAME " + in_small_letters(target.text()));
    std::ranges::sort(said.data);
    gathered.said.push_back(std::move(said));
    --line.under_way;
    if (told.answer.status == dns::Status::timeout || told.answer.status == dns::Status::unreachable) {
      ++line.silent;
    } else {
      line.has_answered = true;
      gathered.took.push_back(std::chrono::round<Milliseconds>(told.answer.answered - told.answer.asked));
    }
    if (is_done()) finish();
  });
}

bool ProofPart::is_done() const {
  return std::ranges::all_of(lines_, [](const auto& entry) { return entry.second.waiting.empty() && entry.second.under_way == 0; });
}

/// Of each zone: every server address votes with what it said most often; records win over their absence at a tie.
std::vector<ProofPart::Said> ProofPart::right_answers() const {
  std::vector<Said> out;
  for (std::size_t zone = 0; zone < zones_; ++zone) {
    std::map<net::Endpoint, std::map<Said, unsigned>> by_server;
    for (const auto& gathered : rows_)
      for (const auto& said : gathered.said)
        if (gathered.zone == zone && dns::is_definite(said.status)) ++by_server[gathered.row.endpoint][said];
    std::map<Said, unsigned> votes;
    for (const auto& [server, counts] : by_server)
      ++votes[std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; })->first];
    const auto weight = [](const auto& entry) { return std::pair(entry.second, entry.first.status == dns::Status::noerror); };
    const auto most = std::ranges::max_element(votes, {}, weight);
    out.push_back(most == votes.end() ? Said{dns::Status::timeout, {}} : most->first);
  }
  return out;
}

void ProofPart::finish() {
  const auto right = right_answers();
  unsigned asked = 0, well = 0;
  for (auto& [address, zone, row, said, took] : rows_) {
    if (row.asked == 0) continue;
    const bool is_known = dns::is_definite(right[zone].status);
    std::map<dns::Status, unsigned> others;
    for (const auto& one : said) is_known && one == right[zone] ? ++row.right : ++others[one.status];
    row.others.assign(others.begin(), others.end());
    if (is_known) row.expected = in_words(right[zone].status, right[zone].data);
    set_times(row, std::move(took));
    asked += row.asked;
    well += row.right;
    asking_.evidence.addresses[address].proof.push_back(std::move(row));
  }
  rows_.clear();
  lines_.clear();
  asking_.end_row(trace_row_, fmt::format("{} of {} right", well, asked));
}

}  // namespace fcrdns::evidence
