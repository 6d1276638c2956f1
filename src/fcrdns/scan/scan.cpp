// The stations of a scan: sources -> targets -> sweep -> rows -> lines -> file -> tally -> summary.
#include "fcrdns/scan/scan.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include "fcrdns/base/random.hpp"
#include "fcrdns/base/text.hpp"
#include "fcrdns/input/source.hpp"
#include "fcrdns/report/output.hpp"
#include "fcrdns/report/report.hpp"
#include "fcrdns/scan/checkpoints.hpp"
#include "fcrdns/scan/leases.hpp"
#include "fcrdns/scan/list_targets.hpp"
#include "fcrdns/scan/pipeline.hpp"
#include "fcrdns/scan/progress.hpp"
#include "fcrdns/scan/row_file.hpp"
#include "fcrdns/scan/signals.hpp"
#include "fcrdns/scan/sources.hpp"
#include "fcrdns/scan/state.hpp"
#include "fcrdns/scan/unique.hpp"
#include "fcrdns/sweep/units.hpp"

namespace fcrdns::scan {
namespace {

using report::say;

constexpr base::Milliseconds longest_in_hand{200};  // rows wait so long for company at most

/// What is written must not be what is read.
OrRefusal<bool> look_at_files(const Options& options, const Sources& sources) {
  if (!options.resume.empty() && options.output.empty())
    return refuse(report::usage, "--resume needs -o FILE: what went to standard output cannot be taken up again");
  auto read = sources.files;
  for (const auto* each : {&options.tags, &options.diff, &options.opt_out}) read.push_back(*each);
  for (const auto* written : {&options.output, &options.resume, &options.report}) {
    for (const auto& file : read)
      if (!written->empty() && !file.empty() && same_file(*written, file))
        return refuse(report::usage, base::escape(*written) + " is read by this scan; give another name for what it writes");
    for (const auto* other : {&options.output, &options.resume, &options.report})
      if (written != other && !written->empty() && *written == *other)
        return refuse(report::usage, base::escape(*written) + " is given for two things; give each its own file");
  }
  return true;
}

/// Rows that run over the same terminal show as well that it goes on.
bool wants_progress(const Options& options) { return !options.quiet && (!options.output.empty() || ::isatty(STDOUT_FILENO) == 0); }

/// What is scanned, as the command line has it, for the page.
std::string title_of(const Options& options) {
  constexpr std::size_t longest = 200;
  std::string title;
  for (const auto& word : options.sources) {
    if (title.size() > longest) return title + " ...";
    title += (title.empty() ? "" : " ") + word;
  }
  return title.empty() ? "standard input" : title;
}

class Scan {
 public:
  Scan(const Options& options, Sources sources) : options_(options), sources_(std::move(sources)), progress_(wants_progress(options)) {}

  int run() {
    const auto opened = open();
    if (!opened) return say(opened.error().message), opened.error().code;
    if (state_.finished) {
      say(fmt::format("this scan is finished: {} has the rows; to scan again, remove {}", base::escape(options_.output), base::escape(options_.resume)));
      return report::ok;
    }
    const auto begun = base::steady_now();
    if (file_->rows().empty() && state_.octets == 0) file_->rows() += pipeline_->lines().header();
    if (checkpoints_) checkpoints_->now();
    const Pipeline::Watch watch{.done = [this](const sweep::Place& place) { if (checkpoints_) state_.done.add(place); }, .turned = [this] { return turned(); }};
    const bool whole = !failed() && pipeline_->run(*mixed_, file_->rows(), watch);
    progress_.clear();
    return end(whole, std::chrono::duration_cast<base::Milliseconds>(base::steady_now() - begun));
  }

 private:
  OrRefusal<bool> open() {
    state_.key = std::uint64_t{base::secure_random().u32()} << 32 | base::secure_random().u32();
    if (const auto resumed = resume(); !resumed || state_.finished) return resumed;
    auto pipeline = Pipeline::open(options_);
    if (!pipeline) return refuse(report::input_output, pipeline.error().message);
    pipeline_ = *std::move(pipeline);
    if (const auto targets = make_targets(); !targets) return targets;
    auto file = RowFile::open(options_.output, state_.octets);
    if (!file) return refuse(report::input_output, file.error().message);
    file_ = *std::move(file);
    if (options_.resume.empty()) return true;
    if (!file_->is_regular()) return refuse(report::usage, base::escape(options_.output) + " is no plain file: what went there cannot be taken up again");
    checkpoints_ = std::make_unique<Checkpoints>(options_.resume, state_, *file_);
    return count_kept();
  }

