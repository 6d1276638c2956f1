#include "fcrdns/authority/listeners.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <list>

#include "fcrdns/transport/asio.hpp"

namespace fcrdns::authority {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using transport::to_asio;
using Error = boost::system::error_code;

namespace {

constexpr auto idle_limit = std::chrono::seconds(10);
constexpr std::size_t most_connections = 512;
constexpr std::size_t most_unsent_replies = 64;
constexpr int attempts_at_a_free_port = 20;

class UdpListener {
 public:
  UdpListener(udp::socket socket, Handler handler) : socket_(std::move(socket)), handler_(std::move(handler)) {
    receive();
  }

 private:
  void receive() {
    socket_.async_receive_from(asio::buffer(buffer_), peer_, [this](Error error, std::size_t size) {
      if (error == asio::error::operation_aborted) return;
      if (!error) handler_({buffer_.data(), size}, Transport::udp, [this, peer = peer_](const base::Octets& message) {
        Error lost;
        socket_.send_to(asio::buffer(message), peer, 0, lost);
      });
      receive();
    });
  }

  udp::socket socket_;
  Handler handler_;
  udp::endpoint peer_;
  std::array<std::uint8_t, 4096> buffer_;
};

/// One TCP connection: length-framed messages both ways. Reading goes on while replies are still being made.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, const Handler& handler, std::size_t& count)
      : socket_(std::move(socket)), idle_(socket_.get_executor()), handler_(handler), count_(count) { ++count_; }
  ~Connection() { --count_; }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void read_length() {
    stay_awake();
    asio::async_read(socket_, asio::buffer(length_), [self = shared_from_this()](Error error, std::size_t) {
      if (error) return self->end();
      self->query_.resize(static_cast<std::size_t>(self->length_[0] << 8 | self->length_[1]));
      self->read_query();
    });
  }

 private:
  void read_query() {
    asio::async_read(socket_, asio::buffer(query_), [self = shared_from_this()](Error error, std::size_t) {
      if (error) return self->end();
      self->handler_(self->query_, Transport::tcp, [self](const base::Octets& message) { self->send(message); });
      self->read_length();
    });
  }

  void send(const base::Octets& message) {
    if (unsent_.size() >= most_unsent_replies || message.size() > 65535) return end();
    base::Octets framed;
    base::put_u16(framed, static_cast<std::uint16_t>(message.size()));
    base::put(framed, message);
    unsent_.push_back(std::move(framed));
    if (unsent_.size() == 1) write_next();
  }

  void write_next() {
    asio::async_write(socket_, asio::buffer(unsent_.front()), [self = shared_from_this()](Error error, std::size_t) {
      if (error) return self->end();
      self->stay_awake();
      self->unsent_.pop_front();
      if (!self->unsent_.empty()) self->write_next();
    });
  }

  void stay_awake() {
    idle_.expires_after(idle_limit);
    idle_.async_wait([self = shared_from_this()](Error error) {
      if (!error) self->end();
    });
  }

  void end() {
    Error closed;
    socket_.close(closed);
    idle_.cancel();
  }

  tcp::socket socket_;
  asio::steady_timer idle_;
  const Handler& handler_;
  std::size_t& count_;
  std::array<std::uint8_t, 2> length_{};
  base::Octets query_;
  std::deque<base::Octets> unsent_;
};

class TcpListener {
 public:
  TcpListener(tcp::acceptor acceptor, Handler handler, std::size_t& count)
      : acceptor_(std::move(acceptor)), handler_(std::move(handler)), count_(count) { accept(); }

 private:
  void accept() {
    acceptor_.async_accept([this](Error error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error && count_ < most_connections)
        std::make_shared<Connection>(std::move(socket), handler_, count_)->read_length();
      accept();
    });
  }

  tcp::acceptor acceptor_;
  Handler handler_;
  std::size_t& count_;
};

}  // namespace

struct Listeners::Impl {
  std::size_t connections = 0;  // the loop's last handlers count down
  asio::io_context loop{1};
  std::list<UdpListener> udp;
  std::list<TcpListener> tcp;
  std::list<asio::posix::stream_descriptor> descriptors;

  void watch(asio::posix::stream_descriptor& descriptor, std::function<void()> work) {
    auto readable = [this, &descriptor, work = std::move(work)](Error error) mutable {
      if (error) return;
      work();
      watch(descriptor, std::move(work));
    };
    descriptor.async_wait(asio::posix::stream_descriptor::wait_read, std::move(readable));
  }
  ~Impl() {
    for (auto& descriptor : descriptors) descriptor.release();
  }
};

Listeners::Listeners() : impl_(std::make_unique<Impl>()) {}
Listeners::~Listeners() = default;

base::Expected<net::Endpoint> Listeners::add(const net::Endpoint& where, Handler handler) {
  const auto address = to_asio(where.address);
  Error error;
  for (int attempt = 0; attempt < attempts_at_a_free_port; ++attempt) {
    tcp::acceptor acceptor(impl_->loop);
    udp::socket socket(impl_->loop);
    const tcp::endpoint tcp_end(address, where.port);
    if (acceptor.open(tcp_end.protocol(), error); !error)
      acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(tcp_end, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) break;
    const auto port = acceptor.local_endpoint().port();
    const udp::endpoint udp_end(address, port);
    if (socket.open(udp_end.protocol(), error); !error) socket.bind(udp_end, error);
    if (!error) {
      impl_->udp.emplace_back(std::move(socket), handler);
      impl_->tcp.emplace_back(std::move(acceptor), std::move(handler), impl_->connections);
      return net::Endpoint{where.address, port};
    }
    if (where.port != 0) break;  // a port of the kernel's choice may be taken over UDP: try the next
  }
  return base::fault("cannot serve on " + where.text() + ": " + error.message());
}

void Listeners::after(base::Milliseconds delay, std::move_only_function<void()> work) {
  if (delay.count() <= 0) return work();
  auto timer = std::make_unique<asio::steady_timer>(impl_->loop, delay);
  auto& waiting = *timer;
  waiting.async_wait([timer = std::move(timer), work = std::move(work)](Error error) mutable {
    if (!error) work();
  });
}

void Listeners::when_readable(int descriptor, std::function<void()> work) {
  impl_->watch(impl_->descriptors.emplace_back(impl_->loop, descriptor), std::move(work));
}

void Listeners::run() { impl_->loop.run(); }
void Listeners::stop() { impl_->loop.stop(); }

}  // namespace fcrdns::authority
