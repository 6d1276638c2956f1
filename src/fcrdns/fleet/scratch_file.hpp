// Room on disk that nobody else sees: a file in $TMPDIR without a name, gone with the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fcrdns/base/fault.hpp"

namespace fcrdns::fleet {

class ScratchFile {
 public:
  ScratchFile() = default;
  ScratchFile(ScratchFile&& other) noexcept;
  ScratchFile& operator=(ScratchFile&& other) noexcept;
  ~ScratchFile();

  /// Behind what was written; the first call makes the file. Gathered into large writes: flush() ends them.
  [[nodiscard]] base::Expected<void> append(std::string_view octets);
  [[nodiscard]] base::Expected<void> flush();
  [[nodiscard]] std::uint64_t size() const { return written_ + buffer_.size(); }
  /// Of what was flushed; fewer at the end. Throws std::system_error where the disk fails.
  [[nodiscard]] std::size_t read_at(std::uint64_t offset, char* room, std::size_t size) const;

 private:
  [[nodiscard]] base::Expected<void> make();

  int descriptor_ = -1;
  std::uint64_t written_ = 0;
  std::string buffer_;
};

}  // namespace fcrdns::fleet
