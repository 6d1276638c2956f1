// The live line on a terminal's standard error: what was just learned, how far a list has come.
#pragma once

#include <cstddef>
#include <string>

#include "fcrdns/evidence/gather.hpp"

namespace fcrdns::diagnosis {

class Progress final : public evidence::Observer {
 public:
  /// `single`: one subject only, whose verdict is told as soon as it is known.
  Progress(bool shown, bool single) : shown_(shown), single_(single) {}
  ~Progress() override { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void answered(const subject::Subject& subject, const evidence::TraceRow& row) override;
  void verdict_known(const evidence::Evidence& evidence) override;
  void subject_done() { ++done_; }
  /// Takes the line away, so that results can be printed.
  void clear();
  /// Puts it back.
  void draw();

 private:
  bool shown_, single_;
  bool drawn_ = false;
  std::size_t done_ = 0, answers_ = 0;
  std::string latest_;  ///< answer, in words
  std::string verdict_; ///< of the single subject, as soon as there is one
};

}  // namespace fcrdns::diagnosis
