// Where a record is put in place: one small interface in front of RFC 2136, PowerDNS and the APIs of providers.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/apply/secret.hpp"
#include "fcrdns/base/time.hpp"
#include "fcrdns/dns/record.hpp"
#include "fcrdns/net/address.hpp"
#include "fcrdns/resolver/resolver.hpp"
#include "fcrdns/resolver/walk.hpp"
#include "fcrdns/transport/loop.hpp"

namespace fcrdns::apply {

/// The two records of a fix.
enum class Part { forward, ptr };
[[nodiscard]] std::string_view to_word(Part part);

/// One record that is to be there. A PTR: it and no other one at that name. A forward record: it among those that are
/// there already.
struct Wanted {
  Part part = Part::ptr;
  net::Address address;
  dns::Name hostname;
  dns::Record record;  ///< its owner: the host name, or where the reverse name's aliases (RFC 2317) lead
};

/// What the owner's side has at that name and type now: enough to put it back.
struct Before {
  std::vector<dns::Record> records;  ///< empty: none, or at a provider its default name
  std::string handle;                ///< the back end's own (an id of a record), for restore(); printable ASCII
  friend bool operator==(const Before&, const Before&) = default;
};

enum class Trouble {
  secret,        ///< missing, unreadable, or others can read it
  unreachable,   ///< no connection, no answer in time, TLS; nothing is known to have changed
  refused,       ///< the other side says no: key, zone, permission, a rule of its own
  foreign,       ///< something else stands there, or changed in between: not overwritten
  not_found,     ///< no such zone, address or server at that account
  too_soon,      ///< it must come later: forward record not seen yet, rate limit; `retry_after`
  undecided,     ///< it cannot be told whether it was done
  unsupported,   ///< this back end cannot do that
};
struct Problem {
  Trouble trouble = Trouble::refused;
  std::string message;  ///< one line: who said what, and the way on; escaped, without secrets
  std::optional<base::Seconds> retry_after;
};
template <typename T>
using Outcome = std::expected<T, Problem>;
[[nodiscard]] inline std::unexpected<Problem> problem(Trouble trouble, std::string message, std::optional<base::Seconds> retry_after = {}) {
  return std::unexpected(Problem{trouble, std::move(message), retry_after});
}

enum class Deed {
  unchanged,  ///< it was there already: nothing was sent that changes anything
  changed,
  accepted,   ///< asynchronous: it will be; settled() tells
  would,      ///< dry run: the requests were shown, none was sent that changes anything
};

/// Told of what goes over the wire: one call per request, in words a person can check; secrets left out.
class Observer {
 public:
  virtual ~Observer() = default;
  /// "POST https://api.hetzner.cloud/v1/servers/42/actions/change_dns_ptr {...}"; `changes`: not a mere question.
  virtual void request(std::string_view text, bool changes) = 0;
};

/// What one back end of one run is told. Borrowed from whoever runs it.
struct Context {
  transport::Loop& loop;
  resolver::Resolver& resolver;
  resolver::Walker& walker;              ///< finds zones and primaries
  std::map<std::string, std::string> settings;  ///< --set KEY=VALUE of this part: "server", "url", "zone", "project" ...
  std::string secret_file;               ///< --secret FILE of this part; empty: the environment
  bool dry_run = false;
  base::Milliseconds patience{20'000};   ///< with one request
  Observer* observer = nullptr;          ///< may be null
  std::function<bool()> stop = [] { return false; };
  std::string user_agent;
};

/// Calls wait until they are done, at most `patience` each. Not thread-safe.
class Backend {
 public:
  virtual ~Backend() = default;
  /// Asks; changes nothing.
  [[nodiscard]] virtual Outcome<Before> look(const Wanted& wanted) = 0;
  /// Puts it there, unless something changed since `before` was seen (where the other side can tell). The same twice:
  /// `unchanged`.
  [[nodiscard]] virtual Outcome<Deed> put(const Wanted& wanted, const Before& before) = 0;
  /// Whether what was `accepted` has become so.
  [[nodiscard]] virtual Outcome<bool> settled(const Wanted& wanted) { (void)wanted; return true; }
  /// Brings back what look() saw before put(): the records, their absence, or the provider's default name.
  [[nodiscard]] virtual Outcome<Deed> restore(const Wanted& wanted, const Before& before) = 0;
};

/// One row of what a back end takes, for help texts and for checking --set.
struct SettingRow {
  std::string_view key;
  std::string_view help;
};
/// A back end as it is listed (`fcrdns help backends`) and made.
struct BackendRow {
  std::string_view id;                  ///< "rfc2136", "powerdns", or a provider's of the catalogue
  std::string_view summary;
  bool forward = false, ptr = false;    ///< which parts it can do
  std::vector<SettingRow> settings;
  std::vector<std::string_view> environment;  ///< variables its secret may stand in
  Outcome<std::unique_ptr<Backend>> (*make)(const Context& context) = nullptr;
};
/// All of them, by id. rfc2136.cpp, powerdns.cpp and the providers' files each bring their rows; backends.cpp joins them.
[[nodiscard]] const std::vector<BackendRow>& backends();
[[nodiscard]] const BackendRow* find_backend(std::string_view id);

}  // namespace fcrdns::apply
