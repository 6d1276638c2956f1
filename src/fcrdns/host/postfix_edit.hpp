// Edits of main.cf and master.cf that leave every other octet as it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fcrdns::host::postfix {

/// "name = value" in main.cf: in place of the one that counts, else at the end. Without a value: none is left.
[[nodiscard]] std::string with_parameter(std::string_view main, std::string_view name, std::optional<std::string_view> value);

/// "-o name=value" of a service ("smtp/unix") in master.cf: in place of the one that counts, else as a line of its own.
/// Without a value: none is left. Where that cannot take effect, as the line is broken, nothing is changed.
[[nodiscard]] std::string with_option(std::string_view master, std::string_view service, std::string_view name,
                                      std::optional<std::string_view> value);

}  // namespace fcrdns::host::postfix
