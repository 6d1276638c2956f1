// What every command that asks the DNS is told, and what it asks through.
#pragma once

#include <memory>
#include <string>

#include "fcrdns/evidence/gather.hpp"
#include "fcrdns/finding/finding.hpp"
#include "fcrdns/owner/rdap.hpp"
#include "fcrdns/report/report.hpp"
#include "fcrdns/resolver/options.hpp"

namespace fcrdns::diagnosis {

struct Settings {
  resolver::Options resolver;
  evidence::Options evidence;
  finding::Profile profile = finding::Profile::google;
  owner::RdapOptions rdap;
  std::string data_dir;  ///< newer catalogues than the ones compiled in; empty: those
  report::Format format = report::Format::text;
  bool quiet = false;    ///< nothing on standard output: the exit code only
  bool verbose = false;
  bool trace = false;
  bool redact = false;   ///< report::Style::redact
};

/// Puts the catalogues of a folder in the place of those compiled in; once, before anything else. The Fault names the file.
[[nodiscard]] base::Expected<bool> load_catalogues(const std::string& folder);

/// A loop, a resolver on it, a walker, a registry: everything that asks, for as long as it lives.
class Session {
 public:
  /// The Fault says what could not be had: another root's hints, a bootstrap file.
  [[nodiscard]] static base::Expected<std::unique_ptr<Session>> open(const Settings& settings);
  virtual ~Session() = default;
  /// `observer` may be null; it outlives the sources.
  [[nodiscard]] virtual evidence::Sources sources(evidence::Observer* observer) = 0;
  /// What everything that asks runs on.
  [[nodiscard]] virtual transport::Loop& loop() = 0;
};

}  // namespace fcrdns::diagnosis
