// The look-ups of an evaluation, counted against the limits of RFC 7208 4.6.4, and what they say of the client.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fcrdns/spf/policy.hpp"

namespace fcrdns::spf {

/// Why an evaluation ends here: an error (4.6, 4.8), or answers that have yet to come.
struct Stop {
  std::optional<Result> result;  ///< empty: answers are missing
  std::string problem;
  std::string word;              ///< the same for a row of the trace
};
template <typename T>
using Step = std::expected<T, Stop>;
[[nodiscard]] inline std::unexpected<Stop> stop(Result result, std::string problem, std::string word) {
  return std::unexpected(Stop{result, std::move(problem), std::move(word)});
}
[[nodiscard]] inline std::unexpected<Stop> missing() { return std::unexpected(Stop{}); }

class Lookups {
 public:
  Lookups(Known& known, const Limits& limits, const net::Address& client) : known_(known), limits_(limits), client_(client) {}

  /// Before a term that needs the DNS.
  [[nodiscard]] Step<void> count_term();
  [[nodiscard]] unsigned terms() const { return terms_; }
  [[nodiscard]] unsigned voids() const { return voids_; }
  /// The trouble that ptr did not stop for (5.5), once; empty: none.
  [[nodiscard]] std::string take_skipped() { return std::exchange(skipped_, {}); }
  /// From here on nothing counts: what an explanation needs is asked after the result is known (4.6.4).
  void stop_counting() { counting_ = false; }

  /// Mechanisms (5.3, 5.4, 5.5, 5.7) on the name they are about.
  [[nodiscard]] Step<bool> match_a(const Mechanism& mechanism, const dns::Name& name);
  [[nodiscard]] Step<bool> match_mx(const Mechanism& mechanism, const dns::Name& name);
  [[nodiscard]] Step<bool> match_ptr(const dns::Name& within);
  [[nodiscard]] Step<bool> match_exists(const dns::Name& name);
  /// %{p} (7.3): the domain itself, else a name below it, else any; "unknown" when none leads back.
  [[nodiscard]] Step<std::string> validated_name(const std::optional<dns::Name>& domain);

 private:
  /// Records, or none; trouble is an error.
  [[nodiscard]] Step<const resolver::Answer*> ask(dns::Type type, const dns::Name& name);
  [[nodiscard]] Step<void> count_void();
  /// Whether this is trouble that ptr and %{p} pass over.
  [[nodiscard]] bool skips(const Stop& why);
  /// The client's names in the order of the answer, at most ten.
  [[nodiscard]] Step<std::vector<dns::Name>> names();
  /// Whether the client is among the name's addresses; in trouble it is not, and the search goes on (5.5).
  [[nodiscard]] Step<bool> leads_back(const dns::Name& name);
  [[nodiscard]] dns::Type address_type() const { return client_.is_v4() ? dns::Type::a : dns::Type::aaaa; }
  /// Sees that all of them are asked side by side.
  [[nodiscard]] bool all_known(const std::vector<dns::Name>& names);

  Known& known_;
  const Limits& limits_;
  const net::Address client_;
  unsigned terms_ = 0, voids_ = 0;
  bool counting_ = true;
  std::string skipped_;
  std::optional<std::vector<dns::Name>> validated_;  // for %{p}: counted once, however often it stands there
};

}  // namespace fcrdns::spf
