// Handing on a part of a reverse zone: the parent gets the child's NS records and an alias for each address, the child
// holds the PTRs (RFC 2317). RFC 4183 names the child FIRST-LENGTH, and also cuts between octets above /24.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/generator/block.hpp"

namespace fcrdns::generator {

enum class Form {
  range,    ///< 0-63.113.0.203.in-addr.arpa.: first and last address
  dash,     ///< 0-26.113.0.203.in-addr.arpa.: first address and length, without the slash that some tools stumble over
  slash,    ///< 0/26.113.0.203.in-addr.arpa.: as in the examples of RFC 2317 4
  rfc4183,  ///< as dash; of a /23 128-23.20.10.in-addr.arpa., with DNAME (RFC 6672) instead of CNAME
  label,    ///< any label: subnet0.113.0.203.in-addr.arpa.
  zone,     ///< any zone, mostly a forward one: 5.rev.example.com. (RFC 2317 5.2)
};
constexpr std::array<Form, 6> all_forms{Form::range, Form::dash, Form::slash, Form::rfc4183, Form::label, Form::zone};
[[nodiscard]] std::string_view to_word(Form form);

/// What the child is called.
struct ChildName {
  Form form = Form::range;
  std::string label;  ///< of Form::label
  dns::Name zone;     ///< of Form::zone
};
/// "range", "label=subnet0", "zone=rev.example.com". A Fault tells the words there are.
[[nodiscard]] base::Expected<ChildName> parse_child_name(std::string_view word);

/// Both sides of a delegation.
struct Classless {
  net::Prefix prefix;
  dns::Name parent;                  ///< the reverse zone that the prefix is a part of
  dns::Name child;
  std::vector<dns::Record> records;  ///< the parent's: NS (not when the child lies elsewhere), then CNAME or DNAME
};
/// A Fault for a prefix that needs none (a /24, IPv6) or that the form has no name for, for a label that stands for an
/// address there, and for a name server inside the child.
[[nodiscard]] base::Expected<Classless> plan_classless(const net::Prefix& prefix, const ChildName& name, const ZoneHead& head);
/// Where the PTR of an address of the prefix stands in the child: "5.0-63.113.0.203.in-addr.arpa.".
[[nodiscard]] base::Expected<dns::Name> owner_in_child(const Classless& plan, const net::Address& address);
/// Of the parent records only; of the child a whole zone when there are name servers, with a PTR for each address when
/// there is a template. A Fault beyond most_addresses, before anything is written.
void write_parent(const Classless& plan, const ZoneHead& head, Writer& out);
[[nodiscard]] base::Expected<void> write_child(const Classless& plan, const std::optional<NameTemplate>& names, const ZoneHead& head, Writer& out);

}  // namespace fcrdns::generator
