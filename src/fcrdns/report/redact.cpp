#include "fcrdns/report/redact.hpp"

#include <algorithm>

#include "fcrdns/base/markup.hpp"

namespace fcrdns::report {
namespace {

constexpr std::string_view hidden_host = "hidden-host", hidden_local = "hidden";

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
/// Part of a host name; a dot before a word belongs to a longer name.
bool is_of_name(char c) { return is_alphanumeric(c) || c == '-' || c == '_'; }
/// What local parts are mostly made of, and the backslash that Markdown puts before punctuation.
bool is_of_local_part(char c) { return is_of_name(c) || c == '.' || c == '+' || c == '\\'; }
char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

std::size_t find_whole(std::string_view text, std::string_view word, std::size_t from) {
  const auto same = [](char a, char b) { return small(a) == small(b); };
  for (;;) {
    const auto found = std::search(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), word.begin(), word.end(), same);
    if (found == text.end()) return std::string_view::npos;
    const auto at = static_cast<std::size_t>(found - text.begin()), end = at + word.size();
    const bool longer_before = at > 0 && (is_of_name(text[at - 1]) || text[at - 1] == '.');
    const bool longer_behind = end < text.size() && (is_of_name(text[end]) || (text[end] == '.' && end + 1 < text.size() && is_alphanumeric(text[end + 1])));
    if (!longer_before && !longer_behind) return at;
    from = at + 1;
  }
}

std::string replaced(std::string_view text, std::string_view word, std::string_view as) {
  std::string out;
  for (std::size_t from = 0;;) {
    const auto at = find_whole(text, word, from);
    out += text.substr(from, at - from);
    if (at == std::string_view::npos) return out;
    out += as;
    from = at + word.size();
  }
}

/// "jane.doe@example.com" becomes "hidden@example.com".
std::string without_local_parts(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '@' && i + 1 < text.size() && is_alphanumeric(text[i + 1])) {
      auto begin = out.size();
      while (begin > 0 && is_of_local_part(out[begin - 1])) --begin;
      if (begin < out.size()) out.replace(begin, std::string::npos, hidden_local);
    }
    out += text[i];
  }
  return out;
}

class Redacting final : public Renderer {
 public:
  explicit Redacting(std::unique_ptr<Renderer> inner) : inner_(std::move(inner)) {}
  std::string begin() override { return inner_->begin(); }
  std::string result(const Result& result) override { return redaction_of(result.evidence).apply(inner_->result(result)); }
  std::string end(int exit_code) override { return inner_->end(exit_code); }
  [[nodiscard]] int exit_code(int code) const override { return inner_->exit_code(code); }

 private:
  std::unique_ptr<Renderer> inner_;
};

}  // namespace

void Redaction::hide(std::string_view word, std::string_view as) {
  if (word.ends_with('.')) word.remove_suffix(1);
  if (word.empty()) return;
  hidden_.emplace_back(word, as);
  if (auto escaped = base::markdown_escaped(word); escaped != word) hidden_.emplace_back(std::move(escaped), as);
}

void Redaction::hide(const dns::Name& name) {
  if (std::ranges::none_of(kept_, [&](const dns::Name& kept) { return kept.is_within(name); })) hide(name.text(), hidden_host);
}

std::string Redaction::apply(std::string_view rendering) const {
  auto out = without_local_parts(rendering);
  for (const auto& [word, as] : hidden_) out = replaced(out, word, as);
  return out;
}

Redaction redaction_of(const evidence::Evidence& evidence) {
  Redaction out;
  for (const auto& at : evidence.addresses) {
    for (const auto& name : at.names) out.keep(name.name);
    for (const auto& row : at.proof) out.keep(row.question.name);
    for (const auto& row : at.proof) out.keep(row.server);
  }
  out.hide(evidence.subject.host);
  if (evidence.domain) out.hide(*evidence.domain);
  if (evidence.helo) out.hide(evidence.helo->name);
  if (evidence.expect) out.hide(evidence.expect->name);
  if (evidence.blame && evidence.blame->sending_host) out.hide(*evidence.blame->sending_host);
  for (const auto& at : evidence.addresses)
    if (at.host) out.hide(*at.host);
  return out;
}

std::unique_ptr<Renderer> redacting(std::unique_ptr<Renderer> inner) { return std::make_unique<Redacting>(std::move(inner)); }

}  // namespace fcrdns::report
