#include "fcrdns/bounce/read.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <memory>
#include <optional>
#include <span>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/follow.hpp"
#include "fcrdns/input/source.hpp"
#include "fcrdns/bounce/log.hpp"
#include "fcrdns/bounce/log_line.hpp"
#include "fcrdns/bounce/message.hpp"
#include "fcrdns/bounce/paths.hpp"

namespace fcrdns::bounce {
namespace {

constexpr std::size_t look_at = 64 << 10;             // first octets that tell what a file is
constexpr std::size_t piece = 256 << 10;              // read at a time: stays in the processor's cache
constexpr std::size_t max_pasted = 1 << 20;
constexpr std::size_t bomb_line = 256 << 20;          // a line of this size: no log any more

enum class Kind { log, mailbox, message, pasted, binary };

bool is_header_name(std::string_view name) {
  return !name.empty() && name.size() < 80 && std::ranges::all_of(name, [](unsigned char c) { return c > 32 && c < 127; });
}

/// Header fields that a mail has and other text has not; two of them make a message.
constexpr std::string_view mail_fields[] = {"return-path", "received", "delivered-to", "from", "to", "subject", "date", "message-id", "mime-version", "content-type",
                                            "x-original-to", "authentication-results", "dkim-signature", "arc-seal", "x-failed-recipients", "auto-submitted", "reply-to"};

bool looks_like_message(std::string_view text) {
  int known = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t') continue;
    const auto name = line.substr(0, line.find(':'));
    if (name.size() == line.size() || !is_header_name(name)) break;
    known += std::ranges::find(mail_fields, base::to_lower(name)) != std::end(mail_fields);
  }
  return known >= 2;
}

bool looks_binary(std::string_view text) {
  const auto odd = std::ranges::count_if(text, [](unsigned char c) { return (c < 32 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 27) || c == 127; });
  return text.find('\0') != std::string_view::npos || static_cast<std::size_t>(odd) * 20 > text.size();
}

/// The octets that are looked at: what is left of a line stands right before the ones read next, and those begin at a
/// page, as the kernel copies fastest there.
class Window {
 public:
  Window() : octets_(page + max_line + piece) {
    void* at = octets_.data() + max_line;
    auto size = page + piece;
    mark_ = static_cast<char*>(std::align(page, piece, at, size));
    clear();
  }
  [[nodiscard]] std::string_view text() const { return {begin_, filled_}; }
  /// Where more can be read to; not empty as long as at most max_line octets are held.
  [[nodiscard]] std::span<char> room() { return {begin_ + filled_, static_cast<std::size_t>(mark_ + piece - begin_) - filled_}; }
  void add(std::size_t octets) { filled_ += octets; }
  void clear() {
    begin_ = mark_;
    filled_ = 0;
  }
  /// Forgets the first `octets`.
  void drop(std::size_t octets) {
    const auto left = filled_ - octets;
    char* const to = left <= max_line ? mark_ - left : mark_;
    std::memmove(to, begin_ + octets, left);
    begin_ = to;
    filled_ = left;
  }

 private:
  static constexpr std::size_t page = 4096;
  std::vector<char> octets_;
  char *mark_ = nullptr, *begin_ = nullptr;
  std::size_t filled_ = 0;
};

/// One path after the other.
class Reading {
 public:
  Reading(const Options& options, Sink& sink, const std::function<bool()>& stop) : options_(options), sink_(sink), stop_(stop) {}

  base::Expected<bool> read(const LogPath& path, bool follow) {
    source_ = path.path;
    if (path.set != set_) end_log();  // parts of one rotated log are read as one
    set_ = path.set;
    auto opened = follow ? open_followed(path.path, stop_) : input::Source::open(path.path, stop_);
    if (!opened) return std::unexpected(opened.error());
    input_ = std::move(*opened);
    fault_.reset();
    window_.clear();
    bool more = fill(options_.follow ? 1 : look_at);
    while (more && window_.text().size() < look_at && window_.text().find('\n') == std::string_view::npos) more = fill(0);  // -f: a line is enough
    switch (kind_of(window_.text())) {
      case Kind::binary: sink_.note(name() + ": not a bounce, message or log"); break;
      case Kind::mailbox: read_mailbox(); break;
      case Kind::log: read_log(more); break;
      case Kind::message: read_whole(max_message, "message", read_message); break;
      case Kind::pasted: read_whole(max_pasted, "text", read_pasted); break;
    }
    input_.reset();
    if (fault_) return std::unexpected(*fault_);
    return true;
  }
  void end_log() {
    if (log_) log_->end();
    log_.reset();
  }

