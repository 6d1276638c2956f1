#include "fcrdns/lab/processes.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "fcrdns/base/text.hpp"

namespace fcrdns::lab {

using base::Expected;
using base::fault;

namespace {

/// Ends with its parent, even when the parent is killed.
void end_with_parent(int signal, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, signal);
  if (::getppid() != parent) ::_exit(1);
}

volatile std::sig_atomic_t command_pid = 0;
extern "C" void pass_on(int signal) {
  if (command_pid > 0) ::kill(static_cast<pid_t>(command_pid), signal);
}

/// While a command runs: what the terminal sends is the command's, what is sent to this process is passed on to it.
class Signals {
 public:
  Signals() {
    struct sigaction ignore{}, forward{};
    ignore.sa_handler = SIG_IGN;
    forward.sa_handler = pass_on;
    for (std::size_t i = 0; i < numbers.size(); ++i)
      ::sigaction(numbers[i], i < from_terminal ? &ignore : &forward, &before_[i]);
  }
  ~Signals() { restore(); }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  void restore() const {
    for (std::size_t i = 0; i < numbers.size(); ++i) ::sigaction(numbers[i], &before_[i], nullptr);
  }

 private:
  static constexpr std::array numbers = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
  static constexpr std::size_t from_terminal = 2;
  std::array<struct sigaction, numbers.size()> before_{};
};

}  // namespace

Expected<std::pair<ServerProcess, std::string>> ServerProcess::start(const std::function<void(const Ready&)>& serve) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fault(std::string("pipe: ") + std::strerror(errno));
  const auto parent = ::getpid();
  const auto child = ::fork();
  if (child == 0) {
    end_with_parent(SIGKILL, parent);
    ::setpgid(0, 0);  // out of reach of the terminal's Ctrl-C: the command may still ask
    ::close(ends[0]);
    serve([&](const Expected<std::string>& word) {
      const auto text = word ? "+" + *word : "-" + word.error().message;
      if (::write(ends[1], text.data(), text.size()) != static_cast<ssize_t>(text.size())) ::_exit(1);
      ::close(ends[1]);
    });
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string word;
  char part[512];
  for (ssize_t size = 0; (size = ::read(ends[0], part, sizeof part)) > 0;)
    word.append(part, static_cast<std::size_t>(size));
  ::close(ends[0]);
  if (child < 0) return fault(std::string("fork: ") + std::strerror(errno));
  ServerProcess process(child);
  if (!word.starts_with('+')) return fault(word.empty() ? "the server ended early" : word.substr(1));
  return std::pair(std::move(process), word.substr(1));
}

ServerProcess::~ServerProcess() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

Expected<int> run_command(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const Signals signals;
  const auto parent = ::getpid();
  const auto child = ::fork();
  if (child < 0) return fault(std::string("fork: ") + std::strerror(errno));
  if (child == 0) {
    signals.restore();
    end_with_parent(SIGTERM, parent);
    ::execvp(arguments.front(), arguments.data());
    const int error = errno;
    std::fprintf(stderr, "fcrdns lab: %s: %s\n", base::escape(command.front()).c_str(), std::strerror(error));
    ::_exit(error == ENOENT ? 127 : 126);
  }
  command_pid = child;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return fault(std::string("waitpid: ") + std::strerror(errno));
  command_pid = 0;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace fcrdns::lab
