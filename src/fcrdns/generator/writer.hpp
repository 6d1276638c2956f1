// Records as the text that a name server, a tool or a program takes, a piece at a time: memory stays flat however many
// there are.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "fcrdns/generator/zone.hpp"

namespace fcrdns::generator {

enum class Format {
  bind,        ///< master file (RFC 1035 5); several zones: each under its $ORIGIN, whole ones one after the other
  nsupdate,    ///< input of nsupdate: delete and add of each record set, one send per zone or 1,000 records
  csv,         ///< zone,name,relative,type,ttl,data (RFC 4180), one header line
  json,        ///< the document fcrdns/ptr/1: {"schema", "zones": [{"zone", "ttl", "records": [...]}]}
  terraform,   ///< HCL, dns_ptr_record / dns_a_record_set / dns_aaaa_record_set ... of the provider hashicorp/dns
  octodns,     ///< YAML, a document per zone, file name in a comment
  dnscontrol,  ///< JavaScript, D(...) per zone
};
[[nodiscard]] std::optional<Format> parse_format(std::string_view word);
[[nodiscard]] std::string_view to_word(Format format);

/// Gets text as it is made; false: no more is wanted (a full disk), and the maker stops.
using Sink = std::function<bool(std::string_view text)>;

/// begin_zone, its records, end_zone, the next one ..., end. Records of one name and type come one after the other.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual void begin_zone(const Zone& zone) = 0;
  /// Of the zone begun; its owner is within the apex.
  virtual void record(const dns::Record& record) = 0;
  virtual void end_zone() = 0;
  virtual void end() = 0;
  /// The sink has said that it wants no more.
  [[nodiscard]] virtual bool stopped() const = 0;
};
/// Everything that is written is safe for its format whatever octets the names hold.
[[nodiscard]] std::unique_ptr<Writer> make_writer(Format format, Sink sink);

}  // namespace fcrdns::generator
