#include "fcrdns/bounce/log.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/find_words.hpp"
#include "fcrdns/bounce/log_formats.hpp"

namespace fcrdns::bounce {
namespace {

std::size_t begin_of_line(std::string_view lines, std::size_t at) {
  const void* const end_before = memrchr(lines.data(), '\n', at);
  return end_before == nullptr ? 0 : static_cast<std::size_t>(static_cast<const char*>(end_before) - lines.data()) + 1;
}

/// A log in which each line tells by itself what it is: all formats but PowerMTA's. Lines of several servers, and of
/// programs that have nothing to do with mail, may stand in one file.
class Lines : public Log {
 public:
  Lines(const Options& options, Sink& sink) : reader_(options.now), reporter_(options, sink, reader_.stamps()), search_(words), refusals_(std::span(words).first(refusing())) {}

  std::size_t read(std::string_view lines, const Place& place) override {
    std::size_t at = 0, counted = 0, line_ends = 0, accepted = 0;
    // Only their number matters: of a long log one piece in sixteen stands for the others.
    constexpr std::size_t counted_singly = 65'536, share = 16;
    const bool all = accepted_ < counted_singly, some = !all && pieces_++ % share == 0;
    const auto& search = all || some ? search_ : refusals_;
    while (const auto hit = search.next(lines, at)) {
      const auto& row = rows[hit->word];
      const auto begin = begin_of_line(lines, hit->at);
      if (row.accepted != nullptr && !row.whole) {
        accepted += row.accepted(lines.substr(begin, hit->at - begin));
        at = hit->at + row.word.text.size();
        continue;
      }
      const auto end = std::min(lines.find('\n', hit->at), lines.size());
      if (row.accepted != nullptr) {
        accepted += row.accepted(lines.substr(begin, end - begin));
        at = end;
        continue;
      }
      line_ends += count_lines(lines.substr(counted, begin - counted));
      counted = begin;
      reporter_.at(place.source, place.line + line_ends, lines.substr(0, begin), history_);
      const auto line = reader_.read(lines.substr(begin, end - begin));
      at = (this->*row.line)(line) ? end : hit->at + 1;
    }
    accepted_ += accepted;
    if (accepted > 0) reporter_.accepted(all ? accepted : accepted * share);
    remember(lines);
    return line_ends + count_lines(lines.substr(counted));
  }

  void end() override { opensmtpd_.end(reporter_); }

 private:
  bool postfix_delivery(const LogLine& line) { return postfix_.delivery(line, reporter_); }
  bool postfix_reject(const LogLine& line) { return postfix_.reject(line, reporter_); }
  bool postfix_mismatch(const LogLine& line) { return postfix_.mismatch(line); }
  bool exim_delivery(const LogLine& line) { return exim_.delivery(line, reporter_); }
  bool exim_reject(const LogLine& line) { return exim_.reject(line, reporter_); }
  bool sendmail_delivery(const LogLine& line) { return sendmail_.delivery(line, reporter_); }
  bool sendmail_reject(const LogLine& line) { return sendmail_.reject(line, reporter_); }
  bool opensmtpd(const LogLine& line) { return opensmtpd_.session(line, reporter_); }
  bool qmail(const LogLine& line) { return qmail_.line(line, reporter_); }
  bool kumomta(const LogLine& line) { return kumomta_.record(line.text, reporter_); }
  /// journald writes a message that is not printable UTF-8 as an array of octets: no word is found in that.
  bool octets(const LogLine& line) {
    std::size_t at = 0;
    while (const auto hit = search_.next(line.text, at)) {
      at = hit->at + 1;
      const auto& row = rows[hit->word];
      if (row.line != nullptr && row.line != &Lines::octets && (this->*row.line)(line)) break;
    }
    return true;
  }

