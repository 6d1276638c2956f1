// The private internet: a command runs in a network of its own, where our authoritative server owns the true root
// servers' addresses and everything below, and a validating resolver answers `dig`. Where no namespace can be had, the
// same world is served by one resolver on a loopback port.
#pragma once

#include <string>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/world/world.hpp"

namespace fcrdns::lab {

struct Options {
  std::string world = "lab";  ///< a built-in world (data/worlds/NAME.world), or a file when it holds a slash or dot
  bool plain = false;                 ///< no namespace even where one could be had
  std::vector<std::string> command;   ///< empty: the user's shell
};

[[nodiscard]] base::Expected<world::World> load(const std::string& world);

/// Runs the command inside and returns its exit code (128 + N when signal N ended it, 127 when it was not found). What
/// it says itself goes to stderr. With a namespace, the calling process stays in there: it is meant to exit then.
[[nodiscard]] base::Expected<int> run(const Options& options);

/// The hosts of a world, what a check will say of each and why: a table, or a JSON document.
[[nodiscard]] std::string list(const world::World& world, bool json);

}  // namespace fcrdns::lab
