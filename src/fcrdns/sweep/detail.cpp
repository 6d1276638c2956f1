#include "fcrdns/sweep/detail.hpp"

#include <algorithm>
#include <array>

#include "fcrdns/resolver/resolver.hpp"

namespace fcrdns::sweep {
namespace {

using dns::Status;

/// The word for a status of the PTR question and of a forward one.
struct Words {
  Status status;
  Detail ptr, forward;
};
constexpr std::array rows{
    Words{Status::noerror, Detail::none, Detail::forward_mismatch},
    Words{Status::nodata, Detail::nodata, Detail::forward_nodata},
    Words{Status::nxdomain, Detail::nxdomain, Detail::forward_nxdomain},
    Words{Status::servfail, Detail::servfail, Detail::forward_servfail},
    Words{Status::refused, Detail::refused, Detail::forward_refused},
    Words{Status::timeout, Detail::timeout, Detail::forward_timeout},
    Words{Status::bogus, Detail::bogus, Detail::forward_bogus},
    Words{Status::formerr, Detail::formerr, Detail::forward_formerr},
    Words{Status::malformed, Detail::malformed, Detail::forward_malformed},
    Words{Status::loop, Detail::loop, Detail::forward_loop},
    Words{Status::lame, Detail::lame, Detail::forward_lame},
    // An alias led to a name that is never sent out (.onion, .local).
    Words{Status::unusable, Detail::unusable_name, Detail::forward_unusable},
    Words{Status::not_checked, Detail::unusable_name, Detail::unusable_name},
    Words{Status::not_asked, Detail::special_purpose, Detail::unusable_name},
    // Nobody answered, whatever the reason.
    Words{Status::unreachable, Detail::timeout, Detail::forward_timeout},
};
static_assert([] {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].status != static_cast<Status>(i)) return false;
  return true;
}());

const Words& words(Status status) { return rows[static_cast<std::size_t>(status)]; }

/// How near a negative answer comes to a pass: less is nearer.
int distance(Status status) {
  switch (status) {
    case Status::noerror: return 0;
    case Status::nodata: return 1;
    case Status::nxdomain: return 2;
    case Status::unusable: return 3;
    default: return 4;
  }
}

/// Whether `a` tells more about a verdict that is no pass than `b`.
bool tells_more(Status a, Status b) {
  const bool trouble = dns::is_trouble(a);
  if (trouble != dns::is_trouble(b)) return trouble;
  return trouble ? resolver::says_more(a, b) : distance(a) < distance(b);
}

}  // namespace

Detail detail_of(const verdict::Facts& facts, verdict::Iprev iprev) {
  if (iprev == verdict::Iprev::pass) return Detail::none;
  if (facts.ptr != Status::noerror) return words(facts.ptr).ptr;
  auto most = Status::not_asked;
  for (const auto& name : facts.names)
    if (tells_more(name.forward, most)) most = name.forward;
  return words(facts.only_root ? Status::not_asked : most).forward;
}

}  // namespace fcrdns::sweep
