// The way to one name for one address, whatever is wrong now: forward record, wait, PTR, wait, verify; with the owner's
// own steps and conditions. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/provider/provider.hpp"
#include "fcrdns/remedy/remedy.hpp"

namespace fcrdns::remedy {

/// The stations, always all five in this order.
enum class Station { forward, wait_forward, ptr, wait_ptr, verify };
[[nodiscard]] std::string_view to_word(Station station);  ///< "wait_forward"

enum class RecipeKind { panel, command, curl, terraform, ansible, ticket };
[[nodiscard]] std::string_view to_word(RecipeKind kind);  ///< as people read it: "Terraform"

/// One of the owner's ways to set it, complete enough to paste. What only the user knows stays in capitals or braces.
struct Recipe {
  RecipeKind kind = RecipeKind::panel;
  std::string provider;      ///< name, "Hetzner Cloud"
  std::string text;          ///< one or several lines, without final newline; printable ASCII
  std::string also;          ///< what else there is beside it, in words; often empty
  bool verified = true;      ///< false: a hint that nobody confirmed
  bool perhaps = false;      ///< nothing but a hint says that this provider owns the address
};

/// What must be so, or comes with it.
struct Condition {
  provider::Condition kind;  ///< see there
  std::string text;          ///< one sentence
  bool verified = true;
};

struct PlanStep {
  Station station = Station::forward;
  Action action = Action::verify;
  bool done = false;                      ///< every server of the authority that answers shows it already; without a walk: the resolver does
  std::string why;                        ///< one sentence: what the step is for, or why there is nothing to wait for
  std::optional<PlannedRecord> record;    ///< of forward and ptr
  std::optional<std::string> zone;        ///< where it goes, when that is known
  std::string who;                        ///< who runs the zone, as far as known
  std::vector<Condition> conditions;
  std::vector<Recipe> recipes;
  std::string caution;
  base::Seconds wait{};                   ///< of a wait: as long as caches may hold what is wrong now; 0: nothing to wait for
};

struct FixPlan {
  net::Address address;
  dns::Name hostname;
  std::vector<PlanStep> steps;
  std::vector<std::string> owners;        ///< ids of the catalogue, the likeliest first; those it was told, alone
  std::vector<std::string> dead_ends;     ///< why it cannot be done at all (no PTR for IPv6 there, no public PTR possible), one sentence each
  std::vector<std::string> warnings;      ///< what the name would bring with it (generic, also a web name behind a proxy, MX)
  std::optional<net::Prefix> block;       ///< the registered block around an IPv4 address, when it is smaller than a /24: it could be delegated whole
  std::optional<SafeToResend> safe_to_resend;
};

/// `owner`: the provider as the user names it; null: as far as the evidence tells. The evidence is of the address with
/// --expect HOSTNAME.
[[nodiscard]] FixPlan fix_plan(const finding::Considered& considered, std::span<const finding::Finding> findings,
                               const dns::Name& hostname, const provider::Provider* owner, std::uint32_t ttl);

}  // namespace fcrdns::remedy
