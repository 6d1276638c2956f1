// What daemons of containers say, control groups, and the settings of projects.
#include "fcrdns/host/place_containers.hpp"
#include "fcrdns/host/place_projects.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  for (const auto& container : host::parse_containers(text)) {
    fuzz::require(container.id.size() == 64);
    fuzz::require(host::is_called(container, container.id));
  }
  if (const auto pid = host::parse_first_process(text)) fuzz::require(*pid > 0);
  const auto group = host::parse_group(text);
  fuzz::require(group.id.empty() || group.id.size() == 64);
  fuzz::require(host::parse_environment(text).size() <= 10'000);
  (void)host::uses_image(text, "docker-mailserver");
  (void)host::mounted_at(text, "/tmp/docker-mailserver");
  return 0;
}
