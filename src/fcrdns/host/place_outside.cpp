#include <fmt/format.h>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/place.hpp"
#include "fcrdns/host/place_containers.hpp"

namespace fcrdns::host {
namespace {

/// Tables made by the older iptables stand beside nftables; which there are is told to root.
void add_legacy_tables(Files& files, Outside& out) {
  for (const auto* name : {"ip", "ip6"}) {
    const auto text = files.read(fmt::format("/proc/net/{}_tables_names", name));
    if (!text) continue;
    for (const auto line : base::split(*text, '\n'))
      if (base::trim(line) == "nat") out.nat.push_back(fmt::format("a nat table of {}tables-legacy, whose rules are not read here", name));
  }
}

}  // namespace

Outside look_outside(Files& files, Kernel& kernel) {
  Outside out;
  const auto group = files.read("/proc/1/cgroup");
  out.in_container = files.exists("/.dockerenv") || files.exists("/run/.containerenv") || files.exists("/run/systemd/container") ||
                     (group && parse_group(*group) != GroupName());
  if (auto translations = kernel.translations()) out.translations = std::move(*translations);
  else out.nat_unseen = translations.error().message;
  for (const auto& translation : out.translations) out.nat.push_back(translation.text);
  add_legacy_tables(files, out);
  return out;
}

std::optional<SeenAs> translate(const std::vector<Translation>& rules, Kernel& host, const net::Address& source,
                                const net::Address& destination) {
  const auto choice = host.source_for(destination, {});
  if (!choice.source) return std::nullopt;
  for (const auto& rule : rules) {
    const bool of_other = (rule.of && !rule.of->contains(source)) || (rule.to && rule.to->family() != source.family());
    if (of_other || (!rule.interface.empty() && rule.interface != choice.interface)) continue;
    if (rule.conditional) return std::nullopt;  // nobody knows here whether it takes the packet
    // Masquerade takes the address of the interface, in most cases the one the host itself would leave from.
    return SeenAs{rule.to.value_or(*choice.source), rule};
  }
  return std::nullopt;
}

}  // namespace fcrdns::host
