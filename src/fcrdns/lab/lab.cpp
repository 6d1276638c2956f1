#include "fcrdns/lab/lab.hpp"

#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "fcrdns/authority/server.hpp"
#include "fcrdns/lab/network.hpp"
#include "fcrdns/lab/processes.hpp"
#include "fcrdns/lab/recursive.hpp"

namespace fcrdns::lab {

using base::Expected;
using base::fault;

namespace {

// The lab's recursive resolver: where programs look without being told, and an address that looks like a public one.
const std::vector<std::string> resolver_addresses = {"127.0.0.53", "127.0.0.1", "::1", "192.0.2.53", "2001:db8:53::53"};

/// A directory of the lab's own files, gone with this object.
class Files {
 public:
  [[nodiscard]] static Expected<Files> make() {
    auto path = (std::filesystem::temp_directory_path() / "fcrdns-lab-XXXXXX").string();
    if (!::mkdtemp(path.data())) return fault("cannot make a directory " + path);
    return Files(path);
  }
  Files(Files&& other) noexcept : directory_(std::exchange(other.directory_, {})) {}
  Files& operator=(Files&&) = delete;
  ~Files() {
    std::error_code gone;
    if (!directory_.empty()) std::filesystem::remove_all(directory_, gone);
  }
  [[nodiscard]] Expected<std::string> write(const std::string& name, const std::string& text) const {
    const auto path = directory_ / name;
    std::ofstream file(path);
    if (!(file << text).flush()) return fault("cannot write " + path.string());
    return path.string();
  }

 private:
  explicit Files(std::filesystem::path directory) : directory_(std::move(directory)) {}
  std::filesystem::path directory_;
};

/// Where the lab's resolver listens.
std::vector<net::Address> resolvers() {
  std::vector<net::Address> out;
  for (const auto& text : resolver_addresses)
    if (const auto address = net::Address::parse(text).value(); address.is_v4() || has_ipv6()) out.push_back(address);
  return out;
}

/// What the namespace's `lo` has to own; it brings the loopback addresses itself.
std::vector<net::Address> addresses_of(const world::World& world) {
  std::vector<net::Address> out = resolvers();
  std::erase_if(out, [](const net::Address& a) { return a.text().starts_with("127.") || a.text() == "::1"; });
  for (const auto& server : world.servers) out.insert(out.end(), server.addresses.begin(), server.addresses.end());
  return out;
}

/// Every server keeps its IPv4 address where the machine has no IPv6; the hosts of the world may still be IPv6.
void drop_ipv6_servers(world::World& world) {
  for (auto& server : world.servers) std::erase_if(server.addresses, [](const net::Address& a) { return a.is_v6(); });
}

/// Signs the world and serves it; the word to the parent is the trust anchor.
void serve_world(const world::World& world, const ServerProcess::Ready& ready) {
  const auto signed_world = authority::sign(world, base::wall_now());
  if (!signed_world) return ready(std::unexpected(signed_world.error()));
  authority::Listeners listeners;
  authority::Responder responder(*signed_world, base::secure_random());
  if (const auto bound = authority::serve(signed_world->world, responder, listeners); !bound)
    return ready(std::unexpected(bound.error()));
  ready(signed_world->trust_anchor());
  listeners.run();
}

void serve_resolver(const world::World& world, const std::string& trust_anchor, const ServerProcess::Ready& ready) {
  authority::Listeners listeners;
  auto recursive = Recursive::start(trust_anchor, world, listeners);
  if (!recursive) return ready(std::unexpected(recursive.error()));
  for (const auto& address : resolvers())
    if (const auto bound = listeners.add({address, 53}, (*recursive)->handler()); !bound)
      return ready(std::unexpected(bound.error()));
  ready("");
  listeners.run();
}

/// The word to the parent is the endpoint.
void serve_plain(const world::World& world, const ServerProcess::Ready& ready) {
  authority::Listeners listeners;
  Plain plain(world, listeners);
  const auto bound = listeners.add({net::Address::v4({127, 0, 0, 1}), 0}, plain.handler());
  if (!bound) return ready(std::unexpected(bound.error()));
  ready(bound->text());
  listeners.run();
}

/// "fcrdns" inside the lab is this very program.
void put_own_program_first() {
  std::error_code unknown;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", unknown);
  if (unknown) return;
  const char* path = ::getenv("PATH");
  ::setenv("PATH", (self.parent_path().string() + ":" + (path ? path : "/usr/bin:/bin")).c_str(), 1);
}

Expected<int> run_inside(const world::World& world, const std::vector<std::string>& command) {
  if (auto done = enter_network(addresses_of(world)); !done) return std::unexpected(done.error());
  const auto servers = ServerProcess::start([&](const auto& ready) { serve_world(world, ready); });
  if (!servers) return std::unexpected(servers.error());
  const auto& trust_anchor = servers->second;
  const auto resolver = ServerProcess::start([&](const auto& ready) { serve_resolver(world, trust_anchor, ready); });
  if (!resolver) return std::unexpected(resolver.error());

  const auto files = Files::make();
  if (!files) return std::unexpected(files.error());
  const auto resolv_conf =
      files->write("resolv.conf", "# inside fcrdns lab\nnameserver " + resolver_addresses.front() + "\n");
  const auto anchor_file = files->write("root.key", trust_anchor);
  if (!resolv_conf || !anchor_file) return std::unexpected((resolv_conf ? anchor_file : resolv_conf).error());
  cover_resolv_conf(*resolv_conf);  // without one to cover, programs ask 127.0.0.1, which answers too
  ::unsetenv("FCRDNS_RESOLVER");
  ::unsetenv("FCRDNS_ROOT_HINTS");
  if (!trust_anchor.empty()) ::setenv("FCRDNS_TRUST_ANCHOR", anchor_file->c_str(), 1);
  return run_command(command);
}

Expected<int> run_plain(const world::World& world, const std::vector<std::string>& command, const std::string& why) {
  const auto resolver = ServerProcess::start([&](const auto& ready) { serve_plain(world, ready); });
  if (!resolver) return std::unexpected(resolver.error());
  const auto& where = resolver->second;
  const auto port = where.substr(where.rfind(':') + 1);
  std::fprintf(stderr, "fcrdns lab: %s; the world is served by a resolver on %s (dig @127.0.0.1 -p %s NAME)\n",
               why.c_str(), where.c_str(), port.c_str());
  ::unsetenv("FCRDNS_ROOT_HINTS");
  ::unsetenv("FCRDNS_TRUST_ANCHOR");
  ::setenv("FCRDNS_RESOLVER", where.c_str(), 1);
  // There are no servers of the zones to walk to, and the registries know nothing of this world.
  ::setenv("FCRDNS_NO_WALK", "1", 1);
  ::setenv("FCRDNS_NO_RDAP", "1", 1);
  return run_command(command);
}

}  // namespace

Expected<int> run(const Options& options) {
  auto world = load(options.world);
  if (!world) return std::unexpected(world.error());
  if (!has_ipv6()) drop_ipv6_servers(*world);
  auto command = options.command;
  if (const char* shell = ::getenv("SHELL"); command.empty()) command = {shell && *shell ? shell : "/bin/sh"};
  put_own_program_first();
  if (options.plain) return run_plain(*world, command, "plain, as asked");
  if (const auto possible = probe_network(addresses_of(*world)); !possible)
    return run_plain(*world, command, "no network namespace here (" + possible.error().message + ")");
  return run_inside(*world, command);
}

}  // namespace fcrdns::lab
