// Records (RFC 1035 3.2, RFC 3596, RFC 6672) and their presentation form.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fcrdns/dns/name.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::dns {

enum class Type : std::uint16_t {
  a = 1, ns = 2, cname = 5, soa = 6, ptr = 12, mx = 15, txt = 16, aaaa = 28, srv = 33, dname = 39, opt = 41, ds = 43,
  rrsig = 46, nsec = 47, dnskey = 48, nsec3 = 50, nsec3param = 51, tsig = 250, axfr = 252, any = 255,
};
enum class Class : std::uint16_t { in = 1, none = 254, any = 255 };

[[nodiscard]] std::string to_text(Type type);                        ///< "PTR", or "TYPE65280" (RFC 3597)
[[nodiscard]] base::Expected<Type> parse_type(std::string_view text);

struct Soa {
  Name mname, rname;
  std::uint32_t serial = 0, refresh = 0, retry = 0, expire = 0;  ///< the times in seconds
  std::uint32_t minimum = 0;                                      ///< negative TTL, seconds (RFC 2308 4)
  friend bool operator==(const Soa&, const Soa&) = default;
};
struct Mx {
  std::uint16_t preference = 0;
  Name exchange;
  friend bool operator==(const Mx&, const Mx&) = default;
};
struct Txt {
  std::vector<std::string> strings;  ///< each at most 255 octets
  friend bool operator==(const Txt&, const Txt&) = default;
};

/// A, AAAA: Address. NS, CNAME, PTR, DNAME: Name. Every other type: its octets as they came.
using Rdata = std::variant<base::Octets, net::Address, Name, Soa, Mx, Txt>;

struct Record {
  Name owner;
  Type type = Type::a;
  Class klass = Class::in;
  std::uint32_t ttl = 0;  ///< seconds; a set most significant bit was read as 0 (RFC 2181 8)
  Rdata data;
  friend bool operator==(const Record&, const Record&) = default;
};

/// The data of a record at the cursor, which stands inside the whole message: exactly `length` octets. Names are
/// decompressed in NS, CNAME, PTR, DNAME, SOA and MX; other types may not compress (RFC 3597 4).
[[nodiscard]] base::Expected<Rdata> read_rdata(Type type, base::Cursor& cursor, std::size_t length);
/// Its octets without compression, case kept.
[[nodiscard]] base::Octets to_wire(const Rdata& data);

/// "203.0.113.5", "mail.example.com.", "\# 4 0A000001" for types without a form here (RFC 3597 5).
[[nodiscard]] std::string to_text(Type type, const Rdata& data);
/// "mail.example.com. 3600 IN A 203.0.113.5"
[[nodiscard]] std::string to_text(const Record& record);
/// Reads the data of a record; names without a final dot are completed with `origin`.
[[nodiscard]] base::Expected<Rdata> parse_rdata(Type type, std::string_view text, const Name& origin);

}  // namespace fcrdns::dns
