// A domain name: octets in labels, compared without regard to ASCII case (RFC 1035 3.1, RFC 4343).
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/octets.hpp"
#include "fcrdns/dns/name_octets.hpp"

namespace fcrdns::net {
class Address;
}

namespace fcrdns::dns {

/// Always valid: labels of 1..63 octets, at most 255 octets on the wire. Any octet may stand in a label; the case it
/// came in is kept.
class Name {
 public:
  /// The root.
  Name() = default;
  /// Presentation form (RFC 1035 5.1): dots, \DDD and \X escapes; taken as absolute with or without the final dot.
  static base::Expected<Name> parse(std::string_view presentation);
  /// Uncompressed wire form with its terminating zero and nothing behind it.
  static base::Expected<Name> from_wire(base::OctetView wire);
  /// The name at the cursor inside a whole message, compression followed (RFC 1035 4.1.4): each pointer must lead to
  /// before the part it was read from, and at most 127 are followed, as many as a name can have labels.
  static base::Expected<Name> read(base::Cursor& cursor);

  [[nodiscard]] std::string text() const;  ///< presentation with final dot; all but printable ASCII as \DDD; "." for the root
  [[nodiscard]] base::OctetView wire() const { return base::octets_of(wire_.view()); }  ///< uncompressed; lives as long as the name
  [[nodiscard]] bool is_root() const { return wire_.size() == 1; }
  [[nodiscard]] std::size_t label_count() const;                       ///< without the root label
  [[nodiscard]] std::string_view label(std::size_t index) const;       ///< 0 is the leftmost; index < label_count()
  [[nodiscard]] Name parent() const;                                    ///< one label less; the root's parent is the root
  [[nodiscard]] Name ancestor(std::size_t labels) const;                ///< the last `labels` labels
  [[nodiscard]] bool is_within(const Name& ancestor) const;             ///< equal or below
  /// label + this name; a Fault when it would not fit.
  [[nodiscard]] base::Expected<Name> prepend(std::string_view label) const;
  /// This name with the suffix `from` exchanged for `to` (DNAME, RFC 6672 2.2); a Fault when it would not fit.
  [[nodiscard]] base::Expected<Name> with_suffix(const Name& from, const Name& to) const;
  [[nodiscard]] Name lowered() const;

  friend bool operator==(const Name& a, const Name& b);                  ///< RFC 4343
  friend std::weak_ordering operator<=>(const Name& a, const Name& b);   ///< canonical order, RFC 4034 6.1
  /// Octet for octet, case included: the 0x20 check.
  [[nodiscard]] bool same_case(const Name& other) const { return wire_.view() == other.wire_.view(); }

 private:
  explicit Name(std::string_view wire) : wire_(wire) {}
  friend const char* read_name(base::Cursor& cursor, Name& out);  // wire.hpp
  friend Name reverse_name(const net::Address& address);           // reverse.hpp
  NameOctets wire_;
};

}  // namespace fcrdns::dns

template <>
struct std::hash<fcrdns::dns::Name> {
  std::size_t operator()(const fcrdns::dns::Name& name) const noexcept;
};
