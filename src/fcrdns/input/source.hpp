// Octets of a file or of standard input, unpacked (gzip, xz, zstd) as they are read: found out by their first octets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "fcrdns/base/fault.hpp"

namespace fcrdns::input {

class Source {
 public:
  virtual ~Source() = default;
  /// "-" is standard input. The Fault says which file and why. `stop` ends the waiting for a pipe, as if it had ended.
  [[nodiscard]] static base::Expected<std::unique_ptr<Source>> open(const std::string& path, std::function<bool()> stop = {});
  /// Fills `room` from its begin; 0 at the end. Damaged packing is a Fault, after everything before it was handed out.
  [[nodiscard]] virtual base::Expected<std::size_t> read(std::span<char> room) = 0;
  /// Octets of the file read so far (packed, where it is packed) and in all; all is 0 when that is not known.
  [[nodiscard]] virtual std::uint64_t octets_read() const = 0;
  [[nodiscard]] virtual std::uint64_t octets_in_all() const = 0;
  /// Whether read() unpacks.
  [[nodiscard]] virtual bool packed() const { return false; }
};

}  // namespace fcrdns::input
