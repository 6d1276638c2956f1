#include "fcrdns/fix/letter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "fcrdns/base/data_files.hpp"
#include "fcrdns/base/text.hpp"
#include "fcrdns/remedy/block.hpp"
#include "fcrdns/remedy/words.hpp"
#include "fcrdns/report/report.hpp"

namespace fcrdns::fix {
namespace {

constexpr std::string_view folder = "letters/", ending = ".txt";
constexpr std::size_t width = 72;   // of mail
constexpr std::string_view indent = "    ";  // of lines that are not wrapped

bool is_capital(char c) { return (c >= 'A' && c <= 'Z') || c == '_'; }

/// The place holder in the place of its value, where it stands alone.
void fill(std::string& text, std::string_view holder, std::string_view value) {
  for (std::size_t at = 0; (at = text.find(holder, at)) != text.npos;) {
    const auto end = at + holder.size();
    if ((at > 0 && is_capital(text[at - 1])) || (end < text.size() && is_capital(text[end]))) {
      at = end;
      continue;
    }
    text.replace(at, holder.size(), value);
    at += value.size();
  }
}

/// Columns as a reader counts them: UTF-8's later octets have none.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string wrapped(std::string_view paragraph) {
  std::string out;
  std::size_t column = 0;
  for (const auto word : base::words(paragraph)) {
    const bool breaks = column > 0 && column + 1 + columns(word) > width;
    if (column > 0) out += breaks ? '\n' : ' ';
    column = (breaks || column == 0 ? 0 : column + 1) + columns(word);
    out += word;
  }
  return out;
}

/// NS and CNAME lines for the owner's zone, indented.
std::string lines_of(const remedy::Delegation& delegation) {
  std::string out;
  for (const auto* server : {"NAMESERVER-1.", "NAMESERVER-2."}) out += fmt::format("{}{} NS {}\n", indent, delegation.child.text(), server);
  for (const auto& alias : delegation.aliases) out += fmt::format("{}{}\n", indent, alias);
  out.pop_back();
  return out;
}

std::optional<remedy::Delegation> delegation_of(const remedy::FixPlan& plan) {
  return plan.block ? remedy::delegation_of(*plan.block) : std::nullopt;
}

/// A line of its own behind "@" says when the lines that follow, up to the next empty line before prose, belong to it.
enum class Part { always, block, forward };
Part part_of(std::string_view line) { return line == "@block" ? Part::block : line == "@forward" ? Part::forward : Part::always; }

}  // namespace

std::vector<std::string> letter_languages() {
  std::vector<std::string> out;
  for (auto name : base::data_files(folder)) {
    if (!name.ends_with(ending)) continue;
    name.remove_prefix(folder.size());
    name.remove_suffix(ending.size());
    out.emplace_back(name);
  }
  return out;
}

base::Expected<std::string> letter(const remedy::FixPlan& plan, std::string_view language) {
  const auto known = letter_languages();
  if (std::ranges::find(known, language) == known.end())
    return base::fault(fmt::format("no letter in \"{}\"; there are: {}", base::escape(language, 20), fmt::join(known, ", ")));
  const auto& forward = plan.steps[static_cast<std::size_t>(remedy::Station::forward)];
  const auto& ptr = plan.steps[static_cast<std::size_t>(remedy::Station::ptr)];
  const auto delegation = delegation_of(plan);

  std::string out;
  auto part = Part::always;
  bool led = false;  // the indented lines that a marked paragraph leads to belong to it
  const auto paragraphs = [&] {
    std::vector<std::string> list(1);
    for (const auto line : base::split(base::trim(*base::data_file(fmt::format("{}{}{}", folder, language, ending))), '\n'))
      if (line.empty()) list.emplace_back();
      else list.back() += (list.back().empty() ? "" : "\n") + std::string(line);
    return list;
  }();
  for (auto text : paragraphs) {
    if (text.starts_with('@')) {
      const auto end = text.find('\n');
      part = part_of(std::string_view(text).substr(0, end));
      text.erase(0, end + 1);
      led = true;
    } else if (!(led && text.starts_with(indent))) {
      part = Part::always;
      led = false;
    }
    if ((part == Part::block && !delegation) || (part == Part::forward && !forward.done)) continue;
    const bool as_is = text.starts_with(indent);
    if (as_is && base::trim(text) == "DELEGATION" && delegation) text = lines_of(*delegation);
    fill(text, "RECORD", report::record_line(*ptr.record));
    fill(text, "ADDRESS", plan.address.text());
    fill(text, "HOSTNAME", base::without_final_dot(plan.hostname.text()));
    fill(text, "TYPE", forward.record->type);
    if (plan.block) fill(text, "BLOCK", plan.block->text());
    // The first paragraph is one line, and the last one is two: the greeting and the name.
    const bool prose = !as_is && text.find('\n') == text.npos && !out.empty();
    out += (out.empty() ? "" : "\n") + (prose ? wrapped(text) : text) + '\n';
  }
  return out;
}

}  // namespace fcrdns::fix
