// Messages a second that our codec reads, against ldns, on the three replies a check meets most. The last line is the
// ratio over all three: "codec: N times ldns".
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdio>
#include <map>

#include "fcrdns/dns/message.hpp"

#include <ldns/ldns.h>  // last: it defines bool as a macro

namespace {

using namespace fcrdns;

dns::Record record(const char* owner, dns::Type type, const char* data) {
  auto rdata = dns::parse_rdata(type, data, dns::Name()).value();
  return {dns::Name::parse(owner).value(), type, dns::Class::in, 3600, std::move(rdata)};
}

dns::Message reply(const char* question, dns::Type type) {
  dns::Message message;
  message.id = 0x1234;
  message.response = message.recursion_desired = message.recursion_available = true;
  message.questions = {{dns::Name::parse(question).value(), type, dns::Class::in}};
  message.edns = dns::Edns{};
  return message;
}

base::Octets ptr_reply() {
  auto message = reply("5.113.0.203.in-addr.arpa", dns::Type::ptr);
  message.answers = {record("5.113.0.203.in-addr.arpa", dns::Type::ptr, "mail.example.com")};
  return write_message(message);
}

base::Octets a_reply() {
  auto message = reply("mail.example.com", dns::Type::a);
  message.answers = {record("mail.example.com", dns::Type::a, "203.0.113.5"),
                     record("mail.example.com", dns::Type::a, "203.0.113.6")};
  return write_message(message);
}

base::Octets nxdomain_reply() {
  auto message = reply("6.113.0.203.in-addr.arpa", dns::Type::ptr);
  message.rcode = dns::Rcode::nxdomain;
  message.authority = {record("113.0.203.in-addr.arpa", dns::Type::soa,
                              "ns1.provider.example hostmaster.provider.example 2026010101 7200 3600 1209600 3600")};
  return write_message(message);
}

void ours(benchmark::State& state, const base::Octets& octets) {
  for (auto _ : state) {
    auto message = dns::read_message(octets);
    if (!message) state.SkipWithError("refused");
    benchmark::DoNotOptimize(message);
  }
  state.SetItemsProcessed(state.iterations());
}

void ldns(benchmark::State& state, const base::Octets& octets) {
  for (auto _ : state) {
    ldns_pkt* packet = nullptr;
    if (ldns_wire2pkt(&packet, octets.data(), octets.size()) != LDNS_STATUS_OK) state.SkipWithError("refused");
    benchmark::DoNotOptimize(packet);
    ldns_pkt_free(packet);
  }
  state.SetItemsProcessed(state.iterations());
}

/// Prints as usual and keeps the time of each run by its name; of repetitions the fastest.
class Keeper : public benchmark::ConsoleReporter {
 public:
  Keeper() : ConsoleReporter(OO_None) {}  // no colour
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const auto& run : runs) {
      if (run.error_occurred || run.run_type != Run::RT_Iteration) continue;
      const auto [at, is_new] = seconds.emplace(run.run_name.function_name, run.GetAdjustedCPUTime());
      if (!is_new) at->second = std::min(at->second, run.GetAdjustedCPUTime());
    }
  }
  std::map<std::string, double> seconds;
};

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 64;
  const std::map<std::string, base::Octets> replies = {
      {"ptr", ptr_reply()}, {"a", a_reply()}, {"nxdomain_soa", nxdomain_reply()}};
  for (const auto& [name, octets] : replies) {  // side by side, so that both see the same machine
    benchmark::RegisterBenchmark(("ours/" + name).c_str(), ours, octets)->Repetitions(3);
    benchmark::RegisterBenchmark(("ldns/" + name).c_str(), ldns, octets)->Repetitions(3);
  }
  Keeper keeper;
  benchmark::RunSpecifiedBenchmarks(&keeper);

  double product = 1;
  for (const auto& [name, octets] : replies) {
    const auto mine = keeper.seconds.find("ours/" + name), theirs = keeper.seconds.find("ldns/" + name);
    if (mine == keeper.seconds.end() || theirs == keeper.seconds.end()) return 1;
    const double ratio = theirs->second / mine->second;
    std::printf("%-12s %.1f times ldns\n", name.c_str(), ratio);
    product *= ratio;
  }
  std::printf("codec: %.1f times ldns\n", std::pow(product, 1.0 / static_cast<double>(replies.size())));
  return 0;
}
