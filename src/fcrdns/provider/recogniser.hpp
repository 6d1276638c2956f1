// Which providers a name, a name server or an organisation speaks for. Built once from a list of providers.
#pragma once

#include <deque>
#include <span>
#include <string_view>
#include <vector>

#include <re2/set.h>

#include "fcrdns/provider/pattern.hpp"
#include "fcrdns/provider/plain_name.hpp"
#include "fcrdns/provider/provider.hpp"
#include "fcrdns/provider/suffix_tree.hpp"

namespace fcrdns::provider {

class Recogniser {
 public:
  /// The providers outlive this.
  explicit Recogniser(std::span<const Provider> providers);

  [[nodiscard]] std::vector<Match> by_ptr(const PlainName& name, const net::Address& address) const;
  [[nodiscard]] std::vector<Match> by_nameserver(const PlainName& nameserver) const;
  [[nodiscard]] std::vector<Match> by_organisation(std::string_view organisation) const;

 private:
  struct Ending {
    const Provider* provider;
    bool verified;
  };
  std::span<const Provider> providers_;
  std::deque<Pattern> patterns_;                 // an expression cannot be moved
  std::vector<const Provider*> pattern_owners_;  // of the pattern at the same place
  re2::RE2::Set any_;  // all expressions in one automaton: one pass tells that no default name fits
  std::vector<Ending> endings_;
  SuffixTree ptr_suffixes_, ns_suffixes_;
};

/// provider::by_ptr for who has the plain form already.
[[nodiscard]] std::vector<Match> by_ptr(const PlainName& name, const net::Address& address);

}  // namespace fcrdns::provider
