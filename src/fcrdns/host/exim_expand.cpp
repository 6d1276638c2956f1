// The little of Exim's string expansion that files alone decide (the Exim specification, chapter "String expansions").
#include <algorithm>
#include <cctype>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/exim_config.hpp"

namespace fcrdns::host::exim {
namespace {

using What = Expansion::What;

class Expander {
 public:
  Expander(std::string_view text, const Variables& variables, Files& files) : text_(text), variables_(variables), files_(files) {}

  /// Up to the end, or to the "}" that closes what it stands in.
  Expansion run(int depth) {
    Expansion out;
    while (at_ < text_.size() && !(depth > 0 && text_[at_] == '}')) {
      const char c = text_[at_];
      if (c == '\\') escape(out.text);
      else if (c == '$') {
        ++at_;
        const auto part = dollar(depth);
        if (part.what != What::text) return part;
        out.text += part.text;
      } else {
        out.text += c;
        ++at_;
      }
    }
    return out;
  }

 private:
  void escape(std::string& out) {
    if (text_.substr(at_, 2) == "\\N") {
      const auto end = text_.find("\\N", at_ + 2);
      out += text_.substr(at_ + 2, end == std::string_view::npos ? end : end - at_ - 2);
      at_ = end == std::string_view::npos ? text_.size() : end + 2;
      return;
    }
    if (at_ + 1 < text_.size()) out += text_[at_ + 1];
    at_ = std::min(at_ + 2, text_.size());
  }

  Expansion dollar(int depth) {
    if (at_ < text_.size() && text_[at_] == '{') {
      ++at_;
      if (text_.substr(at_).starts_with("if ") && depth < 8) return condition(depth);
      const auto name = word();
      if (at_ >= text_.size() || text_[at_] != '}') return {What::computed};
      ++at_;
      return variable(name);
    }
    return variable(word());
  }

  std::string_view word() {
    const auto begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_')) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  Expansion variable(std::string_view name) const {
    if (name == "primary_hostname" && !variables_.primary_hostname.empty()) return {What::text, variables_.primary_hostname};
    if (name == "qualify_domain" && !variables_.qualify_domain.empty()) return {What::text, variables_.qualify_domain};
    if (name == "smtp_active_hostname" && !variables_.active_hostname.empty()) return {What::text, variables_.active_hostname};
    return {What::computed};
  }

  void blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  /// "{...}", expanded; `computed` also where there is none.
  Expansion braced(int depth) {
    blanks();
    if (at_ >= text_.size() || text_[at_] != '{') return {What::computed};
    ++at_;
    auto part = run(depth + 1);
    if (part.what != What::text) return part;
    if (at_ >= text_.size()) return {What::computed};
    ++at_;
    return part;
  }

  /// "if exists{FILE}{YES}{NO}"; NO may be missing, or the word "fail".
  Expansion condition(int depth) {
    at_ += 3;
    blanks();
    bool wanted = true;
    if (at_ < text_.size() && text_[at_] == '!') {
      wanted = false;
      ++at_;
      blanks();
    }
    if (word() != "exists") return {What::computed};
    const auto file = braced(depth);
    if (file.what != What::text) return {What::computed};
    const bool holds = files_.exists(file.text) == wanted;
    const auto yes_at = at_;
    const auto yes = braced(depth);
    if (yes.what != What::text && holds) return yes;
    if (yes.what != What::text && !skip(yes_at)) return {What::computed};
    blanks();
    Expansion no;
    if (text_.substr(at_).starts_with("fail")) {
      at_ += 4;
      no.what = What::fail;
    } else if (at_ < text_.size() && text_[at_] == '{') {
      const auto no_at = at_;
      no = braced(depth);
      if (no.what != What::text && (!holds || !skip(no_at))) return {What::computed};
    }
    blanks();
    if (at_ >= text_.size() || text_[at_] != '}') return {What::computed};
    ++at_;
    return holds ? yes : no;
  }

  /// Behind the braces that begin at `from`.
  bool skip(std::size_t from) {
    at_ = from;
    blanks();
    int open = 0;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '{') ++open;
      if (text_[at_] == '}' && --open == 0) return ++at_, true;
    }
    return false;
  }

  std::string_view text_;
  const Variables& variables_;
  Files& files_;
  std::size_t at_ = 0;
};

}  // namespace

Expansion expand(std::string_view text, const Variables& variables, Files& files) {
  if (text.size() > 16'384) return {What::computed};
  auto expansion = Expander(text, variables, files).run(0);
  expansion.text = base::trim(expansion.text);
  return expansion;
}

}  // namespace fcrdns::host::exim
