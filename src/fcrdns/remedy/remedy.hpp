// Which records, where, by whom, in which order, with which caution, and when it is safe to send again.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/finding/finding.hpp"

namespace fcrdns::remedy {

enum class Action { add_record, change_record, remove_record, change_config, contact_owner, wait, verify };
[[nodiscard]] std::string_view to_word(Action action);

/// A record to create or change, ready to paste. `name` may be the literal NAME where only the user can know it.
struct PlannedRecord {
  std::string name;   ///< absolute, with final dot
  std::string relative;  ///< the same within the step's zone, as panels and zone files want it ("5"; "@"); empty when the zone is not known
  std::string type;   ///< "PTR", "A", "AAAA"
  std::uint32_t ttl = 3600;  ///< seconds
  std::string data;
};

struct Step {
  finding::Id finding = finding::Id::ptr_missing;
  std::optional<net::Address> address;
  int choice = 1;  ///< one of the choices is enough; the cheapest is 1
  int step = 1;    ///< in this order
  Action action = Action::verify;
  std::optional<PlannedRecord> record;
  std::optional<std::string> zone;  ///< where the record goes, when that is known
  std::string who;
  std::vector<std::string> how;
  std::string caution;
};

/// Between when and when a receiver's cache lets go of what it holds.
struct SafeToResend {
  bool observed = false;  ///< the authority is right now; false: nothing is mended yet, the same spans counted from now
  base::WallTime earliest{}, latest{};
  std::string note;       ///< what the range does not know: caps of resolvers, caches that cannot be seen
};

struct Plan {
  std::vector<Step> steps;
  std::optional<SafeToResend> safe_to_resend;  ///< empty when all is right, or when nothing is known about caches
};

[[nodiscard]] Plan plan(const finding::Considered& considered, std::span<const finding::Finding> findings);

/// Stands for a name that only the user can choose. Never an invention.
inline constexpr std::string_view name_to_choose = "NAME.";
/// Likewise for the user's own name servers.
inline constexpr std::string_view nameserver_to_choose = "NAMESERVER.";

}  // namespace fcrdns::remedy
