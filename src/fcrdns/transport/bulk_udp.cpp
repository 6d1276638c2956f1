// udp(7), send(2), recvmmsg(2); UDP_SEGMENT since Linux 4.18, UDP_GRO since 5.0.
#include "fcrdns/transport/bulk_udp.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

namespace fcrdns::transport {
namespace {

constexpr std::size_t longest = 512;
constexpr std::size_t most_segments = 64;       // UDP_MAX_SEGMENTS of older kernels
constexpr std::size_t most_octets = 60'000;     // of one joined datagram, below the 64 KiB of IP
constexpr std::size_t cost_in_buffer = 1'280;   // what the kernel counts for one small datagram, and some

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
};

SocketAddress socket_address(const net::Endpoint& endpoint) {
  SocketAddress out;
  const auto octets = endpoint.address.octets();
  if (endpoint.address.is_v4()) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(endpoint.port);
    std::memcpy(&in.sin_addr, octets.data(), octets.size());
    std::memcpy(&out.storage, &in, out.length = sizeof in);
  } else {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(endpoint.port);
    std::memcpy(&in.sin6_addr, octets.data(), octets.size());
    std::memcpy(&out.storage, &in, out.length = sizeof in);
  }
  return out;
}

std::string reason() { return std::system_category().message(errno); }

struct Control {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> octets{};
};

}  // namespace

struct BulkUdp::Bucket {
  std::vector<std::uint8_t> octets;
};

/// Places for `batch` datagrams, each as long as the kernel may join them.
struct BulkUdp::Receiving {
  std::array<std::vector<std::uint8_t>, batch> places;
  std::array<iovec, batch> vectors{};
  std::array<mmsghdr, batch> headers{};
  std::array<Control, batch> controls;
  Receiving() {
    for (unsigned i = 0; i < batch; ++i) {
      places[i].resize(65'536);
      vectors[i] = {places[i].data(), places[i].size()};
    }
  }
  void reset() {
    for (unsigned i = 0; i < batch; ++i) {
      headers[i] = {};
      headers[i].msg_hdr.msg_iov = &vectors[i];
      headers[i].msg_hdr.msg_iovlen = 1;
      headers[i].msg_hdr.msg_control = controls[i].octets.data();
      headers[i].msg_hdr.msg_controllen = controls[i].octets.size();
    }
  }
};

BulkUdp::BulkUdp(const net::Endpoint& peer, const Options& options)
    : peer_(peer), options_(options), buckets_(longest + 1), receiving_(std::make_unique<Receiving>()) {}

BulkUdp::~BulkUdp() {
  for (const auto descriptor : descriptors_) ::close(descriptor);
  if (epoll_ >= 0) ::close(epoll_);
}

base::Expected<std::unique_ptr<BulkUdp>> BulkUdp::open(const net::Endpoint& peer, const Options& options) {
  std::unique_ptr<BulkUdp> out(new BulkUdp(peer, options));
  out->epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  if (out->epoll_ < 0) return base::fault("epoll: " + reason());
  for (unsigned i = 0; i < std::clamp(options.sockets, 1U, 64U); ++i) {
    auto descriptor = out->connect_one();
    if (!descriptor) return std::unexpected(std::move(descriptor.error()));
    out->descriptors_.push_back(*descriptor);
  }
  return out;
}

base::Expected<int> BulkUdp::connect_one() {
  const int descriptor = ::socket(peer_.address.is_v4() ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return base::fault("no socket can be had: " + reason());
  const auto wanted = static_cast<int>(options_.receive_buffer);
  if (::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof wanted) != 0)
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof wanted);
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &wanted, sizeof wanted);
  const int on = 1;
  if (options_.segments) ::setsockopt(descriptor, SOL_UDP, UDP_GRO, &on, sizeof on);
  const auto to = socket_address(peer_);
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&to.storage), to.length) != 0) {
    const auto why = reason();
    ::close(descriptor);
    return base::fault(fmt::format("{}: {}", peer_.text(), why));
  }
  int given = 0;
  socklen_t size = sizeof given;
  ::getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &given, &size);
  const auto fits = static_cast<std::size_t>(std::max(given, 0)) / cost_in_buffer;
  capacity_ = capacity_ == 0 ? fits : std::min(capacity_, fits);
  epoll_event event{};
  event.events = EPOLLIN;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  return descriptor;
}

