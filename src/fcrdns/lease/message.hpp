// What lies on the NATS server, and under which name. Whoever may write there may write anything: what is read is bounded
// and has to make sense as a whole.
//
//   stream fcrdns-SCAN-leases   subject fcrdns.SCAN.lease.ID              a Lease; the stream's description holds the Settings
//   stream fcrdns-SCAN-rows     subject fcrdns.SCAN.rows.ID.ATTEMPT.N     packed rows (parts.hpp)
//   stream fcrdns-SCAN-done     subject fcrdns.SCAN.done.ID               a Result: which attempt's parts are the lease's rows
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/time.hpp"
#include "fcrdns/lease/cut.hpp"
#include "fcrdns/net/address.hpp"
#include "fcrdns/sweep/row.hpp"
#include "fcrdns/verdict/iprev.hpp"

namespace fcrdns::lease {

/// One part of the work.
struct Lease {
  std::string id;                                 ///< id_of(prefixes)
  std::vector<net::Prefix> prefixes;              ///< side by side, in order; at most most_prefixes
  friend bool operator==(const Lease&, const Lease&) = default;
};

/// What all workers of a scan have in common: without it their rows would not fit together.
struct Settings {
  sweep::Format format = sweep::Format::tsv;
  std::size_t max_names = verdict::default_max_names;
  bool prune = true;
  std::uint64_t size = default_size;              ///< addresses of a lease at most
  base::Seconds hold{30};                         ///< how long a lease is a worker's that says nothing
  friend bool operator==(const Settings&, const Settings&) = default;
};

/// The end of a lease.
struct Result {
  std::string attempt;                            ///< 16 hexadecimal digits, another for each try
  std::uint32_t parts = 0;
  std::uint64_t rows = 0;
  std::string machine;                            ///< printable; who did it
  friend bool operator==(const Result&, const Result&) = default;
};
inline constexpr std::uint32_t most_parts = 65'536;

[[nodiscard]] std::string to_message(const Lease& lease);
[[nodiscard]] std::string to_message(const Settings& settings);
[[nodiscard]] std::string to_message(const Result& result);
[[nodiscard]] base::Expected<Lease> parse_lease(std::string_view message);
[[nodiscard]] base::Expected<Settings> parse_settings(std::string_view message);
[[nodiscard]] base::Expected<Result> parse_result(std::string_view message);

/// Names of one scan on the server.
class Names {
 public:
  /// `scan`: letters, digits, - and _, at most 32. The Fault says so.
  [[nodiscard]] static base::Expected<Names> of(std::string_view scan);
  [[nodiscard]] std::string leases() const { return "fcrdns-" + scan_ + "-leases"; }
  [[nodiscard]] std::string rows() const { return "fcrdns-" + scan_ + "-rows"; }
  [[nodiscard]] std::string done() const { return "fcrdns-" + scan_ + "-done"; }
  /// Subjects; "*" and ">" stand for any.
  [[nodiscard]] std::string lease(std::string_view id) const { return "fcrdns." + scan_ + ".lease." + std::string(id); }
  [[nodiscard]] std::string result(std::string_view id) const { return "fcrdns." + scan_ + ".done." + std::string(id); }
  [[nodiscard]] std::string parts(std::string_view id, std::string_view attempt) const;
  [[nodiscard]] std::string part(std::string_view id, std::string_view attempt, std::uint32_t number) const;
  [[nodiscard]] std::string all_parts() const { return parts("*", "*"); }

 private:
  explicit Names(std::string scan) : scan_(std::move(scan)) {}
  std::string scan_;
};

/// The id in a subject of Names::result(); empty: it holds none.
[[nodiscard]] std::string_view id_in(std::string_view subject);
/// The attempt in a subject of Names::part(); empty: it holds none.
[[nodiscard]] std::string_view attempt_in(std::string_view subject);
[[nodiscard]] bool is_attempt(std::string_view text);

}  // namespace fcrdns::lease
