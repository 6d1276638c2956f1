// Claims as rows of a table, for tests: what a reader hands to its sink, one line each.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "fcrdns/bounce/message.hpp"

namespace fcrdns::bounce::test {

class Kept final : public Sink {
 public:
  void claim(const Claim& claim) override { claims.push_back(claim); }
  void note(std::string line) override { notes.push_back(std::move(line)); }
  void advised(Advice) override { ++advised_of; }
  std::size_t advised_of = 0;
  std::vector<Claim> claims;
  std::vector<std::string> notes;
};

inline std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

/// format, direction, permanence, time, queue id, sender, recipient, remote MTA, sending host, code, enhanced code,
/// address, where from; separated by tabs.
inline std::string row_of(const Claim& claim) {
  const std::string cells[] = {std::string(claim.format),
                               std::string(to_word(claim.direction)),
                               claim.permanent ? "permanent" : "delayed",
                               claim.time ? base::to_rfc3339(*claim.time) : "-",
                               or_dash(claim.queue_id),
                               or_dash(claim.sender),
                               or_dash(claim.recipient),
                               or_dash(claim.remote_mta),
                               or_dash(claim.sending_host),
                               std::to_string(claim.reply.code),
                               claim.reply.enhanced ? claim.reply.enhanced->text() : "-",
                               claim.address ? claim.address->text() : "-",
                               std::string(to_word(claim.address_source))};
  std::string row;
  for (const auto& cell : cells) row += (row.empty() ? "" : "\t") + cell;
  return row;
}

inline std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream out;
  out << file.rdbuf();
  return std::move(out).str();
}

}  // namespace fcrdns::bounce::test