  struct Row {
    Word word;
    bool (Lines::*line)(const LogLine&);
    bool (*accepted)(std::string_view);
    bool whole;  ///< accepted looks at the whole line, not only at what stands before the word
  };
  // The three octets looked for hold no letter where that can be, and are alike within a bucket.
  static constexpr std::array rows = {
      Row{{"said: ", 2, 0}, &Lines::postfix_delivery},
      Row{{" failure: ", 6, 0}, &Lines::qmail},
      Row{{" deferral: ", 7, 0}, &Lines::qmail},
      Row{{" success: ", 6, 0}, &Lines::qmail},
      Row{{"refused to talk to me: ", 13, 1}, &Lines::postfix_delivery},
      Row{{"reject: ", 2, 2}, &Lines::postfix_reject},
      Row{{" rejected ", 3, 2}, &Lines::exim_reject},
      Row{{", reject=", 4, 2}, &Lines::sendmail_reject},
      Row{{" does not resolve to address ", 15, 1}, &Lines::postfix_mismatch},
      Row{{"stat=Deferred: ", 4, 3}, &Lines::sendmail_delivery},
      Row{{", reply=", 5, 4}, &Lines::sendmail_delivery},
      Row{{"SMTP error from remote mail", 3, 5}, &Lines::exim_delivery},
      Row{{" smtp connected ", 4, 5}, &Lines::opensmtpd},
      Row{{" smtp failed-command ", 4, 5}, &Lines::opensmtpd},
      Row{{" mta connecting ", 0, 6}, &Lines::opensmtpd},
      Row{{" mta error ", 0, 6}, &Lines::opensmtpd},
      Row{{" mta delivery ", 0, 6}, &Lines::opensmtpd},
      Row{{"info msg ", 3, 4}, &Lines::qmail},
      Row{{"starting delivery ", 7, 4}, &Lines::qmail},
      Row{{"\"Bounce\"", 0, 7}, &Lines::kumomta},
      Row{{"\"TransientFailure\"", 0, 7}, &Lines::kumomta},
      Row{{"\"Rejection\"", 0, 7}, &Lines::kumomta},
      Row{{"\"Delivery\"", 0, 7}, &Lines::kumomta},
      Row{{"MESSAGE\":[", 7, 7}, &Lines::octets},
      Row{{"MESSAGE\": [", 7, 7}, &Lines::octets},
      Row{{"MESSAGE\" : [", 7, 7}, &Lines::octets},
      // Last, so that a search may do without them.
      Row{{"status=sent", 6, 3}, nullptr, &Postfix::accepted},
      Row{{"stat=Sent", 4, 3}, nullptr, &Sendmail::accepted},
      Row{{" => ", 0, 6}, nullptr, &Exim::accepted, true},
  };
  static constexpr auto words = [] {
    std::array<Word, rows.size()> all;
    std::ranges::transform(rows, all.begin(), &Row::word);
    return all;
  }();
  static std::size_t refusing() {
    return static_cast<std::size_t>(std::ranges::count_if(rows, [](const Row& row) { return row.accepted == nullptr; }));
  }

  void remember(std::string_view lines) {
    if (lines.size() >= look_back) {
      history_.assign(lines.substr(lines.size() - look_back));
      return;
    }
    if (history_.size() + lines.size() > look_back) history_.erase(0, history_.size() + lines.size() - look_back);
    history_.append(lines);
  }

  LineReader reader_;
  Reporter reporter_;
  WordSearch search_, refusals_;
  std::size_t accepted_ = 0, pieces_ = 0;
  std::string history_;  ///< the last 64 KiB read before
  Postfix postfix_;
  Exim exim_;
  Sendmail sendmail_;
  OpenSmtpd opensmtpd_;
  Qmail qmail_;
  KumoMta kumomta_;
};

/// PowerMTA's accounting file; a set that was rotated names its columns in each.
class Accounting : public Log {
 public:
  Accounting(const Options& options, Sink& sink) : stamps_(options.now), reporter_(options, sink, stamps_) {}

  std::size_t read(std::string_view lines, const Place& place) override {
    std::size_t number = 0;
    while (!lines.empty()) {
      const auto end = lines.find('\n');
      auto line = lines.substr(0, end);
      lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
      if (line.ends_with('\r')) line.remove_suffix(1);
      reporter_.at(place.source, place.line + number, {}, {});
      number += end != std::string_view::npos;
      if (line.starts_with("type,")) usable_ = format_.header(line);
      else if (usable_) format_.record(line, reporter_);
    }
    return number;
  }
  void end() override {}

 private:
  StampReader stamps_;
  Reporter reporter_;
  PowerMta format_;
  bool usable_ = false;
};

/// Whether a line looks like one of a log.
bool is_log_line(std::string_view text, LineReader& reader) {
  const auto line = reader.read(text);
  if (line.stamped || !line.program.empty()) return true;
  const auto word = text.substr(0, text.find(' '));
  if (word.size() == 16 && word.find_first_not_of("0123456789abcdef") == std::string_view::npos) return true;  // OpenSMTPD's session
  for (const std::string_view begin : {"info: ", "warn: ", "debug: ", "smtp-in: ", "smtp-out: ", "relay: ", "delivery ", "starting delivery ", "new msg ",
                                       "info msg ", "end msg ", "status: local "})
    if (text.starts_with(begin)) return true;
  return text.starts_with('{') && text.find("\"type\"") != std::string_view::npos && text.find("\"response\"") != std::string_view::npos;
}

}  // namespace

std::unique_ptr<Log> make_log(std::string_view first_octets, const Options& options, Sink& sink) {
  if (PowerMta().header(first_octets.substr(0, first_octets.find('\n')))) return std::make_unique<Accounting>(options, sink);
  LineReader reader(options.now);
  std::size_t lines = 0, of_a_log = 0;
  auto rest = first_octets.substr(0, look_back);
  const bool cut = first_octets.size() > rest.size();
  while (!rest.empty() && lines < 200) {
    const auto end = rest.find('\n');
    const auto line = base::trim(rest.substr(0, end));
    if (end == std::string_view::npos && cut && lines > 0) break;
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.empty()) continue;
    ++lines;
    of_a_log += is_log_line(line, reader);
  }
  if (of_a_log == 0 || of_a_log * 2 <= lines) return nullptr;
  return std::make_unique<Lines>(options, sink);
}

}  // namespace fcrdns::bounce
