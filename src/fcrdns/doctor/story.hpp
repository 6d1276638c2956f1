// Everything doctor learned and what it comes to: the one value that is told, as text or JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fcrdns/doctor/machine.hpp"
#include "fcrdns/doctor/observation.hpp"
#include "fcrdns/doctor/ways.hpp"
#include "fcrdns/remedy/host_plan.hpp"

namespace fcrdns::doctor {

/// One path, and the way out that it is part of.
struct Trip {
  host::Path path;
  std::size_t sender = 0, way = 0;
};
/// A proposal, and what it comes to in this very configuration.
struct Proposed {
  remedy::Proposal proposal;
  std::optional<host::Change> change;  ///< empty: the mail server has no such setting, or it is none of its own
  std::vector<std::string> diffs;      ///< of the edits, escaped line by line
};

struct Story {
  base::WallTime now{};
  Machine machine;
  std::vector<std::vector<host::Destination>> destinations;  ///< of each sender
  std::vector<Trip> trips;
  std::vector<WayOut> ways;
  std::vector<std::optional<std::size_t>> checks;            ///< of each way: which result
  std::vector<report::Result> results;
  std::vector<finding::Finding> findings;                    ///< of the host
  std::vector<Proposed> proposals;
  std::optional<Observation> observation;
  finding::Profile profile = finding::Profile::google;
  bool interrupted = false;
  int exit_code = 0;

  [[nodiscard]] const report::Result* result_of(std::size_t way) const { return checks[way] ? &results[*checks[way]] : nullptr; }
  [[nodiscard]] finding::HostFacts facts() const {
    return {machine.senders, ways, machine.addresses, machine.quoted, machine.configured, contradictions};
  }
  std::vector<finding::Contradiction> contradictions;
};

/// The document of --json: fcrdns/doctor/1.
[[nodiscard]] std::string document(const Story& story);
/// For people at a terminal.
[[nodiscard]] std::string told(const Story& story, const report::Style& style);

/// SPF of a way, MAIL FROM before HELO; null: not asked, or no answer.
[[nodiscard]] const spf::Outcome* spf_of(const Story& story, std::size_t way);
/// By the ways that are taken, and the findings.
[[nodiscard]] int exit_code_of(const Story& story);

}  // namespace fcrdns::doctor
