// Reads an mbox of bounces as `fcrdns explain` does: into claims, each classified. One figure in the last line.
//
//   mbox_bench FILE [REFERENCE]     REFERENCE: messages a second of another program, for the ratio (bench/mbox_bench.py)
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/input/source.hpp"
#include "fcrdns/bounce/message.hpp"

using namespace fcrdns;

namespace {

class Counting final : public bounce::Sink {
 public:
  void claim(const bounce::Claim& claim) override {
    ++claims;
    reverse_dns += claim.meaning.reverse_dns();
    with_address += claim.address.has_value();
    whole += !claim.recipient.empty() && !claim.remote_mta.empty() && !claim.sender.empty() && claim.time && claim.reply.code != 0;
  }
  void note(std::string line) override { std::fprintf(stderr, "%s\n", line.c_str()); }
  std::size_t claims = 0, reverse_dns = 0, with_address = 0, whole = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: mbox_bench FILE [REFERENCE]\n");
    return 64;
  }
  const auto input = input::Source::open(argv[1]);
  if (!input) {
    std::fprintf(stderr, "%s\n", input.error().message.c_str());
    return 66;
  }
  Counting sink;
  const bounce::Options options;
  bounce::Mailbox mailbox(argv[1], options, sink);
  std::vector<char> room(256 * 1024);
  std::size_t octets = 0;
  const auto start = base::steady_now();
  for (;;) {
    const auto read = (*input)->read(room);
    if (!read || *read == 0) break;
    octets += *read;
    mailbox.feed({room.data(), *read});
  }
  mailbox.end();
  const auto seconds = static_cast<double>((base::steady_now() - start).count()) / 1e6;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%zu claims, %zu of them whole (recipient, sender, server, time, code), %zu with an address, %zu on reverse DNS\n", sink.claims, sink.whole,
              sink.with_address, sink.reverse_dns);
  std::printf("%.1f MB in %.2f s, %ld MB at most\n", static_cast<double>(octets) / 1e6, seconds, usage.ru_maxrss / 1024);
  const auto speed = static_cast<double>(sink.claims) / seconds;
  std::printf("mbox: %.0f messages/s", speed);
  if (argc > 2 && std::atof(argv[2]) > 0) std::printf(", %.1f times Sisimai", speed / std::atof(argv[2]));
  std::printf("\n");
  return 0;
}
