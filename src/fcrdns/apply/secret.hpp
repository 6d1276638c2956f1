// Where a back end's secret comes from: a file or the environment.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/secret.hpp"

namespace fcrdns::apply {

using base::Secret;

/// `file`, when one is named; else the first of the variables that is set. A Fault names all of them.
[[nodiscard]] base::Expected<Secret> find_secret(const std::string& file, std::initializer_list<std::string_view> variables);

}  // namespace fcrdns::apply
