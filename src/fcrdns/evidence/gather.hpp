// The one station that asks. Questions that do not depend on each other go out at once.
#pragma once

#include <optional>

#include "fcrdns/evidence/evidence.hpp"
#include "fcrdns/resolver/resolver.hpp"

namespace fcrdns::evidence {

struct Options {
  base::Milliseconds timeout{10'000};                       ///< for the verdict of one subject
  std::size_t max_names = verdict::default_max_names;       ///< PTR names looked up per address
  std::optional<net::Family> only;                          ///< of a host's addresses
  bool walk = true;                                         ///< ask the zones' own servers, all of them
  base::Milliseconds walk_budget{10'000};                   ///< for everything behind the verdict, counted from it
  bool rdap = true;                                         ///< ask the registry who holds the block
  subject::As as = subject::As::found_out;                  ///< what a name is
  std::optional<dns::Name> domain, expect, helo;            ///< --domain, --expect, --helo
  bool ask_special = false;   ///< ask about addresses that can have no public PTR: the tree asked is a private one
};

/// Told of every answer as it comes; the library itself never prints.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void answered(const subject::Subject& subject, const TraceRow& row) = 0;
};

/// The facts about one subject while they come in. It lives where it is: the resolver calls back into it.
///
///     host A, AAAA  ->  PTR of every address  ->  A and AAAA of every usable name
class Gathering {
 public:
  /// Asks the first questions. The resolver and the observer (may be null) outlive the Gathering.
  Gathering(subject::Subject subject, const Options& options, resolver::Resolver& resolver, base::WallTime time,
            Observer* observer);
  Gathering(const Gathering&) = delete;
  Gathering& operator=(const Gathering&) = delete;

  [[nodiscard]] bool finished() const { return under_way_ == 0; }
  /// The facts; call once, when finished().
  [[nodiscard]] Evidence take();

 private:
  using Row = std::optional<std::size_t>;
  void ask(dns::Question question, Row after, base::SteadyTime deadline,
           std::move_only_function<void(resolver::Answer, std::size_t row)> then);
  void ask_host(dns::Type type, std::optional<resolver::Answer> Evidence::*slot);
  void begin_address(const net::Address& address, std::string from, Row after);
  void ptr_answered(std::size_t index, resolver::Answer answer, std::size_t row);
  void ask_forward(std::size_t index, std::size_t name, std::size_t row);

  Options options_;
  resolver::Resolver& resolver_;
  Observer* observer_;
  base::SteadyTime begun_, deadline_;
  std::size_t under_way_ = 0;
  Evidence evidence_;
};

}  // namespace fcrdns::evidence
