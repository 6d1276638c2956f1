// Reads logs with attribution: who refused which of our addresses, why, how often; one figure in the last line. bench/log_bench.py
// runs it beside other programs.
#include <sys/resource.h>

#include <cstdio>
#include <map>
#include <string>
#include <unordered_map>

#include "fcrdns/base/time.hpp"
#include "fcrdns/bounce/read.hpp"

using namespace fcrdns;

namespace {

class Counting : public bounce::Sink {
 public:
  void claim(const bounce::Claim& claim) override {
    ++claims;
    if (claim.meaning.reverse_dns()) ++reverse_dns;
    ++by_cause[static_cast<std::size_t>(claim.meaning.cause())];
    if (claim.address) ++by_address[*claim.address];
    ++by_receiver[claim.meaning.receiver];
    attributed += !claim.queue_id.empty() && !claim.recipient.empty() && !claim.remote_mta.empty() && !claim.sender.empty();
  }
  void accepted(std::size_t mails) override { taken += mails; }
  void note(std::string line) override { std::fprintf(stderr, "%s\n", line.c_str()); }
  void progress(std::uint64_t octets, std::uint64_t) override { read = octets; }

  std::size_t claims = 0, reverse_dns = 0, taken = 0, attributed = 0;
  std::uint64_t read = 0;
  std::size_t by_cause[10]{};
  std::unordered_map<net::Address, std::size_t> by_address;
  std::unordered_map<std::string_view, std::size_t> by_receiver;
};

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> paths(argv + 1, argv + argc);
  if (paths.empty()) return 64;
  Counting sink;
  const bounce::Options options{.now = base::wall_now()};
  const auto begin = base::steady_now();
  const auto done = bounce::read(paths, options, sink, [] { return false; });
  const std::chrono::duration<double> took = base::steady_now() - begin;
  if (!done) std::fprintf(stderr, "%s\n", done.error().message.c_str());
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%zu refused (%zu for reverse DNS, %zu with queue id, sender, recipient and server), %zu taken, %zu addresses, %zu receivers\n", sink.claims, sink.reverse_dns,
              sink.attributed, sink.taken, sink.by_address.size(), sink.by_receiver.size());
  std::printf("logs: %.3f s, %.2f GB/s, %ld MiB at most\n", took.count(), static_cast<double>(sink.read) / took.count() / 1e9, usage.ru_maxrss / 1024);
  return done ? 0 : 74;
}
