// One address: `fcrdns ptr ADDRESS [HOSTNAME]`.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "fcrdns/generator/pair.hpp"
#include "fcrdns/net/special_purpose.hpp"
#include "fcrdns/ptr/jobs.hpp"
#include "fcrdns/report/json_parts.hpp"

namespace fcrdns::ptr {
namespace {

using generator::Relative;
using Json = nlohmann::ordered_json;

std::vector<Relative> places_of(const dns::Record& record, const net::Address& address) {
  return record.type == dns::Type::ptr ? generator::in_reverse_zones(address) : generator::in_forward_zones(record.owner);
}

Json to_json(const std::vector<Relative>& places) {
  auto out = Json::array();
  for (const auto& place : places) out.push_back({{"zone", place.zone.text()}, {"relative_name", place.name}});
  return out;
}

std::string document(const net::Address& address, std::span<const dns::Record> records) {
  Json out{{"schema", "fcrdns/ptr/1"}, {"address", address.text()}, {"reverse_name", net::reverse_name(address)}, {"records", Json::array()}};
  for (const auto& record : records)
    out["records"].push_back({{"name", record.owner.text()},
                              {"type", to_text(record.type)},
                              {"ttl", record.ttl},
                              {"data", to_text(record.type, record.data)},
                              {"relative", to_json(places_of(record, address))}});
  out["zones"] = to_json(generator::in_reverse_zones(address));
  return report::dump(out) + "\n";
}

/// A line per record; verbose: below it, as comments, what a panel wants to know.
std::string lines(const net::Address& address, std::span<const dns::Record> records, bool verbose) {
  std::string out;
  for (const auto& record : records) {
    out += to_text(record) + "\n";
    if (!verbose) continue;
    std::size_t width = 0;
    const auto places = places_of(record, address);
    for (const auto& place : places) width = std::max(width, place.zone.text().size());
    for (const auto& place : places) out += fmt::format("; in zone {:<{}}  {}\n", place.zone.text(), width, place.name);
  }
  return out;
}

/// The zone a record is entered in: the longest one given that holds it, else the one it mostly is.
dns::Name zone_for(const dns::Record& record, const net::Address& address, const Options& options, bool& guessed) {
  const dns::Name* best = nullptr;
  for (const auto& zone : options.zones)
    if (record.owner.is_within(zone) && (best == nullptr || zone.label_count() > best->label_count())) best = &zone;
  if (best != nullptr) return *best;
  guessed = true;
  const auto places = places_of(record, address);
  return record.type == dns::Type::ptr || places.size() < 2 ? places.front().zone : places[1].zone;
}

void write_pair(std::span<const dns::Record> records, const net::Address& address, const Options& options, report::Output& output) {
  const auto writer = generator::make_writer(format_of(options), sink_to(output));
  std::string guesses;
  for (const auto& record : records) {
    bool guessed = false;
    const auto zone = zone_for(record, address, options, guessed);
    if (guessed) guesses += (guesses.empty() ? "" : " and ") + zone.text();
    writer->begin_zone({zone, options.ttl, {}, {}, {}});
    writer->record(record);
    writer->end_zone();
  }
  writer->end();
  if (options.format == generator::Format::terraform)
    report::say(fmt::format("this sets all {} records of {}; if it has other addresses, add those", to_text(records.back().type), records.back().owner.text()));
  if (!guesses.empty()) report::say(fmt::format("taken as zones: {}; if yours are others, name them with --zone", guesses));
}

/// What will not come true as the user thinks.
void warn(const net::Address& address, const dns::Name& host) {
  const auto special = net::SpecialPurposeTable::built_in().find(address);
  if (special && special->treatment == net::Treatment::not_asked)
    report::say(fmt::format("{} is {}: no public PTR is possible, these serve in your own network only", address.text(), special->name));
  if (host.text().find('_') != std::string::npos) report::say(fmt::format("{}: no host name has an underscore; receivers may not take it", host.text()));
}

}  // namespace

int show_address(const Words& words, const Options& options) {
  const auto& address = words.block.base;
  if (words.hosts.size() > 1) return refuse(words.hosts[1].text() + ": one host name to an address");
  if (words.hosts.size() == 1 && words.hosts.front().label_count() < 2) return refuse(words.hosts.front().text() + ": give the full name of the host");
  report::Output output(options.quiet);
  if (words.hosts.empty()) {
    if (options.format && !options.json && *options.format != generator::Format::bind) return refuse("without a host name there is no record to write; give it too");
    if (options.json) output.write(document(address, {}));
    else output.write((words.kind == Kind::reverse_name ? address.text() : net::reverse_name(address)) + "\n");
    return written(output);
  }
  warn(address, words.hosts.front());
  const auto records = generator::record_pair(address, words.hosts.front(), options.ttl);
  if (options.json) output.write(document(address, records));
  else if (format_of(options) == generator::Format::bind) output.write(lines(address, records, options.verbose));
  else write_pair(records, address, options, output);
  return written(output);
}

}  // namespace fcrdns::ptr
