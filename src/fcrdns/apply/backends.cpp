// The list of back ends. Each file of them brings its rows.
#include <algorithm>

#include "fcrdns/apply/backend.hpp"
#include "fcrdns/apply/provider_list.hpp"
#include "fcrdns/apply/rfc2136.hpp"

namespace fcrdns::apply {

const std::vector<BackendRow>& backends() {
  static const std::vector<BackendRow> rows = [] {
    auto all = http_backends();
    all.insert(all.begin(), rfc2136());
    return all;
  }();
  return rows;
}

const BackendRow* find_backend(std::string_view id) {
  const auto found = std::ranges::find(backends(), id, &BackendRow::id);
  return found == backends().end() ? nullptr : &*found;
}

std::string_view to_word(Part part) { return part == Part::forward ? "forward" : "ptr"; }

}  // namespace fcrdns::apply
