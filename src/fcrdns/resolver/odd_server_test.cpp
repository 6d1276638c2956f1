#include "fcrdns/resolver/odd_server_test.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <list>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "fcrdns/base/random.hpp"

namespace fcrdns::resolver {
namespace {

/// A socket address of either family.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = sizeof(sockaddr_storage);
  sockaddr* pointer() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketAddress to_socket(const net::Endpoint& endpoint) {
  SocketAddress out;
  const auto octets = endpoint.address.octets();
  if (endpoint.address.is_v4()) {
    auto& in = reinterpret_cast<sockaddr_in&>(out.storage);
    in.sin_family = AF_INET;
    in.sin_port = htons(endpoint.port);
    std::memcpy(&in.sin_addr, octets.data(), 4);
    out.length = sizeof in;
  } else {
    auto& in = reinterpret_cast<sockaddr_in6&>(out.storage);
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(endpoint.port);
    std::memcpy(&in.sin6_addr, octets.data(), 16);
    out.length = sizeof in;
  }
  return out;
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {
    if (fd < 0) throw std::runtime_error("no socket for the test server");
  }
  ~Descriptor() { ::close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

Descriptor bound(int type, const net::Endpoint& endpoint) {
  auto address = to_socket(endpoint);
  const int fd = ::socket(address.storage.ss_family, type | SOCK_NONBLOCK, 0);
  if (::bind(fd, address.pointer(), address.length) != 0 || (type == SOCK_STREAM && ::listen(fd, 64) != 0)) {
    ::close(fd);
    throw std::runtime_error("port taken");
  }
  return Descriptor(fd);
}

net::Endpoint random_endpoint(const std::string& address) {
  return {*net::Address::parse(address), static_cast<std::uint16_t>(10000 + base::secure_random().below(20000))};
}

}  // namespace

struct OddServer::Impl {
  struct Connection {
    Connection(int accepted) : fd(accepted) {}
    Descriptor fd;
    base::Octets inbox;
    bool closed = false;
    std::unique_ptr<transport::Pending> readable;
  };

  Impl(transport::Loop& l, Script s, const net::Endpoint& e)
      : loop(l), script(std::move(s)), endpoint(e), udp(bound(SOCK_DGRAM, e)), tcp(bound(SOCK_STREAM, e)) {
    pending.push_back(loop.when_readable(udp.get(), [this] { on_datagram(); }));
    pending.push_back(loop.when_readable(tcp.get(), [this] { on_connection(); }));
  }

  std::vector<Said> replies_to(base::OctetView octets, bool over_tcp) {
    auto query = dns::read_message(octets);
    if (!query) throw std::runtime_error("a damaged query: " + query.error().message);
    Heard now{.query = std::move(*query), .tcp = over_tcp};
    for (const auto& before : heard) ++(before.tcp ? now.tcp_before : now.udp_before);
    heard.push_back(now);
    return script(now);
  }

  void on_datagram() {
    std::array<std::uint8_t, 4096> buffer{};
    SocketAddress from;
    const auto count = ::recvfrom(udp.get(), buffer.data(), buffer.size(), 0, from.pointer(), &from.length);
    if (count < 0) return;
    for (auto& said : replies_to({buffer.data(), static_cast<std::size_t>(count)}, false))
      later(said.after, [this, from, octets = said.octets]() mutable {
        ::sendto(udp.get(), octets.data(), octets.size(), 0, from.pointer(), from.length);
      });
  }

  void on_connection() {
    const int fd = ::accept4(tcp.get(), nullptr, nullptr, SOCK_NONBLOCK);
    if (fd < 0) return;
    auto& connection = connections.emplace_back(fd);
    connection.readable = loop.when_readable(fd, [this, &connection] { on_stream(connection); });
  }

  void on_stream(Connection& connection) {
    std::array<std::uint8_t, 4096> buffer{};
    const auto count = ::recv(connection.fd.get(), buffer.data(), buffer.size(), 0);
    if (count <= 0) return connection.readable.reset();
    base::put(connection.inbox, {buffer.data(), static_cast<std::size_t>(count)});
    base::Cursor cursor(connection.inbox);
    const auto length = cursor.u16();
    const auto message = length ? cursor.take(*length) : std::nullopt;
    if (!message) return;
    for (auto& said : replies_to(*message, true))
      later(said.after, [&connection, said] {
        if (connection.closed) return;
        if (::send(connection.fd.get(), said.octets.data(), said.octets.size(), MSG_NOSIGNAL) < 0)
          connection.closed = true;
        if (said.close) ::shutdown(connection.fd.get(), SHUT_RDWR);
      });
  }

  void later(base::Milliseconds pause, std::move_only_function<void()> deed) {
    if (pause == base::Milliseconds{}) return deed();
    pending.push_back(loop.at(loop.now() + pause, std::move(deed)));
  }

  transport::Loop& loop;
  Script script;
  net::Endpoint endpoint;
  Descriptor udp, tcp;
  std::vector<Heard> heard;
  std::list<Connection> connections;
  std::vector<std::unique_ptr<transport::Pending>> pending;
};

OddServer::OddServer(transport::Loop& loop, Script script, const std::string& address) {
  for (int tries = 0; !impl_; ++tries) {
    try {
      impl_ = std::make_unique<Impl>(loop, script, random_endpoint(address));
    } catch (const std::runtime_error&) {
      if (tries == 100) throw;
    }
  }
}
OddServer::OddServer(transport::Loop& loop, Script script, const net::Endpoint& endpoint)
    : impl_(std::make_unique<Impl>(loop, std::move(script), endpoint)) {}
OddServer::~OddServer() = default;
net::Endpoint OddServer::endpoint() const { return impl_->endpoint; }
const std::vector<Heard>& OddServer::heard() const { return impl_->heard; }

net::Endpoint nobody() {
  const auto endpoint = random_endpoint("127.0.0.1");
  const auto udp = bound(SOCK_DGRAM, endpoint), tcp = bound(SOCK_STREAM, endpoint);
  return endpoint;
}

dns::Message reply_to(const Heard& heard) {
  dns::Message reply;
  reply.id = heard.query.id;
  reply.response = reply.recursion_available = true;
  reply.recursion_desired = heard.query.recursion_desired;
  reply.questions = heard.query.questions;
  if (heard.query.edns) reply.edns.emplace();
  return reply;
}

dns::Record record(const std::string& line) {
  std::istringstream in(line);
  std::string owner, type, data;
  std::uint32_t ttl = 0;
  in >> owner >> ttl >> type >> std::ws;
  std::getline(in, data);
  const auto parsed = *dns::parse_type(type);
  return {*dns::Name::parse(owner), parsed, dns::Class::in, ttl, *dns::parse_rdata(parsed, data, {})};
}

void add_records(dns::Message& reply, const std::vector<std::string>& lines) {
  for (const auto& line : lines) {
    const auto space = line.find(' ');
    const auto section = line.substr(0, space);
    auto* records = section == "authority" ? &reply.authority : section == "additional" ? &reply.additional : nullptr;
    if (records)
      records->push_back(record(line.substr(space + 1)));
    else
      reply.answers.push_back(record(line));
  }
}

dns::Message reply_to(const Heard& heard, const std::vector<std::string>& lines) {
  auto reply = reply_to(heard);
  add_records(reply, lines);
  return reply;
}

dns::Message reply_to(const Heard& heard, dns::Rcode rcode) {
  auto reply = reply_to(heard);
  reply.rcode = rcode;
  return reply;
}

Said say(const Heard& heard, const dns::Message& reply) {
  const auto message = dns::write_message(reply);
  if (!heard.tcp) return {.octets = message};
  Said framed;
  base::put_u16(framed.octets, static_cast<std::uint16_t>(message.size()));
  base::put(framed.octets, message);
  return framed;
}

}  // namespace fcrdns::resolver
