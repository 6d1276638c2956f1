// The inside of the codec: reading in place, without an allocation or a copy that the result does not keep. For
// name.cpp, record.cpp and message.cpp only; everybody else calls Name::read, read_rdata and read_message.
#pragma once

#include "fcrdns/base/octets.hpp"
#include "fcrdns/dns/record.hpp"

namespace fcrdns::dns {

/// Why the octets are refused, or nothing when they were read.
using Refusal = const char*;

[[nodiscard]] Refusal read_name(base::Cursor& cursor, Name& out);
[[nodiscard]] Refusal read_rdata(Type type, base::Cursor& cursor, std::size_t length, Rdata& out);

}  // namespace fcrdns::dns
