// The door for `fcrdns check`: subjects from arguments or a list, results to standard output as they come.
#pragma once

#include <string>
#include <vector>

#include "fcrdns/evidence/gather.hpp"
#include "fcrdns/owner/rdap.hpp"
#include "fcrdns/report/report.hpp"
#include "fcrdns/resolver/options.hpp"

namespace fcrdns::check {

struct Options {
  std::vector<std::string> subjects;  ///< "-" stands for a list on standard input
  resolver::Options resolver;
  evidence::Options evidence;
  finding::Profile profile = finding::Profile::google;
  owner::RdapOptions rdap;
  std::string data_dir;  ///< newer catalogues than the ones compiled in; empty: those
  report::Format format = report::Format::text;
  bool quiet = false;    ///< nothing on standard output: the exit code only
  bool verbose = false;
  bool trace = false;
  std::string record;    ///< file to save the evidence to
  std::string replay;    ///< file to report from without asking
};

/// Runs and returns the exit code of the interface. Messages go to standard error, one line each.
[[nodiscard]] int run(const Options& options);

}  // namespace fcrdns::check
