// Worlds with the iprev word expected (tests/scenarios/iprev_examples.json): through gather and verdict, no socket.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "fcrdns/base/text.hpp"
#include "run_world.hpp"

namespace fcrdns {
namespace {

using Json = nlohmann::json;

std::vector<Json> examples() {
  std::ifstream file(FCRDNS_SOURCE_DIR "/tests/scenarios/iprev_examples.json");
  return Json::parse(file).get<std::vector<Json>>();
}

dns::Name name_of(const std::string& text) { return dns::Name::parse(text).value(); }

/// One flat zone at the root holds everything: the examples are about outcomes, not about delegations.
world::World world_of(const Json& example) {
  world::World world;
  auto& zone = world.zones.emplace_back();
  for (const auto& [owner, entry] : example.at("zone").items()) {
    if (!entry.is_object()) continue;  // "NXDOMAIN": absent
    const base::Milliseconds delay{entry.value("delay_ms", 0)};
    for (const auto& [word, value] : entry.items()) {
      const auto type = dns::parse_type(word);
      if (!type) continue;  // "via-DNAME" explains the DNAME that stands beside it; "delay_ms"
      if (delay.count() > 0) zone.behaviours[{name_of(owner), *type}] = {.delay = delay};
      const bool one = value.is_string();
      const auto failure = world::parse_failure(one ? base::to_lower(value.get<std::string>()) : "");
      if (failure) {
        zone.behaviours[{name_of(owner), *type}] = {*failure, delay};
        continue;
      }
      if (value == "NODATA") {  // the name exists: something of another type stands there
        zone.records.push_back({name_of(owner), dns::Type::txt, dns::Class::in, 300, dns::Txt{{"here"}}});
        continue;
      }
      for (const auto& data : one ? std::vector<std::string>{value} : value.get<std::vector<std::string>>())
        zone.records.push_back({name_of(owner), *type, dns::Class::in, 300, dns::parse_rdata(*type, data, dns::Name()).value()});
    }
  }
  return world;
}

class IprevExample : public testing::TestWithParam<Json> {};

}  // namespace

TEST_P(IprevExample, HasTheWordExpected) {
  const auto& example = GetParam();
  const auto& expect = example.at("expect");
  const auto result = scenarios::check(world_of(example), example.at("ip"));
  ASSERT_TRUE(result.iprev);
  if (expect.at("iprev") == "skip") {  // not asked: a receiver accepts, a check explains
    EXPECT_EQ(to_word(*result.iprev), "permerror");
    EXPECT_EQ(result.findings.front().id, finding::Id::special_purpose_address);
    EXPECT_EQ(result.evidence.addresses.front().ptr.status, dns::Status::not_asked);
    return;
  }
  EXPECT_EQ(to_word(*result.iprev), expect.at("iprev").get<std::string>());
  const auto confirmed = result.verdicts.front().confirmed;
  if (expect.at("match").is_null()) EXPECT_FALSE(confirmed);
  else EXPECT_EQ(result.evidence.addresses.front().names.at(confirmed.value()).name.text(), expect.at("match").get<std::string>());
}

INSTANTIATE_TEST_SUITE_P(Every, IprevExample, testing::ValuesIn(examples()), [](const auto& row) {
  auto id = row.param.at("id").template get<std::string>();
  std::ranges::replace(id, '-', '_');
  return id;
});

TEST(IprevExamples, NamesUnderLocalAreNeverSentOut) {
  for (const auto& example : examples()) {
    const auto world = world_of(example);
    resolver::Scripted resolver(world);
    (void)scenarios::gather(resolver, example.at("ip"));
    // The PTR and ten names in two families; beside them what explains a failure, whatever the number of names.
    EXPECT_LE(resolver.asked().size(), 21U + 14U) << example.at("id");
    for (const auto& question : resolver.asked())
      EXPECT_FALSE(question.name.is_within(name_of("local"))) << question.name.text();
  }
}

}  // namespace fcrdns
