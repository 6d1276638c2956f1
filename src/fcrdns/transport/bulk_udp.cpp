// udp(7), sendmmsg(2), recvmmsg(2); UDP_SEGMENT since Linux 4.18, UDP_GRO since 5.0.
#include "fcrdns/transport/bulk_udp.hpp"

#include <fmt/core.h>
#include <netinet/udp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "fcrdns/transport/udp_socket.hpp"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

namespace fcrdns::transport {
namespace {

constexpr std::size_t most_segments = 64;      // UDP_MAX_SEGMENTS of older kernels
constexpr std::size_t most_octets = 60'000;    // of one joined datagram, below the 64 KiB of IP
constexpr std::size_t cost_in_buffer = 1'280;  // what the kernel counts for one small datagram, and some
constexpr int most_refusals = 4;               // of one send, before the datagram is given up

/// The kernel, or the device behind it, does not do it this way.
bool is_of_the_way(int error) {
  return error == EINVAL || error == EIO || error == ENOSYS || error == EOPNOTSUPP || error == EMSGSIZE || error == ENOPROTOOPT;
}
bool is_for_now(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS || error == ENOMEM; }

struct Control {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> octets{};
};

}  // namespace

/// Datagrams of one length, one behind the other.
struct BulkUdp::Bucket {
  std::vector<std::uint8_t> octets;
  std::size_t sent = 0;  // octets of it
};

/// What one call hands over.
struct BulkUdp::Sending {
  static constexpr unsigned most = 64;
  std::array<mmsghdr, most> headers;
  std::array<iovec, most> vectors;
  std::array<Control, most> controls;
  std::array<std::uint16_t, most> lengths;  // the bucket of each
  unsigned count = 0;

