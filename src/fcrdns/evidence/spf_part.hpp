// What SPF says of each address (RFC 7208), asked beside the verdict. Nothing of the verdict depends on it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fcrdns/evidence/asking.hpp"

namespace fcrdns::evidence {

class SpfPart {
 public:
  explicit SpfPart(Asking& asking);
  /// An address that can be asked about. Of many the first stand for the others.
  void address_found(std::size_t index);

 private:
  using Then = std::move_only_function<void(resolver::Answer)>;
  /// One question, which several addresses and both identities may put.
  struct Known {
    std::optional<resolver::Answer> answer;
    std::vector<Then> waiting;
  };
  void ask(dns::Question question, Then then);

  Asking& asking_;
  std::vector<spf::Query> queries_;  ///< one for each identity that was told; the client is still to be filled in
  std::map<std::pair<dns::Name, dns::Type>, Known> known_;
  std::vector<std::unique_ptr<spf::Evaluation>> evaluations_;
};

}  // namespace fcrdns::evidence
