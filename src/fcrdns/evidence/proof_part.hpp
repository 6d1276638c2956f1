// The station that asks every server of the zones again and again, once the walks have found them (--proof).
//
// A polite rate: to one server address over one transport at most 50 questions a second (17 when it holds only one of
// the zones), spread over 2.4 s or more, and at most 8 of them under way. A server that has answered none of the first
// 10 is let be. Bounded: 2 addresses of a subject, 3 zones of each, 16 server addresses of a zone.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "fcrdns/evidence/asking.hpp"

namespace fcrdns::evidence {

class ProofPart {
 public:
  static constexpr unsigned repetitions = 10;           ///< of each question, transport and manner
  static constexpr std::size_t max_addresses = 2, max_zones = 3, max_servers = 16;
  static constexpr base::Milliseconds patience{1500};   ///< with one packet; nothing is asked twice

  explicit ProofPart(Asking& asking) : asking_(asking) {}

  /// When no walk is open any more.
  void begin();

 private:
  struct Said {
    dns::Status status;
    std::vector<std::string> data;  ///< sorted, in small letters
    friend auto operator<=>(const Said&, const Said&) = default;
  };
  /// One row while its answers come in.
  struct Gathered {
    std::size_t address = 0;  ///< its index
    std::size_t zone = 0;     ///< of those under proof: rows of one zone are compared
    ProofRow row;
    std::vector<Said> said{};
    std::vector<base::Milliseconds> took{};
  };
  /// One server address over one transport.
  struct Line {
    std::deque<std::size_t> waiting{};  ///< rows, each as often as it is still to be asked
    std::size_t under_way = 0, silent = 0;
    bool has_answered = false;
    base::Milliseconds pace{};
  };

  void take_up(std::size_t address);
  void take_up(std::size_t address, const resolver::Walk& walk);
  void next(Line& line);
  void ask(Line& line, std::size_t row);
  void finish();
  [[nodiscard]] std::vector<Said> right_answers() const;
  [[nodiscard]] bool is_done() const;

  Asking& asking_;
  std::vector<Gathered> rows_;
  std::map<std::pair<net::Endpoint, bool>, Line> lines_;
  std::size_t zones_ = 0, trace_row_ = 0;
};

}  // namespace fcrdns::evidence
