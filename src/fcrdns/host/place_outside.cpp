#include "fcrdns/base/text.hpp"
#include "fcrdns/host/place.hpp"
#include "fcrdns/host/place_containers.hpp"

namespace fcrdns::host {

Outside look_outside(Files& files, Kernel&) {
  Outside out;
  const auto group = files.read("/proc/1/cgroup");
  out.in_container = files.exists("/.dockerenv") || files.exists("/run/.containerenv") || files.exists("/run/systemd/container") ||
                     (group && parse_group(*group) != GroupName());
  return out;
}

}  // namespace fcrdns::host
