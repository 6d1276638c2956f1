// A profile moves severities, never the word and never what was found: every host of every world, seen through each.
#include <gtest/gtest.h>

#include <algorithm>

#include "fcrdns/base/data_files.hpp"
#include "host_options.hpp"
#include "run_world.hpp"

namespace fcrdns {
namespace {

using finding::Id;
using finding::Profile;
using finding::Severity;

std::vector<Id> ids(const report::Result& result) {
  std::vector<Id> out;
  for (const auto& finding : result.findings) out.push_back(finding.id);
  return out;
}

/// What RFC 8601 alone makes of the word.
int exit_by_word(const report::Result& result) {
  if (!result.iprev) return report::ok;
  switch (*result.iprev) {
    case verdict::Iprev::pass: return report::ok;
    case verdict::Iprev::temperror: return report::undetermined;
    case verdict::Iprev::fail: case verdict::Iprev::permerror: break;
  }
  return report::failed;
}

void expect_profiles(const evidence::Evidence& evidence) {
  const auto plain = diagnosis::report_on(evidence);
  for (const auto profile : {Profile::rfc8601, Profile::strict_all_ptr, Profile::helo_equal, Profile::non_generic}) {
    SCOPED_TRACE(to_word(profile));
    const auto result = diagnosis::report_on(evidence, profile);
    EXPECT_EQ(result.iprev, plain.iprev);
    if (profile != Profile::strict_all_ptr) {
      EXPECT_EQ(ids(result), ids(plain));
    }
    for (const auto& finding : result.findings) {
      const bool raised_by_none = profile == Profile::rfc8601 && finding.id != Id::subject_not_found;
      EXPECT_FALSE(raised_by_none && finding.severity == Severity::error) << to_word(finding.id);
    }
    const bool open = std::ranges::any_of(result.findings, [](const auto& f) { return f.severity == Severity::undetermined; });
    if (profile == Profile::rfc8601 && result.iprev && evidence.subject.kind != subject::Kind::domain && !open) {
      EXPECT_EQ(result.exit_code, exit_by_word(result));
    }
  }
}

TEST(Profiles, MoveSeveritiesAndNothingElse) {
  for (const auto name : base::data_files("worlds/")) {
    const auto world = world::parse_world(*base::data_file(name)).value();
    for (const auto& host : world.hosts) {
      SCOPED_TRACE("line " + std::to_string(host.line) + ": " + host.subject);
      resolver::Scripted resolver(world);
      expect_profiles(scenarios::gather(resolver, host.subject, scenarios::options_of(host).evidence));
    }
  }
}

}  // namespace
}  // namespace fcrdns
