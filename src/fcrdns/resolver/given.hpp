// Recursive resolvers given by name: --resolver, or those of the system.
//
// On top of one exchange per name: CNAME chains that leave a reply are followed with further questions. When every
// resolver says SERVFAIL, CD=1 shows whether validation is what failed, and a second round whether it lasts. The AD bit
// counts as `secure`, on the word of a resolver over a path that proves nothing by itself; no AD is `unknown`, for a
// resolver that does not validate looks the same as an unsigned zone.
#pragma once

#include <list>
#include <memory>
#include <vector>

#include "fcrdns/resolver/exchange.hpp"
#include "fcrdns/resolver/on_loop.hpp"

namespace fcrdns::resolver {

class Given final : public OnLoop {
 public:
  /// Borrows the loop. `dnssec` off asks with CD=1, and takes what fails validation like anything else.
  Given(transport::Loop& loop, std::vector<net::Endpoint> resolvers, bool dnssec = true);
  ~Given() override;
  void ask(dns::Question question, base::SteadyTime deadline, Done done) override;
  [[nodiscard]] std::vector<net::Endpoint> caches() const override { return resolvers_; }

 private:
  class Asked;
  std::vector<net::Endpoint> resolvers_;
  bool dnssec_;
  std::list<std::unique_ptr<Asked>> asked_;
};

}  // namespace fcrdns::resolver
