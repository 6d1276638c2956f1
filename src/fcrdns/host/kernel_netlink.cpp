#include "fcrdns/host/kernel_netlink.hpp"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <expected>
#include <vector>

namespace fcrdns::host {
namespace {

constexpr std::size_t max_messages = 200'000;
constexpr std::size_t longest_datagram = 1 << 18;  // the kernel fills at most 32 KiB; what is longer is told as cut off

class Socket {
 public:
  explicit Socket(int protocol) : fd_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol)) {
    const timeval patience{2, 0};
    if (fd_ >= 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  [[nodiscard]] bool send(base::OctetView message) const {
    sockaddr_nl kernel{};
    kernel.nl_family = AF_NETLINK;
    return fd_ >= 0 && ::sendto(fd_, message.data(), message.size(), 0, reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel) ==
                           static_cast<ssize_t>(message.size());
  }
  /// One datagram of the kernel's own; those of other processes are passed over.
  [[nodiscard]] std::expected<base::OctetView, int> receive(std::vector<std::uint8_t>& buffer) const {
    for (;;) {
      sockaddr_nl sender{};
      socklen_t size = sizeof sender;
      const auto got = ::recvfrom(fd_, buffer.data(), buffer.size(), MSG_TRUNC, reinterpret_cast<sockaddr*>(&sender), &size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return std::unexpected(errno);
      if (static_cast<std::size_t>(got) > buffer.size()) return std::unexpected(EMSGSIZE);
      if (sender.nl_pid == 0) return base::OctetView(buffer.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  int fd_;
};

base::Octets question(std::uint16_t type, base::OctetView header) {
  nlmsghdr message{};
  message.nlmsg_len = static_cast<std::uint32_t>(sizeof message + header.size());
  message.nlmsg_type = type;
  message.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  message.nlmsg_seq = 1;
  base::Octets octets(sizeof message);
  std::memcpy(octets.data(), &message, sizeof message);
  base::put(octets, header);
  return octets;
}

}  // namespace

int dump(int protocol, std::uint16_t type, base::OctetView header, const std::function<bool(const KernelMessage&)>& visit) {
  const Socket socket(protocol);
  if (!socket.send(question(type, header))) return errno;
  std::vector<std::uint8_t> buffer(longest_datagram);
  for (std::size_t count = 0; count < max_messages;) {
    const auto datagram = socket.receive(buffer);
    if (!datagram) return datagram.error();
    for (const auto& message : messages_in(*datagram)) {
      ++count;
      if (message.type == NLMSG_DONE) return 0;
      if (message.type == NLMSG_ERROR) {
        const auto error = header_of<nlmsgerr>(message.body);
        return error ? -error->error : EBADMSG;
      }
      if (!visit(message)) return 0;
    }
  }
  return 0;
}

}  // namespace fcrdns::host
