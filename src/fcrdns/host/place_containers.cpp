#include "fcrdns/host/place_containers.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/transport/local_http.hpp"

namespace fcrdns::host {
namespace {

using Json = nlohmann::json;
constexpr std::size_t max_containers = 1000, max_depth = 32, id_length = 64;

bool is_hexadecimal(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Json parse(std::string_view text) {
  return base::json_depth(text) > max_depth ? Json() : Json::parse(text, nullptr, false);
}

/// A text at a path of keys, escaped; empty when there is none.
template <typename... Keys>
std::string text_at(const Json& json, const Keys&... keys) {
  const Json* at = &json;
  const auto go = [&](const char* key) {
    const auto next = at != nullptr && at->is_object() ? at->find(key) : Json::const_iterator();
    at = at != nullptr && at->is_object() && next != at->end() ? &*next : nullptr;
  };
  (go(keys), ...);
  return at != nullptr && at->is_string() ? base::escape(at->template get_ref<const std::string&>(), 255) : std::string();
}

Container container_of(const Json& json) {
  Container out;
  out.id = text_at(json, "Id");
  if (const auto names = json.find("Names"); names != json.end() && names->is_array() && !names->empty() && names->front().is_string()) {
    const auto& name = names->front().get_ref<const std::string&>();
    out.name = base::escape(std::string_view(name).substr(name.starts_with('/') ? 1 : 0), 255);
  }
  out.service = text_at(json, "Labels", "com.docker.compose.service");
  out.folder = text_at(json, "Labels", "com.docker.compose.project.working_dir");
  return out;
}

/// Where daemons listen: the system's, and those of users.
std::vector<std::string> sockets(const Files& machine) {
  std::vector<std::string> out{"/var/run/docker.sock", "/run/docker.sock", "/run/podman/podman.sock"};
  for (const auto& user : Files(machine).list("/run/user")) {
    out.push_back("/run/user/" + user + "/docker.sock");
    out.push_back("/run/user/" + user + "/podman/podman.sock");
  }
  return out;
}

}  // namespace

std::vector<Container> parse_containers(std::string_view text) {
  const auto list = parse(text);
  std::vector<Container> out;
  if (!list.is_array()) return out;
  for (const auto& one : list) {
    if (!one.is_object() || out.size() == max_containers) continue;
    auto container = container_of(one);
    if (container.id.size() == id_length && is_hexadecimal(container.id)) out.push_back(std::move(container));
  }
  return out;
}

std::optional<int> parse_first_process(std::string_view text) {
  const auto json = parse(text);
  const auto state = json.is_object() ? json.find("State") : json.end();
  if (state == json.end() || !state->is_object()) return std::nullopt;
  const auto pid = state->find("Pid");
  if (pid == state->end() || !pid->is_number_unsigned()) return std::nullopt;
  const auto number = pid->get<std::uint64_t>();
  return number > 0 && number <= 4'194'304 ? std::optional(static_cast<int>(number)) : std::nullopt;  // PID_MAX_LIMIT, proc(5)
}

GroupName parse_group(std::string_view cgroup) {
  for (const auto line : base::split(cgroup, '\n')) {
    for (auto part : base::split(line, '/')) {
      // "docker-ID.scope", "libpod-ID.scope", "cri-containerd-ID.scope", or the id alone
      const auto scope = part.ends_with(".scope") ? part.substr(0, part.size() - 6) : part;
      const auto id = scope.substr(scope.size() - std::min(scope.size(), id_length));
      if (id.size() == id_length && is_hexadecimal(id) && scope.find("conmon") == scope.npos) return {std::string(id), {}};
      if (scope.starts_with("lxc.payload.")) return {{}, base::escape(scope.substr(12), 64)};
      if (scope.starts_with("machine-") && scope.size() < part.size()) return {{}, base::escape(scope.substr(8), 64)};
      if (part.starts_with("systemd-nspawn@") && part.ends_with(".service")) return {{}, base::escape(part.substr(15, part.size() - 23), 64)};
    }
    if (const auto lxc = line.find("/lxc/"); lxc != line.npos) {
      const auto name = line.substr(lxc + 5);
      if (const auto first = name.substr(0, name.find('/')); !first.empty()) return {{}, base::escape(first, 64)};
    }
  }
  return {};
}

std::vector<Container> ask_for_containers(const Files& machine) {
  std::vector<Container> out;
  for (const auto& socket : sockets(machine)) {
    if (!machine.exists(socket)) continue;
    const auto path = machine.outside(socket);
    const auto json = transport::get_from_socket(path, "/containers/json");
    for (auto& container : json ? parse_containers(*json) : std::vector<Container>{}) {
      if (std::ranges::find(out, container.id, &Container::id) != out.end()) continue;  // /var/run is /run
      container.socket = path;
      out.push_back(std::move(container));
    }
  }
  return out;
}

std::optional<int> ask_for_first_process(const Container& container) {
  const auto json = transport::get_from_socket(container.socket, "/containers/" + container.id + "/json");
  return json ? parse_first_process(*json) : std::nullopt;
}

bool is_called(const Container& container, std::string_view word) {
  return !word.empty() && (container.name == word || container.service == word ||
                           (word.size() >= 3 && is_hexadecimal(word) && container.id.starts_with(word)));
}

}  // namespace fcrdns::host
