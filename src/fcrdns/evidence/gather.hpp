// The one station that asks. Questions that do not depend on each other go out at once.
#pragma once

#include <memory>
#include <optional>

#include "fcrdns/evidence/evidence.hpp"
#include "fcrdns/owner/rdap.hpp"
#include "fcrdns/resolver/resolver.hpp"
#include "fcrdns/resolver/walk.hpp"

namespace fcrdns::evidence {

struct Options {
  base::Milliseconds timeout{10'000};                       ///< for the verdict of one subject
  std::size_t max_names = verdict::default_max_names;       ///< PTR names looked up per address
  std::optional<net::Family> only;                          ///< of a host's addresses
  bool walk = true;                                         ///< ask the zones' own servers, all of them
  base::Milliseconds walk_budget{10'000};                   ///< for everything beside and behind the verdict, from the begin
  bool rdap = true;                                         ///< ask the registry who holds the block
  subject::As as = subject::As::found_out;                  ///< what a name is
  std::optional<dns::Name> domain, expect;                  ///< --domain, --expect
  std::optional<std::string> helo;                          ///< --helo, what the server says: any text
  std::optional<std::string> mail_from;                     ///< --mail-from, by subject::parse_sender; "": the null sender. With it, or helo, SPF is asked
  std::optional<Blame> blame;                               ///< what a bounce says of this subject; its host's other addresses are looked at too
  bool proof = false;         ///< then ask every server of the zones again and again: up to proof_budget more
  base::Milliseconds proof_budget{10'000};
  bool ask_special = false;   ///< ask about addresses that can have no public PTR: the tree asked is a private one
};

/// Told of every answer as it comes; the library itself never prints.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void answered(const subject::Subject& subject, const TraceRow& row) = 0;
  /// The verdict of every address can be told now; what follows explains it.
  virtual void verdict_known(const Evidence& evidence) { (void)evidence; }
};

/// Whom a Gathering asks and tells. All of it outlives the Gathering; the pointers may be null.
struct Sources {
  resolver::Resolver& resolver;
  resolver::Walker* walker = nullptr;     ///< shared, so that delegations are learnt once
  owner::Registry* registry = nullptr;
  Observer* observer = nullptr;
};

/// The facts about one subject while they come in. It lives where it is: the resolver calls back into it.
///
///     host A, AAAA, MX, TXT  ->  PTR of every address  ->  A and AAAA of every usable name   = the verdict
///     beside it:  the reverse name walked  ->  the forward names walked;  SPF
///     behind it:  caches, neighbours, misplaced PTRs, the registry
///     behind the walks:  every server again and again (proof)
class Gathering {
 public:
  Gathering(subject::Subject subject, const Options& options, const Sources& sources, base::WallTime time);
  ~Gathering();
  Gathering(const Gathering&) = delete;
  Gathering& operator=(const Gathering&) = delete;

  [[nodiscard]] bool finished() const;
  /// The verdict can be told, though not yet all that explains it.
  [[nodiscard]] bool is_verdict_known() const;
  /// The facts; call once, when finished(). Who cannot wait that long gets what is there once the verdict is known.
  [[nodiscard]] Evidence take();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fcrdns::evidence
