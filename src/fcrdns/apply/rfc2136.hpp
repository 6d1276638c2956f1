// The back end "rfc2136": dynamic updates (RFC 2136) signed with TSIG (RFC 8945), sent to a zone's own primary.
//
// Every message is signed, the questions too: so a wrong key or clock is seen before anything is to be changed, what is
// there is seen as the key's holder sees it (views), and an answer counts only when it is signed as well.
#pragma once

#include "fcrdns/apply/backend.hpp"

namespace fcrdns::apply {

[[nodiscard]] BackendRow rfc2136();

}  // namespace fcrdns::apply