  void add(std::uint16_t length, std::uint8_t* octets, std::size_t size) {
    vectors[count] = {octets, size};
    lengths[count] = length;
    auto& header = headers[count].msg_hdr;
    headers[count] = {};
    header.msg_iov = &vectors[count];
    header.msg_iovlen = 1;
    if (size > length) {
      header.msg_control = controls[count].octets.data();
      header.msg_controllen = CMSG_SPACE(sizeof length);
      auto* control = CMSG_FIRSTHDR(&header);
      control->cmsg_level = SOL_UDP;
      control->cmsg_type = UDP_SEGMENT;
      control->cmsg_len = CMSG_LEN(sizeof length);
      std::memcpy(CMSG_DATA(control), &length, sizeof length);
    }
    ++count;
  }
};

/// Places for `batch` datagrams, each as long as the kernel may join them; pages that are never written to cost nothing.
struct BulkUdp::Receiving {
  static constexpr std::size_t size = 65'536;
  static constexpr std::size_t stagger = 4'096 + 576;  // 64 KiB apart their beginnings would fight for the same few lines of the cache
  std::unique_ptr<std::uint8_t[]> places = std::make_unique_for_overwrite<std::uint8_t[]>(batch * (size + stagger));
  std::array<iovec, batch> vectors{};
  std::array<mmsghdr, batch> headers{};
  std::array<Control, batch> controls;
  void reset() {
    for (unsigned i = 0; i < batch; ++i) {
      vectors[i] = {places.get() + i * (size + stagger), size};
      headers[i] = {};
      headers[i].msg_hdr.msg_iov = &vectors[i];
      headers[i].msg_hdr.msg_iovlen = 1;
      headers[i].msg_hdr.msg_control = controls[i].octets.data();
      headers[i].msg_hdr.msg_controllen = controls[i].octets.size();
    }
  }
};

BulkUdp::BulkUdp(const net::Endpoint& peer, const Options& options)
    : peer_(peer), options_(options), way_(options.segments ? Way::joined : Way::many), buckets_(longest + 1),
      sending_(std::make_unique<Sending>()), receiving_(std::make_unique<Receiving>()) {}

BulkUdp::~BulkUdp() {
  for (const auto descriptor : descriptors_) ::close(descriptor);
  if (epoll_ >= 0) ::close(epoll_);
}

// ---- sockets -------------------------------------------------------------------------------------------------------

base::Expected<std::unique_ptr<BulkUdp>> BulkUdp::open(const net::Endpoint& peer, const Options& options) {
  std::unique_ptr<BulkUdp> out(new BulkUdp(peer, options));
  out->epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  if (out->epoll_ < 0) return base::fault("epoll: " + reason());
  for (unsigned i = 0; i < std::clamp(options.sockets, 1U, 64U); ++i) {
    const auto descriptor = out->connect_one(i);
    if (!descriptor) return std::unexpected(descriptor.error());
    out->descriptors_.push_back(*descriptor);
  }
  return out;
}

base::Expected<int> BulkUdp::connect_one(unsigned number) {
  const int descriptor = ::socket(peer_.address.is_v4() ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return base::fault("no socket can be had: " + reason());
  ask_for_room(descriptor, options_.receive_buffer);
  const int on = 1;
  if (options_.segments) ::setsockopt(descriptor, SOL_UDP, UDP_GRO, &on, sizeof on);
  socklen_t length = 0;
  const auto to = socket_address(peer_, length);
  epoll_event event{.events = EPOLLIN, .data = {.u32 = number}};
  if (::connect(descriptor, &to.any, length) != 0 ||
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) {
    const auto why = reason();
    ::close(descriptor);
    return base::fault(fmt::format("{}: {}", peer_.text(), why));
  }
  int given = 0;
  socklen_t size = sizeof given;
  ::getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &given, &size);
  const auto fits = static_cast<std::size_t>(std::max(given, 0)) / cost_in_buffer;
  capacity_ = capacity_ == 0 ? fits : std::min(capacity_, fits);
  return descriptor;
}

bool BulkUdp::reopen(unsigned socket) {
  const auto descriptor = connect_one(socket);
  if (!descriptor) return false;
  ::close(std::exchange(descriptors_[socket], *descriptor));
  return true;
}

// ---- sending -------------------------------------------------------------------------------------------------------

std::uint8_t* BulkUdp::place(std::size_t length) {
  auto& octets = buckets_[length].octets;
  if (octets.empty()) used_.push_back(static_cast<std::uint16_t>(length));
  const auto at = octets.size();
  octets.resize(at + length);
  return octets.data() + at;
}

/// As much as one call takes, from what is still there.
void BulkUdp::prepare() {
  sending_->count = 0;
  for (const auto length : used_) {
    auto& bucket = buckets_[length];
    const auto per_message = way_ == Way::joined ? std::min(most_segments, most_octets / length) * length : length;
    for (auto at = bucket.sent; at < bucket.octets.size() && sending_->count < Sending::most; at += per_message)
      sending_->add(length, bucket.octets.data() + at, std::min(per_message, bucket.octets.size() - at));
  }
}

int BulkUdp::hand_over() {
  const int descriptor = descriptors_[leaves_by_];
  if (way_ != Way::single) return ::sendmmsg(descriptor, sending_->headers.data(), sending_->count, 0);
  const auto& vector = sending_->vectors[0];
  return ::send(descriptor, vector.iov_base, vector.iov_len, 0) < 0 ? -1 : 1;
}

/// The first messages of what was prepared are gone.
void BulkUdp::sent(unsigned messages) {
  for (unsigned i = 0; i < messages; ++i) buckets_[sending_->lengths[i]].sent += sending_->vectors[i].iov_len;
  std::erase_if(used_, [&](std::uint16_t length) {
    auto& bucket = buckets_[length];
    if (bucket.sent < bucket.octets.size()) return false;
    bucket.octets.clear();
    bucket.sent = 0;
    return true;
  });
}

bool BulkUdp::flush() {
  int refusals = 0;
  while (!used_.empty()) {
    prepare();
    const int done = hand_over();
    if (done > 0) {
      sent(static_cast<unsigned>(done));
      refusals = 0;
    } else if (errno == ECONNREFUSED && ++refusals < most_refusals) {
      refused_ = true;  // told of an earlier one; this one was not sent
    } else if (is_for_now(errno)) {
      return false;
    } else if (way_ != Way::single && is_of_the_way(errno)) {
      way_ = way_ == Way::joined ? Way::many : Way::single;
    } else if (errno != EINTR) {
      refused_ = true;
      refusals = 0;
      sent(1);
    }
  }
  return true;
}

// ---- receiving -----------------------------------------------------------------------------------------------------

std::span<const unsigned> BulkUdp::readable() {
  std::array<epoll_event, 64> events;
  const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 0);
  readable_.clear();
  for (int i = 0; i < count; ++i) readable_.push_back(events[static_cast<std::size_t>(i)].data.u32);
  return readable_;
}

unsigned BulkUdp::take(unsigned socket) {
  receiving_->reset();
  for (int refusals = 0;;) {
    const int got = ::recvmmsg(descriptors_[socket], receiving_->headers.data(), batch, 0, nullptr);
    if (got >= 0) return static_cast<unsigned>(got);
    if (errno == ENOSYS) return take_one_by_one(socket);
    if (errno == ECONNREFUSED && ++refusals < most_refusals) refused_ = true;
    else if (errno != EINTR) return 0;
  }
}

unsigned BulkUdp::take_one_by_one(unsigned socket) {
  unsigned count = 0;
  for (; count < batch; ++count) {
    auto& header = receiving_->headers[count];
    const auto size = ::recvmsg(descriptors_[socket], &header.msg_hdr, 0);
    if (size < 0) break;
    header.msg_len = static_cast<unsigned>(size);
  }
  return count;
}

base::OctetView BulkUdp::received(unsigned message) const {
  return {static_cast<const std::uint8_t*>(receiving_->vectors[message].iov_base), receiving_->headers[message].msg_len};
}

/// How long the datagrams are that the kernel has joined in this message; the last may be shorter.
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

}  // namespace fcrdns::transport
