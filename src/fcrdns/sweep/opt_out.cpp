#include "fcrdns/sweep/opt_out.hpp"

#include <algorithm>

#include "fcrdns/sweep/units.hpp"

namespace fcrdns::sweep {

namespace {

/// Whether `next` begins where `last` ends. Behind the highest address of a family nothing does.
bool adjoins(const net::Address& last, const net::Address& next) {
  if (last.family() != next.family()) return false;
  base::Octets octets(last.octets().begin(), last.octets().end());
  for (auto at = octets.rbegin(); at != octets.rend() && ++*at == 0; ++at) {}
  return std::ranges::equal(octets, next.octets()) && last < next;
}

}  // namespace

OptOut::OptOut(const std::vector<net::Prefix>& prefixes) {
  std::vector<Span> all;
  all.reserve(prefixes.size());
  for (const auto& prefix : prefixes) all.emplace_back(prefix.base, last_of(prefix));
  std::ranges::sort(all);
  // Prefixes are disjoint or one holds the other; the outer one comes first or begins where the inner one does.
  for (const auto& span : all)
    if (spans_.empty() || (span.first > spans_.back().second && !adjoins(spans_.back().second, span.first)))
      spans_.push_back(span);
    else
      spans_.back().second = std::max(spans_.back().second, span.second);
}

std::vector<OptOut::Span>::const_iterator OptOut::from(const net::Address& address) const {
  return std::ranges::lower_bound(spans_, address, {}, &Span::second);
}

bool OptOut::contains(const net::Address& address) const {
  const auto found = from(address);
  return found != spans_.end() && found->first <= address;
}

OptOut::Of OptOut::block(const net::Prefix& block) const {
  const auto found = from(block.base);
  const auto last = last_of(block);
  if (found == spans_.end() || found->first > last) return Of::none;
  return found->first <= block.base && found->second >= last ? Of::all : Of::some;
}

std::vector<std::pair<net::Address, net::Address>> OptOut::within(const net::Prefix& prefix) const {
  const auto last = last_of(prefix);
  std::vector<Span> out;
  for (auto at = from(prefix.base); at != spans_.end() && at->first <= last; ++at)
    out.emplace_back(std::max(at->first, prefix.base), std::min(at->second, last));
  return out;
}

}  // namespace fcrdns::sweep
