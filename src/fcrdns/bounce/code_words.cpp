#include "fcrdns/bounce/code_words.hpp"

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/json_field.hpp"

namespace fcrdns::bounce {
namespace {

constexpr std::size_t max_rows = 1000, max_code = 40;
constexpr std::string_view around = "()[]<>,;.'\"";  // what stands around a mark in a text

bool ends_word(char c) { return c == ' ' || around.find(c) != around.npos; }

bool is_mark(std::string_view word) {
  return std::ranges::any_of(word, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

std::string_view without_signs(std::string_view word) {
  while (!word.empty() && around.find(word.front()) != around.npos) word.remove_prefix(1);
  while (!word.empty() && around.find(word.back()) != around.npos) word.remove_suffix(1);
  return word;
}

}  // namespace

base::Expected<bool> CodeCatalogue::add(const std::string& code, std::size_t row) {
  const auto dash = code.find('-');
  if (const auto first = mail::parse_enhanced_code(code.substr(0, dash)); first && dash != code.npos) {
    const auto last = mail::parse_enhanced_code(code.substr(dash + 1));
    if (!last || *last < *first) return base::fault("is no range of codes");
    ranges_.push_back({*first, *last, row});
  }
  if (!by_code_.emplace(base::to_lower(code), row).second) return base::fault("stands there twice");
  return true;
}

base::Expected<CodeCatalogue> CodeCatalogue::parse(std::string_view json) {
  return read_catalogue(json, [](const JsonField& top) {
    top.object({"about", "codes"});
    CodeCatalogue out;
    for (const auto& entry : top.need("codes").list(max_rows)) {
      entry.object({"code", "meaning", "way_on", "source"});
      const auto code = entry.need("code");
      out.rows_.push_back({.code = code.text(max_code), .meaning = entry.need("meaning").text(), .way_on = entry.need("way_on").text(4000),
                           .source = entry.need("source").text()});
      if (const auto added = out.add(out.rows_.back().code, out.rows_.size() - 1); !added) code.refuse(added.error().message);
    }
    return out;
  });
}

const CodeWord* CodeCatalogue::find_enhanced(const mail::EnhancedCode& code) const {
  for (const auto kind : {code.kind, static_cast<std::uint16_t>(code.kind == 5 ? 4 : 5)}) {
    const mail::EnhancedCode wanted{kind, code.subject, code.detail};
    if (const auto at = by_code_.find(wanted.text()); at != by_code_.end()) return &rows_[at->second];
    for (const auto& range : ranges_)
      if (range.first <= wanted && wanted <= range.last) return &rows_[range.row];
  }
  for (const auto kind : {code.kind, static_cast<std::uint16_t>(code.kind == 5 ? 4 : 5)}) {
    const auto family = std::to_string(kind) + '.' + std::to_string(code.subject) + ".x";
    if (const auto at = by_code_.find(family); at != by_code_.end()) return &rows_[at->second];
  }
  return nullptr;
}

const CodeWord* CodeCatalogue::find(std::string_view code) const {
  code = without_signs(base::trim(code));
  if (code.empty() || code.size() > max_code) return nullptr;
  if (code.front() == '#' && code.size() > 1) code.remove_prefix(1);
  if (const auto enhanced = mail::parse_enhanced_code(code)) return find_enhanced(*enhanced);
  const auto at = by_code_.find(base::to_lower(code));
  return at == by_code_.end() ? nullptr : &rows_[at->second];
}

const CodeWord* CodeCatalogue::find_mark(std::string_view text) const {
  text = text.substr(0, mail::max_reply);
  for (std::size_t at = 0; at < text.size();) {
    auto end = at;
    while (end < text.size() && !ends_word(text[end])) ++end;
    const auto word = without_signs(text.substr(at, end - at));
    if (word.size() >= 4 && word.size() <= max_code && is_mark(word))
      if (const auto row = by_code_.find(base::to_lower(word)); row != by_code_.end()) return &rows_[row->second];
    at = end + 1;
  }
  return nullptr;
}

std::vector<std::string> CodeCatalogue::codes() const {
  std::vector<std::string> out;
  for (const auto& row : rows_) out.push_back(row.code);
  std::ranges::sort(out);
  return out;
}

}  // namespace fcrdns::bounce
