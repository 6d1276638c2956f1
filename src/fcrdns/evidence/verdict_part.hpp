// The questions the verdict waits for: which addresses, which PTR names, do these lead back?
#pragma once

#include <functional>

#include "fcrdns/evidence/asking.hpp"
#include "fcrdns/evidence/spf_candidates.hpp"

namespace fcrdns::evidence {

class VerdictPart {
 public:
  /// Told when an address is found, and when its PTR names are known; the facts are in asking.evidence by then.
  struct Hooks {
    std::move_only_function<void(std::size_t address)> address_found;
    std::move_only_function<void(std::size_t address)> names_known;
  };
  VerdictPart(Asking& asking, Hooks hooks) : asking_(asking), hooks_(std::move(hooks)) {}
  void begin();

 private:
  using Row = Asking::Row;
  void sending_host();
  void ask_name();
  void address_records(const dns::Name& host, dns::Type type, std::vector<std::string> from, Row after,
                       std::optional<resolver::Answer> Evidence::*slot);
  void decide_kind();
  void take_candidates(const SpfCandidates& spf, const std::vector<dns::Name>& exchanges);
  void candidates_of(const dns::Name& host, const std::vector<std::string>& from);
  void found(const net::Address& address, const std::optional<dns::Name>& host, std::string from, Row after);
  void ptr_answered(std::size_t index, resolver::Answer answer, std::size_t row);
  void ask_forward(std::size_t index, std::size_t name, std::size_t row);

  Asking& asking_;
  Hooks hooks_;
  bool decided_ = false;         // host or domain
  std::string own_origin_;       // of the name's own addresses; empty: they are no candidates
  std::size_t hosts_asked_ = 0;  // of a domain
};

}  // namespace fcrdns::evidence
