#include "fcrdns/host/exim_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <optional>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::host::exim {
namespace {

constexpr std::size_t max_lines = 100'000, max_macros = 1'000, max_line = 64 << 10, max_includes = 50;
constexpr std::size_t max_work = 200'000'000;  // octets searched for macros

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

/// Exim is built with these; which of them, no file tells, and none of them decides about the way out.
bool names_builtin(std::string_view text) {
  constexpr std::string_view builtins[] = {"_OPT_", "_HAVE_", "_DRIVER_", "_LOG_", "_EXP_"};
  return std::ranges::any_of(builtins, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

/// "NAME = text" or "NAME == text": where the text begins; 0: it is none.
std::size_t macro_text_at(std::string_view line) {
  if (line.empty() || !is_upper(line.front())) return 0;
  std::size_t at = 0;
  while (at < line.size() && is_name(line[at])) ++at;
  while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
  return at < line.size() && line[at] == '=' ? at : 0;
}

struct Directive {
  std::string_view word;
  enum class Does { opens, alters, turns, closes } does;
  bool wants_macro;
};
constexpr Directive directives[] = {
    {"ifdef", Directive::Does::opens, true},    {"ifndef", Directive::Does::opens, false},
    {"elifdef", Directive::Does::alters, true}, {"elifndef", Directive::Does::alters, false},
    {"else", Directive::Does::turns, false},    {"endif", Directive::Does::closes, false},
};

class Reader {
 public:
  explicit Reader(Files& files) : files_(files) {}

  void take(const Part& part) {
    std::size_t number = part.line;
    for (const auto physical : base::split(part.text, '\n')) {
      if (stopped_) return;
      const auto written = base::trim(physical);
      physical_line(written, {part.file, number, base::escape(part.shown.empty() ? written : std::string_view(part.shown), 200)});
      if (part.shown.empty()) ++number;
    }
  }

  Lines finish() {
    if (begun_) end_logical();
    if (!branches_.empty() && !stopped_) out_.problems.push_back(fmt::format("{}:{}: .ifdef without .endif", opened_.file, opened_.line));
    return std::move(out_);
  }

 private:
  struct Branch {
    bool outer, taken, seen;  // lines count outside of it; in this part of it; one part of it was taken
  };

  void physical_line(std::string_view written, const Origin& origin) {
    macros_.clear();
    auto line = std::string(written);
    replace_macros(line, begun_ ? 0 : macro_text_at(line), origin);
    const std::string_view text = base::trim(line);
    if (text.starts_with('#')) return;
    if (text.starts_with('.') && (conditional(text, origin) || !taking() || include(text, origin))) return;
    if (!taking()) return;
    if (!begun_) {
      if (text.empty()) return;
      begun_ = true;
      current_ = {{}, origin, {}};
    }
    const bool goes_on = text.ends_with('\\');
    current_.text += goes_on ? text.substr(0, text.size() - 1) : text;
    if (current_.text.size() > max_line) return stop(origin, "the line is longer than 64 kB");
    current_.macros.insert(current_.macros.end(), macros_.begin(), macros_.end());
    if (!goes_on) end_logical();
  }

  void end_logical() {
    begun_ = false;
    if (current_.text.empty()) return;
    if (macro_text_at(current_.text) != 0) return define(current_);
    if (out_.lines.size() >= max_lines) return stop(current_.origin, "there are more than 100,000 lines");
    out_.lines.push_back(std::move(current_));
  }

  void define(const Line& line) {
    auto at = macro_text_at(line.text);
    const auto name = std::string(base::trim(std::string_view(line.text).substr(0, at)));
    const bool anew = at + 1 < line.text.size() && line.text[at + 1] == '=';
    const auto text = base::trim(std::string_view(line.text).substr(at + (anew ? 2 : 1)));
    const auto known = std::ranges::find(out_.macros, name, &Macro::name);
    if (known != out_.macros.end()) {
      if (!anew) return complain(line.origin, fmt::format("the macro {} is there already", base::escape(name, 64)));
      known->text = text;
      known->origin = line.origin;
      return;
    }
    if (anew) return complain(line.origin, fmt::format("there is no macro {} to change", base::escape(name, 64)));
    if (out_.macros.size() >= max_macros) return stop(line.origin, "there are more than 1,000 macros");
    out_.macros.push_back({name, std::string(text), line.origin});
  }

  /// Every occurrence of every macro, in the order of their definition; what one gives is not searched for the same one again.
  void replace_macros(std::string& line, std::size_t from, const Origin& origin) {
    for (const auto& macro : out_.macros) {
      if ((work_ += line.size()) > max_work) return stop(origin, "too much to replace");
      auto at = line.find(macro.name, from);
      if (at == std::string::npos) continue;
      macros_.push_back(macro.origin);
      for (; at != std::string::npos; at = line.find(macro.name, at + macro.text.size())) {
        work_ += line.size();
        line.replace(at, macro.name.size(), macro.text);
        if (line.size() > max_line || work_ > max_work) return stop(origin, "macros make it too long");
      }
    }
  }

  bool conditional(std::string_view text, const Origin& origin) {
    const auto word = text.substr(1, text.find_first_of(" \t") - 1);
    const auto* const found = std::ranges::find(directives, word, &Directive::word);
    if (found == std::end(directives)) return false;
    const bool holds = (!macros_.empty() || names_builtin(text)) == found->wants_macro;
    if (found->does == Directive::Does::opens) {
      if (branches_.empty()) opened_ = origin;
      if (branches_.size() >= 64) return stop(origin, "conditions nest too deeply"), true;
      const bool outer = taking();
      branches_.push_back({outer, outer && holds, holds});
      return true;
    }
    if (branches_.empty()) return complain(origin, fmt::format(".{} without .ifdef", word)), true;
    auto& branch = branches_.back();
    if (found->does == Directive::Does::closes) {
      branches_.pop_back();
      return true;
    }
    const bool now = !branch.seen && (found->does == Directive::Does::turns || holds);
    branch.taken = branch.outer && now;
    branch.seen = branch.seen || now;
    return true;
  }
  [[nodiscard]] bool taking() const { return branches_.empty() || branches_.back().taken; }

  bool include(std::string_view text, const Origin& origin) {
    const bool may_miss = text.starts_with(".include_if_exists");
    if (!may_miss && !text.starts_with(".include")) return false;
    auto path = base::trim(text.substr(may_miss ? 18 : 8));
    if (path.size() >= 2 && path.starts_with('"') && path.ends_with('"')) path = path.substr(1, path.size() - 2);
    if (!path.starts_with('/')) return complain(origin, ".include wants an absolute path"), true;
    if (may_miss && !files_.exists(path)) return true;
    if (++includes_ > max_includes) return stop(origin, "more than 50 inclusions"), true;
    const auto content = files_.read(path);
    if (!content) return complain(origin, fmt::format("{} {}", base::escape(path, 200), to_word(content.error()))), true;
    auto saved = std::exchange(macros_, {});
    take({base::escape(path, 200), *content});
    macros_ = std::move(saved);
    return true;
  }

  void complain(const Origin& origin, std::string_view what) {
    if (out_.problems.size() < 20) out_.problems.push_back(fmt::format("{}:{}: {}", origin.file, origin.line, what));
  }
  void stop(const Origin& origin, std::string_view why) {
    if (!stopped_) complain(origin, fmt::format("{}; nothing behind it is read", why));
    stopped_ = true;
  }

  Files& files_;
  Lines out_;
  Line current_;
  bool begun_ = false, stopped_ = false;
  std::vector<Origin> macros_;  // used in the physical line at hand
  std::vector<Branch> branches_;
  Origin opened_;
  std::size_t includes_ = 0, work_ = 0;
};

}  // namespace

Lines read_lines(Files& files, const std::vector<Part>& parts) {
  Reader reader(files);
  for (const auto& part : parts) reader.take(part);
  return reader.finish();
}

}  // namespace fcrdns::host::exim
