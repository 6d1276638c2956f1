// Rows on their way: packed (zstd, RFC 8878) as they come, in parts that fit into one message each and can be unpacked
// one by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"

namespace fcrdns::lease {

class Packer {
 public:
  /// No part is larger than `largest_part`, however little the rows can be packed.
  explicit Packer(std::size_t largest_part);
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;
  ~Packer();

  void add(std::string_view rows);
  /// The parts that are full so far; with `all` also what has begun. They are handed out once.
  [[nodiscard]] std::vector<std::string> take(bool all);
  /// Octets of the parts that wait to be taken.
  [[nodiscard]] std::size_t waiting() const { return waiting_; }

 private:
  void pack();
  std::size_t raw_size_;
  void* context_;  // ZSTD_CCtx
  std::string raw_;
  std::vector<std::string> parts_;
  std::size_t waiting_ = 0;
};

/// The rows of one part; the Fault says what is wrong with it. At most 512 KiB come out.
[[nodiscard]] base::Expected<std::string> unpack(std::string_view part);
[[nodiscard]] std::uint64_t lines_in(std::string_view rows);

}  // namespace fcrdns::lease
