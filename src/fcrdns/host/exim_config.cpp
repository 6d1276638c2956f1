#include "fcrdns/host/exim_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::host::exim {
namespace {

constexpr std::size_t max_drivers = 1'000;

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string_view take_name(std::string_view& text) {
  text = base::trim(text);
  std::size_t end = 0;
  while (end < text.size() && is_name(text[end])) ++end;
  const auto name = text.substr(0, end);
  text = base::trim(text.substr(end));
  return name;
}

/// "quoted": \n, \t, \", \\ and octets by number are resolved.
std::string without_quotes(std::string_view text) {
  if (!text.starts_with('"')) return std::string(text);
  std::string out;
  for (std::size_t i = 1; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    out += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
  }
  return out;
}

/// Of what stands behind "NAME =". Where one macro makes it, that is what a person edits.
Option option_of(std::string_view value, const Line& line) {
  return {without_quotes(value), line.macros.size() == 1 ? line.macros.front() : line.origin};
}

/// "name = value", "name", "no_name", "not_name", "hide name = value".
void read_option(const Line& line, Options& options) {
  std::string_view rest = line.text;
  auto name = take_name(rest);
  if (name == "hide") name = take_name(rest);
  if (name.empty()) return;
  if (rest.starts_with('=')) {
    options.insert_or_assign(std::string(name), option_of(base::trim(rest.substr(1)), line));
    return;
  }
  bool on = true;
  for (const std::string_view no : {"no_", "not_"})
    if (name.starts_with(no)) {
      name.remove_prefix(no.size());
      on = false;
      break;
    }
  options.insert_or_assign(std::string(name), Option{on ? "true" : "false", line.origin});
}

bool is_domain_list(const Line& line, Options& lists) {
  std::string_view rest = line.text;
  auto kind = take_name(rest);
  if (kind == "hide") kind = take_name(rest);
  if (kind != "domainlist" && kind != "hostlist" && kind != "addresslist" && kind != "localpartlist") return false;
  auto name = take_name(rest);
  if (name == "_cache" || name == "cache") name = take_name(rest);
  if (kind == "domainlist" && !name.empty() && rest.starts_with('='))
    lists.insert_or_assign(std::string(name), option_of(base::trim(rest.substr(1)), line));
  return true;
}

/// "name:" begins a router or a transport.
bool begins_driver(const Line& line, std::vector<Driver>& drivers) {
  std::string_view rest = line.text;
  const auto name = take_name(rest);
  if (name.empty() || !rest.starts_with(':')) return false;
  if (drivers.size() < max_drivers) drivers.push_back({std::string(name), line.origin, {}});
  return true;
}

}  // namespace

const Option* Driver::find(std::string_view option) const {
  const auto found = options.find(option);
  return found == options.end() ? nullptr : &found->second;
}
std::string_view Driver::text(std::string_view option) const {
  const auto* const found = find(option);
  return found == nullptr ? std::string_view{} : std::string_view(found->value);
}
bool Driver::is_set(std::string_view option) const {
  const auto value = text(option);
  return value == "true" || value == "yes";
}
const Driver* Config::transport(std::string_view name) const {
  const auto found = std::ranges::find(transports, name, &Driver::name);
  return found == transports.end() ? nullptr : &*found;
}

Config read_config(Lines lines) {
  Config config;
  config.problems = std::move(lines.problems);
  for (const auto& macro : lines.macros)
    if (macro.name == "MAIN_PACKAGE_VERSION") config.package_version = macro.text;
  std::string section;
  for (const auto& line : lines.lines) {
    if (const auto words = base::words(line.text); words.size() == 2 && base::equals_ignoring_case(words.front(), "begin")) {
      section = base::to_lower(words.back());
      continue;
    }
    if (section.empty()) {
      if (!is_domain_list(line, config.domain_lists)) read_option(line, config.main);
    } else if (section == "routers" || section == "transports") {
      auto& drivers = section == "routers" ? config.routers : config.transports;
      if (!begins_driver(line, drivers) && !drivers.empty()) read_option(line, drivers.back().options);
    }
  }
  return config;
}

std::vector<std::string> split_list(std::string_view text) {
  char separator = ':';
  text = base::trim(text);
  if (text.size() >= 2 && text[0] == '<' && std::ispunct(static_cast<unsigned char>(text[1])) != 0) {
    separator = text[1];
    text.remove_prefix(2);
  }
  std::vector<std::string> items;
  std::string item;
  const auto put = [&] {
    if (const auto word = base::trim(item); !word.empty()) items.emplace_back(word);
    item.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != separator) item += text[i];
    else if (i + 1 < text.size() && text[i + 1] == separator) item += text[i++];
    else put();
  }
  put();
  return items;
}

}  // namespace fcrdns::host::exim
