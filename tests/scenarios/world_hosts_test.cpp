// Every $HOST line of every built-in world: the word, the findings and the exit code it promises, without a socket, with
// the zones' own servers asked and without; and the same report byte for byte from its recorded evidence. The lab checks
// the same lines over real sockets.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "fcrdns/base/data_files.hpp"
#include "fcrdns/evidence/file.hpp"
#include "host_options.hpp"
#include "run_world.hpp"

namespace fcrdns {
namespace {

struct Row {
  const world::World* world;
  const world::Host* host;
};

const std::vector<world::World>& worlds() {
  static const auto all = [] {
    std::vector<world::World> out;
    for (const auto name : base::data_files("worlds/")) {
      auto world = world::parse_world(*base::data_file(name));
      if (!world) throw std::runtime_error(std::string(name) + ": " + world.error().message);
      out.push_back(*std::move(world));
    }
    return out;
  }();
  return all;
}

/// Signed when the first of its hosts needs it.
const authority::SignedWorld& with_signatures(const world::World& world) {
  static std::map<const world::World*, authority::SignedWorld> made;
  const auto found = made.find(&world);
  return found != made.end() ? found->second : made.emplace(&world, scenarios::signed_world(world)).first->second;
}

std::vector<Row> rows() {
  std::vector<Row> out;
  for (const auto& world : worlds())
    for (const auto& host : world.hosts) out.push_back({&world, &host});
  return out;
}

/// Sorted ids; the note that every documentation address bears is left out, as the worlds are made of such.
std::set<std::string> finding_ids(const report::Result& result) {
  std::set<std::string> ids;
  for (const auto& finding : result.findings)
    if (finding.id != finding::Id::special_purpose_address || finding.severity == finding::Severity::error)
      ids.emplace(to_word(finding.id));
  return ids;
}

void expect(const report::Result& result, const world::Outcome& promised) {
  EXPECT_EQ(result.iprev ? std::string(to_word(*result.iprev)) : "-", promised.iprev);
  EXPECT_EQ(finding_ids(result), std::set<std::string>(promised.findings.begin(), promised.findings.end()));
  EXPECT_EQ(result.exit_code, promised.exit_code);
}

class WorldHost : public testing::TestWithParam<Row> {};

}  // namespace

TEST_P(WorldHost, IsReportedAsPromised) {
  const auto& [world, host] = GetParam();
  SCOPED_TRACE("line " + std::to_string(host->line) + ": " + host->story);
  const auto options = scenarios::options_of(*host);
  const auto result = scenarios::check_walked(with_signatures(*world), host->subject, options.evidence, options.profile);
  expect(result, {host->iprev, host->exit_code, host->findings});
  if (result.iprev != verdict::Iprev::temperror) return;
  EXPECT_EQ(scenarios::rendered(result, report::Format::text).find("no PTR"), std::string::npos) << "trouble is never no PTR";
}

TEST_P(WorldHost, IsReportedAsPromisedByTheResolverAlone) {
  const auto& [world, host] = GetParam();
  SCOPED_TRACE("line " + std::to_string(host->line) + ": " + host->story);
  const auto options = scenarios::options_of(*host);
  const auto result = scenarios::check(*world, host->subject, options.evidence, options.profile);
  expect(result, host->unwalked.value_or(world::Outcome{host->iprev, host->exit_code, host->findings}));
}

TEST_P(WorldHost, IsReportedTheSameFromRecordedEvidence) {
  const auto& [world, host] = GetParam();
  const auto options = scenarios::options_of(*host);
  scenarios::Played played(with_signatures(*world));
  const auto evidence = scenarios::gather(played.resolver(), host->subject, options.evidence);
  const auto replayed = evidence::read_entries(evidence::write_entries({evidence}));
  ASSERT_TRUE(replayed) << replayed.error().message;
  ASSERT_EQ(replayed->size(), 1U);
  const auto before = diagnosis::report_on(evidence, options.profile);
  const auto after = diagnosis::report_on(std::get<evidence::Evidence>(replayed->front()), options.profile);
  using enum report::Format;
  for (const auto format : {text, json, markdown, html, nagios})
    EXPECT_EQ(scenarios::rendered(after, format), scenarios::rendered(before, format));
}

INSTANTIATE_TEST_SUITE_P(Every, WorldHost, testing::ValuesIn(rows()), [](const auto& row) {
  auto id = std::to_string(row.index) + "_" + row.param.host->subject;
  std::ranges::replace_if(id, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return id;
});

TEST(WorldHosts, EveryFindingHasAScenario) {
  std::set<std::string> seen;
  for (const auto& [world, host] : rows()) seen.insert(host->findings.begin(), host->findings.end());
  for (const auto& world : worlds())
    for (const auto& bounce : world.bounces) seen.insert(bounce.findings.begin(), bounce.findings.end());
  // Of the mail host itself: no internet shows them, doctor's own tests do.
  using enum finding::Id;
  static constexpr std::array of_doctor{unexpected_source, source_behind_nat, random_ipv6_source, bind_not_in_force, ipv4_preference_half_fix, leaves_via_relay, local_resolver_differs};
  for (const auto id : finding::all_ids())
    EXPECT_NE(seen.contains(std::string(to_word(id))), std::ranges::find(of_doctor, id) != of_doctor.end()) << to_word(id);
}

TEST(WorldHosts, EveryFindingThatIsEasilySeenWhereItIsNotHasACounterCase) {
  std::set<std::string> ruled_out;
  for (const auto& [world, host] : rows())
    for (const auto& id : host->not_findings) {
      EXPECT_EQ(std::ranges::count(host->findings, id), 0) << host->line;
      ruled_out.insert(id);
    }
  for (const auto* id : {"ptr_missing", "ipv6_source_without_ptr", "forward_mismatch", "forward_missing", "ptr_in_forward_zone",
                         "reverse_name_wrong", "ptr_foreign_name", "ptr_on_neighbour", "ptr_generic", "wildcard_ptr",
                         "classless_broken", "reverse_not_delegated", "subject_not_found", "servers_disagree", "ttl_extreme",
                         "helo_differs", "wrong_subject", "owner_cannot_set", "authority_flaky", "helo_invalid", "spf_fail",
                         "spf_softfail", "spf_permerror", "spf_none"})
    EXPECT_TRUE(ruled_out.contains(id)) << id;
}

}  // namespace fcrdns
