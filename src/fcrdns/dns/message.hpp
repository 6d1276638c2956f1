// DNS messages on the wire (RFC 1035 4, RFC 6891), strict on reading: a message that lies about a length is refused whole.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/octets.hpp"
#include "fcrdns/dns/name.hpp"
#include "fcrdns/dns/record.hpp"

namespace fcrdns::dns {

enum class Opcode : std::uint8_t { query = 0, status = 2, notify = 4, update = 5 };

/// Header RCODE with the EDNS extension above it (RFC 6891 6.1.3): 12 bits.
enum class Rcode : std::uint16_t {
  noerror = 0, formerr = 1, servfail = 2, nxdomain = 3, notimp = 4, refused = 5, yxdomain = 6, yxrrset = 7, nxrrset = 8,
  notauth = 9, notzone = 10, badvers = 16,
};

struct Question {
  Name name;
  Type type = Type::a;
  Class klass = Class::in;
  friend bool operator==(const Question&, const Question&) = default;
};

struct EdnsOption {
  std::uint16_t code = 0;
  base::Octets data;
  friend bool operator==(const EdnsOption&, const EdnsOption&) = default;
};
struct Edns {
  std::uint16_t udp_payload = 1232;  ///< octets; DNS flag day 2020
  std::uint8_t version = 0;
  bool dnssec_ok = false;
  std::vector<EdnsOption> options;
  friend bool operator==(const Edns&, const Edns&) = default;
};

struct Message {
  std::uint16_t id = 0;
  bool response = false;             // QR
  Opcode opcode = Opcode::query;
  bool authoritative = false;        // AA
  bool truncated = false;            // TC
  bool recursion_desired = false;    // RD
  bool recursion_available = false;  // RA
  bool authentic = false;            // AD
  bool checking_disabled = false;    // CD
  Rcode rcode = Rcode::noerror;      ///< above 15 only together with `edns`
  std::vector<Question> questions;
  std::vector<Record> answers, authority, additional;  ///< OPT is not among them: it is `edns`
  std::optional<Edns> edns;
  friend bool operator==(const Message&, const Message&) = default;
};

/// Refuses: short headers, counts the octets do not fill, names over 255 octets, pointers that do not go strictly
/// backward, RDLENGTH that does not fit its type, a second OPT or one outside the additional section, octets behind
/// the last record. Bounded: time linear in the message, no allocation by a count that the octets do not back.
[[nodiscard]] base::Expected<Message> read_message(base::OctetView octets);
/// The same, for who reads very many: what `message` held before is lost, its memory is used again. Half read after a Fault.
[[nodiscard]] base::Expected<void> read_message(base::OctetView octets, Message& message);

/// With name compression (RFC 1035 4.1.4). Records that would pass `limit` octets are left out and TC is set.
[[nodiscard]] base::Octets write_message(const Message& message, std::size_t limit = 65535);

/// RFC 8914 extended error of a reply.
struct ExtendedError {
  std::uint16_t code = 0;
  std::string text;  ///< as it came: untrusted
};
[[nodiscard]] std::optional<ExtendedError> extended_error(const Message& message);

}  // namespace fcrdns::dns
