#include "fcrdns/lease/cut.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/sweep/units.hpp"

namespace fcrdns::lease {
namespace {

using net::Prefix;

bool comes_before(const Prefix& a, const Prefix& b) { return a.base != b.base ? a.base < b.base : a.length < b.length; }

bool holds(const Prefix& outer, const Prefix& inner) { return outer.length <= inner.length && outer.contains(inner.base); }

/// The two halves.
std::pair<Prefix, Prefix> split(const Prefix& prefix) {
  base::Octets octets(prefix.base.octets().begin(), prefix.base.octets().end());
  octets[prefix.length / 8U] = static_cast<std::uint8_t>(octets[prefix.length / 8U] | 0x80 >> prefix.length % 8);
  const auto longer = static_cast<std::uint8_t>(prefix.length + 1);
  return {{prefix.base, longer}, {*net::Address::from_octets(octets), longer}};
}

class Cutter {
 public:
  Cutter(const std::vector<Prefix>& taken, std::uint64_t size) : taken_(sweep::disjoint(taken)), size_(size) {}

  /// False: too many.
  bool add(const Prefix& prefix) {
    const auto next = std::lower_bound(taken_.begin(), taken_.end(), prefix, comes_before);
    // As they lie side by side, only the neighbours can hold it or be held.
    if ((next != taken_.end() && holds(*next, prefix)) || (next != taken_.begin() && holds(*std::prev(next), prefix))) return true;
    const bool is_cut_into = next != taken_.end() && holds(prefix, *next);
    if (is_cut_into || addresses_of(prefix) > size_) {
      const auto [low, high] = split(prefix);
      return add(low) && add(high);
    }
    if (leases_.empty() || held_ + addresses_of(prefix) > size_ || leases_.back().size() == most_prefixes) {
      if (leases_.size() == most_leases) return false;
      leases_.emplace_back();
      held_ = 0;
    }
    leases_.back().push_back(prefix);
    held_ += addresses_of(prefix);
    return true;
  }
  std::vector<std::vector<Prefix>> take() { return std::move(leases_); }

 private:
  const std::vector<Prefix> taken_;
  const std::uint64_t size_;
  std::vector<std::vector<Prefix>> leases_;
  std::uint64_t held_ = 0;  // addresses, by the last lease
};

}  // namespace

std::uint64_t addresses_of(const Prefix& prefix) { return std::uint64_t{1} << std::min(sweep::full_length(prefix.base.family()) - prefix.length, 63); }

std::uint64_t addresses_of(const std::vector<Prefix>& prefixes) {
  std::uint64_t sum = 0;
  for (const auto& prefix : prefixes) sum = std::min(sum + std::min(addresses_of(prefix), std::uint64_t{1} << 62), std::uint64_t{1} << 62);
  return sum;
}

base::Expected<std::vector<std::vector<Prefix>>> cut(const std::vector<Prefix>& wanted, const std::vector<Prefix>& taken, std::uint64_t size) {
  const auto too_many = [&] {
    return base::fault(fmt::format("these prefixes make more than {} leases of {} addresses: give fewer, or larger leases (--lease-size)", most_leases, size));
  };
  const auto all = sweep::disjoint(wanted);
  if (addresses_of(all) / size > most_leases) return too_many();
  Cutter cutter(taken, size);
  for (const auto& prefix : all)
    if (!cutter.add(prefix)) return too_many();
  return cutter.take();
}

std::string id_of(const std::vector<Prefix>& prefixes) {
  const auto& first = prefixes.front();
  std::string out;
  for (const auto octet : first.base.octets()) out += first.base.is_v4() ? fmt::format("{}-", octet) : fmt::format("{:02x}", octet);
  if (first.base.is_v6()) out += '-';
  out += fmt::format("{}", first.length);
  if (prefixes.size() == 1) return out;
  std::uint64_t sum = 0xcbf29ce484222325;  // FNV-1a
  for (const auto& prefix : prefixes)
    for (const char c : prefix.text() + "\n") sum = (sum ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  return fmt::format("{}-n{}-{:016x}", out, prefixes.size(), sum);
}

}  // namespace fcrdns::lease
