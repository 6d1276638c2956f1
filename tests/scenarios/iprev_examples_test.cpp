// Worlds with the iprev word expected (tests/scenarios/iprev_examples.json): through gather and verdict, no socket.
#include <gtest/gtest.h>

#include "iprev_examples.hpp"
#include "run_world.hpp"

namespace fcrdns {
namespace {

using Json = nlohmann::json;

dns::Name name_of(const std::string& text) { return dns::Name::parse(text).value(); }

class IprevExample : public testing::TestWithParam<Json> {};

}  // namespace

TEST_P(IprevExample, HasTheWordExpected) {
  const auto& example = GetParam();
  const auto& expect = example.at("expect");
  const auto result = scenarios::check(scenarios::world_of(example), example.at("ip"));
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

INSTANTIATE_TEST_SUITE_P(Every, IprevExample, testing::ValuesIn(scenarios::iprev_examples()), [](const auto& row) {
  auto id = row.param.at("id").template get<std::string>();
  std::ranges::replace(id, '-', '_');
  return id;
});

TEST(IprevExamples, NamesUnderLocalAreNeverSentOut) {
  for (const auto& example : scenarios::iprev_examples()) {
    const auto world = scenarios::world_of(example);
    resolver::Scripted resolver(world);
    (void)scenarios::gather(resolver, example.at("ip"));
    // The PTR and ten names in two families; beside them what explains a failure, whatever the number of names.
    EXPECT_LE(resolver.asked().size(), 21U + 14U) << example.at("id");
    for (const auto& question : resolver.asked())
      EXPECT_FALSE(question.name.is_within(name_of("local"))) << question.name.text();
  }
}

}  // namespace fcrdns