  /// The rows of earlier runs belong to the summary. Those that --only left out are not there to be counted.
  OrRefusal<bool> count_kept() {
    if (state_.octets == 0) return true;
    auto source = input::Source::open(options_.output);
    std::string piece(1 << 16, '\0'), rest;
    while (source) {
      const auto got = (*source)->read(std::span(piece));
      if (!got) return refuse(report::input_output, got.error().message);
      if (*got == 0) return true;
      rest.append(piece.data(), *got);
      std::size_t at = 0;
      for (auto end = rest.find('\n'); end != rest.npos; at = end + 1, end = rest.find('\n', at))
        pipeline_->lines().count(std::string_view(rest).substr(at, end - at));
      rest.erase(0, at);
    }
    return refuse(report::input_output, source.error().message);
  }

  OrRefusal<bool> resume() {
    if (options_.resume.empty()) return true;
    auto identity = identity_of(options_, sources_);
    auto loaded = load_state(options_.resume);
    if (!loaded) return refuse(report::input_output, loaded.error().message);
    if (*loaded) {
      const auto differs = difference((*loaded)->identity, identity);
      if (!differs.empty())
        return refuse(report::usage, fmt::format("{} is the state of another scan ({}); to begin anew, remove it", base::escape(options_.resume), differs));
      state_ = **std::move(loaded);
      before_ = state_.done.count();
      if (before_ > 0 && !state_.finished && std::ranges::find(sources_.files, "-") != sources_.files.end())
        say("going on with standard input: it has to be the same as before, from its beginning");
    }
    state_.identity = std::move(identity);
    return true;
  }

  OrRefusal<bool> make_targets() {
    const sweep::Skip* skip = before_ > 0 ? &state_.done : nullptr;
    if (options_.unique) sources_.prefixes = sweep::disjoint(std::move(sources_.prefixes));
    std::uint64_t units = 0;
    if (!sources_.prefixes.empty()) {
      const auto counted = sweep::Units::of(sources_.prefixes);
      if (!counted) return refuse(report::usage, counted.error().message);
      units = counted->count();
      auto options = pipeline_->range_options(state_.key);
      options.liars = state_.liars;
      auto ranges = sweep::make_ranges(sources_.prefixes, options, &pipeline_->bulk(), skip);
      if (!ranges) return refuse(report::usage, ranges.error().message);
      ranges_ = *std::move(ranges);
    }
    if (!sources_.addresses.empty() || !sources_.files.empty()) {
      entries_ = make_lists(sources_.addresses, sources_.files);
      if (options_.unique) {
        auto unique = make_unique_entries(std::move(entries_), sources_.prefixes, [] { return signal_taken() == 0; });
        if (!unique) return refuse(report::input_output, unique.error().message);
        if (signal_taken() != 0) return refuse(exit_code_of(signal_taken()), "interrupted before the input was read to its end; nothing was asked");
        entries_ = *std::move(unique);
      }
      lists_ = std::make_unique<ListTargets>(*entries_, units, options_.shard, pipeline_->opt_out(), skip);
    }
    mixed_ = std::make_unique<Mixed>(ranges_.get(), lists_.get(), units, [this] { return file_->full(); });
    return true;
  }

  bool turned() {
    file_->added();
    const auto now = base::steady_now();
    if (now - drained_ >= longest_in_hand) {
      drained_ = now;
      file_->drain(false);
    }
    if (checkpoints_ && checkpoints_->due()) {
      state_.liars = mixed_->lying_zones();
      checkpoints_->begin();
    }
    progress_.turned(checkpoints_ ? state_.done.count() : pipeline_->lines().tally().total(), pipeline_->lines().tally(), *mixed_, pipeline_->bulk());
    return signal_taken() == 0 && !failed();
  }
  [[nodiscard]] bool failed() const { return file_->error() != 0 || (checkpoints_ && checkpoints_->error() != 0); }

