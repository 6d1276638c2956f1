#include "fcrdns/host/kernel_source.hpp"

#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace fcrdns::host {
namespace {

constexpr std::uint16_t smtp = 25;  // rules may name the port

/// A socket address of either family.
class SocketAddress {
 public:
  SocketAddress() = default;
  SocketAddress(const net::Address& address, std::uint16_t port) {
    if (address.is_v4()) {
      v4_.sin_family = AF_INET;
      v4_.sin_port = htons(port);
      std::ranges::copy(address.octets(), reinterpret_cast<std::uint8_t*>(&v4_.sin_addr));
      size_ = sizeof v4_;
    } else {
      v6_.sin6_family = AF_INET6;
      v6_.sin6_port = htons(port);
      std::ranges::copy(address.octets(), v6_.sin6_addr.s6_addr);
    }
  }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&v6_); }
  socklen_t& size() { return size_; }
  [[nodiscard]] std::optional<net::Address> address() const {
    const bool v4 = v6_.sin6_family == AF_INET;
    const auto* octets = v4 ? reinterpret_cast<const std::uint8_t*>(&v4_.sin_addr) : v6_.sin6_addr.s6_addr;
    const auto address = net::Address::from_octets({octets, v4 ? 4U : 16U});
    return address ? std::optional(*address) : std::nullopt;
  }
  [[nodiscard]] unsigned scope() const { return v6_.sin6_family == AF_INET6 ? v6_.sin6_scope_id : 0; }

 private:
  union {
    sockaddr_in6 v6_{};
    sockaddr_in v4_;
  };
  socklen_t size_ = sizeof(sockaddr_in6);
};

/// Reads better than the C library's words.
std::string in_words(int error, const std::optional<net::Address>& bind) {
  if (error == EADDRNOTAVAIL) return bind ? absent(*bind) : "no address of this family to leave from";
  if (error == EAFNOSUPPORT) return "the kernel has no IPv6";
  if (error == EINVAL && bind) return "nothing can leave from " + bind->text() + " to there";
  return std::strerror(error);
}

}  // namespace

std::string absent(const net::Address& address) { return address.text() + " is not on this machine"; }

Choice ask_for_source(const net::Address& destination, const std::optional<net::Address>& bind) {
  const auto trouble = [&](int error, bool binding) { return Choice{{}, {}, in_words(error, binding ? bind : std::nullopt)}; };
  if (bind && bind->family() != destination.family()) return {{}, {}, bind->text() + " is of the other family"};
  const int fd = ::socket(destination.is_v4() ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return trouble(errno, false);
  const struct Closed {
    int fd;
    ~Closed() { ::close(fd); }
  } closed{fd};

  if (bind) {
    SocketAddress from(*bind, 0);
    if (::bind(fd, from.get(), from.size()) != 0) return trouble(errno, true);
  }
  SocketAddress to(destination, smtp);
  if (::connect(fd, to.get(), to.size()) != 0) return trouble(errno, bind.has_value() && errno == EINVAL);
  SocketAddress own;
  if (::getsockname(fd, own.get(), &own.size()) != 0) return trouble(errno, false);
  std::array<char, IF_NAMESIZE> name{};
  if (own.scope() != 0 && ::if_indextoname(own.scope(), name.data()) == nullptr) name[0] = '\0';
  return {own.address(), name.data(), {}};
}

}  // namespace fcrdns::host
