// What --resume keeps: which scan it is, which targets have their row, and how many octets of the output those rows take.
// Kept anew every few seconds, each time as a whole: a new file takes the place of the old one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/scan/done.hpp"
#include "fcrdns/scan/scan.hpp"
#include "fcrdns/scan/sources.hpp"

namespace fcrdns::scan {

/// What makes it the same scan, by what people call it: "the sources" -> "list.txt 1234 octets of 2026-11-22T13:02:00Z".
using Identity = std::map<std::string, std::string>;
[[nodiscard]] Identity identity_of(const Options& options, const Sources& sources);
/// One line that says what is different; empty: nothing.
[[nodiscard]] std::string difference(const Identity& then, const Identity& now);

struct State {
  Identity identity;
  std::uint64_t key = 0;      ///< of the order of ranges
  std::uint64_t octets = 0;   ///< of the output that count
  bool finished = false;
  std::vector<net::Prefix> liars;  ///< zones that have been seen to deny names with others below them
  Done done;
};

[[nodiscard]] std::string write_state(const State& state);
[[nodiscard]] base::Expected<State> read_state(std::string_view octets);
/// The same octets with their digest behind them, by which read_state knows that they are whole.
[[nodiscard]] std::string sealed(std::string octets);

/// The state in this file; nothing: there is no such file. The Fault says what is wrong with it and what to do.
[[nodiscard]] base::Expected<std::optional<State>> load_state(const std::string& path);
/// Onto the disk, whole or not at all. Returns errno, or 0.
[[nodiscard]] int save_state(const std::string& path, std::string_view octets);

}  // namespace fcrdns::scan
