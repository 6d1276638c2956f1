#include "fcrdns/scan/leases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <system_error>

#include "fcrdns/base/random.hpp"
#include "fcrdns/base/text.hpp"
#include "fcrdns/fleet/words.hpp"
#include "fcrdns/report/output.hpp"
#include "fcrdns/report/table.hpp"
#include "fcrdns/scan/pipeline.hpp"
#include "fcrdns/scan/prefix_list.hpp"
#include "fcrdns/scan/row_file.hpp"
#include "fcrdns/scan/signals.hpp"
#include "fcrdns/scan/sources.hpp"
#include "fcrdns/scan/worker.hpp"
#include "fcrdns/sweep/units.hpp"

namespace fcrdns::scan {
namespace {

using fleet::grouped;
using report::say;
using Json = nlohmann::ordered_json;
using Mode = Options::Lease;

constexpr std::size_t many_rows = 256 << 10;  // octets that are handed on together

/// Options that mean nothing here, or something else than their words say: better told than passed over.
struct Misplaced {
  const char* flag;
  bool (*given)(const Options&);
  std::vector<Mode> right;
};
const Misplaced misplaced[] = {
    {"prefixes and files", [](const Options& o) { return !o.sources.empty(); }, {Mode::submit}},
    {"--opt-out", [](const Options& o) { return !o.opt_out.empty(); }, {Mode::submit}},
    {"-o", [](const Options& o) { return !o.output.empty(); }, {Mode::collect}},
    {"--resume", [](const Options& o) { return !o.resume.empty(); }, {}},
    {"--shard", [](const Options& o) { return o.shard.count > 1; }, {}},
    {"--unique", [](const Options& o) { return o.unique; }, {}},
    {"--only", [](const Options& o) { return o.only.has_value(); }, {}},
    {"--tags", [](const Options& o) { return !o.tags.empty(); }, {}},
    {"--diff", [](const Options& o) { return !o.diff.empty(); }, {}},
    {"--report", [](const Options& o) { return !o.report.empty(); }, {}},
};

std::string complaint(const Options& options) {
  if (options.nats.empty()) return "--submit, --status, --collect and --forget go with --nats URL";
  for (const auto& row : misplaced) {
    if (!row.given(options) || std::ranges::find(row.right, options.lease) != row.right.end()) continue;
    if (row.right.empty()) return fmt::format("{} does not go with --nats: collect the rows first", row.flag);
    return fmt::format("{} go{} with --{} only", row.flag, row.flag[0] == '-' ? "es" : "", row.right.front() == Mode::submit ? "submit" : "collect");
  }
  if (options.lease == Mode::submit && options.sources.empty()) return "--submit: give prefixes, addresses or files of them";
  return {};
}

std::string count_of(std::uint64_t count, std::string_view what) { return fmt::format("{} {}{}", grouped(count), what, count == 1 ? "" : "s"); }

std::string addresses(std::uint64_t count) { return count == 1 ? "one address" : grouped(count) + " addresses"; }

class Leases {
 public:
  Leases(const Options& options, lease::Queue& queue) : options_(options), queue_(queue), json_(options.format == report::Format::json), out_(options.quiet) {}

  int run() {
    switch (options_.lease) {
      case Mode::submit: return submit();
      case Mode::status: return status();
      case Mode::collect: return collect();
      case Mode::forget: return forget();
      case Mode::work: break;
    }
    return work();
  }

