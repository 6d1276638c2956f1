// The journal's text: one JSON object, strictly read.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "fcrdns/apply/journal.hpp"
#include "fcrdns/base/text.hpp"

namespace fcrdns::apply {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::string_view schema = "fcrdns/journal/1";
constexpr std::size_t max_octets = 1 << 20, max_depth = 16, max_records = 256;
constexpr Phase phases[] = {Phase::begun, Phase::done, Phase::undone};

Json to_json(const dns::Record& record) {
  return {{"name", record.owner.text()}, {"type", dns::to_text(record.type)}, {"ttl", record.ttl}, {"data", dns::to_text(record.type, record.data)}};
}

/// What is missing or of another kind is a Fault that names it.
template <typename T>
base::Expected<T> field(const Json& json, const char* key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  if (found == json.end()) return base::fault(fmt::format("lacks \"{}\"", key));
  try {
    return found->get<T>();
  } catch (const nlohmann::json::exception&) {
    return base::fault(fmt::format("\"{}\" is of another kind", key));
  }
}

base::Expected<dns::Record> record_of(const Json& json) {
  const auto name = field<std::string>(json, "name"), type = field<std::string>(json, "type"), data = field<std::string>(json, "data");
  const auto ttl = field<std::uint32_t>(json, "ttl");
  for (const auto* text : {&name, &type, &data})
    if (!*text) return base::fault("a record " + text->error().message);
  if (!ttl) return base::fault("a record " + ttl.error().message);
  auto owner = dns::Name::parse(*name);
  if (!owner) return base::fault(owner.error().message);
  const auto kind = dns::parse_type(*type);
  if (!kind) return base::fault(kind.error().message);
  auto content = dns::parse_rdata(*kind, *data, dns::Name());
  if (!content) return base::fault(content.error().message);
  return dns::Record{*std::move(owner), *kind, dns::Class::in, *ttl, *std::move(content)};
}

base::Expected<Entry> entry_of(const Json& json) {
  const auto backend = field<std::string>(json, "backend"), handle = field<std::string>(json, "handle");
  const auto phase = field<std::string>(json, "phase"), time = field<std::string>(json, "time");
  for (const auto* text : {&backend, &handle, &phase, &time})
    if (!*text) return base::fault(text->error().message);
  const auto wanted = field<Json>(json, "record"), before = field<Json>(json, "before");
  if (!wanted || !before || !before->is_array() || before->size() > max_records) return base::fault("lacks \"record\" or \"before\"");
  Entry out{.backend = *backend, .before = {.records = {}, .handle = *handle}};
  auto record = record_of(*wanted);
  if (!record) return base::fault(record.error().message);
  out.record = *std::move(record);
  for (const auto& each : *before) {
    auto old = record_of(each);
    if (!old) return base::fault(old.error().message);
    out.before.records.push_back(*std::move(old));
  }
  const auto known = std::ranges::find(phases, *phase, [](Phase each) { return to_word(each); });
  if (known == std::end(phases)) return base::fault("\"phase\" is no such word");
  out.phase = *known;
  const auto when = base::parse_rfc3339(*time);
  if (!when) return base::fault(when.error().message);
  out.time = *when;
  return out;
}

}  // namespace

std::string_view to_word(Phase phase) {
  switch (phase) {
    case Phase::begun: return "begun";
    case Phase::done: return "done";
    case Phase::undone: return "undone";
  }
  return "";
}

std::string write_story(const Story& story) {
  Json json{{"schema", schema}, {"address", story.goal.address.text()}, {"hostname", story.goal.name.text()},
            {"forward_hold", story.forward_hold}, {"reverse_hold", story.reverse_hold}};
  // Never early: whoever waits counts from it how long caches may hold what was wrong.
  if (story.verified) json["verified"] = base::to_rfc3339(std::chrono::ceil<base::Seconds>(*story.verified));
  for (const auto& [part, entry] : story.parts) {
    auto before = Json::array();
    for (const auto& record : entry.before.records) before.push_back(to_json(record));
    json[std::string(to_word(part))] = {{"backend", entry.backend}, {"phase", to_word(entry.phase)}, {"time", base::to_rfc3339(entry.time)},
                                        {"record", to_json(entry.record)}, {"before", std::move(before)}, {"handle", entry.before.handle}};
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

base::Expected<Story> read_story(std::string_view text) {
  if (text.size() > max_octets || base::json_depth(text) > max_depth) return base::fault("is no journal of fcrdns");
  const auto json = Json::parse(text, nullptr, false);
  if (field<std::string>(json, "schema").value_or("") != schema) return base::fault(fmt::format("is no journal of fcrdns ({})", schema));
  const auto address = field<std::string>(json, "address"), hostname = field<std::string>(json, "hostname");
  if (!address || !hostname) return base::fault("lacks \"address\" or \"hostname\"");
  const auto where = net::Address::parse(*address);
  if (!where) return base::fault(where.error().message);
  auto name = dns::Name::parse(*hostname);
  if (!name) return base::fault(name.error().message);
  Story out{.goal = {*where, *std::move(name)}};
  out.forward_hold = field<std::uint32_t>(json, "forward_hold").value_or(0);
  out.reverse_hold = field<std::uint32_t>(json, "reverse_hold").value_or(0);
  if (const auto verified = field<std::string>(json, "verified")) {
    const auto when = base::parse_rfc3339(*verified);
    if (!when) return base::fault(when.error().message);
    out.verified = *when;
  }
  for (const auto part : {Part::forward, Part::ptr}) {
    const std::string key(to_word(part));
    if (!json.contains(key)) continue;
    auto entry = entry_of(json[key]);
    if (!entry) return base::fault(fmt::format("{}: {}", key, entry.error().message));
    out.parts.emplace(part, *std::move(entry));
  }
  return out;
}

}  // namespace fcrdns::apply
