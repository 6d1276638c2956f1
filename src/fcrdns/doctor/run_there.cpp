#include "fcrdns/doctor/run_there.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::doctor {
namespace {

constexpr std::size_t most_output = 64U << 10;
constexpr std::array<const char*, 8> folders{"/usr/sbin/", "/usr/local/sbin/", "/sbin/", "/usr/bin/", "/usr/local/bin/", "/bin/", "/usr/lib/", "/opt/postfix/sbin/"};
enum Failed : int { enter = 125, find = 127 };

/// What the child needs, made before the fork: behind it nothing may allocate.
struct Door {
  std::vector<int> spaces;
  int root = -1;
  ~Door() {
    for (const int fd : spaces) ::close(fd);
    if (root >= 0) ::close(root);
  }
};

bool open_door(const host::Place& place, Door& door, std::string& trouble) {
  if (place.pid > 0) {
    for (const auto* space : {"ipc", "uts", "net", "mnt"}) {
      const auto theirs = fmt::format("/proc/{}/ns/{}", place.pid, space), ours = fmt::format("/proc/self/ns/{}", space);
      std::array<char, 64> a{}, b{};
      const auto known = ::readlink(theirs.c_str(), a.data(), a.size() - 1), own = ::readlink(ours.c_str(), b.data(), b.size() - 1);
      if (known < 0) {
        trouble = fmt::format("{}: {}", theirs, std::strerror(errno));
        return false;
      }
      if (own > 0 && a == b) continue;
      const int fd = ::open(theirs.c_str(), O_RDONLY | O_CLOEXEC);
      if (fd < 0) {
        trouble = fmt::format("{}: {}", theirs, std::strerror(errno));
        return false;
      }
      door.spaces.push_back(fd);
    }
  }
  if (place.root == "/") return true;
  door.root = ::open(place.root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (door.root < 0) trouble = fmt::format("{}: {}", base::escape(place.root, 300), std::strerror(errno));
  return door.root >= 0;
}

[[noreturn]] void become(const Door& door, char* const* argv, const std::vector<std::string>& programs) {
  for (const int fd : door.spaces)
    if (::setns(fd, 0) != 0) ::_exit(enter);
  if (door.root >= 0 && (::fchdir(door.root) != 0 || ::chroot(".") != 0 || ::chdir("/") != 0)) ::_exit(enter);
  static std::array<char, 8> language{"LANG=C"};
  static std::array<char, 80> path{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"};
  std::array<char*, 3> environment{language.data(), path.data(), nullptr};
  for (const auto& program : programs) ::execve(program.c_str(), argv, environment.data());
  ::_exit(find);
}

/// Feeds the input, collects the output, until the program ends or time is over. Returns false for the latter.
bool talk(int& to, int from, std::string_view input, base::SteadyTime until, std::string& output) {
  std::array<char, 4096> room{};
  while (true) {
    if (input.empty() && to >= 0) ::close(std::exchange(to, -1));
    std::array<pollfd, 2> fds{pollfd{from, POLLIN, 0}, pollfd{input.empty() ? -1 : to, POLLOUT, 0}};
    const auto left = std::chrono::ceil<base::Milliseconds>(until - base::steady_now()).count();
    if (left <= 0) return false;
    if (::poll(fds.data(), fds.size(), static_cast<int>(std::min<std::int64_t>(left, 1000))) < 0 && errno != EINTR) return false;
    if ((fds[1].revents & (POLLOUT | POLLERR)) != 0) {
      const auto written = ::write(to, input.data(), std::min<std::size_t>(input.size(), room.size()));
      input.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : input.size());
    }
    if ((fds[0].revents & (POLLIN | POLLHUP)) == 0) continue;
    const auto got = ::read(from, room.data(), room.size());
    if (got <= 0) return true;
    if (output.size() < most_output) output.append(room.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

Ran run_there(const host::Place& place, const std::vector<std::string>& argv, std::string_view input, base::Milliseconds longest) {
  Ran out;
  Door door;
  if (argv.empty() || !open_door(place, door, out.trouble)) return out;
  std::vector<std::string> words(argv), programs;
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  if (argv[0].find('/') != std::string::npos) programs.push_back(argv[0]);
  else
    for (const auto* folder : folders) programs.push_back(folder + argv[0]);

  std::array<int, 2> in{}, from{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0) return out.trouble = std::strerror(errno), out;
  if (::pipe2(from.data(), O_CLOEXEC) != 0) return ::close(in[0]), ::close(in[1]), out.trouble = std::strerror(errno), out;
  const auto child = ::fork();
  if (child == 0) {
    ::setpgid(0, 0);
    std::signal(SIGPIPE, SIG_DFL);
    ::dup2(in[0], 0);
    ::dup2(from[1], 1);
    ::dup2(from[1], 2);
    become(door, pointers.data(), programs);
  }
  ::close(in[0]);
  ::close(from[1]);
  if (child < 0) return ::close(in[1]), ::close(from[0]), out.trouble = std::strerror(errno), out;
  const bool ended = talk(in[1], from[0], input, base::steady_now() + longest, out.output);
  ::close(from[0]);
  if (in[1] >= 0) ::close(in[1]);
  if (!ended) ::kill(-child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  if (!ended) out.trouble = fmt::format("{} did not end within {} s", base::escape(argv[0], 80), longest.count() / 1000);
  else if (!WIFEXITED(status)) out.trouble = fmt::format("{} ended by a signal", base::escape(argv[0], 80));
  else if (WEXITSTATUS(status) == enter && out.output.empty()) out.trouble = "its namespaces may not be entered: sudo";
  else if (WEXITSTATUS(status) == find && out.output.empty()) out.trouble = fmt::format("there is no program {}", base::escape(argv[0], 80));
  else out.status = WEXITSTATUS(status);
  return out;
}

}  // namespace fcrdns::doctor
