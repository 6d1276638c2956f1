// What this machine tells of itself: where mail leaves from, how its mail server is set, what the kernel knows.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fcrdns/doctor/doctor.hpp"
#include "fcrdns/finding/host_rules.hpp"
#include "fcrdns/host/change.hpp"
#include "fcrdns/host/local_names.hpp"
#include "fcrdns/host/place.hpp"

namespace fcrdns::doctor {

struct Machine {
  base::WallTime now{};
  host::Place place;
  std::string hostname;
  std::vector<host::Mta> mtas;      ///< the one that sends first, then its other instances, then whatever else is installed
  std::vector<host::Mta> senders;   ///< those whose ways are looked at; where there is no mail server, one that stands for any program
  std::optional<host::Kind> running;  ///< what runs; empty: not seen
  host::LocalNames local;
  host::Outside outside;
  std::vector<host::InterfaceAddress> addresses;
  std::vector<host::KernelRoute> routes;
  std::vector<host::Rule> rules;
  std::vector<std::pair<std::string, int>> use_tempaddr;  ///< by interface
  std::optional<base::WallTime> configured;               ///< the latest change of the configuration's files
  std::vector<finding::Quoted> quoted;
  bool hidden = false;              ///< a mail server runs here that this user may not look at
  std::vector<std::string> elsewhere;  ///< other places that may send, a line each
  std::vector<std::string> unseen;     ///< what could not be looked at, and why, a line each
};

/// The machine, and what goes on answering for it.
struct Reached {
  Machine machine;
  std::unique_ptr<host::Files> files;
  std::unique_ptr<host::Kernel> kernel;  ///< null: its network may not be entered
};
[[nodiscard]] base::Expected<Reached> reach(const Options& options, base::WallTime now);
/// The lines about files that could not be read so far.
void note_unseen_files(Reached& reached);

}  // namespace fcrdns::doctor