 private:
  static int failed(const base::Fault& problem, int code = report::input_output) { return say(problem.message), code; }
  int written(int code) {
    if (!out_.failed()) return code;
    out_.complain();
    return report::input_output;
  }
  void write(const Json& json) { out_.write(json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"); }
  [[nodiscard]] std::string command(std::string_view more) const {
    auto out = "fcrdns scan --nats " + base::escape(options_.nats, 300);
    if (options_.nats_scan != "scan") out += " --nats-scan " + options_.nats_scan;
    return out + std::string(more);
  }

  int submit() {
    const auto sources = sort_sources(options_.sources);
    if (!sources) return say(sources.error().message), sources.error().code;
    auto wanted = read_prefixes(sources->addresses, sources->files);
    if (!wanted) return failed(wanted.error(), report::usage);
    for (const auto& prefix : sources->prefixes) wanted->push_back(sweep::unmapped(prefix));
    std::vector<net::Prefix> left_out;
    if (!options_.opt_out.empty()) {
      auto read = read_prefixes({}, {options_.opt_out});
      if (!read) return failed(read.error(), report::usage);
      left_out = *std::move(read);
    }
    const lease::Settings settings{.format = options_.rows_format, .max_names = options_.evidence.max_names, .prune = options_.prune,
                                   .size = options_.lease_size, .hold = std::chrono::ceil<base::Seconds>(options_.lease_time)};
    const auto submitted = queue_.submit(*wanted, left_out, settings);
    if (!submitted) return failed(submitted.error());
    if (json_) {
      write({{"schema", "fcrdns/leases-submitted/1"}, {"scan", options_.nats_scan}, {"leases", submitted->leases},
             {"addresses", submitted->addresses}, {"already", submitted->already}, {"copies", submitted->copies}});
      return written(report::ok);
    }
    std::string text;
    if (submitted->leases > 0) text = fmt::format("Queued {} of {}", count_of(submitted->leases, "lease"), addresses(submitted->addresses));
    else text = "Nothing new";
    if (submitted->already > 0)
      text += fmt::format("; {} {} there already, or left out", addresses(submitted->already), submitted->already == 1 ? "was" : "were");
    text += submitted->copies > 1 ? fmt::format(". {} servers hold each.\n", submitted->copies)
                                  : ". One server holds them: a cluster of three could lose one.\n";
    text += "Now on any number of machines:  " + command("") + "\n";
    out_.write(text);
    return written(report::ok);
  }

  int work() {
    const auto settings = queue_.settings();
    if (!settings) return failed(settings.error());
    auto options = options_;
    options.rows_format = settings->format;
    options.evidence.max_names = settings->max_names;
    options.prune = settings->prune;
    const auto pipeline = Pipeline::open(options);
    if (!pipeline) return failed(pipeline.error());
    const auto scan = [&](const lease::Lease& lease, const TakeRows& take, const std::function<bool()>& go_on) {
      return scan_one(**pipeline, lease, take, go_on);
    };
    const WorkerAround around{.stop = [] { return signal_taken() != 0; }, .tell = [this](std::string_view sentence) { tell(sentence); }};
    const auto worked = drain(queue_, settings->hold, scan, around);
    if (!worked) return failed(worked.error());
    auto text = fmt::format("{}, {}", count_of(worked->leases, "lease"), count_of(worked->rows, "row"));
    if (worked->late > 0) text += fmt::format("; {} done too, but another worker was first", grouped(worked->late));
    tell(worked->stopped ? text + "; what was in hand is given back" : text + "; nothing is left: " + command(" --collect -o FILE"));
    if (worked->stopped) return exit_code_of(signal_taken());
    return worked->refused > 0 ? report::usage : report::ok;
  }

  static base::Expected<bool> scan_one(Pipeline& pipeline, const lease::Lease& lease, const TakeRows& take, const std::function<bool()>& go_on) {
    const auto key = std::uint64_t{base::secure_random().u32()};
    const auto ranges = sweep::make_ranges(lease.prefixes, pipeline.range_options(key), &pipeline.bulk(), nullptr);
    if (!ranges) return std::unexpected(ranges.error());
    std::string rows;
    std::uint64_t count = 0;
    base::Expected<void> taken;
    const auto hand_on = [&] {
      taken = take(rows, count);
      rows.clear();
      count = 0;
    };
    const bool whole = pipeline.run(**ranges, rows, {.done = [&](const sweep::Place&) { ++count; },
                                                     .turned =
                                                         [&] {
                                                           if (rows.size() >= many_rows) hand_on();
                                                           return taken && go_on();
                                                         }});
    if (taken) hand_on();
    if (!taken) return std::unexpected(taken.error());
    return whole;
  }

  int status() {
    const auto status = queue_.status();
    if (!status) return failed(status.error());
    const bool complete = status->done == status->leases;
    if (json_) {
      auto machines = Json::array();
      for (const auto& [name, did] : status->machines) machines.push_back({{"machine", name}, {"leases", did.leases}, {"rows", did.rows}});
      write({{"schema", "fcrdns/leases/1"}, {"scan", options_.nats_scan}, {"leases", status->leases}, {"waiting", status->waiting},
             {"under_way", status->under_way}, {"done", status->done}, {"refused", status->refused}, {"redelivered", status->redelivered},
             {"rows", status->rows}, {"copies", status->copies}, {"complete", complete}, {"machines", std::move(machines)}});
      return written(report::ok);
    }
    auto text = fmt::format("{} of {} done, {}; {} under way, {} waiting.\n", grouped(status->done), count_of(status->leases, "lease"),
                            count_of(status->rows, "row"), grouped(status->under_way), grouped(status->waiting));
    if (!status->machines.empty()) {
      std::vector<report::Row> rows{{"MACHINE", "LEASES", "ROWS"}};
      for (const auto& [name, did] : status->machines) rows.push_back({name, grouped(did.leases), grouped(did.rows)});
      text += report::table(rows, 2);
    }
    if (status->redelivered > 0)
      text += fmt::format("Handed out once more: {} (a worker ended, or was silent too long).\n", grouped(status->redelivered));
    if (status->refused > 0)
      text += fmt::format("Put aside: {} that made no sense to the worker that took it; its standard error says why.\n", count_of(status->refused, "lease"));
    if (complete) text += "Now:  " + command(" --collect -o FILE") + "\n";
    else if (status->under_way == 0) text += "Nobody works on it. Start workers:  " + command("") + "\n";
    out_.write(text);
    return written(report::ok);
  }

  int collect() {
    const auto settings = queue_.settings();
    if (!settings) return failed(settings.error());
    auto file = RowFile::open(options_.output, 0);
    if (!file) return failed(file.error());
    auto& rows = (*file)->rows();
    rows += sweep::header_line(settings->format);
    const auto collected = queue_.collect([&](std::string_view part) -> base::Expected<void> {
      rows += part;
      (*file)->drain(true);
      if ((*file)->error() != 0) return base::fault("cannot write");
      if (signal_taken() != 0) return base::fault("interrupted");
      return {};
    });
    (*file)->close();
    if (const int error = (*file)->error(); error != 0) {
      if (!options_.output.empty() || error != EPIPE)
        say(fmt::format("cannot write {}: {}", options_.output.empty() ? "to standard output" : base::escape(options_.output),
                        std::generic_category().message(error)));
      return report::input_output;
    }
    if (signal_taken() != 0) return say("interrupted"), exit_code_of(signal_taken());
    if (!collected) return failed(collected.error());
    tell(fmt::format("{} of {}", count_of(collected->rows, "row"), count_of(collected->leases, "lease")));
    if (collected->missing == 0) return report::ok;
    say(fmt::format("{} {} not done yet, their addresses are missing; see  {}", count_of(collected->missing, "lease"),
                    collected->missing == 1 ? "is" : "are", command(" --status")));
    return report::undetermined;
  }

  int forget() {
    if (const auto forgotten = queue_.forget(); !forgotten) return failed(forgotten.error());
    tell("the scan and its rows are off the server");
    return report::ok;
  }

  void tell(std::string_view sentence) const {
    if (!options_.quiet) say(sentence);
  }

  const Options& options_;
  lease::Queue& queue_;
  const bool json_;
  report::Output out_;
};

}  // namespace

bool is_about_leases(const Options& options) { return !options.nats.empty() || options.lease != Mode::work; }

int run_leases(const Options& options) {
  if (const auto wrong = complaint(options); !wrong.empty()) return say(wrong), report::usage;
  if (const auto well = lease::look_at({.urls = options.nats, .scan = options.nats_scan}); !well) return say(well.error().message), report::usage;
  take_signals();
  if (!options.data_dir.empty())
    if (const auto loaded = diagnosis::load_catalogues(options.data_dir); !loaded) return say(loaded.error().message), report::input_output;
  const auto queue = lease::Queue::connect({.urls = options.nats, .credentials = options.nats_creds, .scan = options.nats_scan,
                                            .tell = [quiet = options.quiet](std::string_view sentence) { if (!quiet) say(sentence); }});
  if (!queue) return say(queue.error().message), report::input_output;
  return Leases(options, **queue).run();
}

}  // namespace fcrdns::scan
