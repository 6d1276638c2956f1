#include "fcrdns/provider/recogniser.hpp"

#include <algorithm>

#include "fcrdns/base/text.hpp"

namespace fcrdns::provider {
namespace {

/// Behind those that are as good.
void add(std::vector<Match>& matches, const Match& match) {
  const auto is_better = [](const Match& a, const Match& b) { return a.verified != b.verified ? a.verified : a.fit > b.fit; };
  matches.insert(std::ranges::upper_bound(matches, match, is_better), match);
}

}  // namespace

Recogniser::Recogniser(std::span<const Provider> providers)
    : providers_(providers), any_(pattern_options(), re2::RE2::ANCHOR_BOTH) {
  const auto add_ending = [&](const Provider& provider, const Suffix& suffix, SuffixTree& tree) {
    tree.add(suffix.name, static_cast<std::uint32_t>(endings_.size()));
    endings_.push_back({&provider, suffix.verified});
  };
  for (const auto& provider : providers_) {
    for (const auto& suffix : provider.ptr_suffixes) add_ending(provider, suffix, ptr_suffixes_);
    for (const auto& suffix : provider.ns_suffixes) add_ending(provider, suffix, ns_suffixes_);
    if (provider.ptr_pattern.empty()) continue;
    patterns_.emplace_back(provider.ptr_pattern);
    pattern_owners_.push_back(&provider);
    any_.Add(provider.ptr_pattern, nullptr);
  }
  any_.Compile();
}

std::vector<Match> Recogniser::by_ptr(const PlainName& name, const net::Address& address) const {
  std::vector<Match> out;
  const re2::StringPiece text(name.text().data(), name.text().size());
  re2::RE2::Set::ErrorInfo error;
  std::vector<int> hits;
  if (any_.Match(text, nullptr, &error)) any_.Match(text, &hits, &error);  // a list of hits costs an allocation
  // Out of memory for the automaton: each expression by itself, which needs less.
  if (error.kind != re2::RE2::Set::kNoError)
    for (std::size_t i = 0; i < patterns_.size(); ++i) hits.push_back(static_cast<int>(i));
  for (const auto hit : hits) {
    const auto at = static_cast<std::size_t>(hit);
    const auto* owner = pattern_owners_[at];
    if (const auto fit = patterns_[at].fit(name.text(), address); fit != Fit::none)
      add(out, {owner, fit, owner->ptr_pattern_verified});
  }
  for (const auto& hit : ptr_suffixes_.find(name)) {
    const auto& ending = endings_[hit.value];
    if (std::ranges::find(out, ending.provider, &Match::provider) == out.end())
      add(out, {ending.provider, Fit::suffix, ending.verified});
  }
  return out;
}

std::vector<Match> Recogniser::by_nameserver(const PlainName& nameserver) const {
  std::vector<Match> out;
  for (const auto& hit : ns_suffixes_.find(nameserver)) {
    const auto& ending = endings_[hit.value];
    if (std::ranges::find(out, ending.provider, &Match::provider) == out.end())
      out.push_back({ending.provider, Fit::suffix, ending.verified});
  }
  return out;
}

std::vector<Match> Recogniser::by_organisation(std::string_view organisation) const {
  organisation = base::trim(organisation);
  const auto fits = [&](std::string_view wanted) {
    if (!wanted.ends_with('*')) return base::equals_ignoring_case(organisation, wanted);
    wanted.remove_suffix(1);
    return base::equals_ignoring_case(organisation.substr(0, wanted.size()), wanted);
  };
  std::vector<Match> out;
  for (const auto& provider : providers_)
    if (std::ranges::any_of(provider.rdap_orgs, fits)) out.push_back({&provider, Fit::suffix, false});
  return out;
}

}  // namespace fcrdns::provider
