#include "fcrdns/apply/provider_ptr.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/provider/provider.hpp"

namespace fcrdns::apply {
namespace {

const dns::Name& target(const dns::Record& record) { return std::get<dns::Name>(record.data); }

bool same_names(const Before& a, const Before& b) {
  return std::ranges::equal(a.records, b.records, {}, target, target);
}
bool is(const Before& now, const dns::Name& name) { return now.records.size() == 1 && target(now.records.front()) == name; }

std::string words(const Before& before) {
  return before.records.empty() ? "its default name" : base::without_final_dot(target(before.records.front()).text());
}

}  // namespace

bool PtrBackend::is_default(const dns::Name& name, const net::Address& address) const {
  return std::ranges::any_of(provider::by_ptr(name, address), [this](const provider::Match& match) {
    return match.provider->id == id_ && match.fit >= provider::Fit::pattern;
  });
}

Outcome<Before> PtrBackend::look(const Wanted& wanted) {
  if (wanted.part != Part::ptr) return api_->says(Trouble::unsupported, "it sets PTR records only");
  const auto now = present(wanted);
  if (!now) return std::unexpected(now.error());
  Before before{.records = {}, .handle = now->handle};
  if (now->name.empty()) return before;
  const auto name = dns::Name::parse(now->name);
  if (!name) return api_->says(Trouble::foreign, "the PTR there is no name", now->name);
  if (has_reset() && is_default(*name, wanted.address)) return before;
  before.records = {{.owner = wanted.record.owner, .type = dns::Type::ptr, .ttl = wanted.record.ttl, .data = *name}};
  return before;
}

Outcome<Deed> PtrBackend::put(const Wanted& wanted, const Before& before) {
  const auto now = look(wanted);
  if (!now) return std::unexpected(now.error());
  if (is(*now, wanted.hostname)) return Deed::unchanged;
  if (!same_names(*now, before))
    return api_->says(Trouble::foreign, fmt::format("the PTR of {} became {} in between; run this again to replace that", wanted.address.text(), words(*now)));
  goal_.emplace(wanted.hostname);
  return write(wanted, wanted.hostname, *now);
}

Outcome<bool> PtrBackend::settled(const Wanted& wanted) {
  const auto told = finished();
  if (!told) return std::unexpected(told.error());
  if (*told) return **told;
  const auto now = look(wanted);
  if (!now) return std::unexpected(now.error());
  const auto goal = goal_.value_or(wanted.hostname);
  return goal ? is(*now, *goal) : now->records.empty();
}

Outcome<Deed> PtrBackend::restore(const Wanted& wanted, const Before& before) {
  const auto now = look(wanted);
  if (!now) return std::unexpected(now.error());
  if (same_names(*now, before)) return Deed::unchanged;
  if (!is(*now, wanted.hostname))
    return api_->says(Trouble::foreign, fmt::format("the PTR of {} is {} by now, so it is left as it is", wanted.address.text(), words(*now)));
  const auto name = before.records.empty() ? std::nullopt : std::optional(target(before.records.front()));
  goal_.emplace(name);
  return write(wanted, name, before);
}

}  // namespace fcrdns::apply
