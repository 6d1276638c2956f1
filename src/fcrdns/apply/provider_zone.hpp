// Address records in the DNS that some providers run beside their machines: single records, added and removed.
#pragma once

#include <memory>
#include <string_view>

#include "fcrdns/apply/backend.hpp"
#include "fcrdns/apply/http.hpp"

namespace fcrdns::apply {

// In paths and bodies stand {zone} (its name or its id, as the API wants it), {label} (the name inside the zone), {fqdn},
// {type}, {data}, {ttl}, {record} (a record's id), {page}.

struct ZoneRow {
  std::string_view provider;            ///< its id in rest_rows()
  std::string_view zone_path;           ///< 404: no such zone; or a list of all
  std::string_view zones, zone_name, zone_id;  ///< paths of JSON, when it is a list
  std::string_view records_path, records;      ///< those at the name, or all of the zone; where the array is
  std::string_view record_path;         ///< when the array holds ids only: one record
  std::string_view name, type, data, ttl, id;  ///< paths inside a record
  std::size_t page_size = 0;
  std::string_view create_path, create_body;
  std::string_view refresh_path;        ///< POST after a change
  std::string_view apex = "";           ///< the {label} of the zone itself
};

/// Null when that provider has none.
[[nodiscard]] const ZoneRow* zone_row(std::string_view provider);
[[nodiscard]] std::unique_ptr<Backend> make_zone(const ZoneRow& row, std::shared_ptr<HttpApi> api);

}  // namespace fcrdns::apply
