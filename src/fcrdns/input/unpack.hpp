// gzip (RFC 1952), xz and zstd (RFC 8878), piece by piece in bounded memory, several packed parts in a row included.
#pragma once

#include <memory>
#include <string_view>

#include "fcrdns/input/source.hpp"

namespace fcrdns::input {

/// How many first octets tell the packing.
inline constexpr std::size_t magic_size = 6;

/// The unpacked octets of `packed`, when `first_octets` (which read() hands out once more) say that it is packed; else
/// `packed` itself. `name` stands in Faults.
[[nodiscard]] std::unique_ptr<Source> unpack(std::unique_ptr<Source> packed, std::string_view first_octets, std::string name);

}  // namespace fcrdns::input
