// The processes of a lab: servers that live as long as it does, and the one command it is for.
#pragma once

#include <functional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "fcrdns/base/fault.hpp"

namespace fcrdns::lab {

/// A child process that serves until this object goes, or this process dies in whatever way.
class ServerProcess {
 public:
  /// Told once, by the child: it is ready, and this is its word to the parent; or why it cannot serve.
  using Ready = std::function<void(const base::Expected<std::string>&)>;
  /// Runs `serve` in a child and waits for its word. `serve` returns when it cannot go on.
  [[nodiscard]] static base::Expected<std::pair<ServerProcess, std::string>> start(
      const std::function<void(const Ready&)>& serve);
  ServerProcess(ServerProcess&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  ServerProcess& operator=(ServerProcess&&) = delete;
  ~ServerProcess();

 private:
  explicit ServerProcess(pid_t pid) : pid_(pid) {}
  pid_t pid_;
};

/// Runs the command on this terminal and waits for it; Ctrl-C and its like are the command's. 128 + N when signal N
/// ended it, 127 when there is no such program, 126 when it cannot be run.
[[nodiscard]] base::Expected<int> run_command(const std::vector<std::string>& command);

}  // namespace fcrdns::lab
