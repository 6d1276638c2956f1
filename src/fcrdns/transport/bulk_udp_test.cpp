// Datagrams there and back, whichever way the kernel lets them leave. What an older kernel or a sandbox refuses is played
// by a seccomp filter on a thread of its own (seccomp(2)).
#include "fcrdns/transport/bulk_udp.hpp"

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <thread>

#include "fcrdns/transport/udp_peer_test.hpp"

namespace fcrdns::transport {
namespace {

std::unique_ptr<BulkUdp> open(const Peer& peer, const BulkUdp::Options& options = {}) {
  auto udp = BulkUdp::open(peer.endpoint(), options);
  EXPECT_TRUE(udp) << udp.error().message;
  return *std::move(udp);
}

/// Each of its own, of 20 different lengths; more of some lengths than one joined datagram holds.
std::map<std::string, int> place_many(BulkUdp& udp, int count) {
  std::map<std::string, int> out;
  for (int i = 0; i < count; ++i) {
    auto text = std::to_string(i) + "/";
    text.resize(20 + static_cast<std::size_t>(i % 20) * (i % 5 == 0 ? 1 : 0), '.');
    ++out[text];
    std::copy(text.begin(), text.end(), udp.place(text.size()));
  }
  return out;
}

/// From now on this thread's calls of these kinds end with this error.
void refuse(const std::vector<long>& calls, int error) {
  std::vector<sock_filter> program{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
  for (const auto call : calls) {
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(call), 0, 1));
    program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error)));
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  ASSERT_EQ(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  ASSERT_EQ(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0);
}

struct Way {
  const char* name;
  BulkUdp::Options options;
  std::vector<long> refused;
  int error;
  BulkUdp::Way ends_as;
};
void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }
const Way ways[] = {
    {"joined", {}, {}, 0, BulkUdp::Way::joined},
    {"not_joined", {.segments = false}, {}, 0, BulkUdp::Way::many},
    {"kernel_knows_no_sendmmsg", {}, {SYS_sendmmsg, SYS_recvmmsg}, ENOSYS, BulkUdp::Way::single},
    {"device_joins_nothing", {}, {SYS_sendmmsg}, EIO, BulkUdp::Way::single},
    {"kernel_knows_no_gro", {}, {SYS_setsockopt}, ENOPROTOOPT, BulkUdp::Way::joined},
};
class Ways : public testing::TestWithParam<Way> {};

TEST_P(Ways, all_arrive_once_and_come_back) {
  const auto& way = GetParam();
  Peer peer;
  std::thread([&] {
    if (!way.refused.empty()) refuse(way.refused, way.error);
    const auto udp = open(peer, way.options);
    const auto sent = place_many(*udp, 150);
    EXPECT_TRUE(udp->flush());
    EXPECT_EQ(udp->way(), way.ends_as);
    EXPECT_EQ(peer.hear(150, true), sent);
    std::map<std::string, int> back;
    while (udp->receive([&](const BulkUdp::Arrived& arrived) {
      EXPECT_EQ(arrived.socket, 0U);
      ++back[std::string(arrived.octets.begin(), arrived.octets.end())];
    }) > 0) {
    }
    EXPECT_EQ(back, sent);
    EXPECT_TRUE(udp->flush()) << "with nothing to send";
  }).join();
}
INSTANTIATE_TEST_SUITE_P(bulk_udp, Ways, testing::ValuesIn(ways), [](const auto& param) { return std::string(param.param.name); });

TEST(BulkUdp, what_the_kernel_has_no_room_for_waits_for_the_next_flush) {
  for (const int error : {EAGAIN, ENOBUFS}) {
    Peer peer;
    const auto udp = open(peer);
    auto sent = place_many(*udp, 30);
    std::thread([&] {
      refuse({SYS_sendmmsg}, error);
      EXPECT_FALSE(udp->flush());
      EXPECT_FALSE(udp->flush());
    }).join();
    for (auto& [text, times] : place_many(*udp, 10)) sent[text] += times;
    EXPECT_TRUE(udp->flush());
    EXPECT_EQ(peer.hear(40), sent);
  }
}

TEST(BulkUdp, what_the_kernel_refuses_for_good_is_dropped) {
  Peer peer;
  const auto udp = open(peer);
  place_many(*udp, 30);
  std::thread([&] {
    refuse({SYS_sendmmsg}, EPERM);
    EXPECT_TRUE(udp->flush());
  }).join();
  EXPECT_TRUE(udp->refused());
  EXPECT_FALSE(udp->refused()) << "told once";
  const auto sent = place_many(*udp, 3);
  EXPECT_TRUE(udp->flush());
  EXPECT_EQ(peer.hear(3), sent);
}

TEST(BulkUdp, each_socket_has_its_port_and_can_get_another) {
  Peer peer;
  const auto udp = open(peer, {.sockets = 3});
  ASSERT_EQ(udp->sockets(), 3U);
  const auto send_by_each = [&] {
    for (unsigned i = 0; i < udp->sockets(); ++i) {
      udp->leave_by(i);
      place_many(*udp, 2);
      udp->flush();
    }
    EXPECT_EQ(peer.hear(6, true).size(), 2U);
  };
  send_by_each();
  EXPECT_EQ(peer.ports.size(), 3U);
  std::set<unsigned> came;
  udp->receive([&](const BulkUdp::Arrived& arrived) { came.insert(arrived.socket); });
  EXPECT_EQ(came, (std::set<unsigned>{0, 1, 2}));
  ASSERT_TRUE(udp->reopen(1));
  send_by_each();
  EXPECT_EQ(peer.ports.size(), 4U);
  came.clear();
  udp->receive([&](const BulkUdp::Arrived& arrived) { came.insert(arrived.socket); });
  EXPECT_EQ(came, (std::set<unsigned>{0, 1, 2}));
}

TEST(BulkUdp, hears_that_nobody_listens_and_goes_on) {
  auto peer = std::make_unique<Peer>();
  const auto udp = open(*peer);
  peer.reset();
  for (int i = 0; i < 3; ++i) {
    place_many(*udp, 4);
    EXPECT_TRUE(udp->flush());
  }
  EXPECT_EQ(udp->receive([](const BulkUdp::Arrived&) { FAIL(); }), 0U);
  EXPECT_TRUE(udp->refused());
}

TEST(BulkUdp, datagrams_of_others_do_not_arrive) {
  Peer peer, stranger("127.0.0.2");
  const auto udp = open(peer, {.sockets = 1});
  place_many(*udp, 1);
  udp->flush();
  ASSERT_EQ(peer.hear(1, true).size(), 1U);
  const int other = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(*peer.ports.begin());
  ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
  EXPECT_EQ(::sendto(other, "forged", 6, 0, reinterpret_cast<sockaddr*>(&to), sizeof to), 6);
  ::close(other);
  std::string came;
  udp->receive([&](const BulkUdp::Arrived& arrived) { came.append(arrived.octets.begin(), arrived.octets.end()); });
  EXPECT_TRUE(came.starts_with("0/..."));
  EXPECT_EQ(came.find("forged"), std::string::npos);
}

}  // namespace
}  // namespace fcrdns::transport
