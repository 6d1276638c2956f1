// The octets of a log that is still written, as they come: what tail -F does, rotations included.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "fcrdns/input/source.hpp"

namespace fcrdns::bounce {

/// read() hands out what is there and then waits for more, until `stop`; then it ends with 0. A file put in place of this
/// one (rename and create), or one that became shorter (copytruncate), is read from its begin. `path` need not be a log:
/// a packed file or a pipe ends as it always does.
[[nodiscard]] base::Expected<std::unique_ptr<input::Source>> open_followed(const std::string& path, std::function<bool()> stop);

}  // namespace fcrdns::bounce
