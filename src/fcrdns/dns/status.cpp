// The words of dns::Status. One table serves both directions.
#include "fcrdns/dns/status.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace fcrdns::dns {
namespace {

constexpr std::array<std::pair<Status, std::string_view>, 15> words = {{
    {Status::noerror, "noerror"},
    {Status::nodata, "nodata"},
    {Status::nxdomain, "nxdomain"},
    {Status::servfail, "servfail"},
    {Status::refused, "refused"},
    {Status::timeout, "timeout"},
    {Status::bogus, "bogus"},
    {Status::formerr, "formerr"},
    {Status::malformed, "malformed"},
    {Status::loop, "loop"},
    {Status::lame, "lame"},
    {Status::unusable, "unusable"},
    {Status::not_checked, "not_checked"},
    {Status::not_asked, "not_asked"},
    {Status::unreachable, "unreachable"},
}};

}  // namespace

std::string_view to_word(Status status) {
  return std::ranges::find(words, status, &decltype(words)::value_type::first)->second;
}

std::optional<Status> parse_status(std::string_view word) {
  const auto found = std::ranges::find(words, word, &decltype(words)::value_type::second);
  if (found == words.end()) return std::nullopt;
  return found->first;
}

}  // namespace fcrdns::dns
