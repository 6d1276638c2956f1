// What an RDAP reply says of an address block: RFC 9083 5.4 (ip network), 5.1 (entities), 6 (errors), with contacts as
// jCard (RFC 7095). Whatever is missing or of the wrong type is left out, the rest is used.
#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "fcrdns/base/text.hpp"
#include "fcrdns/owner/bounded_json.hpp"
#include "fcrdns/owner/range.hpp"
#include "fcrdns/owner/rdap.hpp"
#include "fcrdns/owner/rdap_status.hpp"

namespace fcrdns::owner {
namespace {

using nlohmann::json;

constexpr std::size_t max_text = 200;  // octets of any text that is taken over
constexpr std::size_t max_entities = 256;

/// One line: control characters would be escaped, but a line break is only white space here.
std::string shown(std::string_view text) {
  std::string line(base::trim(text).substr(0, max_text + 1));
  std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return base::escape(line, max_text);
}

std::string shown(const json& value) { return shown(text_of(value)); }

/// The first value of a jCard property that is text, or begins with one ("org" may list units): RFC 7095 3.3.
std::string_view card_value(const json& entity, std::string_view property) {
  const auto& card = member(entity, "vcardArray");
  if (!card.is_array() || card.size() < 2 || !card[1].is_array()) return "";
  for (const auto& row : card[1]) {
    if (!row.is_array() || row.size() < 4 || !base::equals_ignoring_case(text_of(row[0]), property)) continue;
    const auto& value = row[3].is_array() && !row[3].empty() ? row[3][0] : row[3];
    if (const auto text = base::trim(text_of(value)); !text.empty()) return text;
  }
  return "";
}

bool has_role(const json& entity, std::string_view role) {
  const auto& roles = member(entity, "roles");
  return roles.is_array() &&
         std::ranges::any_of(roles, [&](const json& one) { return base::equals_ignoring_case(text_of(one), role); });
}

/// Every entity, those of entities behind their owners. The depth is bounded by the parser.
void collect(const json& object, std::vector<const json*>& out) {
  const auto& entities = member(object, "entities");
  if (!entities.is_array()) return;
  for (const auto& entity : entities) {
    if (!entity.is_object() || out.size() == max_entities) continue;
    out.push_back(&entity);
    collect(entity, out);
  }
}

/// RIPE lists maintainers as registrants beside the organisation: what calls itself one goes first.
std::string_view organisation_of(const std::vector<const json*>& entities) {
  std::string_view with_org, with_name;
  for (const auto* entity : entities) {
    if (!has_role(*entity, "registrant")) continue;
    const auto name = card_value(*entity, "fn"), org = card_value(*entity, "org");
    if (base::equals_ignoring_case(card_value(*entity, "kind"), "org") && !name.empty()) return name;
    if (with_org.empty()) with_org = org;
    if (with_name.empty()) with_name = name;
  }
  return with_org.empty() ? with_name : with_org;
}

/// APNIC's registrations without an organisation describe the holder in a remark of this title.
std::string_view description_of(const json& network) {
  const auto& remarks = member(network, "remarks");
  if (!remarks.is_array()) return "";
  for (const auto& remark : remarks) {
    const auto& lines = member(remark, "description");
    if (text_of(member(remark, "title")) == "description" && lines.is_array() && !lines.empty()) return text_of(lines[0]);
  }
  return "";
}

std::string contact_of(const std::vector<const json*>& entities) {
  for (const std::string_view role : {"abuse", "technical", "administrative", "registrant"})
    for (const auto* entity : entities) {
      if (!has_role(*entity, role)) continue;
      auto mail = card_value(*entity, "email");
      if (mail.starts_with("mailto:")) mail.remove_prefix(7);
      const auto at = mail.find('@');
      const bool plain = std::ranges::all_of(mail, [](char c) { return c > ' ' && c < 0x7f; });
      if (plain && mail.size() <= max_text && at != 0 && at != std::string_view::npos && at + 1 < mail.size())
        return shown(mail);
    }
  return "";
}

std::string range_of(const json& network) {
  const auto range = Range::between(text_of(member(network, "startAddress")), text_of(member(network, "endAddress")));
  return range ? range->text() : "";
}

std::string country_of(const json& network) {
  const auto country = text_of(member(network, "country"));
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return country.size() == 2 && std::ranges::all_of(country, is_letter) ? std::string(country) : "";
}

Registration broken(std::string problem) {
  return {.outcome = Registration::Outcome::malformed, .problem = std::move(problem)};
}

}  // namespace

Registration read_registration(std::string_view text) {
  const auto parsed = parse_bounded(text);
  if (!parsed) return broken("the registry's answer is no JSON, larger than 1 MB, or nested deeper than 64");
  if (const auto& code = member(*parsed, "errorCode"); code.is_number_integer()) {
    const auto title = shown(member(*parsed, "title"));
    return from_status(static_cast<int>(std::clamp<std::int64_t>(code.get<std::int64_t>(), 0, 999)), title);
  }
  const auto kind = text_of(member(*parsed, "objectClassName"));
  if (!kind.empty() && !base::equals_ignoring_case(kind, "ip network"))
    return broken(fmt::format("the registry's answer is about another thing: \"{}\"", shown(kind)));

  std::vector<const json*> entities;
  collect(*parsed, entities);
  Registration out{.outcome = Registration::Outcome::found};
  out.organisation = shown(organisation_of(entities));
  if (out.organisation.empty()) out.organisation = shown(description_of(*parsed));
  out.network = shown(member(*parsed, "name"));
  out.handle = shown(member(*parsed, "handle"));
  out.range = range_of(*parsed);
  out.country = country_of(*parsed);
  out.contact = contact_of(entities);
  if (out == Registration{.outcome = Registration::Outcome::found})
    return broken("the registry's answer holds nothing that describes a block of addresses");
  return out;
}

}  // namespace fcrdns::owner
