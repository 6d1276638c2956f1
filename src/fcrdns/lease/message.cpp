#include "fcrdns/lease/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "fcrdns/base/text.hpp"
#include "fcrdns/sweep/units.hpp"

namespace fcrdns::lease {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view lease_schema = "fcrdns/lease/1", settings_schema = "fcrdns/lease-settings/1", result_schema = "fcrdns/lease-result/1";
constexpr std::size_t largest_message = 64 << 10;

std::string text_of(const Json& json) { return json.dump(-1, ' ', true, Json::error_handler_t::replace); }

bool is_word(std::string_view text, std::size_t longest) {
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

/// An object with exactly these members.
base::Expected<Json> read_object(std::string_view message, std::string_view schema, const std::set<std::string_view>& members) {
  if (message.size() > largest_message) return base::fault("longer than 64 KiB");
  if (base::json_depth(message) > 4) return base::fault("nested too deep");
  auto json = Json::parse(message, nullptr, false);
  if (!json.is_object()) return base::fault("not a JSON object");
  if (!json.contains("schema") || json["schema"] != schema) return base::fault(fmt::format("not of the schema {}", schema));
  for (const auto& [name, value] : json.items())
    if (name != "schema" && !members.contains(name)) return base::fault(fmt::format("has a member \"{}\"", base::escape(name, 40)));
  for (const auto name : members)
    if (!json.contains(name)) return base::fault(fmt::format("has no member \"{}\"", name));
  return json;
}

std::optional<std::uint64_t> whole(std::string_view text, std::uint64_t least, std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || value < least || value > most) return {};
  return value;
}

base::Expected<std::uint64_t> number(const Json& json, const char* name, std::uint64_t least, std::uint64_t most) {
  const auto& value = json[name];
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() < least || value.get<std::uint64_t>() > most)
    return base::fault(fmt::format("\"{}\" is no number from {} to {}", name, least, most));
  return value.get<std::uint64_t>();
}

base::Expected<std::string> text(const Json& json, const char* name, std::size_t longest) {
  const auto& value = json[name];
  if (!value.is_string() || value.get_ref<const std::string&>().size() > longest) return base::fault(fmt::format("\"{}\" is no text of at most {} octets", name, longest));
  return value.get<std::string>();
}

}  // namespace

std::string to_message(const Lease& lease) {
  Json prefixes = Json::array();
  for (const auto& prefix : lease.prefixes) prefixes.push_back(prefix.text());
  return text_of({{"schema", lease_schema}, {"prefixes", std::move(prefixes)}});
}

base::Expected<Lease> parse_lease(std::string_view message) {
  const auto json = read_object(message, lease_schema, {"prefixes"});
  if (!json) return std::unexpected(json.error());
  const auto& list = (*json)["prefixes"];
  if (!list.is_array() || list.empty() || list.size() > most_prefixes) return base::fault(fmt::format("not 1 to {} prefixes", most_prefixes));
  Lease out;
  for (const auto& entry : list) {
    if (!entry.is_string()) return base::fault("a prefix that is no text");
    auto prefix = net::Prefix::parse(entry.get_ref<const std::string&>());
    if (!prefix) return std::unexpected(prefix.error());
    out.prefixes.push_back(*prefix);
  }
  if (sweep::disjoint(out.prefixes) != out.prefixes) return base::fault("prefixes that are not in order, or one within another");
  if (addresses_of(out.prefixes) > largest_size) return base::fault(fmt::format("more than {} addresses", largest_size));
  out.id = id_of(out.prefixes);
  return out;
}

// Words, as the library sends a description as it is into JSON: neither quotes nor backslashes may stand in it.
std::string to_message(const Settings& settings) {
  return fmt::format("{} format={} max_names={} prune={} size={} hold={}", settings_schema, sweep::to_word(settings.format),
                     settings.max_names, settings.prune ? "yes" : "no", settings.size, settings.hold.count());
}

base::Expected<Settings> parse_settings(std::string_view message) {
  constexpr std::array<std::string_view, 5> names{"format", "max_names", "prune", "size", "hold"};
  const auto words = base::split(message.substr(0, 200), ' ');
  if (message.size() > 200 || words.size() != names.size() + 1 || words[0] != settings_schema) return base::fault(fmt::format("not of the schema {}", settings_schema));
  std::array<std::string_view, names.size()> values;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!words[i + 1].starts_with(names[i]) || words[i + 1].substr(names[i].size(), 1) != "=") return base::fault(fmt::format("no {}", names[i]));
    values[i] = words[i + 1].substr(names[i].size() + 1);
  }
  const auto format = sweep::parse_format(values[0]);
  if (!format) return base::fault("format is not tsv, ndjson or csv");
  if (values[2] != "yes" && values[2] != "no") return base::fault("prune is neither yes nor no");
  const auto max_names = whole(values[1], 1, 1000), size = whole(values[3], 1, largest_size), hold = whole(values[4], 1, 86'400);
  if (!max_names || !size || !hold) return base::fault("max_names, size or hold is out of bounds");
  return Settings{*format, static_cast<std::size_t>(*max_names), values[2] == "yes", *size,
                  base::Seconds{static_cast<std::int64_t>(*hold)}};
}

std::string to_message(const Result& result) {
  return text_of({{"schema", result_schema}, {"attempt", result.attempt}, {"parts", result.parts}, {"rows", result.rows}, {"machine", result.machine}});
}

base::Expected<Result> parse_result(std::string_view message) {
  const auto json = read_object(message, result_schema, {"attempt", "parts", "rows", "machine"});
  if (!json) return std::unexpected(json.error());
  const auto attempt = text(*json, "attempt", 16), machine = text(*json, "machine", 255);
  for (const auto* value : {&attempt, &machine})
    if (!*value) return std::unexpected(value->error());
  if (!is_attempt(*attempt)) return base::fault("\"attempt\" is not of 16 hexadecimal digits");
  const auto parts = number(*json, "parts", 0, most_parts), rows = number(*json, "rows", 0, largest_size);
  for (const auto* value : {&parts, &rows})
    if (!*value) return std::unexpected(value->error());
  return Result{*attempt, static_cast<std::uint32_t>(*parts), *rows, base::escape(*machine, 255)};
}

base::Expected<Names> Names::of(std::string_view scan) {
  if (!is_word(scan, 32)) return base::fault("the name of a scan is of letters, digits, - and _, at most 32");
  return Names(std::string(scan));
}

std::string Names::parts(std::string_view id, std::string_view attempt) const { return fmt::format("fcrdns.{}.rows.{}.{}.*", scan_, id, attempt); }

std::string Names::part(std::string_view id, std::string_view attempt, std::uint32_t number) const {
  return fmt::format("fcrdns.{}.rows.{}.{}.{}", scan_, id, attempt, number);
}

std::string_view id_in(std::string_view subject) {
  const auto words = base::split(subject, '.');
  return words.size() == 4 && words[0] == "fcrdns" && words[2] == "done" && is_word(words[3], 128) ? words[3] : std::string_view();
}

std::string_view attempt_in(std::string_view subject) {
  const auto words = base::split(subject, '.');
  return words.size() == 6 && words[0] == "fcrdns" && words[2] == "rows" && is_attempt(words[4]) ? words[4] : std::string_view();
}

bool is_attempt(std::string_view text) {
  return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

}  // namespace fcrdns::lease
