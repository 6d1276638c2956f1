// Keys and tokens: read from a file, never from the command line, never shown.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "fcrdns/base/fault.hpp"

namespace fcrdns::base {

/// Text that has no way into a message: whoever needs it says reveal(). Its octets are wiped when it ends.
class Secret {
 public:
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { wipe(); }
  [[nodiscard]] std::string_view reveal() const { return text_; }

 private:
  void wipe() noexcept;
  std::string text_;
};

/// The file's text, white space cut from its ends; at most 64 KiB. A Fault when it cannot be read, is empty, or when
/// group or others can read or write it (it says the chmod that mends it).
[[nodiscard]] Expected<Secret> read_secret(const std::string& file);

}  // namespace fcrdns::base
