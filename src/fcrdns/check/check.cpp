#include "fcrdns/check/check.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "fcrdns/base/text.hpp"
#include "fcrdns/check/lines.hpp"
#include "fcrdns/diagnosis/diagnose.hpp"
#include "fcrdns/diagnosis/progress.hpp"
#include "fcrdns/evidence/file.hpp"
#include "fcrdns/report/output.hpp"

namespace fcrdns::check {
namespace {

volatile std::sig_atomic_t interrupted = 0;  // a signal handler reaches nothing else

using report::say;

/// Standard output, with the exit code of the worst thing that happened.
class Results {
 public:
  Results(const Options& options, bool single) : options_(options), single_(single), out_(options.quiet) {
    renderer_ = report::make_renderer(options.format, {report::wants_colour(), options.verbose, options.trace, single, options.profile, options.redact});
  }
  void begin() { out_.write(renderer_->begin()); }
  void add(report::Result result) {
    code_ = report::worse_exit(code_, result.exit_code);
    if (single_ && options_.format == report::Format::text && !result.error.empty()) return void(say(result.error));
    out_.write(renderer_->result(result));
    if (options_.record.empty()) return;
    if (result.error.empty()) entries_.emplace_back(std::move(result.evidence));
    else entries_.emplace_back(evidence::BadLine{std::move(result.evidence.subject.text), std::move(result.error)});
  }
  void worsen(int code) { code_ = report::worse_exit(code_, code); }
  /// Ends the document, saves the evidence and returns the process's exit code.
  int end() {
    if (!options_.record.empty() && !save()) {
      say("cannot write the evidence to " + base::escape(options_.record) + "; is the folder there and writable?");
      worsen(report::input_output);
    }
    out_.write(renderer_->end(code_));
    if (out_.failed()) {
      out_.complain();
      return report::input_output;
    }
    return code_ == report::ok || code_ < report::usage ? renderer_->exit_code(code_) : code_;
  }

 private:
  bool save() {
    std::ofstream file(options_.record, std::ios::binary | std::ios::trunc);
    file << evidence::write_entries(entries_);
    file.close();
    return !file.fail();
  }

  const Options& options_;
  const bool single_;
  std::unique_ptr<report::Renderer> renderer_;
  std::vector<evidence::Entry> entries_;
  int code_ = report::ok;
  report::Output out_;
};

/// The arguments one after the other; "-" stands for the lines of standard input.
class Input {
 public:
  Input(const std::vector<std::string>& subjects, subject::As as) : subjects_(subjects), as_(as), lines_(STDIN_FILENO) {}

  diagnosis::Next next(base::Milliseconds patience) {
    while (at_ < subjects_.size()) {
      const auto& text = subjects_[at_];
      if (text != "-") {
        ++at_;
        auto subject = subject::parse(text, as_);
        if (!subject) return diagnosis::Unreadable{text, subject.error().message};
        return *std::move(subject);
      }
      auto line = next_line(patience);
      if (!std::holds_alternative<diagnosis::NoMore>(line)) return line;
      ++at_;
    }
    return diagnosis::NoMore{};
  }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  diagnosis::Next next_line(base::Milliseconds patience) {
    for (;;) {
      auto read = lines_.next(patience);
      if (std::holds_alternative<Lines::NotYet>(read)) return diagnosis::NotYet{};
      if (std::holds_alternative<Lines::End>(read)) return diagnosis::NoMore{};
      if (const auto* failure = std::get_if<Lines::Failed>(&read)) {
        say("cannot read standard input: " + failure->why);
        failed_ = true;
        return diagnosis::NoMore{};
      }
      ++number_;
      const auto unreadable = [&](std::string text, const std::string& why) {
        return diagnosis::Unreadable{std::move(text), fmt::format("line {}: {}", number_, why)};
      };
      if (std::holds_alternative<Lines::TooLong>(read)) return unreadable("", "longer than 4,096 octets: one subject a line");
      auto& text = std::get<std::string>(read);
      auto subject = subject::parse_line(text, as_);
      if (!subject) return unreadable(std::string(base::trim(text)), subject.error().message);
      if (*subject) return **std::move(subject);  // else a blank line or a comment
    }
  }

  const std::vector<std::string>& subjects_;
  subject::As as_;
  Lines lines_;
  std::size_t at_ = 0, number_ = 0;
  bool failed_ = false;
};

int replay(const Options& options) {
  std::ifstream file(options.replay, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file) {
    say("cannot read " + base::escape(options.replay) + "; give a file that --record wrote");
    return report::input_output;
  }
  auto entries = evidence::read_entries(content.str());
  if (!entries) {
    say(base::escape(options.replay) + ": " + entries.error().message);
    return report::input_output;
  }
  Results output(options, entries->size() == 1);
  output.begin();
  for (auto& entry : *entries) {
    if (auto* facts = std::get_if<evidence::Evidence>(&entry)) {
      output.add(diagnosis::report_on(std::move(*facts), options.profile));
      continue;
    }
    auto& bad = std::get<evidence::BadLine>(entry);
    output.add(diagnosis::report_on(diagnosis::Unreadable{std::move(bad.text), std::move(bad.error)}));
  }
  return output.end();
}

}  // namespace

int run(const Options& options) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is a failed write: exit code 74
  if (!options.data_dir.empty())
    if (const auto loaded = diagnosis::load_catalogues(options.data_dir); !loaded) return say(loaded.error().message), report::input_output;
  if (!options.replay.empty()) return replay(options);

  const auto session = diagnosis::Session::open(options);
  if (!session) return say(session.error().message), report::input_output;
  struct sigaction act {};
  act.sa_handler = [](int) { interrupted = 1; };
  ::sigaction(SIGINT, &act, nullptr);

  const bool single = options.subjects.size() == 1 && options.subjects.front() != "-";
  diagnosis::Progress progress(!options.quiet && ::isatty(STDERR_FILENO) == 1, single);
  Input input(options.subjects, options.evidence.as);
  Results output(options, single);
  output.begin();
  const bool whole = diagnosis::diagnose(
      [&](base::Milliseconds patience) { return input.next(patience); },
      [&](report::Result result) {
        progress.subject_done();
        progress.clear();
        output.add(std::move(result));
        if (!single) progress.draw();
      },
      [] { return interrupted != 0; }, {.evidence = options.evidence, .profile = options.profile},
      (*session)->sources(&progress));
  progress.clear();
  if (input.failed()) output.worsen(report::input_output);
  if (!whole) output.worsen(report::interrupted);
  return output.end();
}

}  // namespace fcrdns::check
