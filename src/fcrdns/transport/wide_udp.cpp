// udp(7), send(2), sendmmsg(2), recvmmsg(2).
#include "fcrdns/transport/wide_udp.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "fcrdns/transport/udp_socket.hpp"

namespace fcrdns::transport {
namespace {

constexpr std::size_t longest = 4096;  // of what comes: 1232 octets are asked for, and some servers send more

/// It could not even be sent, and would not be the next time.
bool leads_nowhere(int error) {
  return error == ENETUNREACH || error == EHOSTUNREACH || error == EADDRNOTAVAIL || error == EACCES || error == EPERM ||
         error == EINVAL || error == ENETDOWN || error == EAFNOSUPPORT;
}

}  // namespace

struct WideUdp::Outgoing {
  struct One {
    SocketAddress peer;
    socklen_t peer_length;
    std::uint32_t at, length, mark;
  };
  std::vector<One> datagrams[2];  // by family
  std::vector<std::uint8_t> octets;
};

struct WideUdp::Receiving {
  std::array<std::array<std::uint8_t, longest>, batch> places;
  std::array<SocketAddress, batch> sources;
  std::array<iovec, batch> vectors{};
  std::array<mmsghdr, batch> headers{};
};

WideUdp::WideUdp() : outgoing_(std::make_unique<Outgoing>()), receiving_(std::make_unique<Receiving>()) {}

WideUdp::~WideUdp() {
  for (const auto descriptor : descriptors_) ::close(descriptor);
  if (epoll_ >= 0) ::close(epoll_);
}

base::Expected<std::unique_ptr<WideUdp>> WideUdp::open(const Options& options) {
  std::unique_ptr<WideUdp> out(new WideUdp());
  out->epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  if (out->epoll_ < 0) return base::fault("epoll: " + reason());
  std::string why = "no family to ask over";
  for (const auto family : {net::Family::v4, net::Family::v6})
    for (unsigned i = 0; options.only.value_or(family) == family && i < std::clamp(options.sockets, 1U, 16U); ++i)
      if (const auto opened = out->open_one(family, options); !opened) {
        why = opened.error().message;
        break;
      }
  if (out->descriptors_.empty()) return base::fault(why);
  return out;
}

base::Expected<void> WideUdp::open_one(net::Family family, const Options& options) {
  const bool is_v4 = family == net::Family::v4;
  const int descriptor = ::socket(is_v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return base::fault("no socket can be had: " + reason());
  const int on = 1;
  if (!is_v4) ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  ask_for_room(descriptor, options.receive_buffer);
  // Bound now: the kernel draws the port by chance, and nobody can send to it before it is known to be one of ours.
  socklen_t length = 0;
  const auto any = socket_address({is_v4 ? net::Address::v4({}) : net::Address::v6({}), 0}, length);
  if (::bind(descriptor, &any.any, length) != 0) {
    auto why = base::fault("no port can be had: " + reason());
    ::close(descriptor);
    return why;
  }
  epoll_event event{};
  event.events = EPOLLIN;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  groups_[is_v4 ? 0 : 1].sockets.push_back(sockets());
  descriptors_.push_back(descriptor);
  return {};
}

std::uint8_t* WideUdp::place(const net::Endpoint& peer, std::size_t length, std::uint32_t mark) {
  const auto at = outgoing_->octets.size();
  outgoing_->octets.resize(at + length);
  auto& one = outgoing_->datagrams[peer.address.is_v4() ? 0 : 1].emplace_back();
  one.peer = socket_address(peer, one.peer_length);
  one.at = static_cast<std::uint32_t>(at);
  one.length = static_cast<std::uint32_t>(length);
  one.mark = mark;
  return outgoing_->octets.data() + at;
}

void WideUdp::send_all() {
  constexpr std::size_t most = 64;
  std::array<mmsghdr, most> headers;
  std::array<iovec, most> vectors;
  for (unsigned family = 0; family < 2; ++family) {
    auto& datagrams = outgoing_->datagrams[family];
    if (datagrams.empty()) continue;
    auto& group = groups_[family];
    const int descriptor = descriptors_[group.sockets[group.next]];
    for (std::size_t begin = 0; begin < datagrams.size();) {
      const auto count = std::min(most, datagrams.size() - begin);
      for (std::size_t i = 0; i < count; ++i) {
        auto& one = datagrams[begin + i];
        vectors[i] = {outgoing_->octets.data() + one.at, one.length};
        headers[i] = {};
        headers[i].msg_hdr.msg_name = &one.peer;
        headers[i].msg_hdr.msg_namelen = one.peer_length;
        headers[i].msg_hdr.msg_iov = &vectors[i];
        headers[i].msg_hdr.msg_iovlen = 1;
      }
      const int sent = ::sendmmsg(descriptor, headers.data(), static_cast<unsigned>(count), 0);
      if (sent > 0) {
        begin += static_cast<std::size_t>(sent);
      } else if (errno != EINTR) {
        if (leads_nowhere(errno)) astray_.push_back(datagrams[begin].mark);
        ++begin;  // the first of them is what it failed at
      }
    }
    datagrams.clear();
    group.next = (group.next + 1) % group.sockets.size();
  }
  outgoing_->octets.clear();
}

unsigned WideUdp::take(unsigned socket) {
  auto& in = *receiving_;
  for (unsigned i = 0; i < batch; ++i) {
    in.vectors[i] = {in.places[i].data(), in.places[i].size()};
    in.headers[i] = {};
    in.headers[i].msg_hdr.msg_name = &in.sources[i];
    in.headers[i].msg_hdr.msg_namelen = sizeof in.sources[i];
    in.headers[i].msg_hdr.msg_iov = &in.vectors[i];
    in.headers[i].msg_hdr.msg_iovlen = 1;
  }
  for (;;) {
    const int got = ::recvmmsg(descriptors_[socket], in.headers.data(), batch, 0, nullptr);
    if (got >= 0) return static_cast<unsigned>(got);
    if (errno != EINTR) return 0;
  }
}

net::Endpoint WideUdp::source(unsigned message) const {
  const auto& from = receiving_->sources[message];
  if (from.any.sa_family == AF_INET) {
    std::array<std::uint8_t, 4> octets;
    std::memcpy(octets.data(), &from.v4.sin_addr, octets.size());
    return {net::Address::v4(octets), ntohs(from.v4.sin_port)};
  }
  std::array<std::uint8_t, 16> octets;
  std::memcpy(octets.data(), &from.v6.sin6_addr, octets.size());
  return {net::Address::v6(octets), ntohs(from.v6.sin6_port)};
}

base::OctetView WideUdp::received(unsigned message) const {
  return {receiving_->places[message].data(), receiving_->headers[message].msg_len};
}

void WideUdp::wait(int milliseconds) {
  epoll_event event{};
  ::epoll_wait(epoll_, &event, 1, milliseconds);
}

}  // namespace fcrdns::transport
