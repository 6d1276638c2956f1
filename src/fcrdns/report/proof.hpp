// What --proof found, as every rendering tells it: servers that always answered well in one sentence, else a table in
// which manners and transports that were alike share a row.
#pragma once

#include <string>
#include <vector>

#include "fcrdns/report/json_parts.hpp"
#include "fcrdns/report/report.hpp"

namespace fcrdns::report {

/// Of one server address.
struct ProofLine {
  std::string server, address;
  std::string over;       ///< "UDP", "TCP", "UDP and TCP"
  std::string manner;     ///< "edns", "" for all of them together
  std::string right;      ///< "28 of 40"
  std::string otherwise;  ///< "12 timeout"
  std::string times;      ///< "1/2/12": fastest, median of the slowest manner, slowest; milliseconds
};
/// Of one question, to all servers of its zone.
struct ProofTable {
  std::string question;   ///< "PTR 5.113.0.203.in-addr.arpa."
  std::string expected;   ///< "mail.example.com."; empty when no server gave an answer
  std::string sentence;   ///< when all is well: "both servers: 160 of 160 over UDP and TCP, IPv4 and IPv6; slowest 12 ms"
  std::vector<ProofLine> lines;  ///< when something is not, or all is to be told
};
/// With `whole` every row for itself.
[[nodiscard]] std::vector<ProofTable> proof_tables(const evidence::AddressEvidence& address, bool whole);
/// "Proof of 2026-11-21T13:02:00Z: each question 10 times: ..."; empty when nothing was proved.
[[nodiscard]] std::string proof_heading(const Result& result);

[[nodiscard]] std::string proof_text(const Result& result, const Style& style);
[[nodiscard]] std::string proof_markdown(const Result& result, const Style& style);
[[nodiscard]] std::string proof_html(const Result& result);
[[nodiscard]] Json proof_json(const evidence::AddressEvidence& address);

}  // namespace fcrdns::report
