#include "fcrdns/bounce/log_line.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "fcrdns/base/text.hpp"

namespace fcrdns::bounce {
namespace {

using Json = nlohmann::json;

constexpr std::size_t max_json_depth = 8;
constexpr std::size_t max_prefix = 128;  // octets of a container's name
constexpr int max_stamps = 3;            // kubectl's, the container's, the log's own

void skip_blanks(std::string_view& text) { text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size())); }

/// Escape sequences before the text ("\e[36m"), as docker compose colours its prefixes.
void skip_colours(std::string_view& text) {
  while (text.starts_with("\x1b[")) {
    const auto end = text.find_first_not_of("0123456789;", 2);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/';
}

/// "postfix-mailcow-1  | " (docker compose) or "[pod/postfix-0/postfix] " (kubectl --prefix).
void skip_container(std::string_view& text) {
  const auto head = text.substr(0, max_prefix);
  if (head.starts_with("[pod/")) {
    const auto end = head.find("] ");
    if (end != std::string_view::npos) text.remove_prefix(end + 2);
    return;
  }
  const auto bar = head.find(" |");
  if (bar == std::string_view::npos || bar == 0) return;
  const auto name = base::trim(head.substr(0, bar));
  if (!std::ranges::all_of(name, is_name)) return;
  text.remove_prefix(bar + 2);
  skip_blanks(text);
  skip_colours(text);
  skip_blanks(text);
}

/// "stdout F " behind the stamp of a container's log file (CRI).
void skip_stream(std::string_view& text) {
  for (const std::string_view stream : {"stdout F ", "stderr F ", "stdout P ", "stderr P "})
    if (text.starts_with(stream)) return text.remove_prefix(stream.size());
}

/// "<22>" (RFC 5424 6.2.1) and, behind it, the version "1 " when there is one.
bool skip_priority(std::string_view& text) {
  if (!text.starts_with('<')) return false;
  const auto end = text.substr(0, 5).find('>');
  if (end == std::string_view::npos || end < 2 || text.substr(1, end - 1).find_first_not_of("0123456789") != std::string_view::npos) return false;
  text.remove_prefix(end + 1);
  if (!text.starts_with("1 ")) return false;
  text.remove_prefix(2);
  return true;
}

std::string_view take_word(std::string_view& text) {
  const auto word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

/// "prog[123]:" or "prog:": the program, or nothing.
std::optional<std::string_view> program_of(std::string_view word) {
  if (word.size() < 2 || word.back() != ':') return std::nullopt;
  word.remove_suffix(1);
  if (word.back() == ']') {
    const auto bracket = word.rfind('[');
    if (bracket == std::string_view::npos) return std::nullopt;
    word = word.substr(0, bracket);
  }
  if (word.empty() || (word.front() >= '0' && word.front() <= '9') || !std::ranges::all_of(word, [](char c) { return is_name(c) || c == '(' || c == ')' || c == '@'; })) return std::nullopt;
  return word;
}

/// RFC 5424 6: HOST APP PROCID MSGID SD MSG, the stamp before them taken.
void read_rfc5424(std::string_view text, LogLine& out) {
  out.host = take_word(text);
  out.program = take_word(text);
  take_word(text);
  take_word(text);
  if (text.starts_with('[')) {  // structured data; a value may hold "]" behind a backslash only
    const auto end = text.find("] ");
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  } else if (text.starts_with("- ")) {
    text.remove_prefix(2);
  }
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  out.text = text;
}

/// A string of the export, which journald writes as an array of octets when it is not printable UTF-8.
bool take_string(const Json& object, const char* key, std::string& out) {
  const auto found = object.find(key);
  if (found == object.end()) return false;
  out.clear();
  if (found->is_string()) {
    out = found->get_ref<const std::string&>();
    return true;
  }
  if (!found->is_array()) return false;
  for (const auto& octet : *found) {
    if (!octet.is_number_unsigned() || octet.get<std::uint64_t>() > 255) return false;
    out.push_back(static_cast<char>(octet.get<std::uint64_t>()));
  }
  return true;
}

std::optional<base::WallTime> microseconds(const std::string& text) {
  std::int64_t value = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || at != text.data() + text.size() || value < 0 || value > 4'102'444'800'000'000) return std::nullopt;
  return base::WallTime{base::Milliseconds{value / 1000}};
}

}  // namespace

bool LineReader::unwrap(std::string_view line, LogLine& out) {
  if (line.find("\"MESSAGE\"") == std::string_view::npos && line.find("\"log\"") == std::string_view::npos) return false;
  if (line.size() > max_line || base::json_depth(line) > max_json_depth) return false;
  const auto object = Json::parse(line, nullptr, false);
  if (!object.is_object()) return false;
  if (take_string(object, "MESSAGE", unwrapped_)) {
    std::string stamp;
    if (take_string(object, "_SOURCE_REALTIME_TIMESTAMP", stamp)) out.time = microseconds(stamp);
    if (!out.time && take_string(object, "__REALTIME_TIMESTAMP", stamp)) out.time = microseconds(stamp);
    if (take_string(object, "_HOSTNAME", host_)) out.host = host_;
    if (take_string(object, "SYSLOG_IDENTIFIER", program_) || take_string(object, "_COMM", program_)) out.program = program_;
    out.text = unwrapped_;
    out.stamped = true;
    return true;
  }
  if (!take_string(object, "log", unwrapped_)) return false;
  std::string stamp;
  if (take_string(object, "time", stamp))
    if (const auto read = stamps_.read(stamp)) out.time = read->time;
  out.stamped = true;
  read_syslog(base::trim(unwrapped_), out);
  return true;
}

void LineReader::read_syslog(std::string_view line, LogLine& out) {
  const bool rfc5424 = skip_priority(line);
  for (int i = 0; i < max_stamps; ++i) {
    const auto stamp = stamps_.read(line);
    if (!stamp) break;
    out.time = stamp->time;  // the log's own stands behind docker's or Kubernetes'
    out.stamped = true;
    line.remove_prefix(stamp->size);
    skip_blanks(line);
    if (rfc5424) return read_rfc5424(line, out);
    skip_stream(line);
  }
  out.text = line;
  auto rest = line;
  const auto first = take_word(rest);
  if (const auto program = program_of(first); program && (out.stamped || first.ends_with("]:"))) {
    out.program = *program;
    out.text = rest;
    return;
  }
  if (!out.stamped) return;
  const auto second = take_word(rest);
  if (const auto program = program_of(second)) {
    out.host = first;
    out.program = *program;
    out.text = rest;
  }
}

LogLine LineReader::read(std::string_view line) {
  LogLine out;
  if (line.ends_with('\r')) line.remove_suffix(1);
  const char first = line.empty() ? '\0' : line.front();
  const bool plain = (first >= 'A' && first <= 'Z' && line.size() > 3 && line[3] == ' ') || (first >= '0' && first <= '9' && line.size() > 4 && line[4] == '-');
  if (!plain) {
    skip_colours(line);
    if (line.starts_with('{') && unwrap(line, out)) return out;
    skip_container(line);
  }
  read_syslog(line, out);
  return out;
}

}  // namespace fcrdns::bounce
