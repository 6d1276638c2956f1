#include "fcrdns/resolver/last_change.hpp"

namespace fcrdns::resolver {

std::optional<base::WallTime> changed_at_latest(const Walk& walk, base::WallTime now) {
  std::optional<std::uint32_t> serial;
  for (const auto& server : walk.servers) {
    if (!server.serial) continue;
    if (serial && *serial != *server.serial) return std::nullopt;
    serial = server.serial;
  }
  if (!serial) return std::nullopt;
  const auto day = std::chrono::year{static_cast<int>(*serial / 1'000'000)} / static_cast<int>(*serial / 10'000 % 100) / static_cast<int>(*serial / 100 % 100);
  constexpr auto sensible = std::chrono::year{2000} / 1 / 1;
  const auto until_everywhere = std::chrono::hours{24 + 12};
  if (day.ok() && day >= sensible && std::chrono::sys_days{day} <= now + std::chrono::days{1})
    return base::WallTime{std::chrono::sys_days{day}} + until_everywhere;
  const base::WallTime stamp{std::chrono::seconds{*serial}};
  if (stamp >= std::chrono::sys_days{sensible} && stamp <= now) return stamp;
  return std::nullopt;
}

}  // namespace fcrdns::resolver
