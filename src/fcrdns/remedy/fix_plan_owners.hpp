// Who may own the reverse zone, as far as the plan goes by it: the provider the user names, else those the evidence tells.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "fcrdns/owner/owner.hpp"
#include "fcrdns/remedy/fix_plan.hpp"
#include "fcrdns/remedy/owners_way.hpp"

namespace fcrdns::remedy {

class FixOwners {
 public:
  /// `classless`: the PTR goes to a zone of somebody else, whom only its name servers tell.
  FixOwners(std::span<const owner::Candidate> candidates, const provider::Provider* named, bool classless);

  [[nodiscard]] std::string who() const { return who_; }  ///< "" when nobody is known
  [[nodiscard]] std::vector<std::string> ids() const;
  /// Of each that is sure or likely; when there is none, the cheapest of those that are hinted at.
  [[nodiscard]] std::vector<Recipe> recipes(const Blanks& blanks) const;
  [[nodiscard]] std::vector<Condition> conditions(const Blanks& blanks) const;
  /// The first of them that refuses a PTR whose name does not lead back; null: none does.
  [[nodiscard]] const provider::Provider* that_checks_forward() const;
  /// All there are keep a registry: the zone is the user's own.
  [[nodiscard]] bool is_registry() const;
  /// All of them, when each is documented to let no customer set a PTR of that family; else none.
  [[nodiscard]] std::vector<const provider::Provider*> that_refuse(const net::Address& address) const;

 private:
  std::string who_;
  std::vector<const provider::Provider*> known_, hinted_;  ///< likeliest first
};

}  // namespace fcrdns::remedy
