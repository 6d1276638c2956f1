// The word for why an address is no pass: the most telling of what was found, by the verdict's own precedence.
#pragma once

#include "fcrdns/sweep/row.hpp"
#include "fcrdns/verdict/iprev.hpp"

namespace fcrdns::sweep {

/// `iprev` is the verdict of these facts. Trouble of several names: the most telling (resolver::says_more). Several
/// negative answers: what comes nearest to a pass, so addresses before none, and a name that exists before one that does not.
/// A name that cannot be a host name was `not_asked`; `unusable` says that a question led to such a name.
[[nodiscard]] Detail detail_of(const verdict::Facts& facts, verdict::Iprev iprev);

}  // namespace fcrdns::sweep
