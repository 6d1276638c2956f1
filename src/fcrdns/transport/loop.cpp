#include "fcrdns/transport/loop.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "fcrdns/base/random.hpp"
#include "fcrdns/transport/asio.hpp"

namespace fcrdns::transport {

namespace asio = boost::asio;
using boost::system::error_code;

struct Loop::Impl {
  asio::io_context io{1};
  std::size_t handlers_run = 0;
  /// Every socket reads into this one, a datagram or a piece of a stream at a time: handlers run one after another.
  std::array<std::uint8_t, 65536> inbox;

  [[nodiscard]] base::OctetView received(std::size_t count) const { return {inbox.data(), count}; }
};

namespace {

/// What is under way. Completions hold it alive, `alive` says whether somebody still wants to hear of it.
struct Operation : std::enable_shared_from_this<Operation> {
  explicit Operation(Loop::Impl& owner) : loop(owner) {}
  virtual ~Operation() = default;
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  virtual void close() = 0;

  /// Wraps a member function as a completion that does nothing once nobody listens.
  template <typename Self, typename... Args>
  auto completion(void (Self::*step)(Args...)) {
    return [self = std::static_pointer_cast<Self>(shared_from_this()), step](Args... args) {
      if (self->alive) (self.get()->*step)(args...);
    };
  }

  Loop::Impl& loop;
  bool alive = true;
};

class Held final : public Pending {
 public:
  explicit Held(std::shared_ptr<Operation> operation) : operation_(std::move(operation)) {}
  ~Held() override {
    operation_->alive = false;
    operation_->close();
  }

 private:
  std::shared_ptr<Operation> operation_;
};

struct Timer final : Operation {
  Timer(Loop::Impl& owner, std::move_only_function<void()> h)
      : Operation(owner), timer(owner.io), handler(std::move(h)) {}
  void start(base::SteadyTime when) {
    timer.expires_at(when);
    timer.async_wait(completion(&Timer::fire));
  }
  void fire(error_code) {
    ++loop.handlers_run;
    handler();
  }
  void close() override { timer.cancel(); }

  asio::steady_timer timer;
  std::move_only_function<void()> handler;
};

struct Readable final : Operation {
  Readable(Loop::Impl& owner, int fd, std::move_only_function<void()> h)
      : Operation(owner), descriptor(owner.io, fd), handler(std::move(h)) {}
  void listen() { descriptor.async_wait(asio::posix::stream_descriptor::wait_read, completion(&Readable::ready)); }
  void ready(error_code error) {
    if (error) return;
    ++loop.handlers_run;
    handler();
    if (alive) listen();
  }
  void close() override { descriptor.release(); }

  asio::posix::stream_descriptor descriptor;
  std::move_only_function<void()> handler;
};

struct Udp final : Operation {
  Udp(Loop::Impl& owner, EventHandler h) : Operation(owner), socket(owner.io), handler(std::move(h)) {}

  void start(const net::Endpoint& peer, const base::Octets& octets) {
    const asio::ip::udp::endpoint to(to_asio(peer.address), peer.port);
    error_code error = open_on_random_port(to.protocol());
    if (!error) socket.connect(to, error);
    if (!error) socket.send(asio::buffer(octets), 0, error);
    if (!error) return listen();
    asio::post(loop.io, [report = completion(&Udp::failed), error] { report(error); });
  }

  /// RFC 5452 9.2: out of all unprivileged ports, each packet from its own; the kernel's ephemeral range is narrower.
  error_code open_on_random_port(asio::ip::udp protocol) {
    error_code error;
    socket.open(protocol, error);
    if (!error) socket.non_blocking(true, error);
    if (!error && protocol == asio::ip::udp::v6()) socket.set_option(asio::ip::v6_only(true), error);
    if (error) return error;
    for (int tries = 0; tries < 64; ++tries) {
      const auto port = static_cast<std::uint16_t>(1024 + base::secure_random().below(65536 - 1024));
      socket.bind({protocol, port}, error);
      if (error != asio::error::address_in_use && error != asio::error::access_denied) break;
    }
    return error;
  }

  void listen() { socket.async_wait(asio::ip::udp::socket::wait_read, completion(&Udp::receive)); }
  void receive(error_code error) {
    std::size_t count = 0;
    if (!error) count = socket.receive(asio::buffer(loop.inbox), 0, error);
    if (error == asio::error::would_block) return listen();
    if (error) return failed(error);
    ++loop.handlers_run;
    handler(Event::datagram, loop.received(count));
    if (alive) listen();
  }
  /// ICMP is easily forged (RFC 5927): it is told, but the socket goes on listening.
  void failed(error_code error) {
    ++loop.handlers_run;
    handler(error == asio::error::connection_refused ? Event::refused : Event::unreachable, {});
    if (alive && error == asio::error::connection_refused) listen();
  }
  void close() override {
    error_code ignored;
    socket.close(ignored);
  }

