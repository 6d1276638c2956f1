#include "fcrdns/spf/lookups.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::spf {
namespace {

bool holds(const resolver::Answer& answer, const Mechanism& mechanism, const net::Address& client) {
  return std::ranges::any_of(answer.records, [&](const dns::Record& record) {
    const auto* address = std::get_if<net::Address>(&record.data);
    return address != nullptr && mechanism.joins(client, *address);
  });
}

/// In order of preference, so that the outcome does not depend on the order of an answer; a null MX (RFC 7505) names nobody.
std::vector<dns::Name> exchanges(const resolver::Answer& answer) {
  std::vector<std::pair<std::uint16_t, dns::Name>> found;
  for (const auto& record : answer.records)
    if (const auto* mx = std::get_if<dns::Mx>(&record.data); mx != nullptr && !mx->exchange.is_root())
      found.emplace_back(mx->preference, mx->exchange);
  std::ranges::sort(found, [](const auto& a, const auto& b) { return a.first != b.first ? a.first < b.first : (a.second <=> b.second) < 0; });
  std::vector<dns::Name> names;
  for (auto& [preference, name] : found) names.push_back(std::move(name));
  return names;
}

}  // namespace

Step<void> Lookups::count_term() {
  if (terms_ >= limits_.terms)
    return stop(Result::permerror, fmt::format("more than {} terms need a look-up", limits_.terms), "one too many");
  ++terms_;
  return {};
}

Step<void> Lookups::count_void() {
  if (counting_ && ++voids_ > limits_.void_lookups)
    return stop(Result::permerror, fmt::format("more than {} look-ups found nothing", limits_.void_lookups), "void, one too many");
  return {};
}

Step<const resolver::Answer*> Lookups::ask(dns::Type type, const dns::Name& name) {
  const auto* answer = known_.find(type, name);
  if (answer == nullptr) return missing();
  if (found(*answer) == Found::trouble)
    return stop(Result::temperror, trouble_of(type, name, answer->status), std::string(to_word(answer->status)));
  if (found(*answer) == Found::nothing)
    if (const auto counted = count_void(); !counted) return std::unexpected(counted.error());
  return answer;
}

bool Lookups::all_known(const std::vector<dns::Name>& names) {
  bool all = true;
  for (const auto& name : names) all = known_.find(address_type(), name) != nullptr && all;
  return all;
}

Step<bool> Lookups::match_a(const Mechanism& mechanism, const dns::Name& name) {
  const auto answer = ask(address_type(), name);
  if (!answer) return std::unexpected(answer.error());
  return holds(**answer, mechanism, client_);
}

Step<bool> Lookups::match_mx(const Mechanism& mechanism, const dns::Name& name) {
  const auto answer = ask(dns::Type::mx, name);
  if (!answer) return std::unexpected(answer.error());
  const auto hosts = exchanges(**answer);
  if (hosts.size() > limits_.names)
    return stop(Result::permerror, fmt::format("{} has more than {} MX records", base::without_final_dot(name.text()), limits_.names),
                "too many MX records");
  if (!all_known(hosts)) return missing();
  for (const auto& host : hosts) {
    const auto matched = match_a(mechanism, host);
    if (!matched || *matched) return matched;
  }
  return false;
}

Step<bool> Lookups::match_exists(const dns::Name& name) {
  const auto answer = ask(dns::Type::a, name);
  if (!answer) return std::unexpected(answer.error());
  return found(**answer) == Found::records;
}

bool Lookups::skips(const Stop& why) {
  if (why.result != Result::temperror) return false;
  skipped_ = why.word;
  return true;
}

Step<std::vector<dns::Name>> Lookups::names() {
  const auto reverse = dns::Name::parse(net::reverse_name(client_)).value();
  const auto answer = ask(dns::Type::ptr, reverse);
  std::vector<dns::Name> out;
  if (!answer) {
    if (skips(answer.error())) return out;
    return std::unexpected(answer.error());
  }
  for (const auto& record : (*answer)->records)
    if (const auto* name = std::get_if<dns::Name>(&record.data); name != nullptr && out.size() < limits_.names) out.push_back(*name);
  return out;
}

Step<bool> Lookups::leads_back(const dns::Name& name) {
  static const Mechanism exactly{};
  auto matched = match_a(exactly, name);
  if (!matched && skips(matched.error())) return false;
  return matched;
}

Step<bool> Lookups::match_ptr(const dns::Name& within) {
  auto candidates = names();
  if (!candidates) return std::unexpected(candidates.error());
  std::erase_if(*candidates, [&within](const dns::Name& name) { return !name.is_within(within); });  // who cannot match is not asked about
  if (!all_known(*candidates)) return missing();
  for (const auto& name : *candidates) {
    const auto matched = leads_back(name);
    if (!matched || *matched) return matched;
  }
  return false;
}

Step<std::string> Lookups::validated_name(const std::optional<dns::Name>& domain) {
  if (!validated_) {
    const auto candidates = names();
    if (!candidates) return std::unexpected(candidates.error());
    if (!all_known(*candidates)) return missing();
    std::vector<dns::Name> validated;
    for (const auto& name : *candidates) {
      const auto matched = leads_back(name);
      if (!matched) return std::unexpected(matched.error());
      if (*matched) validated.push_back(name);
    }
    validated_ = std::move(validated);
  }
  if (validated_->empty()) return "unknown";
  const auto rank = [&domain](const dns::Name& name) { return !domain ? 2 : name == *domain ? 0 : name.is_within(*domain) ? 1 : 2; };
  return base::without_final_dot(std::ranges::min_element(*validated_, {}, rank)->text());
}

}  // namespace fcrdns::spf
