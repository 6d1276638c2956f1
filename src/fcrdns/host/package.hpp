// The version of a program, as the machine's package manager noted it.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "fcrdns/host/files.hpp"

namespace fcrdns::host {

/// Of Debian's packages (/var/lib/dpkg/status): "4.96" of "4.96-15+deb12u10". Empty: not known.
[[nodiscard]] std::string package_version(Files& files, std::string_view package);

/// Whether one of these programs is there. A tree without programs at all (a copy of /etc) says nothing: then it counts as there.
[[nodiscard]] bool is_installed(const Files& files, std::initializer_list<std::string_view> programs);

}  // namespace fcrdns::host
