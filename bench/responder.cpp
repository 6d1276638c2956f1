// An authoritative server for the pool of workload.hpp, as cheap as can be: datagrams joined by the kernel both ways
// (UDP_GRO, UDP_SEGMENT), answers made from the question alone. It is the server of scan_bench.py and scan_limits.py, and
// can be as limited, lossy and troubled as real ones:
//
//   responder PORT [--limit N drop|servfail|refused] [--lose PERCENT] [--flap PERCENT] [--delay MS]
//       --limit   beyond N questions a second (saved up for 10 ms) no answer, SERVFAIL, or REFUSED
//       --lose    so many questions are not seen at all, at random
//       --flap    so many answers are SERVFAIL, at random
//       --delay   every answer leaves so much later
//     It runs until it is killed; at SIGTERM it prints what it counted:
//       asked N answered N over N lost N flapped N
//   responder --zones FOLDER COUNT       zone files of 10.in-addr.arpa and example, for a real server
//   responder --truth COUNT              the rows that a scan must print, sorted by address
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <optional>
#include <random>
#include <vector>

#include "workload.hpp"

namespace {

volatile std::sig_atomic_t stopped = 0;

enum class Over { drop, servfail, refused };
struct Options {
  std::uint16_t port = 5300;
  double limit = 0;  // questions a second; 0: none
  Over over = Over::drop;
  unsigned lose = 0, flap = 0;  // percent
  std::chrono::milliseconds delay{0};
};

struct Counts {
  std::uint64_t asked = 0, answered = 0, over = 0, lost = 0, flapped = 0;
};

/// What is let through: so many a second, saved up for ten milliseconds.
class Bucket {
 public:
  explicit Bucket(double rate) : rate_(rate) {}
  void pass(std::chrono::steady_clock::time_point now) {
    held_ = std::min(held_ + rate_ * std::chrono::duration<double>(now - last_).count(), rate_ / 100);
    last_ = now;
  }
  bool take() {
    if (held_ < 1) return false;
    held_ -= 1;
    return true;
  }

 private:
  double rate_, held_ = 0;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// What a question is about, read from its octets; nothing: not of this pool.
struct Asked {
  bool ptr = false, exists = false;
  bool block = false;  // the name of a block of addresses: it exists and has no records
  std::uint32_t number = 0;
  unsigned which = 0;
  std::size_t end = 0;  // of the question
};

std::optional<std::uint32_t> number_in(const std::uint8_t* at, std::size_t length) {
  std::uint32_t value = 0;
  if (length == 0 || length > 9) return {};
  for (std::size_t i = 0; i < length; ++i) {
    if (at[i] < '0' || at[i] > '9') return {};
    value = value * 10 + (at[i] - '0');
  }
  return value;
}

std::optional<Asked> read(const std::uint8_t* query, std::size_t size) {
  if (size < 17) return {};
  std::array<std::pair<const std::uint8_t*, std::size_t>, 8> labels;
  std::size_t count = 0, at = 12;
  while (at < size && query[at] != 0) {
    if (count == labels.size() || at + query[at] >= size) return {};
    labels[count++] = {query + at + 1, query[at]};
    at += query[at] + 1U;
  }
  if (at + 5 > size) return {};
  Asked out;
  const unsigned type = query[at + 1] << 8 | query[at + 2];
  out.end = at + 5;
  if (type == 12 && count >= 3 && count < 6) {
    out.ptr = out.block = true;
  } else if (type == 12 && count == 6) {
    std::uint32_t address = 0;
    for (std::size_t i = 4; i-- > 0;) {
      const auto octet = number_in(labels[i].first, labels[i].second);
      if (!octet) return {};
      address = address << 8 | *octet;
    }
    out.ptr = true;
    out.number = address - workload::base;
    out.exists = workload::names_of(out.number) > 0;
  } else if (type == 1 && count >= 2 && labels[0].second > 1) {
    const auto number = number_in(labels[0].first + 1, labels[0].second - 1);
    out.which = (labels[0].first[0] | 32U) - 'a';
    if (!number || out.which > 2) return {};
    out.number = *number;
    out.exists = workload::address_of(*number, out.which) != 0;
  } else {
    return {};
  }
  return out;
}

class Answer {
 public:
  std::array<std::uint8_t, 1500> octets;
  std::size_t size = 0;

