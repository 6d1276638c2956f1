#include "fcrdns/explain/explain.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <memory>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/message.hpp"
#include "fcrdns/diagnosis/diagnose.hpp"
#include "fcrdns/diagnosis/progress.hpp"
#include "fcrdns/explanation/render.hpp"
#include "fcrdns/report/output.hpp"
#include "fcrdns/report/redact.hpp"

namespace fcrdns::explain {
namespace {

using explanation::Collector;
using explanation::Explained;
using explanation::Explanation;
using explanation::Topic;

volatile std::sig_atomic_t interrupts = 0;  // a signal handler reaches nothing else

void catch_interrupts() {
  struct sigaction act {};
  act.sa_handler = [](int) { interrupts = interrupts + 1; };
  ::sigaction(SIGINT, &act, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is a failed write: exit code 74
}

/// The live line on a terminal while a large log is read.
class ReadingLine {
 public:
  explicit ReadingLine(bool shown) : shown_(shown) {}
  ~ReadingLine() { clear(); }
  void draw(std::uint64_t octets, std::uint64_t total, std::size_t refused) {
    const auto now = base::steady_now();
    if (!shown_ || now < next_) return;
    next_ = now + std::chrono::milliseconds{200};
    const auto share = total > 0 ? fmt::format(" of {} MB", total >> 20) : "";
    fmt::print(stderr, "\r\x1b[Kreading: {} MB{}, {} refused", octets >> 20, share, refused);
    drawn_ = true;
  }
  void clear() {
    if (drawn_) fmt::print(stderr, "\r\x1b[K");
    drawn_ = false;
  }

 private:
  bool shown_, drawn_ = false;
  base::SteadyTime next_{};
};

/// Counts what is read, and writes the single mails as they come where that is wanted.
class Reader final : public bounce::Sink {
 public:
  Reader(const Options& options, report::Output& out)
      : options_(options), out_(out), line_(!options.quiet && ::isatty(STDERR_FILENO) == 1) {
    if (json()) write(explanation::JsonDocument::begin());
    else if (options.list || options.read.follow) write(explanation::list_header);
  }
  void claim(const bounce::Claim& claim) override {
    collector_.claim(claim);
    ++refused_;
    if (json() && !options_.summary) write(shown(claim, document_.message(claim)));
    else if (!json() && (options_.list || options_.read.follow)) write(shown(claim, explanation::list_line(claim)));
  }
  void accepted(std::size_t mails) override { collector_.accepted(mails); }
  void note(std::string line) override { collector_.note(std::move(line)); }
  void advised(bounce::Advice advice) override { collector_.advised(advice); }
  void progress(std::uint64_t octets, std::uint64_t total) override { line_.draw(octets, total, refused_); }

  [[nodiscard]] bool json() const { return options_.format == report::Format::json; }
  [[nodiscard]] explanation::Summary take() {
    line_.clear();
    flush();
    return collector_.take();
  }
  [[nodiscard]] const explanation::JsonDocument& document() const { return document_; }

 private:
  [[nodiscard]] std::string shown(const bounce::Claim& claim, std::string text) const {
    if (!options_.redact) return text;
    report::Redaction redaction;
    if (!claim.queue_id.empty()) redaction.hide(claim.queue_id, "queue-id");
    if (!claim.sending_host.empty()) redaction.hide(claim.sending_host, "sending-host");
    return redaction.apply(text);
  }
  /// Many small pieces are written together; who follows a log wants each at once.
  void write(std::string_view text) {
    line_.clear();
    pending_ += text;
    if (options_.read.follow || pending_.size() > (64U << 10)) flush();
  }
  void flush() {
    out_.write(pending_);
    pending_.clear();
  }

  const Options& options_;
  report::Output& out_;
  Collector collector_;
  explanation::JsonDocument document_;
  ReadingLine line_;
  std::string pending_;
  std::size_t refused_ = 0;
};

base::Expected<bool> read_all(const Options& options, Reader& reader) {
  if (options.text) {
    const std::string source = "-";
    bounce::read_pasted(*options.text, {source, 1}, options.read, reader);
    return true;
  }
  return bounce::read(options.paths.empty() ? std::vector<std::string>{"-"} : options.paths, options.read, reader, [] { return interrupts > 0; });
}

/// What to check for a topic: the address the receiver saw; where no reply quotes one, the host that sent.
std::optional<subject::Subject> subject_of(const Topic& topic) {
  if (topic.address) {
    auto subject = subject::parse(topic.address->text());
    return subject ? std::optional(*std::move(subject)) : std::nullopt;
  }
  if (!topic.blame.sending_host) return std::nullopt;
  auto subject = subject::parse(topic.blame.sending_host->text(), subject::As::host);
  return subject ? std::optional(*std::move(subject)) : std::nullopt;
}

/// Each topic's check, in the order of the topics. Says false when a Fault ended it.
base::Expected<bool> check(const Options& options, Explanation& explanation) {
  const auto& topics = explanation.summary.topics;
  const auto limit = options.all ? topics.size() : std::min(topics.size(), max_checked);
  std::vector<std::pair<const Topic*, subject::Subject>> asked;
  for (std::size_t i = 0; i < limit; ++i)
    if (auto subject = subject_of(topics[i])) asked.emplace_back(&topics[i], *std::move(subject));
  explanation.unchecked = topics.size() - asked.size();
  if (asked.empty()) return true;

  auto session = diagnosis::Session::open(options);
  if (!session) return base::fault(session.error().message);
  diagnosis::Progress progress(!options.quiet && ::isatty(STDERR_FILENO) == 1, asked.size() == 1);
  const auto before = interrupts;
  std::size_t next = 0;
  const bool whole = diagnosis::diagnose(
      [&](base::Milliseconds) -> diagnosis::Next {
        if (next == asked.size()) return diagnosis::NoMore{};
        auto& [topic, subject] = asked[next++];
        auto its = options.evidence;
        its.blame = topic->blame;
        its.mail_from = explanation::envelope_sender(topic->latest);
        return diagnosis::Asked{std::move(subject), std::move(its)};
      },
      [&](report::Result result) {
        progress.subject_done();
        Explained explained{asked[explanation.explained.size()].first, std::move(result), {}};
        explained.conclusion = explanation::conclude(explained.result);
        explained.result.preface = explanation::preface(explained, explanation.now);
        explanation.explained.push_back(std::move(explained));
      },
      [&] { return interrupts > before; }, {.evidence = options.evidence, .profile = options.profile}, (*session)->sources(&progress));
  if (!whole) explanation.unchecked += asked.size() - explanation.explained.size();
  return true;
}

/// What the checks' own rendering has masked already, masked around it too.
std::string redacted(const Explanation& explanation, std::string text) {
  report::Redaction addresses;
  text = addresses.apply(text);
  for (const auto& each : explanation.explained) text = report::redaction_of(each.result.evidence).apply(text);
  return text;
}

std::string check_document(const Explanation& explanation, const report::Style& style) {
  if (explanation.explained.empty()) return "";
  const auto renderer = report::make_renderer(report::Format::json, style);
  std::string out = renderer->begin();
  int code = report::ok;
  for (const auto& each : explanation.explained) {
    out += renderer->result(each.result);
    code = report::worse_exit(code, each.result.exit_code);
  }
  return out + renderer->end(code);
}

}  // namespace

int run(const Options& options) {
  catch_interrupts();
  if (!options.data_dir.empty())
    if (const auto loaded = diagnosis::load_catalogues(options.data_dir); !loaded) return report::say(loaded.error().message), report::input_output;

  report::Output out(options.quiet);
  Reader reader(options, out);
  Explanation explanation;
  const auto read = read_all(options, reader);
  explanation.summary = reader.take();
  explanation.now = base::wall_now();
  int code = report::ok;
  if (!read) {
    report::say(read.error().message);
    code = report::input_output;
  }

  const bool checks = options.check && !options.list;
  if (checks) {
    if (const auto checked = check(options, explanation); !checked) return report::say(checked.error().message), report::input_output;
    explanation.conclusion = explanation::conclude(explanation.summary, explanation.explained, explanation.unchecked);
    explanation.exit_code = explanation::exit_code(*explanation.conclusion, explanation.summary);
  } else {
    explanation.exit_code = explanation::exit_code_unchecked(explanation.summary);
  }
  explanation.exit_code = report::worse_exit(explanation.exit_code, code);
  if (interrupts > 0 && !options.read.follow) explanation.exit_code = report::worse_exit(explanation.exit_code, report::interrupted);

  const report::Style style{.colour = report::wants_colour(), .verbose = options.verbose, .trace = options.trace, .single = true, .profile = options.profile, .redact = options.redact};
  std::string told;
  if (reader.json()) told = reader.document().end(explanation, check_document(explanation, style));
  else if (!options.list && (read || explanation.summary.messages > 0)) told = explanation::render(explanation, options.format, {style, options.summary, options.all});
  out.write(options.redact ? redacted(explanation, std::move(told)) : told);
  if (out.failed()) {
    out.complain();
    return report::input_output;
  }
  return explanation.exit_code;
}

}  // namespace fcrdns::explain
