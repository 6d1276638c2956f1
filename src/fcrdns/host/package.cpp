#include "fcrdns/host/package.hpp"

#include <algorithm>

#include "fcrdns/base/text.hpp"

namespace fcrdns::host {

std::string package_version(Files& files, std::string_view package) {
  if (!files.exists("/var/lib/dpkg/status")) return {};
  const auto status = files.read("/var/lib/dpkg/status");
  if (!status) return {};
  const auto head = "Package: " + std::string(package) + "\n";
  auto at = status->starts_with(head) ? 0 : status->find("\n" + head);
  if (at == std::string::npos) return {};
  const auto paragraph = std::string_view(*status).substr(at, status->find("\n\n", at) - at);
  const auto line_at = paragraph.find("\nVersion: ");
  if (line_at == std::string_view::npos || paragraph.find(" installed\n") == std::string_view::npos) return {};
  auto version = paragraph.substr(line_at + 10);
  version = version.substr(0, version.find('\n'));
  version = version.substr(version.find(':') == std::string_view::npos ? 0 : version.find(':') + 1);
  return base::escape(version.substr(0, version.find_first_of("-+")), 32);
}

bool is_installed(const Files& files, std::initializer_list<std::string_view> programs) {
  return std::ranges::any_of(programs, [&](std::string_view program) { return files.exists(program); }) || !files.exists("/usr/sbin");
}

}  // namespace fcrdns::host
