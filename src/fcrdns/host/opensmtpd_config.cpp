#include "fcrdns/host/opensmtpd_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "fcrdns/base/text.hpp"

namespace fcrdns::host::opensmtpd {
namespace {

using Macros = std::map<std::string, std::string, std::less<>>;
constexpr std::size_t max_directives = 10'000, max_includes = 20, max_entries = 10'000, max_macros = 1'000;

bool ends_word(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0 || std::string_view("(){}<>!=#,\"").find(c) != std::string_view::npos; }

class Lexer {
 public:
  Lexer(std::string_view text, const std::string& file, Macros& macros) : text_(text), file_(file), macros_(macros) {}

  std::vector<Directive> run() {
    while (at_ < text_.size() && out_.size() < max_directives) {
      const char c = text_[at_];
      if (c == '\\' && is_end(at_ + 1)) skip_end(at_ + 1);
      else if (c == '\n') {
        end_line();
        skip_end(at_);
      } else if (c == '#') skip_comment();
      else if (std::isspace(static_cast<unsigned char>(c)) != 0) ++at_;
      else token(c);
    }
    end_line();
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool is_end(std::size_t at) const { return at < text_.size() && text_[at] == '\n'; }
  void skip_end(std::size_t at) {
    at_ = at + 1;
    ++line_;
  }
  /// A comment goes on where its line goes on.
  void skip_comment() {
    for (; at_ < text_.size() && text_[at_] != '\n'; ++at_)
      if (text_[at_] == '\\' && is_end(at_ + 1)) {
        ++at_;
        ++line_;
      }
  }

  void put(Token::What what, std::string text, std::size_t begin) { current_.tokens.push_back({what, std::move(text), line_, begin, at_}); }

  void token(char c) {
    const auto begin = at_;
    if (c == '"') {
      std::string text;
      for (++at_; at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n'; ++at_) {
        if (text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
        text += text_[at_];
      }
      if (at_ < text_.size() && text_[at_] == '"') ++at_;
      return put(Token::What::word, std::move(text), begin);
    }
    if (c == '<') {
      const auto end = text_.find_first_of(">\n", at_);
      auto name = std::string(text_.substr(at_ + 1, end == std::string_view::npos ? end : end - at_ - 1));
      at_ = end == std::string_view::npos ? text_.size() : text_[end] == '>' ? end + 1 : end;
      return put(Token::What::table, std::move(name), begin);
    }
    if (ends_word(c)) {
      ++at_;
      return put(Token::What::sign, std::string(1, c), begin);
    }
    while (at_ < text_.size() && !ends_word(text_[at_]) && !(text_[at_] == '\\' && is_end(at_ + 1))) ++at_;
    auto word = std::string(text_.substr(begin, at_ - begin));
    if (word.starts_with('$'))
      if (const auto macro = macros_.find(std::string_view(word).substr(1)); macro != macros_.end()) word = macro->second;
    put(Token::What::word, std::move(word), begin);
  }

  void end_line() {
    auto& tokens = current_.tokens;
    if (tokens.size() == 3 && tokens[0].what == Token::What::word && tokens[1].is("=") && macros_.size() < max_macros)
      macros_.insert_or_assign(tokens[0].text, tokens[2].text);
    else if (!tokens.empty()) {
      current_.file = file_;
      const auto first = tokens.front().at, last = tokens.back().end;
      current_.written = base::escape(base::trim(text_.substr(first, last - first)), 200);
      out_.push_back(std::move(current_));
    }
    current_ = {};
  }

  std::string_view text_;
  const std::string& file_;
  Macros& macros_;
  std::size_t at_ = 0, line_ = 1;
  Directive current_;
  std::vector<Directive> out_;
};

/// "{ a, b }" or "{ k = v, k = v }", from behind the brace.
void take_entries(const Directive& directive, std::size_t& at, Table& table) {
  const auto& tokens = directive.tokens;
  while (at < tokens.size() && !tokens[at].is("}")) {
    if (tokens[at].what != Token::What::word) {
      ++at;
      continue;
    }
    Entry entry{tokens[at++].text, {}};
    if (at + 1 < tokens.size() && tokens[at].is("=")) {
      entry.value = tokens[at + 1].text;
      at += 2;
    }
    if (table.entries.size() < max_entries) table.entries.push_back(std::move(entry));
  }
  if (at < tokens.size()) ++at;
}

class Reader {
 public:
  explicit Reader(Files& files) : files_(files) {}
  Config run(const std::string& path) {
    read(path);
    return std::move(config_);
  }

 private:
  void read(const std::string& path) {
    const auto content = files_.read(path);
    if (!content) {
      config_.problems.push_back(fmt::format("{} {}", base::escape(path, 255), to_word(content.error())));
      return;
    }
    for (auto& directive : parse(*content, base::escape(path, 255), macros_)) {
      const auto& tokens = directive.tokens;
      if (tokens.size() == 2 && tokens[0].says("include") && includes_++ < max_includes) read(tokens[1].text);
      else if (tokens.size() > 2 && tokens[0].says("table")) read_table(directive);
      else if (config_.directives.size() < max_directives) config_.directives.push_back(std::move(directive));
    }
  }

  void read_table(const Directive& directive) {
    Table table;
    table.origin = directive.origin();
    if (directive.tokens[2].is("{")) {
      std::size_t at = 3;
      take_entries(directive, at, table);
    } else {
      std::string_view path = directive.tokens[2].text;
      if (path.starts_with("file:")) path.remove_prefix(5);
      if (path.starts_with('/')) read_entries(std::string(path), table);
      else table.is_read = false;
    }
    config_.tables.insert_or_assign(directive.tokens[1].text, std::move(table));
  }

  void read_entries(const std::string& path, Table& table) {
    const auto content = files_.read(path);
    table.is_read = content.has_value();  // said where it is used
    if (!content) return;
    for (const auto line : base::split(*content, '\n')) {
      const auto words = base::words(line.substr(0, line.find('#')));
      if (words.empty() || table.entries.size() >= max_entries) continue;
      const auto key = words.front().ends_with(':') ? words.front().substr(0, words.front().size() - 1) : words.front();
      table.entries.push_back({std::string(key), words.size() > 1 ? std::string(words[1]) : std::string{}});
    }
  }

  Files& files_;
  Config config_;
  Macros macros_;
  std::size_t includes_ = 0;
};

}  // namespace

std::vector<Directive> parse(std::string_view text, const std::string& file, Macros& macros) { return Lexer(text, file, macros).run(); }

Config read_config(Files& files, const std::string& path) { return Reader(files).run(path); }

Table take_table(const Directive& directive, std::size_t& at, const Tables& tables) {
  Table table{{}, directive.origin(), true};
  if (at >= directive.tokens.size()) return table;
  const auto& token = directive.tokens[at];
  if (token.is("{")) {
    take_entries(directive, ++at, table);
    return table;
  }
  ++at;
  if (token.what == Token::What::table) {
    const auto named = tables.find(token.text);
    if (named != tables.end()) return named->second;
    table.is_read = false;
  } else table.entries.push_back({token.text, {}});
  return table;
}

}  // namespace fcrdns::host::opensmtpd
