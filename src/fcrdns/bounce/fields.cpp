#include "fcrdns/bounce/fields.hpp"

#include <gmime/gmime.h>

#include <algorithm>
#include <memory>

#include "fcrdns/base/text.hpp"

namespace fcrdns::bounce {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

struct DateUnref {
  void operator()(GDateTime* date) const { g_date_time_unref(date); }
};

}  // namespace

std::string_view next_line(std::string_view& text) {
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::optional<HeaderField> field_of(std::string_view line) {
  const auto colon = line.substr(0, 80).find(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  auto name = line.substr(0, colon);
  while (!name.empty() && is_blank(name.back())) name.remove_suffix(1);  // obsolete, RFC 5322 4.5
  const auto is_name_octet = [](char c) { return c > ' ' && c < 0x7f; };
  if (name.empty() || !std::ranges::all_of(name, is_name_octet)) return std::nullopt;
  const auto value = line.substr(colon + 1);
  if (value.starts_with("//")) return std::nullopt;
  return HeaderField{name, value};
}

std::optional<HeaderField> next_field(std::string_view& block) {
  while (!block.empty()) {
    const auto whole = block;
    const auto field = field_of(next_line(block));
    if (!field || is_blank(whole.front())) continue;
    while (!block.empty() && is_blank(block.front())) static_cast<void>(next_line(block));
    const auto begin = static_cast<std::size_t>(field->value.data() - whole.data());
    const auto end = whole.size() - block.size();
    return HeaderField{field->name, whole.substr(begin, std::min(end - begin, max_field))};
  }
  return std::nullopt;
}

std::string_view find_field(std::string_view block, std::string_view name) {
  while (const auto field = next_field(block))
    if (base::equals_ignoring_case(field->name, name)) return field->value;
  return {};
}

std::string unfold(std::string_view value, std::size_t limit) {
  value = base::trim(value);
  std::string out;
  out.reserve(std::min(value.size(), limit));
  for (std::size_t i = 0; i < value.size() && out.size() < limit; ++i) {
    if (value[i] != '\r' && value[i] != '\n') {
      out += value[i];
      continue;
    }
    while (i + 1 < value.size() && (is_blank(value[i + 1]) || value[i + 1] == '\r' || value[i + 1] == '\n')) ++i;
    if (!out.empty() && !is_blank(out.back())) out += ' ';
  }
  return out;
}

std::string_view mail_address(std::string_view value) {
  value = base::trim(value.substr(0, 2048));
  if (const auto open = value.rfind('<'); open != std::string_view::npos) {
    const auto close = value.find('>', open);
    if (close != std::string_view::npos) return base::trim(value.substr(open + 1, close - open - 1));
  }
  for (const auto word : base::words(value))
    if (word.find('@') != std::string_view::npos) return word.substr(0, word.find_first_of(",;"));
  return {};
}

std::optional<base::WallTime> parse_mail_date(std::string_view value) {
  const auto text = unfold(value, 128);
  if (text.empty()) return std::nullopt;
  const std::unique_ptr<GDateTime, DateUnref> date(g_mime_utils_header_decode_date(text.c_str()));
  if (!date) return std::nullopt;
  return base::WallTime(base::Seconds(g_date_time_to_unix(date.get())));
}

}  // namespace fcrdns::bounce
