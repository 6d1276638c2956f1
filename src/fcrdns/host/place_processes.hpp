// Which mail servers run, and in which namespaces (proc(5), namespaces(7)).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/host/place_containers.hpp"

namespace fcrdns::host {

struct Process {
  int pid = 0, parent = 0;
  std::string net, mnt, pids;   ///< its namespaces: "net:[4026531840]"; empty: this user may not look
  std::string root;             ///< its root folder, as far as it is not "/"
  GroupName group;
  [[nodiscard]] bool is_hidden() const { return net.empty(); }
};
/// Empty: there is none.
[[nodiscard]] std::optional<Process> look_at(const std::string& proc, int pid);
/// This process itself.
[[nodiscard]] Process look_at_self(const std::string& proc);

/// Whether a process is a mail server by its name and its command line; its children and helpers may be, too.
[[nodiscard]] bool is_mail_server(std::string_view name, const std::vector<std::string_view>& arguments);
/// Those of them that no other one of them has started, by number.
[[nodiscard]] std::vector<Process> find_mail_servers(const std::string& proc);
/// All processes, by number; at most 10,000.
[[nodiscard]] std::vector<int> list_processes(const std::string& proc);

}  // namespace fcrdns::host