bool BulkUdp::reopen(unsigned socket) {
  const auto descriptor = connect_one();
  if (!descriptor) return false;
  ::close(std::exchange(descriptors_[socket], *descriptor));
  return true;
}

std::uint8_t* BulkUdp::place(std::size_t length) {
  auto& octets = buckets_[length].octets;
  if (octets.empty()) used_.push_back(static_cast<std::uint16_t>(length));
  const auto at = octets.size();
  octets.resize(at + length);
  return octets.data() + at;
}

void BulkUdp::flush() {
  if (used_.empty()) return;
  constexpr std::size_t most_messages = 64;
  std::array<mmsghdr, most_messages> headers;
  std::array<iovec, most_messages> vectors;
  std::array<Control, most_messages> controls;
  unsigned count = 0;
  const int descriptor = descriptors_[next_];
  const auto send = [&] {
    for (unsigned sent = 0; sent < count;) {
      const int done = ::sendmmsg(descriptor, headers.data() + sent, count - sent, 0);
      if (done > 0) {
        sent += static_cast<unsigned>(done);
      } else if (errno == ECONNREFUSED) {
        refused_ = true;  // told of an earlier one; this one was not sent
      } else if ((errno == EINVAL || errno == EIO) && options_.segments) {
        options_.segments = false;  // this way out knows no segments: what is left of the flush counts as lost
        break;
      } else if (errno != EINTR) {
        break;
      }
    }
    count = 0;
  };
  for (const auto length : used_) {
    auto& octets = buckets_[length].octets;
    const auto per_message = options_.segments ? std::min(most_segments, most_octets / length) * length : length;
    for (std::size_t at = 0; at < octets.size(); at += per_message) {
      const auto size = std::min(per_message, octets.size() - at);
      vectors[count] = {octets.data() + at, size};
      auto& header = headers[count].msg_hdr;
      headers[count] = {};
      header.msg_iov = &vectors[count];
      header.msg_iovlen = 1;
      if (size > length) {
        header.msg_control = controls[count].octets.data();
        header.msg_controllen = CMSG_SPACE(sizeof(std::uint16_t));
        auto* control = CMSG_FIRSTHDR(&header);
        control->cmsg_level = SOL_UDP;
        control->cmsg_type = UDP_SEGMENT;
        control->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
        const auto segment = length;
        std::memcpy(CMSG_DATA(control), &segment, sizeof segment);
      }
      if (++count == most_messages) send();
    }
  }
  send();
  for (const auto length : used_) buckets_[length].octets.clear();
  used_.clear();
  next_ = (next_ + 1) % sockets();
}

unsigned BulkUdp::take(unsigned socket) {
  receiving_->reset();
  for (;;) {
    const int got = ::recvmmsg(descriptors_[socket], receiving_->headers.data(), batch, 0, nullptr);
    if (got >= 0) return static_cast<unsigned>(got);
    if (errno == ECONNREFUSED) refused_ = true;
    else if (errno != EINTR) return 0;
  }
}

base::OctetView BulkUdp::received(unsigned message) const { return {receiving_->places[message].data(), receiving_->headers[message].msg_len}; }

std::size_t BulkUdp::segment_of(unsigned message) const {
  auto& header = receiving_->headers[message].msg_hdr;
  for (auto* control = CMSG_FIRSTHDR(&header); control != nullptr; control = CMSG_NXTHDR(&header, control)) {
    if (control->cmsg_level != SOL_UDP || control->cmsg_type != UDP_GRO) continue;
    int segment = 0;
    std::memcpy(&segment, CMSG_DATA(control), sizeof segment);
    if (segment > 0) return static_cast<std::size_t>(segment);
  }
  return receiving_->headers[message].msg_len;
}

void BulkUdp::wait(int milliseconds) {
  epoll_event event{};
  ::epoll_wait(epoll_, &event, 1, milliseconds);
}

bool BulkUdp::refused() { return std::exchange(refused_, false); }

}  // namespace fcrdns::transport