  void put(std::initializer_list<unsigned> values) {
    for (const auto value : values) octets[size++] = static_cast<std::uint8_t>(value);
  }
  void name(std::string_view text) {
    while (!text.empty()) {
      const auto dot = text.find('.');
      octets[size++] = static_cast<std::uint8_t>(dot);
      std::memcpy(octets.data() + size, text.data(), dot);
      size += dot;
      text.remove_prefix(dot + 1);
    }
    octets[size++] = 0;
  }
  void make(const std::uint8_t* query, std::size_t length, const std::optional<Asked>& asked, unsigned rcode) {
    const auto end = asked ? asked->end : 12;
    std::memcpy(octets.data(), query, end);
    size = end;
    octets[2] = static_cast<std::uint8_t>(0x84 | (query[2] & 1));  // QR, AA, RD as asked
    octets[3] = static_cast<std::uint8_t>(0x80 | rcode);
    octets[5] = asked ? 1 : 0;
    unsigned answers = 0, authority = 0;
    if (asked && rcode == 0) {
      if (asked->exists && asked->ptr) {
        answers = workload::names_of(asked->number);
        for (unsigned i = 0; i < answers; ++i) {
          put({0xc0, 12, 0, 12, 0, 1, 0, 0, 14, 16, 0, 0});
          const auto at = size;
          name(workload::name_of(asked->number, i));
          octets[at - 2] = static_cast<std::uint8_t>((size - at) >> 8);
          octets[at - 1] = static_cast<std::uint8_t>(size - at);
        }
      } else if (asked->exists) {
        const auto address = workload::address_of(asked->number, asked->which);
        answers = 1;
        put({0xc0, 12, 0, 1, 0, 1, 0, 0, 14, 16, 0, 4, address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255});
      } else {
        authority = 1;
        if (!asked->block) octets[3] |= 3;
        name(asked->ptr ? "10.in-addr.arpa." : "example.");
        put({0, 6, 0, 1, 0, 0, 14, 16, 0, 32, 2, 'n', 's', 0, 2, 'h', 'm', 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 60});
        octets[size - 29] = 28;  // length of what follows: two names of 4 octets, five numbers
      }
    }
    octets[6] = octets[8] = octets[10] = octets[11] = 0;
    octets[7] = static_cast<std::uint8_t>(answers);
    octets[9] = static_cast<std::uint8_t>(authority);
    if (length > end && query[11] == 1) {
      octets[11] = 1;
      put({0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0});
    }
  }
};

struct alignas(cmsghdr) Control {
  char octets[64];
};

/// Datagrams of equal length to one client, joined as far as the kernel takes them.
void send(int descriptor, sockaddr_in6& to, std::vector<std::uint8_t>& octets, std::size_t length) {
  for (std::size_t at = 0; at < octets.size();) {
    const auto size = std::min(std::min<std::size_t>(64, 60'000 / length) * length, octets.size() - at);
    iovec vector{octets.data() + at, size};
    Control control{};
    msghdr out{&to, sizeof to, &vector, 1, nullptr, 0, 0};
    if (size > length) {
      out.msg_control = control.octets;
      out.msg_controllen = CMSG_SPACE(2);
      auto* c = CMSG_FIRSTHDR(&out);
      c->cmsg_level = SOL_UDP;
      c->cmsg_type = 103;  // UDP_SEGMENT
      c->cmsg_len = CMSG_LEN(2);
      const auto value = static_cast<std::uint16_t>(length);
      std::memcpy(CMSG_DATA(c), &value, 2);
    }
    (void)!::sendmsg(descriptor, &out, 0);
    at += size;
  }
}

/// What leaves later.
struct Held {
  std::chrono::steady_clock::time_point when;
  sockaddr_in6 to;
  std::vector<std::uint8_t> octets;
  std::size_t length;
};

int serve(const Options& options) {
  const int descriptor = ::socket(AF_INET6, SOCK_DGRAM, 0);
  const int on = 1, off = 0, room = 16 << 20;
  ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0) ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
  ::setsockopt(descriptor, SOL_UDP, 104 /* UDP_GRO */, &on, sizeof on);
  sockaddr_in6 here{};
  here.sin6_family = AF_INET6;
  here.sin6_port = htons(options.port);
  if (::bind(descriptor, reinterpret_cast<sockaddr*>(&here), sizeof here) != 0) {
    std::perror("bind");
    return 74;
  }
  constexpr unsigned batch = 16;
  std::vector<std::array<std::uint8_t, 65536>> places(batch);
  std::array<sockaddr_in6, batch> from;
  std::array<iovec, batch> vectors;
  std::array<mmsghdr, batch> headers;
  std::array<Control, batch> controls;
  std::vector<std::vector<std::uint8_t>> buckets(1500);
  std::vector<std::size_t> used;
  std::mt19937 dice(1);
  const auto chance = [&](unsigned percent) { return percent > 0 && dice() % 100 < percent; };
  Counts counts;
  Bucket bucket(options.limit);
  Answer answer;
  std::deque<Held> held;
  while (stopped == 0) {
    for (; !held.empty() && held.front().when <= std::chrono::steady_clock::now(); held.pop_front())
      send(descriptor, held.front().to, held.front().octets, held.front().length);
    pollfd readable{descriptor, POLLIN, 0};
    if (!held.empty() && ::poll(&readable, 1, 1) <= 0) continue;
    for (unsigned i = 0; i < batch; ++i) {
      vectors[i] = {places[i].data(), places[i].size()};
      headers[i] = {};
      headers[i].msg_hdr = {&from[i], sizeof from[i], &vectors[i], 1, controls[i].octets, sizeof controls[i].octets, 0};
    }
    const int got = ::recvmmsg(descriptor, headers.data(), batch, MSG_WAITFORONE, nullptr);
    if (got <= 0) continue;
    if (options.limit > 0) bucket.pass(std::chrono::steady_clock::now());
    for (int m = 0; m < got; ++m) {
      auto& header = headers[m];
      std::size_t segment = header.msg_len;
      for (auto* control = CMSG_FIRSTHDR(&header.msg_hdr); control != nullptr; control = CMSG_NXTHDR(&header.msg_hdr, control))
        if (control->cmsg_level == SOL_UDP && control->cmsg_type == 104) segment = static_cast<std::size_t>(*reinterpret_cast<int*>(CMSG_DATA(control)));
      for (std::size_t at = 0; at < header.msg_len && segment > 0; at += segment) {
        const auto* query = places[static_cast<std::size_t>(m)].data() + at;
        const auto length = std::min<std::size_t>(segment, header.msg_len - at);
        if (length < 12) continue;
        ++counts.asked;
        unsigned rcode = 0;
        if (chance(options.lose)) {
          ++counts.lost;
          continue;
        }
        if (options.limit > 0 && !bucket.take()) {
          ++counts.over;
          if (options.over == Over::drop) continue;
          rcode = options.over == Over::servfail ? 2 : 5;
        } else if (chance(options.flap)) {
          ++counts.flapped;
          rcode = 2;
        } else {
          ++counts.answered;
        }
        const auto asked = read(query, length);
        answer.make(query, length, asked, asked ? rcode : 5);
        auto& place = buckets[answer.size];
        if (place.empty()) used.push_back(answer.size);
        place.insert(place.end(), answer.octets.data(), answer.octets.data() + answer.size);
      }
      for (const auto length : used) {
        auto& place = buckets[length];
        if (options.delay.count() == 0) send(descriptor, from[m], place, length);
        else held.push_back({std::chrono::steady_clock::now() + options.delay, from[m], std::move(place), length});
        place.clear();
      }
      used.clear();
    }
  }
  std::printf("asked %llu answered %llu over %llu lost %llu flapped %llu\n", static_cast<unsigned long long>(counts.asked), static_cast<unsigned long long>(counts.answered),
              static_cast<unsigned long long>(counts.over), static_cast<unsigned long long>(counts.lost), static_cast<unsigned long long>(counts.flapped));
  return 0;
}

int zones(const std::string& folder, std::uint32_t count) {
  std::ofstream reverse(folder + "/10.in-addr.arpa.zone"), forward(folder + "/example.zone");
  const char* head = "$TTL 3600\n@ SOA ns.example. hostmaster.example. 1 7200 3600 1209600 60\n@ NS ns.example.\n";
  reverse << "$ORIGIN 10.in-addr.arpa.\n" << head;
  forward << "$ORIGIN example.\n" << head << "ns A 127.0.0.1\n";
  for (std::uint32_t number = 0; number < count; ++number)
    for (unsigned which = 0; which < workload::names_of(number); ++which) {
      const auto name = workload::name_of(number, which);
      reverse << (number & 255) << '.' << (number >> 8 & 255) << '.' << (number >> 16 & 255) << " PTR " << name << '\n';
      if (const auto address = workload::address_of(number, which); address != 0) forward << name << " A " << workload::text_of(address) << '\n';
    }
  return reverse && forward ? 0 : 74;
}

int truth(std::uint32_t count) {
  for (std::uint32_t number = 0; number < count; ++number) {
    std::string names, confirmed = "-";
    for (unsigned which = 0; which < workload::names_of(number); ++which) {
      names += (names.empty() ? "" : ",") + workload::name_of(number, which);
      if (workload::address_of(number, which) == workload::base + number) confirmed = workload::name_of(number, which);
    }
    static constexpr const char* words[] = {"pass", "permerror", "fail", "fail", "pass"};
    static constexpr const char* details[] = {"-", "nxdomain", "forward_mismatch", "forward_nxdomain", "-"};
    const auto kind = static_cast<std::size_t>(workload::kind_of(number));
    std::printf("%s\t%s\t%s\t%s\t%s\n", workload::text_of(workload::base + number).c_str(), words[kind], confirmed.c_str(), names.empty() ? "-" : names.c_str(), details[kind]);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 3 && words[0] == "--zones") return zones(words[1], static_cast<std::uint32_t>(std::atoi(words[2].c_str())));
  if (words.size() == 2 && words[0] == "--truth") return truth(static_cast<std::uint32_t>(std::atoi(words[1].c_str())));
  Options options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--limit" && i + 2 < words.size()) {
      options.limit = std::atof(words[i + 1].c_str());
      options.over = words[i + 2] == "drop" ? Over::drop : words[i + 2] == "servfail" ? Over::servfail : Over::refused;
      i += 2;
    } else if (words[i] == "--lose" && i + 1 < words.size()) {
      options.lose = static_cast<unsigned>(std::atoi(words[++i].c_str()));
    } else if (words[i] == "--delay" && i + 1 < words.size()) {
      options.delay = std::chrono::milliseconds(std::atoi(words[++i].c_str()));
    } else if (words[i] == "--flap" && i + 1 < words.size()) {
      options.flap = static_cast<unsigned>(std::atoi(words[++i].c_str()));
    } else {
      options.port = static_cast<std::uint16_t>(std::atoi(words[i].c_str()));
    }
  }
  struct sigaction act {};
  act.sa_handler = [](int) { stopped = 1; };
  ::sigaction(SIGTERM, &act, nullptr);
  ::sigaction(SIGINT, &act, nullptr);
  return serve(options);
}
