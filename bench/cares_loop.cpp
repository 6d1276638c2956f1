// What a careful user of c-ares would write: PTR, then A of each name, thousands under way, the verdict without a reason.
// The contender of scan_bench.py.
//
//   cares_loop ADDRESS:PORT WINDOW < addresses > rows        "10.0.0.1 pass" per line; what was asked on stderr
#include <ares.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

constexpr int type_a = 1, type_ptr = 12, class_in = 1;

struct Walk {
  in_addr client{};
  unsigned open = 0;
  bool negative = false, failed = false, pass = false;
};

ares_channel channel;
std::vector<Walk> walks;
std::vector<Walk*> idle;
unsigned long questions = 0;

void end(Walk* walk) {
  char text[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &walk->client, text, sizeof text);
  std::printf("%s %s\n", text, walk->pass ? "pass" : walk->failed ? "temperror" : walk->negative ? "permerror" : "fail");
  idle.push_back(walk);
}

void on_forward(void* argument, int status, int, unsigned char* octets, int length) {
  auto* walk = static_cast<Walk*>(argument);
  std::array<ares_addrttl, 32> addresses;
  int count = static_cast<int>(addresses.size());
  if (status == ARES_SUCCESS && ares_parse_a_reply(octets, length, nullptr, addresses.data(), &count) == ARES_SUCCESS) {
    for (int i = 0; i < count; ++i) walk->pass = walk->pass || addresses[static_cast<std::size_t>(i)].ipaddr.s_addr == walk->client.s_addr;
  } else if (status != ARES_ENOTFOUND && status != ARES_ENODATA) {
    walk->failed = true;
  }
  if (--walk->open == 0) end(walk);
}

void on_ptr(void* argument, int status, int, unsigned char* octets, int length) {
  auto* walk = static_cast<Walk*>(argument);
  hostent* host = nullptr;
  if (status == ARES_SUCCESS && ares_parse_ptr_reply(octets, length, &walk->client, sizeof walk->client, AF_INET, &host) == ARES_SUCCESS) {
    for (char** name = host->h_aliases; *name != nullptr; ++name) ++walk->open;
    questions += walk->open;
    ++walk->open;  // until all are asked
    for (char** name = host->h_aliases; *name != nullptr; ++name) ares_query(channel, *name, class_in, type_a, on_forward, walk);
    ares_free_hostent(host);
    if (--walk->open == 0) end(walk);
    return;
  }
  walk->negative = status == ARES_ENOTFOUND || status == ARES_ENODATA;
  walk->failed = !walk->negative;
  end(walk);
}

bool begin_next() {
  char line[64];
  if (std::fgets(line, sizeof line, stdin) == nullptr) return false;
  line[std::strcspn(line, "\r\n")] = 0;
  auto* walk = idle.back();
  *walk = {};
  if (inet_pton(AF_INET, line, &walk->client) != 1) return true;
  idle.pop_back();
  unsigned char octets[4];
  std::memcpy(octets, &walk->client, 4);
  char name[64];
  std::snprintf(name, sizeof name, "%u.%u.%u.%u.in-addr.arpa", octets[3], octets[2], octets[1], octets[0]);
  ++questions;
  ares_query(channel, name, class_in, type_ptr, on_ptr, walk);
  return true;
}

void on_socket(void* argument, ares_socket_t socket, int readable, int writable) {
  const int epoll = *static_cast<int*>(argument);
  epoll_event event{};
  event.events = (readable ? EPOLLIN : 0U) | (writable ? EPOLLOUT : 0U);
  event.data.fd = socket;
  if (event.events == 0) epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nullptr);
  else if (epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) != 0) epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  int epoll = epoll_create1(0);
  ares_library_init(ARES_LIB_INIT_ALL);
  ares_options options{};
  options.flags = ARES_FLAG_STAYOPEN | ARES_FLAG_NOSEARCH;
  options.timeout = 1500;
  options.tries = 5;
  options.socket_receive_buffer_size = 4 << 20;
  options.sock_state_cb = on_socket;
  options.sock_state_cb_data = &epoll;
  if (ares_init_options(&channel, &options, ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_RCVBUF | ARES_OPT_SOCK_STATE_CB) != ARES_SUCCESS ||
      ares_set_servers_ports_csv(channel, argv[1]) != ARES_SUCCESS)
    return 74;
  walks.resize(static_cast<std::size_t>(std::atoi(argv[2])));
  for (auto& walk : walks) idle.push_back(&walk);
  bool more = true;
  while (more || idle.size() < walks.size()) {
    while (more && !idle.empty()) more = begin_next();
    std::array<epoll_event, 16> events;
    const int count = epoll_wait(epoll, events.data(), events.size(), 100);
    if (count == 0) ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      ares_process_fd(channel, event.events & (EPOLLIN | EPOLLERR) ? event.data.fd : ARES_SOCKET_BAD, event.events & EPOLLOUT ? event.data.fd : ARES_SOCKET_BAD);
    }
  }
  std::fprintf(stderr, "%lu questions\n", questions);
  ares_destroy(channel);
  close(epoll);
}
