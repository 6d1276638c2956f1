#include "fcrdns/transport/loop.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

namespace fcrdns::transport {
namespace {

using base::Milliseconds;
using base::Octets;

/// A loopback socket of the test's own, IPv4, on a port the kernel chose.
class Peer {
 public:
  explicit Peer(int type) : fd_(::socket(AF_INET, type | SOCK_NONBLOCK, 0)) {
    auto address = loopback();
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    if (type == SOCK_STREAM) {
      EXPECT_EQ(::listen(fd_, 8), 0);
    }
  }
  ~Peer() { ::close(fd_); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] net::Endpoint endpoint() const {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length);
    return {net::Address::v4({127, 0, 0, 1}), ntohs(address.sin_port)};
  }
  static sockaddr_in loopback() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

 private:
  int fd_;
};

net::Endpoint closed_port() { return Peer(SOCK_STREAM).endpoint(); }

struct Seen {
  Event event;
  std::string octets;
  friend bool operator==(const Seen&, const Seen&) = default;
};
void PrintTo(const Seen& seen, std::ostream* out) {
  *out << static_cast<int>(seen.event) << ' ' << testing::PrintToString(seen.octets);
}

EventHandler into(std::vector<Seen>& seen) {
  return [&seen](Event event, base::OctetView octets) { seen.push_back({event, {octets.begin(), octets.end()}}); };
}

/// Runs until `count` events were seen, or a second has passed.
void run_until(Loop& loop, const std::vector<Seen>& seen, std::size_t count) {
  const auto until = loop.now() + Milliseconds{1000};
  while (seen.size() < count && loop.now() < until) loop.run_one(Milliseconds{50});
}

TEST(Loop, nothing_under_way_returns_at_once) {
  Loop loop;
  EXPECT_FALSE(loop.run_one(Milliseconds{60000}));
}

TEST(Loop, timers_fire_in_order_and_never_early) {
  Loop loop;
  std::string order;
  const auto begun = loop.now();
  const auto late = loop.at(begun + Milliseconds{20}, [&] { order += "b"; });
  const auto early = loop.at(begun + Milliseconds{10}, [&] { order += "a"; });
  while (order.size() < 2) loop.run_one(Milliseconds{100});
  EXPECT_EQ(order, "ab");
  EXPECT_GE(loop.now() - begun, Milliseconds{20});
}

TEST(Loop, a_timer_let_go_does_not_fire_even_when_due) {
  Loop loop;
  bool fired = false;
  auto timer = loop.at(loop.now(), [&] { fired = true; });
  timer.reset();
  loop.run_one(Milliseconds{5});
  EXPECT_FALSE(fired);
}

TEST(Loop, a_handler_may_let_go_of_its_own) {
  Loop loop;
  std::unique_ptr<Pending> timer;
  const std::string captured(100, 'x');
  std::string seen;
  timer = loop.at(loop.now(), [&, captured] {
    timer.reset();
    seen = captured;  // still alive: the handler is
  });
  EXPECT_TRUE(loop.run_one(Milliseconds{100}));
  EXPECT_EQ(seen, captured);
}

TEST(Loop, readable_is_told_each_time) {
  Loop loop;
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  int times = 0;
  auto readable = loop.when_readable(pipe[0], [&] {
    char octet = 0;
    times += ::read(pipe[0], &octet, 1) == 1;
  });
  ASSERT_EQ(::write(pipe[1], "ab", 2), 2);
  while (times < 2) ASSERT_TRUE(loop.run_one(Milliseconds{500}));
  readable.reset();
  ASSERT_EQ(::write(pipe[1], "c", 1), 1) << "the descriptor stays the caller's";
  EXPECT_FALSE(loop.run_one(Milliseconds{5}));
  for (const int fd : pipe) ::close(fd);
}

TEST(Udp, every_datagram_of_the_peer_is_heard_and_nobody_elses) {
  Loop loop;
  Peer peer(SOCK_DGRAM), stranger(SOCK_DGRAM);
  std::vector<Seen> seen;
  const auto line = loop.udp(peer.endpoint(), Octets{'q'}, into(seen));
  char octet = 0;
  auto from = Peer::loopback();
  socklen_t length = sizeof from;
  ASSERT_EQ(::recvfrom(peer.fd(), &octet, 1, 0, reinterpret_cast<sockaddr*>(&from), &length), 1);
  const auto send = [&](const Peer& sender, const char* what) {
    ::sendto(sender.fd(), what, 1, 0, reinterpret_cast<sockaddr*>(&from), length);
  };
  send(stranger, "x");
  send(peer, "1");
  send(peer, "2");
  run_until(loop, seen, 2);
  EXPECT_EQ(seen, (std::vector<Seen>{{Event::datagram, "1"}, {Event::datagram, "2"}}));
}

TEST(Udp, refused_is_told_later_and_the_socket_listens_on) {
  Loop loop;
  std::vector<Seen> seen;
  const auto line = loop.udp(closed_port(), Octets{'q'}, into(seen));
  EXPECT_TRUE(seen.empty());
  run_until(loop, seen, 1);
  ASSERT_EQ(seen, (std::vector<Seen>{{Event::refused, ""}}));
}

TEST(Udp, no_way_there_is_told_from_the_loop) {
  Loop loop;
  std::vector<Seen> seen;
  const auto line = loop.udp({net::Address::v4({255, 255, 255, 255}), 53}, Octets{'q'}, into(seen));
  EXPECT_TRUE(seen.empty());
  run_until(loop, seen, 1);
  EXPECT_EQ(seen, (std::vector<Seen>{{Event::unreachable, ""}}));
}

/// Row H018 of the hostile inputs: 10,000 queries, each from a port of its own choice.
TEST(Udp, H018_source_ports_are_spread_over_the_whole_range) {
  Loop loop;
  Peer peer(SOCK_DGRAM);
  std::vector<std::uint16_t> ports;
  std::vector<Seen> unused;
  for (int i = 0; i < 10000; ++i) {
    const auto line = loop.udp(peer.endpoint(), Octets{'q'}, into(unused));
    char octet = 0;
    auto from = Peer::loopback();
    socklen_t length = sizeof from;
    ASSERT_EQ(::recvfrom(peer.fd(), &octet, 1, 0, reinterpret_cast<sockaddr*>(&from), &length), 1);
    ports.push_back(ntohs(from.sin_port));
  }
  const auto [lowest, highest] = std::ranges::minmax(ports);
  EXPECT_GE(lowest, 1024);
  EXPECT_GE(highest - lowest, 60000);
  EXPECT_GE(std::set(ports.begin(), ports.end()).size(), 9000U);  // 9,260 expected of 64,512
  int neighbours = 0;
  for (std::size_t i = 1; i < ports.size(); ++i) neighbours += std::abs(ports[i] - ports[i - 1]) <= 2;
  EXPECT_LE(neighbours, 20);  // 0.8 expected
  std::array<double, 63> buckets{};
  for (const auto port : ports) ++buckets[(port - 1024U) / 1024];
  double chi_square = 0;
  for (const double n : buckets) chi_square += (n - 10000.0 / 63) * (n - 10000.0 / 63) / (10000.0 / 63);
  EXPECT_LT(chi_square, 140);  // 62 degrees of freedom: passed by chance in all but one of ten million runs
}

// ---- TCP: what the peer sends after our message, and what is heard -------------------------------------------------

struct Stream {
  const char* name;
  std::vector<std::string> pieces;  // each a send() of its own
  bool fin = false;
  std::vector<Seen> heard;
};
std::string frame(const std::string& message) { return std::string{'\0', static_cast<char>(message.size())} + message; }

class Framing : public testing::TestWithParam<Stream> {};

TEST_P(Framing, whole_messages_are_handed_on) {
  const auto& row = GetParam();
  Loop loop;
  Peer peer(SOCK_STREAM);
  std::vector<Seen> seen;
  const auto line = loop.tcp(peer.endpoint(), Octets{'q', 'u', 'e'}, into(seen));
  int connection = -1;
  std::unique_ptr<Pending> query;
  std::string received;
  const auto accept = loop.when_readable(peer.fd(), [&] {
    connection = ::accept(peer.fd(), nullptr, nullptr);
    query = loop.when_readable(connection, [&] {
      std::array<char, 100> buffer{};
      const auto count = ::recv(connection, buffer.data(), buffer.size(), 0);
      if (count <= 0) return query.reset();
      received.append(buffer.data(), static_cast<std::size_t>(count));
      if (received.size() < 5) return;
      for (const auto& piece : row.pieces) ::send(connection, piece.data(), piece.size(), MSG_NOSIGNAL);
      if (row.fin) ::shutdown(connection, SHUT_WR);
    });
  });
  run_until(loop, seen, row.heard.size());
  loop.run_one(Milliseconds{2});
  EXPECT_EQ(received, frame("que"));
  EXPECT_EQ(seen, row.heard);
  query.reset();
  ::close(connection);
}

INSTANTIATE_TEST_SUITE_P(
    Tcp, Framing,
    testing::Values(
        Stream{"one_frame", {frame("abc")}, false, {{Event::datagram, "abc"}}},
        Stream{"H034_two_frames_in_one_segment", {frame("abc") + frame("de")}, false,
               {{Event::datagram, "abc"}, {Event::datagram, "de"}}},
        Stream{"H034_frame_of_zero_octets", {frame("") + frame("a")}, false,
               {{Event::datagram, ""}, {Event::datagram, "a"}}},
        Stream{"octet_by_octet", {std::string(1, '\0'), "\3", "a", "b", "c"}, false, {{Event::datagram, "abc"}}},
        Stream{"frame_and_a_half_then_fin", {frame("abc") + frame("defg").substr(0, 4)}, true,
               {{Event::datagram, "abc"}, {Event::closed, frame("defg").substr(0, 4)}}},
        Stream{"H034_length_500_then_fin", {std::string("\x01\xf4", 2)}, true, {{Event::closed, "\x01\xf4"}}},
        Stream{"fin_without_a_word", {}, true, {{Event::closed, ""}}}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(Tcp, refused) {
  Loop loop;
  std::vector<Seen> seen;
  const auto line = loop.tcp(closed_port(), Octets{'q'}, into(seen));
  run_until(loop, seen, 1);
  EXPECT_EQ(seen, (std::vector<Seen>{{Event::refused, ""}}));
}

TEST(Tcp, H033_let_go_while_octets_drip) {
  Loop loop;
  Peer peer(SOCK_STREAM);
  std::vector<Seen> seen;
  auto line = loop.tcp(peer.endpoint(), Octets{'q'}, into(seen));
  int connection = -1;
  const auto accept = loop.when_readable(peer.fd(), [&] {
    connection = ::accept(peer.fd(), nullptr, nullptr);
    ::send(connection, "\0", 1, 0);
  });
  const auto until = loop.now() + Milliseconds{20};
  while (loop.now() < until) loop.run_one(Milliseconds{5});
  line.reset();
  loop.run_one(Milliseconds{1});
  EXPECT_TRUE(seen.empty());
  std::array<char, 8> rest{};
  while (::recv(connection, rest.data(), rest.size(), 0) > 0) {
  }
  EXPECT_EQ(::recv(connection, rest.data(), rest.size(), 0), 0) << "our side has closed";
  ::close(connection);
}

}  // namespace
}  // namespace fcrdns::transport
