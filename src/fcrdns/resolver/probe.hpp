// Can the root servers be reached from here at all? Hotels, providers and firewalls block or catch direct DNS.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "fcrdns/resolver/exchange.hpp"

namespace fcrdns::resolver {

/// Asks each of `roots` for the root's NS, all at once. The first authoritative answer is a yes: whoever answers
/// without AA, or refuses, is no root server but stands in the way. A no comes when each has failed (no route, say) or
/// none has answered within `patience`. `done` is called once, from the loop.
class RootProbe {
 public:
  RootProbe(transport::Loop& loop, const std::vector<net::Endpoint>& roots, base::Milliseconds patience,
            std::move_only_function<void(bool reachable)> done);

 private:
  Exchanger exchanger_;
  std::size_t open_;
  std::move_only_function<void(bool)> done_;
  std::vector<std::unique_ptr<transport::Pending>> under_way_;
};

/// Three servers of each family (or of the one wanted) by chance.
[[nodiscard]] std::vector<net::Endpoint> choose_roots(std::vector<net::Address> servers,
                                                      std::optional<net::Family> family, base::Random& random);

}  // namespace fcrdns::resolver
