#include "fcrdns/apply/provider_list.hpp"

#include <array>
#include <utility>

#include "fcrdns/apply/powerdns.hpp"
#include "fcrdns/apply/provider_clouds.hpp"
#include "fcrdns/apply/provider_rest.hpp"
#include "fcrdns/apply/provider_zone.hpp"

namespace fcrdns::apply {
namespace {

template <std::size_t index>
Outcome<std::unique_ptr<Backend>> make(const Context& context) {
  return make_rest(rest_rows()[index], context);
}
constexpr std::size_t count = 8;

/// Their functions to make them, by index.
template <std::size_t... indices>
constexpr auto makers(std::index_sequence<indices...>) {
  return std::array{&make<indices>...};
}

BackendRow row_of(const RestRow& rest, decltype(BackendRow::make) make_it) {
  const bool has_zones = zone_row(rest.id) != nullptr;
  BackendRow row{.id = rest.id, .summary = rest.summary, .forward = has_zones, .ptr = true,
                 .settings = {{"url", "another base of the API"}}, .environment = rest.keys, .make = make_it};
  if (!rest.finders.empty()) row.settings.push_back({"id", "what has the address, when it is not to be searched for"});
  if (!rest.kind_setting.empty()) row.settings.push_back({rest.kind_setting, rest.kind_setting == "zone" ? "fr-par-1, ...; default: all are searched" : "primary_ips or floating_ips; default: both are searched"});
  if (rest.sign == Sign::ovh) row.settings.push_back({"endpoint", "eu, ca or us (default eu)"});
  if (rest.renames) row.settings.push_back({"rename", "yes: the machine may be renamed, for its name is the PTR"});
  if (has_zones) row.settings.push_back({"zone", "for the forward record (default: the longest zone there that holds the name)"});
  return row;
}

}  // namespace

std::vector<BackendRow> http_backends() {
  constexpr auto make_each = makers(std::make_index_sequence<count>());
  std::vector<BackendRow> rows{powerdns(), aws_ec2(), gcp(), azure()};
  for (std::size_t i = 0; i < rest_rows().size() && i < count; ++i) rows.push_back(row_of(rest_rows()[i], make_each[i]));
  return rows;
}

}  // namespace fcrdns::apply
