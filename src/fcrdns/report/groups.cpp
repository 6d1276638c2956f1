#include "fcrdns/report/groups.hpp"

#include <algorithm>
#include <map>

namespace fcrdns::report {
namespace {

std::string outcome_of(const Result& result, std::size_t index) {
  const auto& at = result.evidence.addresses[index];
  std::string key(to_word(result.verdicts[index].iprev));
  key += to_word(at.ptr.status);
  for (const auto& name : at.names) {
    key += ' ' + name_pattern(name.name) + ' ';
    key += to_word(name.own.status);
  }
  // What was found wrong with it, forms included.
  for (const auto& finding : result.findings) {
    if (finding.address != at.address) continue;
    key += ' ';
    key += finding::to_word(finding.id);
    key += finding::to_word(finding.severity);
    if (const auto* form = finding::argument(finding, "form"))
      if (const auto* word = std::get_if<std::string>(form)) key += *word;
  }
  return key;
}

/// What comes before the last part of an address, and that part.
std::pair<std::string, std::string> halves(const net::Address& address) {
  auto text = address.text();
  const auto at = text.find_last_of(".:") + 1;
  return {text.substr(0, at), text.substr(at)};
}

bool follows(const net::Address& a, const net::Address& b) {
  base::Octets next(a.octets().begin(), a.octets().end());
  for (auto octet = next.rbegin(); octet != next.rend(); ++octet)
    if (++*octet != 0) break;
  return net::Address::from_octets(next) == b;
}

}  // namespace

std::string name_pattern(const dns::Name& of) {
  const auto name = of.lowered().text();
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_hex = [&](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  std::string out;
  for (std::size_t i = 0; i < name.size();) {
    auto end = i;
    bool digits = false;
    for (; end < name.size() && is_hex(name[end]); ++end) digits = digits || is_digit(name[end]);
    if (digits) out += '#';
    else out += name.substr(i, std::max<std::size_t>(end - i, 1));
    i = std::max(end, i + 1);
  }
  return out;
}

std::vector<Group> groups(const Result& result) {
  std::vector<Group> out;
  std::map<std::string, std::size_t> known;
  const bool fold = result.evidence.subject.kind == subject::Kind::prefix;
  for (std::size_t i = 0; i < result.evidence.addresses.size(); ++i) {
    if (fold) {
      const auto [at, added] = known.try_emplace(outcome_of(result, i), out.size());
      if (!added) {
        out[at->second].indices.push_back(i);
        continue;
      }
    }
    out.push_back({{i}});
  }
  // The one that the plan speaks of stands first: it is the sender, as far as is known.
  if (fold && !result.plan.steps.empty() && result.plan.steps.front().address)
    std::ranges::stable_partition(out, [&](const Group& group) {
      return std::ranges::any_of(group.indices, [&](std::size_t index) {
        return result.evidence.addresses[index].address == *result.plan.steps.front().address;
      });
    });
  return out;
}

std::string address_list(const std::vector<net::Address>& addresses) {
  std::string out, shared;
  for (std::size_t i = 0; i < addresses.size();) {
    auto end = i;
    const auto [before, part] = halves(addresses[i]);
    while (end + 1 < addresses.size() && follows(addresses[end], addresses[end + 1]) &&
           halves(addresses[end + 1]).first == before)
      ++end;
    if (i > 0) out += ',';
    out += before == shared ? part : (i > 0 ? " " : "") + before + part;
    if (end > i) out += (end == i + 1 ? "," : "-") + halves(addresses[end]).second;
    shared = before;
    i = end + 1;
  }
  return out;
}

std::vector<Alike> alike(const std::vector<finding::Finding>& findings) {
  std::vector<Alike> out;
  const auto form = [](const finding::Finding& finding) {
    const auto* value = finding::argument(finding, "form");
    return value == nullptr ? finding::Value() : *value;
  };
  for (const auto& finding : findings) {
    const auto same = std::ranges::find_if(out, [&](const Alike& row) {
      return finding.address && row.first->address && row.first->id == finding.id &&
             row.first->severity == finding.severity && form(*row.first) == form(finding);
    });
    auto& row = same == out.end() ? out.emplace_back(Alike{&finding, {}}) : *same;
    if (finding.address && std::ranges::find(row.addresses, *finding.address) == row.addresses.end())
      row.addresses.push_back(*finding.address);
  }
  return out;
}

}  // namespace fcrdns::report
