// A setting is found as Postfix finds it (postfix_lines.hpp knows where in the file each sign stands), and only its octets are
// replaced.
#include "fcrdns/host/postfix_edit.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/postfix_config.hpp"

namespace fcrdns::host::postfix {
namespace {

/// Octets of a file to be replaced.
struct Cut {
  std::size_t begin = 0, end = 0;
  std::string text;
};

/// From the last one to the first, so that positions stay true.
std::string apply(std::string_view file, std::vector<Cut> cuts) {
  std::string out(file);
  std::ranges::sort(cuts, std::ranges::greater{}, &Cut::begin);
  for (const auto& cut : cuts) out.replace(cut.begin, cut.end - cut.begin, cut.text);
  return out;
}

std::size_t behind_line(std::string_view file, std::size_t at) {
  const auto end = file.find('\n', at);
  return end == std::string_view::npos ? file.size() : end + 1;
}

/// A line of its own at `at`, which is behind a line or the end.
Cut new_line(std::string_view file, std::size_t at, const std::string& text) {
  const bool is_open = at > 0 && file[at - 1] != '\n';
  return {at, at, (is_open ? "\n" : "") + text + "\n"};
}

/// An -o and what it sets, in the logical line.
struct Option {
  Word dash, setting;  // the same word for "-oname=value"
};
std::vector<Option> options(const Service& service, std::string_view name) {
  std::vector<Option> found;
  const auto words = split_words(service.lines.text, white_space);
  for (std::size_t i = 8; i < words.size(); ++i) {
    if (!words[i].inside().starts_with("-o")) continue;
    const auto dash = words[i];
    auto text = dash.inside().substr(2);
    if (text.empty() && ++i == words.size()) break;
    if (text.empty()) text = words[i].inside();
    if (const auto setting = split_setting(text); setting && setting->first == name) found.push_back({dash, words[i]});
  }
  return found;
}

std::size_t in_file(const LogicalLine& line, std::size_t at) {
  const auto& part = line.part_at(at);
  return part.begin + (at - part.at);
}

bool on_one_line(const LogicalLine& line, const Option& option) {
  return line.part_at(option.dash.at).line == line.part_at(option.setting.at + option.setting.text.size() - 1).line;
}

/// All of it, and its line where nothing else stands there.
Cut without(std::string_view file, const LogicalLine& line, const Option& option) {
  Cut cut{in_file(line, option.dash.at), in_file(line, option.setting.at) + option.setting.text.size(), ""};
  const auto line_begin = line.part_at(option.dash.at).begin, line_end = behind_line(file, cut.end);
  if (base::trim(file.substr(line_begin, cut.begin - line_begin)).empty() && base::trim(file.substr(cut.end, line_end - cut.end)).empty())
    return {line_begin, line_end, ""};
  while (cut.begin > line_begin && white_space.find(file[cut.begin - 1]) != std::string_view::npos) --cut.begin;
  return cut;
}

/// White space before the last line that continues the service.
std::string indent_of(const LogicalLine& line) {
  if (line.parts.size() < 2) return "  ";
  const std::string_view text = std::string_view(line.text).substr(line.parts.back().at);
  return std::string(text.substr(0, text.find_first_not_of(white_space)));
}

std::string setting_text(std::string_view name, std::string_view value) {
  auto text = std::string(name) + "=" + std::string(value);
  return value.find_first_of(white_space) == std::string_view::npos ? text : "{ " + text + " }";
}

/// What was written is read back.
bool is_set(std::string_view master, std::string_view id, std::string_view name, std::string_view value) {
  Problems unimportant;
  const auto services = parse_master(master, "", unimportant);
  const auto service = std::ranges::find(services, id, &Service::id);
  if (service == services.end()) return false;
  const auto own = service->own.find(name);
  return own != service->own.end() && own->second.value == value;
}

}  // namespace

std::string with_parameter(std::string_view main, std::string_view name, std::optional<std::string_view> value) {
  std::vector<LogicalLine> found;
  for (auto& line : logical_lines(main))
    if (const auto setting = split_setting(line.text); setting && setting->first == name) found.push_back(std::move(line));
  if (value && found.size() > 1) found.erase(found.begin(), found.end() - 1);
  std::vector<Cut> cuts;
  for (const auto& line : found)
    for (const auto& part : line.parts) cuts.push_back({part.begin, behind_line(main, part.begin), ""});
  if (value) {
    const auto text = std::string(name) + " = " + std::string(*value);
    if (cuts.empty()) cuts.push_back(new_line(main, main.size(), text));
    else cuts.front().text = text + (main[cuts.front().end - 1] == '\n' ? "\n" : "");
  }
  return apply(main, std::move(cuts));
}

std::string with_option(std::string_view master, std::string_view id, std::string_view name,
                        std::optional<std::string_view> value) {
  Problems unimportant;
  const auto services = parse_master(master, "", unimportant);
  const auto service = std::ranges::find(services, id, &Service::id);
  if (service == services.end()) return std::string(master);
  const auto& line = service->lines;
  const auto found = options(*service, name);
  std::vector<Cut> cuts;
  if (value && (found.empty() || !on_one_line(line, found.back())))
    cuts.push_back(new_line(master, line.end, indent_of(line) + "-o " + setting_text(name, *value)));
  for (const auto& option : found) {
    if (!on_one_line(line, option)) continue;
    if (!value) cuts.push_back(without(master, line, option));
    else if (&option == &found.back())
      cuts.push_back({in_file(line, option.dash.at), in_file(line, option.setting.at) + option.setting.text.size(),
                      "-o " + setting_text(name, *value)});
  }
  auto edited = apply(master, std::move(cuts));
  // A brace that is open in the line swallows what is added: then nothing is, and Postfix says what is broken.
  return !value || is_set(edited, id, name, *value) ? edited : std::string(master);
}

}  // namespace fcrdns::host::postfix
