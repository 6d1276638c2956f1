// The words of the command line as tables: --help, the man page and completions come from these rows.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/check/check.hpp"
#include "fcrdns/doctor/doctor.hpp"
#include "fcrdns/explain/explain.hpp"
#include "fcrdns/fix/fix.hpp"
#include "fcrdns/ptr/ptr.hpp"
#include "fcrdns/scan/scan.hpp"
#include "fcrdns/wait/wait.hpp"

namespace fcrdns::cli {

/// One option of a command. Sets its value, or says in one line what is wrong with it.
template <typename Options>
struct OptionRow {
  std::string_view flags;  ///< "-v,--verbose"
  std::string_view value;  ///< placeholder, empty for a switch
  std::string_view help;
  std::string_view environment;  ///< variable that says the same; the option wins
  base::Expected<bool> (*set)(Options&, const std::string& value);
};

/// Values that more than one command takes.
/// Endpoints, divided by white space, added to the others.
[[nodiscard]] base::Expected<bool> add_endpoints(std::vector<net::Endpoint>& endpoints, const std::string& value);
/// --format of a command that knows these two.
[[nodiscard]] base::Expected<bool> text_or_json(diagnosis::Settings& settings, const std::string& value);
/// A time (RFC 3339, a day), or how long ago.
[[nodiscard]] base::Expected<base::WallTime> parse_since(const std::string& value);

/// Of every command that asks the DNS.
[[nodiscard]] std::span<const OptionRow<diagnosis::Settings>> common_options();
[[nodiscard]] std::span<const OptionRow<check::Options>> check_options();
[[nodiscard]] std::span<const OptionRow<explain::Options>> explain_options();
[[nodiscard]] std::span<const OptionRow<ptr::Options>> ptr_options();
[[nodiscard]] std::span<const OptionRow<wait::Options>> wait_options();
[[nodiscard]] std::span<const OptionRow<fix::Options>> fix_options();
[[nodiscard]] std::span<const OptionRow<doctor::Options>> doctor_options();
[[nodiscard]] std::span<const OptionRow<scan::Options>> scan_options();

}  // namespace fcrdns::cli
