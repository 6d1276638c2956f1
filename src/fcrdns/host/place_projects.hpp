// The settings of projects that pack mail servers into containers, as their manuals describe them: mailcow ("Disable IPv6",
// "SNAT", mailcow.conf), docker-mailserver ("Override the Default Configs | Postfix", "Environment Variables"), Mailu
// (mailu.env, "Override Postfix configuration").
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace fcrdns::host {

/// NAME=VALUE lines, quotes around a value taken away; the last one of a name counts. At most 10,000.
[[nodiscard]] std::map<std::string, std::string, std::less<>> parse_environment(std::string_view text);
/// Whether a compose file names an image with this in its name.
[[nodiscard]] bool uses_image(std::string_view compose, std::string_view word);
/// What a compose file mounts at `target`, relative as written; empty: nothing.
[[nodiscard]] std::string mounted_at(std::string_view compose, std::string_view target);

}  // namespace fcrdns::host
