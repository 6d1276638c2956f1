// The stations of doctor that ask the DNS, and those that put together what was learned.
#pragma once

#include <functional>

#include "fcrdns/diagnosis/progress.hpp"
#include "fcrdns/doctor/story.hpp"

namespace fcrdns::doctor {

/// Asks through one session; on a terminal a line on standard error tells what it is at.
class Asking {
 public:
  Asking(const Options& options, diagnosis::Session& session, std::function<bool()> stop);
  /// All questions at once, answers as they come; what is not answered in time is a timeout.
  void ask_all(const std::vector<dns::Question>& questions, Answers& answers);
  /// What the resolver that the machine is set to use says of its own names and addresses; empty when it does not answer.
  [[nodiscard]] Answers ask_system(const Story& story);
  /// Every way's check, each outside address once; fills in story.results and what they say of the ways.
  void check(Story& story);
  [[nodiscard]] const Answers& answers() const { return answers_; }
  [[nodiscard]] Answers& answers() { return answers_; }

 private:
  void put(resolver::Resolver& resolver, base::Milliseconds longest, const std::vector<dns::Question>& questions, Answers& answers);

  const Options& options_;
  diagnosis::Session& session_;
  std::function<bool()> stop_;
  bool shown_;
  Answers answers_;
};

/// Destinations, paths, ways, and what is seen of them outside.
void find_ways(Story& story, Reached& reached, const Options& options, Asking& asking, const std::vector<std::string>& domains);
/// Findings on the host, proposals, and the changes these come to.
void conclude(Story& story, Reached& reached, Asking& asking);

}  // namespace fcrdns::doctor
