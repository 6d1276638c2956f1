#include "fcrdns/transport/wide_udp.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/transport/udp_peer_test.hpp"

namespace fcrdns::transport {
namespace {

void put(WideUdp& udp, const net::Endpoint& peer, const std::string& text, std::uint32_t mark) {
  std::memcpy(udp.place(peer, text.size(), mark), text.data(), text.size());
}
constexpr auto nobody_astray = [](std::uint32_t mark) { ADD_FAILURE() << mark << " went astray"; };

/// Until `count` have come; those that have.
std::multimap<std::string, std::pair<unsigned, std::string>> heard(WideUdp& udp, std::size_t count) {
  std::multimap<std::string, std::pair<unsigned, std::string>> out;
  const auto until = base::steady_now() + base::Seconds{5};
  while (out.size() < count && base::steady_now() < until) {
    udp.wait(100);
    udp.receive([&](const WideUdp::Arrived& arrived) {
      const std::string text(arrived.octets.begin(), arrived.octets.end());
      out.emplace(arrived.from.text(), std::pair(arrived.socket, text));
    });
  }
  return out;
}

TEST(WideUdp, each_peer_gets_its_own_and_each_reply_says_where_it_is_from) {
  Peer one("127.0.0.1"), other("127.0.0.2");
  const auto udp = WideUdp::open({.only = net::Family::v4}).value();
  const auto leaves_by = udp->next_socket(net::Family::v4);
  put(*udp, one.endpoint(), "to one", 1);
  put(*udp, other.endpoint(), "to the other", 2);
  udp->flush(nobody_astray);
  EXPECT_EQ(one.hear(1, true), (std::map<std::string, int>{{"to one", 1}}));
  EXPECT_EQ(other.hear(1, true), (std::map<std::string, int>{{"to the other", 1}}));
  const std::multimap<std::string, std::pair<unsigned, std::string>> expected{{one.endpoint().text(), {leaves_by, "to one"}},
                                                                              {other.endpoint().text(), {leaves_by, "to the other"}}};
  EXPECT_EQ(heard(*udp, 2), expected);
  EXPECT_NE(udp->next_socket(net::Family::v4), leaves_by) << "another port for the next ones";
}

/// More than one system call takes.
TEST(WideUdp, many_leave_in_one_flush) {
  Peer peer;
  const auto udp = WideUdp::open({.only = net::Family::v4}).value();
  std::map<std::string, int> expected;
  for (std::uint32_t i = 0; i < 150; ++i) {
    put(*udp, peer.endpoint(), std::string(1 + i % 7, 'x') + std::to_string(i), i);
    ++expected[std::string(1 + i % 7, 'x') + std::to_string(i)];
  }
  udp->flush(nobody_astray);
  EXPECT_EQ(peer.hear(150), expected);
  EXPECT_EQ(peer.ports.size(), 1U);
}

/// A broadcast address is refused by the kernel before anything leaves; the others leave all the same.
TEST(WideUdp, what_no_way_leads_to_is_told) {
  Peer peer;
  const auto udp = WideUdp::open({.only = net::Family::v4}).value();
  put(*udp, peer.endpoint(), "first", 1);
  put(*udp, {net::Address::parse("255.255.255.255").value(), 53}, "nowhere", 2);
  put(*udp, peer.endpoint(), "last", 3);
  std::vector<std::uint32_t> astray;
  udp->flush([&](std::uint32_t mark) { astray.push_back(mark); });
  EXPECT_EQ(astray, std::vector<std::uint32_t>{2});
  EXPECT_EQ(peer.hear(2), (std::map<std::string, int>{{"first", 1}, {"last", 1}}));
}

TEST(WideUdp, one_family_alone_carries_no_other) {
  const auto udp = WideUdp::open({.sockets = 2, .only = net::Family::v4}).value();
  EXPECT_TRUE(udp->carries(net::Family::v4));
  EXPECT_FALSE(udp->carries(net::Family::v6));
  EXPECT_EQ(udp->sockets(), 2U);
}

}  // namespace
}  // namespace fcrdns::transport