 private:
  [[nodiscard]] std::string name() const { return source_ == "-" ? "standard input" : base::escape(source_); }

  Kind kind_of(std::string_view first) {
    if (first.starts_with("From ")) return Kind::mailbox;
    if (auto log = make_log(first, options_, sink_)) {
      if (!log_) log_ = std::move(log);
      return Kind::log;
    }
    if (looks_like_message(first)) return Kind::message;
    return looks_binary(first) ? Kind::binary : Kind::pasted;
  }

  /// Reads until at least `wanted` octets are there, and once at least; false at the end.
  bool fill(std::size_t wanted) {
    do {
      const auto got = input_->read(window_.room());
      if (!got) {
        fault_ = got.error();
        return false;
      }
      sink_.progress(input_->octets_read(), input_->octets_in_all());
      if (*got == 0) return false;
      window_.add(*got);
    } while (window_.text().size() < wanted);
    return true;
  }

  void read_log(bool more) {
    Place place{source_, 1};
    for (;;) {
      const auto there = window_.text();
      const auto last = there.rfind('\n');
      auto whole = last == std::string_view::npos ? std::size_t{0} : last + 1;
      if (!more || there.size() - whole > max_line) whole = there.size();
      const bool cut = more && whole > 0 && there[whole - 1] != '\n';
      place.line += log_->read(there.substr(0, whole), place);
      window_.drop(whole);
      if (!more || stop_()) return;
      if (!cut) more = fill(0);
      else if (!skip_line(place.line)) return;
    }
  }

  /// Reads to the end of a line that was too long; false at the end of all.
  bool skip_line(std::size_t& line) {
    sink_.note(name() + ": line " + std::to_string(line) + " is longer than 256 KiB; the rest of it was not read");
    for (std::size_t skipped = 0; skipped < bomb_line;) {
      if (stop_() || !fill(0)) return false;
      const auto end = window_.text().find('\n');
      if (end != std::string_view::npos) {
        window_.drop(end + 1);
        ++line;
        return true;
      }
      skipped += window_.text().size();
      window_.clear();
    }
    sink_.note(name() + ": line " + std::to_string(line) + " does not end within 256 MiB; reading ended there");
    return false;
  }

  void read_mailbox() {
    Mailbox mailbox(source_, options_, sink_);
    do {
      mailbox.feed(window_.text());
      window_.clear();
    } while (!stop_() && fill(0));
    mailbox.end();
  }

  void read_whole(std::size_t limit, std::string_view what, void (*reader)(std::string_view, const Place&, const Options&, Sink&)) {
    std::string all(window_.text());
    for (window_.clear(); all.size() <= limit && fill(0); window_.clear()) all.append(window_.text());
    if (all.size() > limit) {
      sink_.note(name() + ": longer than " + std::to_string(limit >> 20) + " MiB; the rest of the " + std::string(what) + " was not read");
      all.resize(limit);
    }
    reader(all, Place{source_, 1}, options_, sink_);
  }

  const Options& options_;
  Sink& sink_;
  const std::function<bool()>& stop_;
  Window window_;
  std::string source_, set_;
  std::unique_ptr<input::Source> input_;
  std::unique_ptr<Log> log_;
  std::optional<base::Fault> fault_;
};

}  // namespace

base::Expected<bool> read(const std::vector<std::string>& paths, const Options& options, Sink& sink, const std::function<bool()>& stop) {
  std::optional<base::Fault> fault;
  const auto keep = [&](const base::Fault& wrong) {
    if (fault) fault->message += "\n" + wrong.message;
    else fault = wrong;
  };
  const auto all = expand(paths, keep);
  Reading reading(options, sink, stop);
  for (std::size_t i = 0; i < all.size() && !stop(); ++i) {
    const bool follow = options.follow && i + 1 == all.size() && all[i].path != "-";
    if (const auto done = reading.read(all[i], follow); !done) keep(done.error());
  }
  reading.end_log();
  if (fault) return std::unexpected(*fault);
  return true;
}

}  // namespace fcrdns::bounce
