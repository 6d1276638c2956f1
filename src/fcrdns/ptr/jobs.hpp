// What `fcrdns ptr` does with what it was given; each returns the exit code of the interface.
#pragma once

#include "fcrdns/generator/block.hpp"
#include "fcrdns/ptr/ptr.hpp"
#include "fcrdns/ptr/words.hpp"
#include "fcrdns/report/output.hpp"

namespace fcrdns::ptr {

/// One line on standard error, and the code for bad arguments.
[[nodiscard]] int refuse(std::string_view message);
/// The code when all is written, or that of a full disk.
[[nodiscard]] int written(const report::Output& output, int code = 0);
/// Writes to the output until that fails.
[[nodiscard]] generator::Sink sink_to(report::Output& output);
[[nodiscard]] generator::Format format_of(const Options& options);
[[nodiscard]] generator::ZoneHead head_of(const Options& options);

/// One address: its reverse name, the other way, or with a host the two records.
[[nodiscard]] int show_address(const Words& words, const Options& options);
/// A block: its zones, their delegations, or a PTR for each address.
[[nodiscard]] int show_block(const Words& words, const Options& options);
/// A classless delegation, parent and child.
[[nodiscard]] int show_classless(const Words& words, const Options& options);
/// Each form by example.
[[nodiscard]] int show_forms(const net::Prefix& prefix, const Options& options);
/// Reverse zones of forward data.
[[nodiscard]] int derive_from(const Options& options);

}  // namespace fcrdns::ptr
