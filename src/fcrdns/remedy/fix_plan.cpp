#include "fcrdns/remedy/fix_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "fcrdns/base/text.hpp"
#include "fcrdns/generic/generic.hpp"
#include "fcrdns/remedy/fix_plan_facts.hpp"
#include "fcrdns/remedy/fix_plan_owners.hpp"
#include "fcrdns/remedy/fix_plan_words.hpp"
#include "fcrdns/remedy/safe_to_resend.hpp"
#include "fcrdns/remedy/words.hpp"

namespace fcrdns::remedy {
namespace {

using finding::Id;

constexpr std::array<std::string_view, 5> stations{"forward", "wait_forward", "ptr", "wait_ptr", "verify"};

/// What every station is made of.
struct Making {
  const finding::Considered& all;
  std::span<const finding::Finding> findings;
  const dns::Name& hostname;
  FixFacts facts;
  FixOwners owners;
  net::Address address;
  std::uint32_t ttl;

  [[nodiscard]] std::string bare() const { return base::without_final_dot(hostname.text()); }
  [[nodiscard]] bool found(Id id) const {
    return std::ranges::any_of(findings, [&](const finding::Finding& finding) {
      return finding.id == id && (!finding.address || *finding.address == address);
    });
  }
};

void also(std::string& caution, std::string_view text) {
  if (!caution.empty()) caution += ". ";
  caution += text;
}

PlanStep forward_step(const Making& making) {
  const auto& facts = making.facts;
  const bool v4 = making.address.is_v4();
  PlanStep out{.station = Station::forward, .action = Action::add_record, .done = facts.forward_done};
  out.why = fmt::format(fmt::runtime(out.done ? fix_words::forward_done : fix_words::forward_to_do), making.bare(), making.address.text());
  const auto place = forward_place(making.all.evidence, facts.canonical);
  out.record = record_at(place, v4 ? "A" : "AAAA", making.address.text());
  out.record->ttl = making.ttl;
  if (place.zone) out.zone = place.zone->text();
  out.who = place.who;
  if (out.done) return out;
  if (facts.aliased) also(out.caution, fmt::format(fix_words::at_canonical, making.bare(), base::without_final_dot(facts.canonical.text())));
  if (facts.leads_elsewhere) {
    also(out.caution, fix_words::add_not_replace);
    also(out.caution, words::name_has_other_use);
  }
  if (facts.takes_mail) also(out.caution, v4 ? words::mx_opens_ipv4 : words::mx_opens_ipv6);
  else if (facts.other_family) also(out.caution, v4 ? words::opens_ipv4 : words::opens_ipv6);
  return out;
}

PlanStep wait_forward_step(const Making& making) {
  const auto& facts = making.facts;
  PlanStep out{.station = Station::wait_forward, .action = Action::wait};
  const auto* insists = making.owners.that_checks_forward();
  const bool matters = insists != nullptr || facts.forward_absent;
  out.done = facts.ptr_done || !matters || (facts.forward_done && facts.forward_held == base::Seconds{});
  if (!out.done) out.wait = facts.forward_held;
  if (facts.ptr_done || (facts.forward_done && out.done)) out.why = fix_words::no_wait_forward;
  else if (!matters) out.why = fix_words::no_wait_between;
  else if (insists != nullptr) out.why = fmt::format(fmt::runtime(out.wait.count() > 0 ? fix_words::wait_insists : fix_words::wait_unknown), insists->name);
  else out.why = fix_words::wait_cached;
  return out;
}

/// Who runs the zone that an alias leads to, and with which name servers.
std::string runs(const FixFacts& facts) {
  const auto& zone = facts.place.zone;
  if (!zone) return "";
  const auto* walk = evidence::reverse_zone(*facts.at);
  if (walk == nullptr || walk->deepest() == nullptr || walk->deepest()->nameservers.empty()) return fmt::format(fix_words::runs_zone, zone->text());
  const auto& servers = walk->deepest()->nameservers;
  return fmt::format(fix_words::servers_of_zone, zone->text(), servers.front().text(), servers.size() > 1 ? ", ..." : "");
}

PlanStep ptr_step(const Making& making) {
  const auto& facts = making.facts;
  PlanStep out{.station = Station::ptr, .action = Action::add_record, .done = facts.ptr_done};
  const auto address = making.address.text();
  if (!out.done && !facts.other_names.empty()) out.action = Action::change_record;
  out.why = out.done ? fmt::format(fix_words::ptr_done, address, making.bare())
            : facts.other_names.empty()
                ? fmt::format(fix_words::ptr_to_do, address, making.bare())
                : fmt::format(fix_words::ptr_instead, address, base::escape(base::without_final_dot(facts.other_names.front().text())));
  out.record = record_at(facts.place, "PTR", making.hostname.text());
  out.record->ttl = making.ttl;
  if (facts.place.zone) out.zone = facts.place.zone->text();
  out.who = making.owners.who();
  if (facts.classless && facts.at != nullptr)
    if (auto run_by = runs(facts); !run_by.empty()) out.who = out.who.empty() ? run_by : run_by + ": " + out.who;
  if (out.who.empty()) out.who = words::owner_of_address;
  if (out.done) return out;
  if (!is_usable(verdict::usability(making.hostname, making.address))) return out;  // nothing of it is to be pasted
  const Blanks blanks{making.address, making.hostname.text(), facts.place};
  out.recipes = making.owners.recipes(blanks);
  out.conditions = making.owners.conditions(blanks);
  if (out.recipes.empty() && !facts.classless) 
    out.recipes.push_back({.kind = RecipeKind::panel, .provider = "", .text = std::string(fix_words::panels_call_it)});
  if (facts.classless) also(out.caution, words::not_at_alias);
  if (!facts.forward_done && making.owners.ids().empty()) also(out.caution, words::forward_first);
  if (making.found(Id::wrong_subject)) also(out.caution, words::only_if_it_sends);
  return out;
}

base::Seconds until(base::WallTime when, base::WallTime from) {
  return std::max(base::Seconds{}, std::chrono::ceil<base::Seconds>(when - from));
}

/// As the findings see it; where only this name is still wanted, by what is known of its two records.
std::optional<SafeToResend> safe(const Making& making) {
  auto out = safe_to_resend(making.all, making.findings);
  const auto& facts = making.facts;
  const auto held = std::max(facts.ptr_held, facts.forward_held);
  if (facts.forward_done && facts.ptr_done) return out;
  const auto latest = std::chrono::ceil<base::Seconds>(making.all.evidence.time + held + base::Seconds{1});
  if (!out) {
    if (held == base::Seconds{}) return std::nullopt;
    out = SafeToResend{.earliest = std::chrono::ceil<base::Seconds>(making.all.evidence.time), .latest = latest, .note = std::string(words::resolver_caps)};
  }
  out->observed = false;
  out->latest = std::max(out->latest, base::WallTime{latest});
  return out;
}

PlanStep wait_ptr_step(const Making& making, const std::optional<SafeToResend>& safe) {
  PlanStep out{.station = Station::wait_ptr, .action = Action::wait};
  if (safe) out.wait = until(safe->latest, making.all.evidence.time);
  const bool both = making.facts.forward_done && making.facts.ptr_done;
  out.done = both && out.wait == base::Seconds{};
  out.why = out.wait == base::Seconds{} ? fix_words::no_wait_ptr : fix_words::wait_ptr;
  return out;
}

std::vector<std::string> dead_ends(const Making& making) {
  std::vector<std::string> out;
  const auto& facts = making.facts;
  const auto address = making.address.text();
  if (!is_usable(verdict::usability(making.hostname, making.address)))
    out.push_back(fmt::format(fix_words::not_a_host_name, base::escape(making.bare())));
  if (facts.at != nullptr && facts.at->special && facts.at->ptr.status == dns::Status::not_asked)
    out.push_back(fmt::format(fix_words::no_public_ptr, address, facts.at->special->kind, facts.at->special->name));
  for (const auto* owner : making.owners.that_refuse(making.address)) {
    if (making.address.is_v6() && owner->customer_sets_v4 == provider::Known::yes) out.push_back(fmt::format(fix_words::owner_has_no_ipv6, owner->name));
    else out.push_back(fmt::format(fix_words::owner_has_none, owner->name, making.address.is_v4() ? "IPv4" : "IPv6"));
  }
  return out;
}

std::vector<std::string> warnings(const Making& making) {
  std::vector<std::string> out;
  const auto& facts = making.facts;
  const auto address = making.address.text();
  if (const auto generic = generic::classify(making.hostname, making.address))
    out.push_back(fmt::format(fix_words::generic, making.bare(), base::escape(generic->what)));
  if (verdict::usability(making.hostname, making.address) == verdict::Usability::usable_underscore) out.emplace_back(fix_words::underscore);
  if (facts.look != nullptr)
    for (const auto* answer : {&facts.look->a, &facts.look->aaaa}) {
      const auto leads_to = evidence::addresses_in(*answer);
      const auto proxied = std::ranges::find_if(leads_to, [](const net::Address& one) { return net::ProxyRanges::built_in().find(one).has_value(); });
      if (proxied == leads_to.end()) continue;
      out.push_back(fmt::format(fix_words::proxied, making.bare(), *net::ProxyRanges::built_in().find(*proxied)));
      break;
    }
  const auto canonical = base::without_final_dot(base::escape(facts.canonical.text()));
  if (facts.dangling) out.push_back(fmt::format(fix_words::dangling, making.bare(), canonical));
  else if (facts.aliased) out.push_back(fmt::format(fix_words::pointing_at_alias, making.bare(), canonical, address, canonical));
  if (facts.ptr_done && !facts.other_names.empty())
    out.push_back(fmt::format(fix_words::others_stay, base::escape(base::without_final_dot(facts.other_names.front().text()))));
  if (making.found(Id::reverse_not_delegated)) out.push_back(fmt::format(fix_words::not_delegated, address, address));
  if (making.found(Id::ptr_in_forward_zone) || making.found(Id::reverse_name_wrong))
    out.push_back(fmt::format(fix_words::misplaced, address, address));
  return out;
}

/// As the registry tells it; not behind aliases, where it is delegated already.
std::optional<net::Prefix> small_block(const Making& making) {
  const auto& facts = making.facts;
  if (facts.at == nullptr || facts.classless || making.address.is_v6()) return std::nullopt;
  const auto length = registered_length(*facts.at);
  if (!length || *length <= 24 || *length >= 32) return std::nullopt;
  const auto words = base::words(facts.at->registration->range);  // "203.0.113.64 - 203.0.113.71"
  const auto prefix = net::Prefix::parse(fmt::format("{}/{}", words.front(), *length));
  const auto last = net::Address::parse(words.back());
  if (!prefix || !last || !prefix->contains(making.address)) return std::nullopt;
  const unsigned count = 1U << (32 - *length);
  return last->octets()[3] - prefix->base.octets()[3] + 1U == count ? std::optional(*prefix) : std::nullopt;
}

net::Address address_of(const evidence::Evidence& evidence) {
  if (evidence.subject.address) return *evidence.subject.address;
  return evidence.addresses.empty() ? net::Address() : evidence.addresses.front().address;
}

std::span<const owner::Candidate> candidates_of(const finding::Considered& considered, const net::Address& address) {
  const auto& addresses = considered.evidence.addresses;
  const auto index = static_cast<std::size_t>(std::ranges::find(addresses, address, &evidence::AddressEvidence::address) - addresses.begin());
  return index < considered.owners.size() && index < addresses.size() ? std::span<const owner::Candidate>(considered.owners[index])
                                                                      : std::span<const owner::Candidate>();
}

}  // namespace

std::string_view to_word(Station station) { return stations[static_cast<std::size_t>(station)]; }

FixPlan fix_plan(const finding::Considered& considered, std::span<const finding::Finding> findings, const dns::Name& hostname,
                 const provider::Provider* owner, std::uint32_t ttl) {
  const auto address = address_of(considered.evidence);
  auto facts = fix_facts(considered, address, hostname);
  if (facts.at == nullptr) facts.place.name = net::reverse_name(address);
  FixOwners owners(candidates_of(considered, address), owner, facts.classless);
  const Making making{considered, findings, hostname, std::move(facts), std::move(owners), address, ttl};

  FixPlan out{.address = address, .hostname = hostname, .steps = {}, .owners = making.owners.ids(), .dead_ends = dead_ends(making),
              .warnings = warnings(making), .block = small_block(making), .safe_to_resend = safe(making)};
  out.steps = {forward_step(making), wait_forward_step(making), ptr_step(making), wait_ptr_step(making, out.safe_to_resend)};
  PlanStep verify{.station = Station::verify, .action = Action::verify};
  verify.done = making.facts.forward_done && making.facts.ptr_done;
  verify.why = fix_words::verify;
  out.steps.push_back(std::move(verify));
  return out;
}

}  // namespace fcrdns::remedy
