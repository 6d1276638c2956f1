// How long does a person wait? Against a resolver that takes 20 ms for every answer:
//   - the verdict on an address, beside dig asking the same two questions one after the other
//   - a check of a host with both families, beside the longest chain of questions that --trace prints
// And in the lab, every server of which takes 20 ms: the same host from the root on, with the delegation walk and without.
// Usage: latency_bench FCRDNS [ROUNDS]. The last line says the figures; the exit code, whether they keep the promise.
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "fcrdns/authority/listeners.hpp"
#include "fcrdns/dns/message.hpp"
#include "fcrdns/resolver/root.hpp"

namespace {

using namespace fcrdns;

constexpr base::Milliseconds round_trip{20};
const std::string v4 = "203.0.113.5", v6 = "2001:db8:1::25", host = "mail.example.com.";

/// Every reverse name leads to the host, and the host to both addresses.
base::Octets answer(const dns::Message& query) {
  dns::Message reply;
  reply.id = query.id;
  reply.response = reply.recursion_desired = reply.recursion_available = true;
  reply.questions = query.questions;
  if (query.edns) reply.edns.emplace();
  const auto& question = query.questions.front();
  const auto add = [&](dns::Rdata data) {
    reply.answers.push_back({question.name, question.type, dns::Class::in, 60, std::move(data)});
  };
  if (question.type == dns::Type::ptr) add(*dns::Name::parse(host));
  if (question.type == dns::Type::a) add(*net::Address::parse(v4));
  if (question.type == dns::Type::aaaa) add(*net::Address::parse(v6));
  return dns::write_message(reply);
}

class SlowResolver {
 public:
  SlowResolver() {
    const auto on_query = [this](base::OctetView octets, authority::Transport, authority::Reply reply) {
      const auto query = dns::read_message(octets);
      if (!query || query->questions.empty()) return;
      listeners_.after(round_trip, [reply = std::move(reply), said = answer(*query)] { reply(said); });
    };
    const auto endpoint = listeners_.add({net::Address::v4({127, 0, 0, 1}), 0}, on_query);
    if (!endpoint) throw std::runtime_error(endpoint.error().message);
    port_ = endpoint->port;
    thread_ = std::jthread([this] { listeners_.run(); });
  }
  ~SlowResolver() { listeners_.stop(); }
  [[nodiscard]] std::string port() const { return std::to_string(port_); }

