// Parts of the JSON document that hold what the walk, the registry and the names beside the subject showed.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "fcrdns/report/report.hpp"

namespace fcrdns::report {

using Json = nlohmann::ordered_json;

/// Valid UTF-8 whatever the network said: bad octets are replaced.
[[nodiscard]] std::string dump(const Json& json);
[[nodiscard]] Json texts(const std::vector<dns::Name>& names);
[[nodiscard]] Json texts(const std::vector<net::Address>& addresses);
template <typename T>
[[nodiscard]] Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// One element of check's results.
[[nodiscard]] Json result_json(const Result& result, bool trace);
[[nodiscard]] Json finding_json(const finding::Finding& finding);

/// The reverse zone of an address, its servers and its owners; null when nothing is known of either.
[[nodiscard]] Json zone_json(const Result& result, std::size_t index);
/// Whether the HELO name fits an address; null without --helo.
[[nodiscard]] Json helo_json(const Result& result, std::size_t index);
/// Whether the name of --expect would do; null without.
[[nodiscard]] Json expect_json(const Result& result);

}  // namespace fcrdns::report
