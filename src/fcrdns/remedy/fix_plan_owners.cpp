#include "fcrdns/remedy/fix_plan_owners.hpp"

#include <algorithm>

#include "fcrdns/remedy/recipes.hpp"

namespace fcrdns::remedy {
namespace {

using owner::Candidate;
using provider::Known;
using provider::Provider;

constexpr std::size_t recipes_of_hint = 2, hints_told = 2;

bool is_new(const std::vector<const Provider*>& list, const Provider* one) { return one != nullptr && std::ranges::find(list, one) == list.end(); }

}  // namespace

FixOwners::FixOwners(std::span<const Candidate> candidates, const Provider* named, bool classless) {
  if (named != nullptr) {
    who_ = named->name;
    known_.push_back(named);
    return;
  }
  std::vector<Candidate> taken;
  for (const auto& candidate : candidates) {
    if (classless && candidate.source != owner::Source::delegation) continue;
    taken.push_back(candidate);
    const auto* found = candidate.provider.empty() ? nullptr : provider::find(candidate.provider);
    auto& list = candidate.certainty == owner::Certainty::hint ? hinted_ : known_;
    if (is_new(known_, found) && is_new(list, found)) list.push_back(found);
  }
  who_ = remedy::who(taken);
}

std::vector<std::string> FixOwners::ids() const {
  std::vector<std::string> out;
  for (const auto* list : {&known_, &hinted_})
    for (const auto* one : *list) out.push_back(one->id);
  return out;
}

std::vector<Recipe> FixOwners::recipes(const Blanks& blanks) const {
  std::vector<Recipe> out;
  for (const auto* one : known_)
    for (auto& recipe : recipes_of(*one, blanks)) out.push_back(std::move(recipe));
  if (!known_.empty()) return out;
  for (const auto* one : std::span(hinted_).first(std::min(hinted_.size(), hints_told))) {
    auto few = recipes_of(*one, blanks);
    few.resize(std::min(few.size(), recipes_of_hint));
    for (auto& recipe : few) {
      recipe.perhaps = true;
      out.push_back(std::move(recipe));
    }
  }
  return out;
}

std::vector<Condition> FixOwners::conditions(const Blanks& blanks) const {
  std::vector<Condition> out;
  for (const auto* one : known_)
    for (auto& condition : conditions_of(*one, blanks)) {
      if (known_.size() > 1) condition.text = one->name + ": " + condition.text;
      out.push_back(std::move(condition));
    }
  return out;
}

const Provider* FixOwners::that_checks_forward() const {
  const auto found = std::ranges::find_if(known_, &Provider::forward_first);
  return found == known_.end() ? nullptr : *found;
}

bool FixOwners::is_registry() const {
  return !known_.empty() && std::ranges::all_of(known_, [](const Provider* one) { return one->kind == "rir"; });
}

std::vector<const Provider*> FixOwners::that_refuse(const net::Address& address) const {
  const auto refuses = [&](const Provider* one) { return (address.is_v4() ? one->customer_sets_v4 : one->customer_sets_v6) == Known::no; };
  return std::ranges::all_of(known_, refuses) ? known_ : std::vector<const Provider*>();
}

}  // namespace fcrdns::remedy