 private:
  authority::Listeners listeners_;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

struct Run {
  double ms = 0;
  std::string output;
};

/// Runs the command to its end and reads what it prints.
Run run(const std::vector<std::string>& command) {
  std::vector<char*> argv;
  for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  const auto begun = std::chrono::steady_clock::now();
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  Run result;
  std::array<char, 4096> buffer{};
  for (ssize_t count = 0; (count = ::read(pipe[0], buffer.data(), buffer.size())) > 0;)
    result.output.append(buffer.data(), static_cast<std::size_t>(count));
  ::close(pipe[0]);
  int status = 0;
  if (error || ::waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error("failed: " + command.front() + "\n" + result.output);
  result.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
  return result;
}

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

/// An internet in which every server takes as long for an answer as the resolver above.
std::string slow_world() {
  std::string roots, delay = fmt::format(" delay={}ms", round_trip.count());
  for (const auto& address : resolver::root_servers()) roots += " " + address.text();
  std::string text = "$SERVER a.root-servers.net." + roots + delay + "\n$SERVER ns.registry.net. 192.0.2.1" + delay +
                     "\n$SERVER ns.provider.net. 192.0.2.2" + delay + "\n";
  for (const auto* zone : {".", "root-servers.net.", "arpa."}) text += fmt::format("$ZONE {} a.root-servers.net.\n", zone);
  for (const auto* zone : {"net.", "com.", "registry.net.", "in-addr.arpa.", "ip6.arpa."})
    text += fmt::format("$ZONE {} ns.registry.net.\n", zone);
  return text + fmt::format("$ZONE provider.net. ns.provider.net.\n$ZONE example.com. ns.provider.net.\nmail A {0}\nmail AAAA {1}\n"
                            "$ZONE [203.0.113.0/24] ns.provider.net.\n[{0}] PTR {2}\n"
                            "$ZONE [2001:db8:1::/48] ns.provider.net.\n[{1}] PTR {2}\n", v4, v6, host);
}

/// Milliseconds of a whole check in that internet, from the root on, or why it cannot be had.
void tell_whole_check(const std::string& fcrdns, int rounds) {
  char file[] = "/tmp/fcrdns-latency-XXXXXX";
  const int handle = ::mkstemp(file);
  if (handle < 0) throw std::runtime_error("no temporary file");
  ::close(handle);
  std::ofstream(file) << slow_world();
  const auto wall_ms = [&](const std::string& walk) {
    std::vector<double> walls;
    for (int i = 0; i < rounds; ++i) {
      std::vector<std::string> command{fcrdns, "lab", "--world", file, "--", fcrdns, "check", host, "--json", "--trace",
                                       "--no-dnssec", "--no-rdap"};
      if (!walk.empty()) command.push_back(walk);
      const auto said = run(command).output;
      walls.push_back(nlohmann::json::parse(said.substr(said.find('{'))).at("results").at(0).at("trace").at("wall_ms").get<double>());
    }
    return median(walls);
  };
  try {
    const auto without = wall_ms("--no-walk");
    fmt::print("the same host in the lab, from the root on: {:.1f} ms without the walk, {:.1f} ms with it\n", without, wall_ms(""));
  } catch (const std::exception& error) {
    fmt::print("in the lab: left out ({})\n", std::string_view(error.what()).substr(0, 120));
  }
  ::unlink(file);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) throw std::runtime_error("usage: latency_bench FCRDNS [ROUNDS]");
  const std::string fcrdns = argv[1];
  const int rounds = argc > 2 ? std::max(std::atoi(argv[2]), 1) : 25;
  const SlowResolver resolver;
  const auto dig = [&](std::vector<std::string> question) {
    std::vector<std::string> command{"dig", "+short", "@127.0.0.1", "-p", resolver.port()};
    command.insert(command.end(), question.begin(), question.end());
    return run(command).ms;
  };
  const std::vector<std::string> check{fcrdns, "check", "--resolver", "127.0.0.1:" + resolver.port(), "--no-walk", "--no-rdap"};
  const auto with = [](std::vector<std::string> command, std::initializer_list<std::string> more) {
    command.insert(command.end(), more);
    return command;
  };

  std::vector<double> by_dig, by_fcrdns, walls, chains, processes;
  for (int i = 0; i < rounds; ++i) {  // turn by turn, so that both meet the same machine
    by_dig.push_back(dig({"-x", v4}) + dig({host, "A"}));
    by_fcrdns.push_back(run(with(check, {v4, "-q"})).ms);
    const auto of_host = run(with(check, {host, "--json", "--trace"}));
    const auto trace = nlohmann::json::parse(of_host.output).at("results").at(0).at("trace");
    processes.push_back(of_host.ms);
    walls.push_back(trace.at("wall_ms").get<double>());
    chains.push_back(trace.at("longest_chain_ms").get<double>());
  }

  const double dig_ms = median(by_dig), address_ms = median(by_fcrdns), allowed_ms = dig_ms + round_trip.count();
  const double wall_ms = median(walls), chain_ms = median(chains);
  fmt::print("{} rounds, medians; every answer takes {} ms\n", rounds, round_trip.count());
  fmt::print("address: dig, two questions {:.1f} ms; fcrdns {:.1f} ms; allowed {:.1f} ms\n", dig_ms, address_ms,
             allowed_ms);
  fmt::print("host, both families: longest chain {:.1f} ms; wall {:.1f} ms; whole process {:.1f} ms\n", chain_ms,
             wall_ms, median(processes));
  tell_whole_check(fcrdns, std::min(rounds, 5));
  const bool kept = address_ms <= allowed_ms && wall_ms <= 1.2 * chain_ms;
  fmt::print("latency: address/dig {:.2f}, host wall/chain {:.2f} (at most 1.20): {}\n", address_ms / dig_ms,
             wall_ms / chain_ms, kept ? "kept" : "NOT KEPT");
  return kept ? 0 : 1;
} catch (const std::exception& error) {
  fmt::print(stderr, "latency_bench: {}\n", error.what());
  return 2;
}
