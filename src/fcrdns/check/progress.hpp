// The live line on a terminal's standard error: what was just learned, how far a list has come.
#pragma once

#include <cstddef>
#include <string>

#include "fcrdns/evidence/gather.hpp"

namespace fcrdns::check {

class Progress final : public evidence::Observer {
 public:
  explicit Progress(bool shown) : shown_(shown) {}
  ~Progress() override { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void answered(const subject::Subject& subject, const evidence::TraceRow& row) override;
  void subject_done() { ++done_; }
  /// Takes the line away, so that results can be printed.
  void clear();
  /// Puts it back.
  void draw();

 private:
  bool shown_;
  bool drawn_ = false;
  std::size_t done_ = 0, answers_ = 0;
  std::string latest_;  ///< answer, in words
};

}  // namespace fcrdns::check
