#include "fcrdns/lab/network.hpp"

#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace fcrdns::lab {

using base::Expected;
using base::fault;

namespace {

std::unexpected<base::Fault> refused(const std::string& what, int error = errno) {
  return fault(what + ": " + std::strerror(error));
}

Expected<void> write_file(const char* path, const std::string& text) {
  const int file = ::open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return refused(path);
  const auto written = ::write(file, text.data(), text.size());
  const int error = errno;
  ::close(file);
  if (written != static_cast<ssize_t>(text.size())) return refused(path, error);
  return {};
}

/// Real root needs no user namespace, and keeps its powers over files without one.
Expected<void> unshare_all() {
  if (::geteuid() == 0 && ::unshare(CLONE_NEWNET | CLONE_NEWNS) == 0) return {};
  const auto user = std::to_string(::geteuid()), group = std::to_string(::getegid());
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) != 0) return refused("unshare");
  for (const auto& [path, text] : {std::pair{"/proc/self/setgroups", std::string("deny")},
                                   std::pair{"/proc/self/uid_map", "0 " + user + " 1"},
                                   std::pair{"/proc/self/gid_map", "0 " + group + " 1"}})
    if (auto done = write_file(path, text); !done) return done;
  return {};
}

/// A netlink socket that sends one request at a time and waits for the kernel's word on it (rtnetlink(7)).
class Netlink {
 public:
  Netlink() : socket_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {}
  ~Netlink() {
    if (socket_ >= 0) ::close(socket_);
  }
  Netlink(const Netlink&) = delete;
  Netlink& operator=(const Netlink&) = delete;

  Expected<void> bring_up(int index) {
    struct {
      nlmsghdr header;
      ifinfomsg link;
    } request{};
    request.header = {sizeof request, RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 0, 0};
    request.link.ifi_index = index;
    request.link.ifi_flags = request.link.ifi_change = IFF_UP;
    return ask(&request, sizeof request, "bringing up lo");
  }

  Expected<void> add(int index, const net::Address& address) {
    const auto octets = address.octets();
    struct {
      nlmsghdr header;
      ifaddrmsg body;
      rtattr local;
      std::uint8_t octets[16];
    } request{};
    const auto size = NLMSG_ALIGN(offsetof(decltype(request), octets) + octets.size());
    request.header = {static_cast<std::uint32_t>(size), RTM_NEWADDR,
                      NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, 0, 0};
    request.body.ifa_family = address.is_v4() ? AF_INET : AF_INET6;
    request.body.ifa_prefixlen = address.is_v4() ? 32 : 128;
    request.body.ifa_flags = address.is_v6() ? IFA_F_NODAD : 0;  // usable at once, not after a second of waiting
    request.body.ifa_index = static_cast<unsigned>(index);
    request.local = {static_cast<unsigned short>(RTA_LENGTH(octets.size())), IFA_LOCAL};
    std::memcpy(request.octets, octets.data(), octets.size());
    return ask(&request, size, "adding " + address.text());
  }

 private:
  Expected<void> ask(const void* request, std::size_t size, const std::string& what) {
    struct {
      nlmsghdr header;
      nlmsgerr error;
      char echo[256];
    } reply{};
    if (::send(socket_, request, size, 0) < 0 || ::recv(socket_, &reply, sizeof reply, 0) < 0) return refused(what);
    if (reply.header.nlmsg_type == NLMSG_ERROR && reply.error.error != 0) return refused(what, -reply.error.error);
    return {};
  }

  int socket_;
};

}  // namespace

bool has_ipv6() { return ::access("/proc/net/if_inet6", F_OK) == 0; }

Expected<void> enter_network(const std::vector<net::Address>& addresses) {
  if (auto done = unshare_all(); !done) return done;
  // What is mounted in here is nobody's business outside.
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return refused("a private mount tree");
  Netlink netlink;
  const auto index = static_cast<int>(::if_nametoindex("lo"));
  if (auto done = netlink.bring_up(index); !done) return done;
  for (const auto& address : addresses)
    if (auto done = netlink.add(index, address); !done) return done;
  return {};
}

Expected<void> probe_network(const std::vector<net::Address>& addresses) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return refused("pipe");
  const auto child = ::fork();
  if (child == 0) {
    const auto done = enter_network(addresses);
    const std::string word = done ? "" : done.error().message;
    const auto written = ::write(ends[1], word.data(), word.size());
    ::_exit(done && written == 0 ? 0 : 1);
  }
  ::close(ends[1]);
  char word[256];
  const auto size = child < 0 ? -1 : ::read(ends[0], word, sizeof word);
  ::close(ends[0]);
  int status = 1;
  if (child < 0 || ::waitpid(child, &status, 0) < 0) return refused("fork");
  if (status == 0) return {};
  return fault(size > 0 ? std::string(word, static_cast<std::size_t>(size)) : "no namespace");
}

bool cover_resolv_conf(const std::string& file) {
  return ::mount(file.c_str(), "/etc/resolv.conf", nullptr, MS_BIND, nullptr) == 0;  // follows a symbolic link
}

}  // namespace fcrdns::lab
