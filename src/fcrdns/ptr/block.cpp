// A block: `fcrdns ptr PREFIX`, with --nameserver, with --name-template.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "fcrdns/net/reverse_zone.hpp"
#include "fcrdns/ptr/jobs.hpp"
#include "fcrdns/report/json_parts.hpp"

namespace fcrdns::ptr {
namespace {

using Json = nlohmann::ordered_json;

bool is_part_of_a_zone(const net::Prefix& block) { return block.base.is_v4() && block.length > 24; }

std::string zones_as_json(const net::Prefix& block) {
  Json out{{"schema", "fcrdns/ptr/1"}, {"prefix", block.text()}, {"zones", Json::array()}};
  for (const auto& zone : net::covering_zones(block)) out["zones"].push_back({{"zone", net::reverse_zone_name(zone)}, {"prefix", zone.text()}});
  return report::dump(out) + "\n";
}

int list_zones(const Words& words, const Options& options) {
  report::Output output(options.quiet);
  if (options.json) output.write(zones_as_json(words.block));
  else if (words.kind == Kind::zone_name) output.write(words.block.text() + "\n");
  else
    for (const auto& zone : net::covering_zones(words.block)) output.write(net::reverse_zone_name(zone) + "\n");
  if (is_part_of_a_zone(words.block))
    report::say(fmt::format("{} is a part of that zone; to have it alone handed on: fcrdns ptr --classless {}", words.block.text(), words.block.text()));
  return written(output);
}

int hand_on(const Words& words, const Options& options) {
  const auto records = generator::delegations(words.block, head_of(options));
  if (!records) return refuse(records.error().message);
  report::Output output(options.quiet);
  if (!options.format && !options.json) {
    std::string text;
    for (const auto& record : *records) text += to_text(record) + "\n";
    output.write(text);
    return written(output);
  }
  const auto writer = generator::make_writer(format_of(options), sink_to(output));
  writer->begin_zone({records->front().owner.parent(), options.ttl, {}, {}, fmt::format("what the keeper of this zone enters to hand on {}", words.block.text())});
  for (const auto& record : *records) writer->record(record);
  writer->end_zone();
  writer->end();
  return written(output);
}

int name_each(const Words& words, const Options& options) {
  const auto names = generator::NameTemplate::parse(*options.name_template, words.block.base.family());
  if (!names) return refuse("--name-template " + names.error().message);
  if (is_part_of_a_zone(words.block) && !options.nameservers.empty())
    return refuse(fmt::format("{} is a part of a zone, so records only: leave --nameserver out, or see fcrdns ptr --classless {}", words.block.text(),
                              words.block.text()));
  report::Output output(options.quiet);
  const auto writer = generator::make_writer(format_of(options), sink_to(output));
  const auto done = generator::write_ptrs(words.block, *names, head_of(options), *writer);
  if (!done) return refuse(done.error().message);
  writer->end();
  return written(output);
}

}  // namespace

int show_block(const Words& words, const Options& options) {
  if (!words.hosts.empty())
    return refuse(fmt::format("{}: a host name goes with one address; name servers stand behind --nameserver, names for a block in --name-template",
                              words.hosts.front().text()));
  if (options.name_template) return name_each(words, options);
  if (!options.nameservers.empty()) return hand_on(words, options);
  // Reverse zones of so many digits are rare, addresses whose zeros were lost are not.
  if (words.kind == Kind::zone_name && words.block.base.is_v6() && words.block.length > 64)
    return refuse(net::parse_reverse_name(words.text).error().message);
  if (options.format && !options.json) return refuse("zones alone are no records; give --nameserver or --name-template too");
  return list_zones(words, options);
}

}  // namespace fcrdns::ptr