  asio::ip::udp::socket socket;
  EventHandler handler;
};

struct Tcp final : Operation {
  Tcp(Loop::Impl& owner, EventHandler h) : Operation(owner), socket(owner.io), handler(std::move(h)) {}

  void start(const net::Endpoint& peer, const base::Octets& octets) {
    base::put_u16(outbox, static_cast<std::uint16_t>(octets.size()));  // length and message in one segment, RFC 7766 8
    base::put(outbox, octets);
    socket.async_connect({to_asio(peer.address), peer.port}, completion(&Tcp::connected));
  }
  void connected(error_code error) {
    if (error) return end(error == asio::error::connection_refused ? Event::refused : Event::unreachable);
    socket.non_blocking(true, error);
    if (error) return end(Event::unreachable);
    asio::async_write(socket, asio::buffer(outbox), completion(&Tcp::written));
  }
  void written(error_code error, std::size_t) {
    if (error) return end(Event::closed);
    listen();
  }
  void listen() { socket.async_wait(asio::ip::tcp::socket::wait_read, completion(&Tcp::receive)); }
  void receive(error_code error) {
    std::size_t count = 0;
    if (!error) count = socket.read_some(asio::buffer(loop.inbox), error);
    if (error == asio::error::would_block) return listen();
    if (error) return end(Event::closed);
    base::put(unread, loop.received(count));
    deliver();
    if (alive) listen();
  }
  /// Hands on every whole message; what is left of `unread` is the beginning of the next, never more than one.
  void deliver() {
    std::size_t at = 0;
    while (alive) {
      base::Cursor cursor(unread, at);
      const auto length = cursor.u16();
      const auto message = length ? cursor.take(*length) : std::nullopt;
      if (!message) break;
      at = cursor.position();
      ++loop.handlers_run;
      handler(Event::datagram, *message);
    }
    unread.erase(unread.begin(), unread.begin() + static_cast<std::ptrdiff_t>(at));
  }
  void end(Event event) {
    ++loop.handlers_run;
    handler(event, unread);
  }
  void close() override {
    error_code ignored;
    socket.close(ignored);
  }

  asio::ip::tcp::socket socket;
  EventHandler handler;
  base::Octets outbox, unread;
};

/// Makes the operation, starts it and hands out the string it hangs on.
template <typename Op, typename... Start, typename... Make>
std::unique_ptr<Pending> begin(std::shared_ptr<Op> operation, void (Op::*start)(Start...), Make&&... arguments) {
  ((*operation).*start)(std::forward<Make>(arguments)...);
  return std::make_unique<Held>(std::move(operation));
}

}  // namespace

Loop::Loop() : impl_(std::make_unique<Impl>()) {}
Loop::Loop(std::nullptr_t) {}
Loop::~Loop() = default;

base::SteadyTime Loop::now() const { return base::steady_now(); }

bool Loop::run_one(base::Milliseconds longest) {
  const auto until = std::chrono::steady_clock::now() + longest;
  impl_->io.restart();
  impl_->handlers_run = 0;
  while (impl_->handlers_run == 0)
    if (impl_->io.run_one_until(until) == 0) break;
  // What else is due already; bounded, so that a flood on one socket does not keep the caller from its own deadline.
  for (int more = 0; more < 256 && impl_->io.poll_one() != 0; ++more) {
  }
  return impl_->handlers_run != 0;
}

std::unique_ptr<Pending> Loop::at(base::SteadyTime when, std::move_only_function<void()> handler) {
  return begin(std::make_shared<Timer>(*impl_, std::move(handler)), &Timer::start, when);
}

std::unique_ptr<Pending> Loop::when_readable(int descriptor, std::move_only_function<void()> handler) {
  return begin(std::make_shared<Readable>(*impl_, descriptor, std::move(handler)), &Readable::listen);
}

std::unique_ptr<Pending> Loop::udp(const net::Endpoint& peer, const base::Octets& octets, EventHandler handler) {
  return begin(std::make_shared<Udp>(*impl_, std::move(handler)), &Udp::start, peer, octets);
}

std::unique_ptr<Pending> Loop::tcp(const net::Endpoint& peer, const base::Octets& octets, EventHandler handler) {
  return begin(std::make_shared<Tcp>(*impl_, std::move(handler)), &Tcp::start, peer, octets);
}

}  // namespace fcrdns::transport
