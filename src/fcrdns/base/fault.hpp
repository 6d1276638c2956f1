// What went wrong, in one line a person can act on. DNS outcomes are values (dns::Status), never faults.
#pragma once

#include <expected>
#include <string>

namespace fcrdns::base {

/// One line: what, where, and how to mend it. It may quote untrusted input only through text::escape.
struct Fault {
  std::string message;
};

template <typename T>
using Expected = std::expected<T, Fault>;

[[nodiscard]] inline std::unexpected<Fault> fault(std::string message) {
  return std::unexpected(Fault{std::move(message)});
}

}  // namespace fcrdns::base
