// Real sockets on the loopback.
#include "fcrdns/authority/listeners.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace fcrdns::authority {
namespace {

/// A connected socket that gives up after five seconds.
class Client {
 public:
  Client(int type, std::uint16_t port) : socket_(::socket(AF_INET, type, 0)) {
    const timeval limit{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(std::string_view octets) const {
    EXPECT_EQ(::send(socket_, octets.data(), octets.size(), 0), static_cast<ssize_t>(octets.size()));
  }
  /// Exactly `size` octets, or what there was before the end.
  [[nodiscard]] std::string receive(std::size_t size) const {
    std::string out(size, '\0');
    std::size_t have = 0;
    while (have < size) {
      const auto got = ::recv(socket_, out.data() + have, size - have, 0);
      if (got <= 0) break;
      have += static_cast<std::size_t>(got);
    }
    out.resize(have);
    return out;
  }

 private:
  int socket_;
};

class ListenersTest : public testing::Test {
 protected:
  ListenersTest() {
    const auto echo = [&](base::OctetView query, Transport transport, Reply reply) {
      base::Octets out(query.begin(), query.end());
      out.push_back(transport == Transport::udp ? 'U' : 'T');
      const base::Milliseconds delay(query.size() == 3 ? 30 : 0);
      listeners.after(delay, [reply = std::move(reply), out] { reply(out); });
    };
    const auto bound = listeners.add({net::Address::v4({127, 0, 0, 1}), 0}, echo);
    EXPECT_TRUE(bound) << bound.error().message;
    port = bound->port;
    thread = std::jthread([&] { listeners.run(); });
  }
  ~ListenersTest() override { listeners.stop(); }

  Listeners listeners;
  std::uint16_t port = 0;
  std::jthread thread;
};

TEST_F(ListenersTest, AnswersDatagrams) {
  const Client client(SOCK_DGRAM, port);
  client.send("ab");
  EXPECT_EQ(client.receive(3), "abU");
}

TEST_F(ListenersTest, ALateReplyLetsOthersPass) {
  const Client slow(SOCK_STREAM, port);
  using namespace std::string_view_literals;
  slow.send("\0\3abc\0\2de"sv);  // two queries in one segment; the first is answered later
  EXPECT_EQ(slow.receive(11), "\0\3deT\0\4abcT"sv);
}

TEST_F(ListenersTest, ReadsFramesInPieces) {
  using namespace std::string_view_literals;
  const Client client(SOCK_STREAM, port);
  for (const auto piece : {"\0"sv, "\2"sv, "x"sv, "y"sv}) client.send(piece);
  EXPECT_EQ(client.receive(5), "\0\3xyT"sv);
}

TEST_F(ListenersTest, SaysWhichAddressCannotBeHad) {
  Listeners others;
  const auto taken = others.add({net::Address::v4({127, 0, 0, 1}), port}, [](base::OctetView, Transport, Reply) {});
  ASSERT_FALSE(taken);
  EXPECT_TRUE(taken.error().message.starts_with("cannot serve on 127.0.0.1:" + std::to_string(port) + ": "))
      << taken.error().message;
}

}  // namespace
}  // namespace fcrdns::authority
