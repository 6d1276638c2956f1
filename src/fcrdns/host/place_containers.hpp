// Which containers there are, and which one a process belongs to: dockerd and podman tell it (Docker Engine API 1.41,
// GET /containers/json and /containers/ID/json; podman's service speaks the same), else the name of the control group
// (cgroups(7)) holds the id.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/host/files.hpp"

namespace fcrdns::host {

/// Whatever a daemon says is escaped.
struct Container {
  std::string id;       ///< 64 hexadecimal digits
  std::string name;     ///< "mailcowdockerized-postfix-mailcow-1"
  std::string service;  ///< of compose: "postfix-mailcow"; empty
  std::string folder;   ///< of compose: where its file is; empty
  std::string socket;   ///< of the daemon that told it
  friend bool operator==(const Container&, const Container&) = default;
};
/// What runs, at most 1,000; empty when it is no such list.
[[nodiscard]] std::vector<Container> parse_containers(std::string_view json);
/// The first process of a container, by what /containers/ID/json says; empty: none runs.
[[nodiscard]] std::optional<int> parse_first_process(std::string_view json);

/// What a container is called by its control group.
struct GroupName {
  std::string id;    ///< 64 hexadecimal digits
  std::string name;  ///< where the group has a name (LXC, systemd-nspawn)
  friend bool operator==(const GroupName&, const GroupName&) = default;
};
/// Of /proc/PID/cgroup; both empty: no container.
[[nodiscard]] GroupName parse_group(std::string_view cgroup);

/// Asks every daemon whose socket is there and may be asked; `machine` holds the sockets.
[[nodiscard]] std::vector<Container> ask_for_containers(const Files& machine);
[[nodiscard]] std::optional<int> ask_for_first_process(const Container& container);

/// What a person calls a container: its name or service, or the first digits of its id (at least three).
[[nodiscard]] bool is_called(const Container& container, std::string_view word);

}  // namespace fcrdns::host
