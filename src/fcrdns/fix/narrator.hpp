// Tells a person what a run does while it does it: a line for each station that is over, a live one for what is waited for.
#pragma once

#include <string>

#include "fcrdns/apply/machine.hpp"
#include "fcrdns/report/output.hpp"

namespace fcrdns::fix {

class Narrator final : public apply::Observer {
 public:
  /// `told`: text is wanted (not --json, not --quiet). `live`: standard error is a terminal. Requests are told where
  /// `requests` says so (--dry-run, --trace).
  Narrator(report::Output& out, bool told, bool live, bool requests) : out_(out), told_(told), live_(live), requests_(requests) {}
  ~Narrator() override { clear(); }
  Narrator(const Narrator&) = delete;
  Narrator& operator=(const Narrator&) = delete;

  void station(const apply::StationReport& report);
  void request(std::string_view text, bool changes) override;
  void line(std::string_view text);

 private:
  void clear();

  report::Output& out_;
  bool told_, live_, requests_, drawn_ = false;
};

}  // namespace fcrdns::fix
