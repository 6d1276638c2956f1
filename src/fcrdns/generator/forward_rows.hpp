// What the readers of forward data find, kept small: 32 octets an address, each name once in a pool.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "fcrdns/generator/from_forward.hpp"

namespace fcrdns::generator {

struct ForwardRow {
  net::Address address;
  bool candidate = true;    ///< for a PTR; else it only says that the name has this address
  std::uint32_t name = 0;   ///< where its wire form stands in the pool
  std::uint32_t ttl = 0;    ///< seconds
  std::uint32_t line = 0;
};
static_assert(sizeof(ForwardRow) == 32);

class ForwardRows {
 public:
  explicit ForwardRows(const FromForward& options) : options_(options) {}

  /// A name has an address. It is judged here: what cannot have a PTR is noted as skipped.
  void add(const net::Address& address, const dns::Name& name, std::optional<std::uint32_t> ttl, std::size_t line, bool opted_out);
  /// This name is a zone's own: it never wins over a host.
  void add_apex(const dns::Name& name);
  /// Something that is in order and gives no address.
  void pass_over() { ++readable_; }
  void unreadable(std::size_t line, std::string_view text, std::string_view why);
  void skip(const ForwardRow& row, Skipped::Why why);

  [[nodiscard]] dns::Name name(const ForwardRow& row) const;
  [[nodiscard]] bool is_apex(const dns::Name& name) const { return apexes_.contains(name); }
  [[nodiscard]] std::size_t readable() const { return readable_; }
  [[nodiscard]] const FromForward& options() const { return options_; }

  std::vector<ForwardRow> rows;
  Derived derived;             ///< lines, skipped, unreadable
  std::string first_unreadable;  ///< a sentence; empty: all could be read

 private:
  bool count_skipped();  ///< whether it is told as well
  std::optional<Skipped::Why> why_not(const net::Address& address, const dns::Name& name, bool opted_out) const;

  const FromForward& options_;
  std::string pool_;
  std::unordered_set<dns::Name> apexes_;
  std::size_t readable_ = 0;
};

/// The name as it stands in a cell or a hosts file: a single label is completed with the origin, when there is one.
[[nodiscard]] base::Expected<dns::Name> parse_host(std::string_view text, const std::optional<dns::Name>& origin);
/// Whether a comment has the word no-ptr or noptr.
[[nodiscard]] bool opts_out(std::string_view comment);
/// "3600", "1h30m", "2d" (master files of BIND), at most 2^31 - 1 seconds (RFC 2181 8).
[[nodiscard]] std::optional<std::uint32_t> parse_ttl(std::string_view text);

// The readers. A Fault only where reading on makes no sense.
base::Expected<void> read_zonefile(std::istream& in, ForwardRows& out);
base::Expected<void> read_csv(std::istream& in, ForwardRows& out);
base::Expected<void> read_hosts(std::istream& in, ForwardRows& out);

}  // namespace fcrdns::generator
