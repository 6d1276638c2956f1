// The stations of a check, in order.
#pragma once

#include <functional>
#include <variant>

#include "fcrdns/evidence/gather.hpp"
#include "fcrdns/report/report.hpp"

namespace fcrdns::diagnosis {

/// A line of a list that is no subject.
struct Unreadable {
  std::string text;
  std::string error;
};
/// From recorded or fresh facts to the report: verdict, findings, remedies. Pure.
[[nodiscard]] report::Result report_on(evidence::Evidence evidence, finding::Profile profile = finding::Profile::google);
/// The result that stands for such a line.
[[nodiscard]] report::Result report_on(Unreadable line);

/// A subject with options of its own.
struct Asked {
  subject::Subject subject;
  evidence::Options evidence;
};
struct NotYet {};  ///< nothing to read at this moment
struct NoMore {};
using Next = std::variant<subject::Subject, Asked, Unreadable, NotYet, NoMore>;

struct Options {
  evidence::Options evidence;
  finding::Profile profile = finding::Profile::google;
  std::size_t concurrency = 32;   ///< subjects under way at once
  std::size_t waiting = 1024;     ///< places in all, with those that wait for a slow one before them to be printed
};

/// Subjects in, results out in the same order as they become ready. Memory is bounded by `waiting`.
/// `next` is asked for more whenever there is room, and may wait up to `patience` for it (zero while answers are due); `sink` gets each result; when `stop` says true (Ctrl-C), what is
/// known by then is handed out, what is under way is dropped, and false is returned.
bool diagnose(const std::function<Next(base::Milliseconds patience)>& next, const std::function<void(report::Result)>& sink,
              const std::function<bool()>& stop, const Options& options, const evidence::Sources& sources);

}  // namespace fcrdns::diagnosis
