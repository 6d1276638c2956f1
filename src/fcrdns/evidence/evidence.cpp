#include "fcrdns/evidence/evidence.hpp"

#include <algorithm>

namespace fcrdns::evidence {

std::vector<net::Address> addresses_in(const resolver::Answer& answer) {
  std::vector<net::Address> found;
  for (const auto& record : answer.records)
    if (const auto* address = std::get_if<net::Address>(&record.data)) found.push_back(*address);
  return found;
}

verdict::Verdict verdict_of(const AddressEvidence& address) {
  std::vector<std::vector<net::Address>> forward;
  forward.reserve(address.names.size());
  std::vector<verdict::NameFacts> names;
  for (const auto& name : address.names) {
    forward.push_back(addresses_in(name.own));
    names.push_back({name.own.status, forward.back()});
  }
  const bool only_root = !address.names.empty() && std::ranges::all_of(address.names, [](const NameEvidence& name) {
    return name.name.is_root();
  });
  return verdict::iprev({address.address, address.ptr.status, only_root, names});
}

std::size_t names_checked(const AddressEvidence& address) {
  return static_cast<std::size_t>(std::ranges::count_if(address.names, [](const NameEvidence& name) {
    return name.own.status != dns::Status::not_checked && name.own.status != dns::Status::unusable;
  }));
}

base::Milliseconds longest_chain(const std::vector<TraceRow>& trace) {
  std::vector<base::Milliseconds> until(trace.size());
  for (std::size_t i = 0; i < trace.size(); ++i) {
    until[i] = trace[i].took;
    if (trace[i].after && *trace[i].after < i) until[i] += until[*trace[i].after];
  }
  return until.empty() ? base::Milliseconds{} : *std::ranges::max_element(until);
}

}  // namespace fcrdns::evidence
