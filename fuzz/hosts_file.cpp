// hosts, resolv.conf, nsswitch.conf and cloud-init's configuration: bounded, and whatever is kept can be shown.
#include <algorithm>

#include "fcrdns/host/local_names_files.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

namespace {

void require_printable(std::string_view text) {
  fuzz::require(std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto hosts = host::parse_hosts(text);
  fuzz::require(hosts.lines.size() <= 10'000 && hosts.problems.size() <= 100);
  for (const auto& line : hosts.lines) {
    fuzz::require(!line.names.empty() && line.line > 0);
    for (const auto& name : line.names) require_printable(name);
    fuzz::require(!host::canonical_name(hosts.lines, line.names.front()).empty());
  }
  for (const auto& problem : hosts.problems) require_printable(problem);
  const auto resolvers = host::parse_resolv_conf(text);
  fuzz::require(resolvers.servers.empty() == (resolvers.line == 0));
  for (const auto& problem : resolvers.problems) require_printable(problem);
  (void)host::writer_of_hosts(text);
  (void)host::asks_files_first(text);
  (void)host::manages_hosts(text);
  return 0;
}
