// Who still holds what: every listed server of the zones of an address and of its name, then the caches that can be seen,
// asked without recursion. A cache is never asked before the authority is right: the question would plant the absence
// anew.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/dns/message.hpp"
#include "fcrdns/net/address.hpp"
#include "fcrdns/resolver/resolver.hpp"

namespace fcrdns::propagation {

/// What is to become true everywhere.
struct Goal {
  net::Address address;
  dns::Name name;
  friend bool operator==(const Goal&, const Goal&) = default;
};
/// The one record of it that is looked at: the name's address record, or the address's PTR.
enum class Side { forward, reverse };
[[nodiscard]] std::string_view to_word(Side side);  ///< "forward"

/// What one server or cache says.
enum class Holds {
  right,     ///< the address among the name's; the name among the PTR's names
  absent,    ///< NXDOMAIN or no data
  other,     ///< other names, other addresses, an alias that leads elsewhere
  nothing,   ///< a cache that has nothing of it: the next mail makes it ask, and it learns what is right
  unknown,   ///< no definite answer: SERVFAIL, REFUSED, silence
};
[[nodiscard]] std::string_view to_word(Holds holds);  ///< "right"
[[nodiscard]] std::string_view to_word(Holds holds);
struct Holder {
  Side side = Side::reverse;
  bool cache = false;                       ///< a recursive resolver; else a listed server of `zone`
  dns::Name zone;                           ///< of a listed server
  std::optional<dns::Name> server;          ///< name of a listed server
  net::Endpoint endpoint;
  Holds holds = Holds::unknown;
  dns::Status status = dns::Status::timeout;
  std::string said;                         ///< "mail.old.example.", "203.0.113.9", "NXDOMAIN"; escaped
  std::optional<base::Seconds> left;        ///< how long the cache goes on holding it, from the sight's end
  std::optional<base::WallTime> until;      ///< the same as a time: what a later look goes by
  bool no_route = false;                    ///< could not be asked from here: proves nothing
};

/// A CNAME on the way from the name asked about to its record.
struct Alias {
  Side side = Side::reverse;
  dns::Name owner, target;
  std::uint32_t ttl = 0;                    ///< seconds; asked for only where that side is not right
};
/// What may have stood there before a side that is right at first sight.
struct Before {
  std::uint32_t hold = 0;                   ///< how long a cache may hold it: an absence, or a record with the TTLs of now; seconds
  std::uint32_t absence = 0;                ///< how long an absence alone may be held, seconds
};

/// One look at everything, at one time.
struct Sight {
  base::WallTime time{};                    ///< when it began
  base::Milliseconds took{};
  std::vector<Holder> holders;              ///< forward before reverse, servers before caches
  /// Every listed server that can be asked shows it, at least one of each zone on the way does (RFC 2317 aliases too).
  bool forward_right = false, reverse_right = false;
  /// Some server did not answer definitely: it may still hand out something else.
  bool forward_open = false, reverse_open = false;
  /// How long a cache may hold what was wrong, seconds (RFC 2308 5; of an old record its TTL). Of what this sight saw wrong.
  std::uint32_t forward_hold = 0, reverse_hold = 0;
  Before forward_before, reverse_before;
  std::vector<Alias> aliases;               ///< on the way to what is missing or there; not counted in the holds above
  std::string problem;                      ///< what kept it from looking (no root reached ...); one line, escaped
  bool blind = false;                       ///< no root server answered: nothing of the authority can be seen from here
  [[nodiscard]] bool right() const { return forward_right && reverse_right; }
  [[nodiscard]] bool open() const { return forward_open || reverse_open; }
  [[nodiscard]] base::WallTime end() const { return time + took; }
};

struct Sources {
  resolver::Resolver& resolver;             ///< for names of servers, for what is put to servers themselves, and for its clock
  std::vector<net::Endpoint> caches;        ///< to be looked into; those of public resolvers only if the user named them
  const Sight* before = nullptr;            ///< an earlier sight: a cache whose answer still lives is not asked again
};
/// Asks the authority anew, from the root, then, where that side is right, the caches. Takes `budget` at most; ends early
/// when `stop` says so, with what is known. `now` is the wall time of its begin.
[[nodiscard]] Sight look(const Goal& goal, const Sources& sources, base::Milliseconds budget, base::WallTime now,
                         const std::function<bool()>& stop);

/// When receivers may be let at it again; `latest` is when it is safe whatever cache they use.
struct Safe {
  base::WallTime earliest{}, latest{};
  friend bool operator==(const Safe&, const Safe&) = default;
};
/// What many sights come to. Pure; saved and read by whoever must survive an interruption.
class History {
 public:
  /// `changed`: when the change was made, if that is known better than by looking (a journal, --since).
  explicit History(std::optional<base::WallTime> changed = {}) : changed_(changed) {}
  void add(const Sight& sight);
  /// Since when the last listed server of both sides shows it; empty: not yet. A sight that proves nothing (no server
  /// answered) changes nothing; whether all is right now is in the sight.
  [[nodiscard]] std::optional<base::WallTime> right_since() const;
  /// What right_since() and safe() rest on: looks that saw it turn (or begin), or what was told. Serials prove nothing
  /// here: dynamic updates count an old date up.
  enum class Known { seen, told };
  [[nodiscard]] Known known() const { return std::max(forward_.known, reverse_.known); }
  /// Empty until the authority is right everywhere. Earliest: the largest TTL left in a cache seen, and one second;
  /// latest: the longest a cache may hold what was wrong, and one second, from the moment the last listed server of that
  /// side showed the record. Where nothing was seen wrong: the longest for what may have stood there before, from
  /// `changed`, else from the first sight; of a side that was right all along while the other was not, an absence only.
  [[nodiscard]] std::optional<Safe> safe() const;
  /// The longest that caches hold what was seen wrong so far, of each side; for who saves it. 0: nothing was seen wrong.
  /// Of the forward side with the aliases that led elsewhere, as they may be what is changed.
  [[nodiscard]] std::uint32_t forward_hold() const;
  [[nodiscard]] std::uint32_t reverse_hold() const { return reverse_.hold; }
  /// From an earlier run.
  void remember(std::uint32_t forward_hold, std::uint32_t reverse_hold);

 private:
  struct Past {
    bool seen_wrong = false;     ///< by this or an earlier run
    bool wrong_here = false;     ///< by this run: what turned right since is known by looking
    std::uint32_t hold = 0;
    std::optional<base::WallTime> since;
    Known known = Known::seen;
    Before before;               ///< of the sight that showed it right first
    std::vector<Alias> aliases;  ///< of sights that were wrong
  };
  void add(Past& past, Side side, const Sight& sight) const;
  [[nodiscard]] std::uint32_t hold_of(const Past& past, Side side) const;

  std::optional<base::WallTime> changed_;
  Past forward_, reverse_;
  std::optional<Sight> last_;
};

}  // namespace fcrdns::propagation
