// UPDATE messages (RFC 2136 2): what must be so, what is to change. A Message with its sections under other names: zone
// (questions), prerequisites (answers), changes (authority).
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "fcrdns/dns/message.hpp"

namespace fcrdns::dns {

/// Without prerequisites and changes yet.
[[nodiscard]] Message make_update(std::uint16_t id, const Name& zone);

// Prerequisites, RFC 2136 2.4. All must hold, or nothing is changed.
void require_exactly(Message& update, std::span<const Record> set);  ///< this RRset and no other record of its type; TTLs do not count
void require_set(Message& update, const Name& owner, Type type);     ///< some RRset of that type
void require_no_set(Message& update, const Name& owner, Type type);
void require_name(Message& update, const Name& owner);               ///< some record at that name
void require_no_name(Message& update, const Name& owner);

// Changes, RFC 2136 2.5, carried out in this order.
void add(Message& update, const Record& record);
void remove(Message& update, const Record& record);
void remove_set(Message& update, const Name& owner, Type type);

/// As nsupdate(1) reads it, one command a line, without a final newline: zone, prereq, update, send. Printable ASCII.
[[nodiscard]] std::string to_nsupdate(const Message& update);

}  // namespace fcrdns::dns