  int end(bool whole, base::Milliseconds took) {
    const bool read_well = !entries_ || !entries_->complaints().failed;
    if (checkpoints_) {
      state_.finished = whole && read_well;
      state_.liars = mixed_->lying_zones();
      checkpoints_->now();
    }
    file_->close();
    if (failed()) return tell_failure();
    int code = tell_input();
    if (!whole) code = tell_interruption();
    if (const auto told = tell_summary(whole, took); told != report::ok) code = report::worse_exit(code, told);
    return code;
  }

  int tell_failure() {
    const bool of_state = file_->error() == 0;
    const int error = of_state ? checkpoints_->error() : file_->error();
    if (options_.output.empty() && error == EPIPE) return report::input_output;
    const auto name = of_state ? options_.resume : options_.output;
    auto text = fmt::format("cannot write {}: {}", name.empty() ? "to standard output" : base::escape(name), std::generic_category().message(error));
    const bool space = error == ENOSPC || error == EDQUOT;
    const std::string_view mend = space ? "make room on that disk, then " : "";
    if (checkpoints_) text += fmt::format("; {}run the same command again: it goes on where this ended", mend);
    else if (!options_.output.empty()) text += fmt::format("; {}begin anew; with --resume STATE it could have gone on", mend);
    say(text);
    return report::input_output;
  }

  int tell_input() {
    if (!entries_) return report::ok;
    const auto& complaints = entries_->complaints();
    for (const auto& line : complaints.unreadable) say(line);
    if (complaints.bad_lines == 1) say("one line is no address: " + complaints.first_bad);
    else if (complaints.bad_lines > 0) say(fmt::format("{} lines are no addresses, the first: {}", complaints.bad_lines, complaints.first_bad));
    if (complaints.failed) return report::input_output;
    return complaints.bad_lines > 0 ? report::usage : report::ok;
  }

  /// The summary says how to go on, where there is one.
  [[nodiscard]] int tell_interruption() const {
    if (options_.quiet) say(checkpoints_ ? "interrupted; run the same command again: it goes on where this ended" : "interrupted");
    return exit_code_of(signal_taken());
  }

  int tell_summary(bool whole, base::Milliseconds took) {
    auto& lines = pipeline_->lines();
    const fleet::Summary summary{.tally = &lines.tally(), .changes = lines.changes(), .counts = pipeline_->bulk().counts(),
                                 .servers = pipeline_->bulk().health(100), .took = took, .output = options_.output, .ended = base::wall_now(),
                                 .interrupted = !whole, .total = mixed_->total(), .resume = options_.resume, .title = title_of(options_)};
    int code = report::ok;
    if (!options_.report.empty()) {
      std::ofstream page(options_.report, std::ios::binary | std::ios::trunc);
      page << fleet::to_html(summary);
      page.close();
      if (page.fail()) {
        say("cannot write the report " + base::escape(options_.report) + "; is the folder there, is there room?");
        code = report::input_output;
      }
    }
    if (options_.quiet) return code;
    auto* out = options_.output.empty() ? stderr : stdout;
    if (std::fputs(fleet::to_text(summary).c_str(), out) < 0 || std::fflush(out) != 0) code = report::input_output;
    return code;
  }

  const Options& options_;
  Sources sources_;
  Progress progress_;
  State state_;
  std::uint64_t before_ = 0;  ///< targets that an earlier run has had
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<Entries> entries_;
  std::unique_ptr<sweep::Targets> ranges_, lists_, mixed_;
  std::unique_ptr<RowFile> file_;
  std::unique_ptr<Checkpoints> checkpoints_;
  base::SteadyTime drained_ = base::steady_now();
};

}  // namespace

int run(const Options& given) {
  if (is_about_leases(given)) return run_leases(given);
  take_signals();
  auto options = given;
  if (options.format == report::Format::json) options.rows_format = sweep::Format::ndjson;
  if (!options.data_dir.empty())
    if (const auto loaded = diagnosis::load_catalogues(options.data_dir); !loaded) return say(loaded.error().message), report::input_output;
  auto sources = sort_sources(options.sources);
  if (!sources) return say(sources.error().message), sources.error().code;
  if (const auto well = look_at_files(options, *sources); !well) return say(well.error().message), well.error().code;
  return Scan(options, *std::move(sources)).run();
}

}  // namespace fcrdns::scan
