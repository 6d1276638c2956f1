#include "fcrdns/scan/prefix_list.hpp"

#include <bit>
#include <utility>

#include "fcrdns/scan/entries.hpp"
#include "fcrdns/sweep/units.hpp"

namespace fcrdns::scan {
namespace {

constexpr std::size_t most_prefixes = 1'000'000;

}  // namespace

base::Expected<std::vector<net::Prefix>> read_prefixes(std::vector<Span> words, std::vector<std::string> files) {
  std::vector<net::Prefix> out;
  const auto entries = make_lists(std::move(words), std::move(files));
  Span span;
  std::string_view bad;
  for (;;) {
    const auto next = entries->next(span, bad);
    if (next == Entries::Next::bad) return base::fault(entries->complaints().first_bad + "; nothing is done before this list is right");
    if (next == Entries::Next::end) break;
    if (next == Entries::Next::not_yet) continue;
    if (out.size() == most_prefixes) return base::fault("more than 1,000,000 lines: give prefixes where there are addresses");
    out.push_back({span.first, static_cast<std::uint8_t>(sweep::full_length(span.first.family()) - std::countr_zero(span.count))});
  }
  if (entries->complaints().failed) return base::fault(entries->complaints().unreadable.front());
  return out;
}

}  // namespace fcrdns::scan
