// The kernel of this process and that of another one. What is asked is asked in a thread that has entered the other's
// namespaces (setns(2) moves one thread only), so that the rest of the program stays where it is.
#include "fcrdns/host/kernel.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <thread>
#include <type_traits>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/kernel_messages.hpp"
#include "fcrdns/host/kernel_netlink.hpp"
#include "fcrdns/host/kernel_source.hpp"
#include "fcrdns/host/kernel_translations.hpp"

namespace fcrdns::host {
namespace {

constexpr std::size_t max_addresses = 100'000, max_routes = 10'000, max_rules = 1'000;

template <typename Header>
base::OctetView view(const Header& header) {
  return {reinterpret_cast<const std::uint8_t*>(&header), sizeof header};
}

/// What cannot be asked is left out: a kernel without netlink does not exist, one that forbids it (a sandbox) does.
template <typename Header>
void dump_routing(std::uint16_t type, const Header& header, const std::function<bool(base::OctetView)>& visit) {
  (void)dump(NETLINK_ROUTE, type, view(header), [&](const KernelMessage& message) { return visit(message.body); });
}

Links read_links() {
  Links links;
  dump_routing(RTM_GETLINK, ifinfomsg{}, [&](base::OctetView body) {
    if (auto link = read_link(body)) links.insert(std::move(*link));
    return links.size() < max_addresses;
  });
  return links;
}

class OwnKernel final : public Kernel {
 public:
  std::vector<InterfaceAddress> addresses() override {
    const auto links = read_links();
    std::vector<InterfaceAddress> out;
    dump_routing(RTM_GETADDR, ifaddrmsg{}, [&](base::OctetView body) {
      if (auto address = read_interface_address(body, links)) out.push_back(std::move(*address));
      return out.size() < max_addresses;
    });
    return out;
  }

  std::vector<KernelRoute> routes() override {
    const auto links = read_links();
    std::vector<KernelRoute> out;
    for (const auto family : {AF_INET, AF_INET6}) {
      rtmsg header{};
      header.rtm_family = static_cast<std::uint8_t>(family);
      const auto limit = out.size() + max_routes;
      dump_routing(RTM_GETROUTE, header, [&](base::OctetView body) {
        std::ranges::move(read_route(body, links), std::back_inserter(out));
        return out.size() < limit;
      });
    }
    return out;
  }

  std::vector<Rule> rules() override {
    std::vector<Rule> out;
    for (const auto family : {AF_INET, AF_INET6}) {
      rtmsg header{};  // fib_rule_hdr has the same size and begin
      header.rtm_family = static_cast<std::uint8_t>(family);
      dump_routing(RTM_GETRULE, header, [&](base::OctetView body) {
        if (auto rule = read_rule(body)) out.push_back(std::move(*rule));
        return out.size() < max_rules;
      });
    }
    return out;
  }

  Choice source_for(const net::Address& destination, const std::optional<net::Address>& bind) override {
    auto choice = ask_for_source(destination, bind);
    const auto& wanted = choice.source ? choice.source : bind;
    if (!wanted || !choice.interface.empty()) return choice;
    const auto all = addresses();
    const auto found = std::ranges::find(all, *wanted, &InterfaceAddress::address);
    if (found == all.end()) return choice;
    if (choice.source) choice.interface = found->interface;
    else if (found->tentative) choice.trouble = fmt::format("{} is not usable on {}: its address detection has not ended well", wanted->text(), found->interface);
    return choice;
  }

  std::optional<int> use_tempaddr(std::string_view interface) override {
    if (interface.empty() || interface.find('/') != interface.npos || interface.starts_with('.')) return std::nullopt;
    std::ifstream in(fmt::format("/proc/sys/net/ipv6/conf/{}/use_tempaddr", interface));
    int value = 0;
    return in >> value ? std::optional(std::max(value, 0)) : std::nullopt;  // -1: an interface that never has such
  }

  std::string hostname() override {
    utsname names{};
    return ::uname(&names) == 0 ? base::escape(names.nodename, 255) : std::string();
  }

  base::Expected<std::vector<Translation>> translations() override { return ask_for_translations(); }
};

class Descriptor {
 public:
  explicit Descriptor(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

/// A namespace of another process, kept open: it outlives the process.
struct Namespace {
  Descriptor file;
  int kind;  ///< CLONE_NEWNET, CLONE_NEWUTS
};

class EnteredKernel final : public Kernel {
 public:
  explicit EnteredKernel(std::vector<Namespace> namespaces) : namespaces_(std::move(namespaces)) {}

  std::vector<InterfaceAddress> addresses() override { return inside([&] { return own_.addresses(); }); }
  std::vector<KernelRoute> routes() override { return inside([&] { return own_.routes(); }); }
  std::vector<Rule> rules() override { return inside([&] { return own_.rules(); }); }
  Choice source_for(const net::Address& destination, const std::optional<net::Address>& bind) override {
    return inside([&] { return own_.source_for(destination, bind); });
  }
  std::optional<int> use_tempaddr(std::string_view interface) override { return inside([&] { return own_.use_tempaddr(interface); }); }
  std::string hostname() override { return inside([&] { return own_.hostname(); }); }
  base::Expected<std::vector<Translation>> translations() override { return inside([&] { return own_.translations(); }); }

  /// 0, or why it cannot be entered.
  int try_to_enter() const {
    int error = 0;
    std::jthread([&] { error = enter(); }).join();
    return error;
  }

 private:
  int enter() const {
    for (const auto& one : namespaces_)
      if (::setns(one.file.get(), one.kind) != 0) return errno;
    return 0;
  }
  template <typename Ask>
  std::invoke_result_t<Ask> inside(const Ask& ask) const {
    std::invoke_result_t<Ask> answer{};
    std::jthread([&] {
      if (enter() == 0) answer = ask();
    }).join();
    return answer;
  }

  std::vector<Namespace> namespaces_;
  OwnKernel own_;
};

bool is_same(int fd, const char* own_path) {
  struct stat theirs{}, ours{};
  return ::fstat(fd, &theirs) == 0 && ::stat(own_path, &ours) == 0 && theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino;
}

std::string refusal(int pid, int error) {
  if (error == ENOENT || error == ESRCH) return fmt::format("there is no process {}", pid);
  if (error == EPERM || error == EACCES) return fmt::format("to look into the network of process {} needs root: sudo", pid);
  return fmt::format("the network of process {} cannot be entered: {}", pid, std::strerror(error));
}

}  // namespace

std::unique_ptr<Kernel> own_kernel() { return std::make_unique<OwnKernel>(); }

base::Expected<std::unique_ptr<Kernel>> kernel_of(int pid) {
  std::vector<Namespace> namespaces;
  const std::pair<const char*, int> kinds[] = {{"net", CLONE_NEWNET}, {"uts", CLONE_NEWUTS}};
  for (const auto& [name, kind] : kinds) {
    Descriptor file(fmt::format("/proc/{}/ns/{}", pid, name));
    if (file.get() < 0) return base::fault(refusal(pid, errno));
    if (!is_same(file.get(), fmt::format("/proc/self/ns/{}", name).c_str())) namespaces.push_back({std::move(file), kind});
  }
  if (namespaces.empty()) return own_kernel();
  auto kernel = std::make_unique<EnteredKernel>(std::move(namespaces));
  if (const int error = kernel->try_to_enter(); error != 0) return base::fault(refusal(pid, error));
  return kernel;
}

}  // namespace fcrdns::host
