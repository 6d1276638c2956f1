#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "fcrdns/report/report.hpp"

namespace fcrdns::report {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr base::WallTime now{base::Milliseconds{1'795'266'120'000}};  // 2026-11-21T13:02:00Z

Result passing(std::size_t count) {
  Result result;
  result.evidence.subject.text = "mail.example.com";
  for (std::size_t i = 0; i < count; ++i) {
    auto& at = result.evidence.addresses.emplace_back();
    at.address = net::Address::v4({203, 0, 113, static_cast<std::uint8_t>(i)});
    at.names.push_back({.name = dns::Name::parse("mail.example.com").value()});
    result.verdicts.push_back({verdict::Iprev::pass, 0});
    result.owners.emplace_back();
  }
  if (count > 0) result.iprev = verdict::Iprev::pass;
  return result;
}

finding::Finding found(finding::Id id, finding::Severity severity, finding::Arguments arguments = {}) {
  return {id, severity, net::Address::v4({203, 0, 113, 0}), std::move(arguments)};
}

}  // namespace

TEST(ClockText, SaysLocalTimeAndHowLongBesideUtc) {
  ::setenv("TZ", "XST-1", 1);  // an hour east of Greenwich
  ::tzset();
  EXPECT_EQ(clock_text(now + minutes{25}, now), "13:27 UTC (14:27 here, in 25 min)");
  EXPECT_EQ(clock_text(now + minutes{25} + base::Seconds{1}, now), "13:28 UTC (14:28 here, in 26 min)") << "never too early";
  EXPECT_EQ(clock_text(now, now), "13:02 UTC (14:02 here, now)");
  EXPECT_EQ(clock_text(now + hours{10}, now), "23:02 UTC (2026-11-22 00:02 here, in 10 h)");
  EXPECT_EQ(clock_text(now + hours{3} + minutes{20}, now), "16:22 UTC (17:22 here, in 3 h 20 min)");
  EXPECT_EQ(clock_text(now + hours{72}, now), "2026-11-24 13:02 UTC (2026-11-24 14:02 here, in 3 days)");
  ::setenv("TZ", "UTC0", 1);
  ::tzset();
  EXPECT_EQ(clock_text(now + minutes{25}, now), "13:27 UTC (in 25 min)");
}

TEST(Headline, OfWhatIsRight) {
  EXPECT_EQ(headline(passing(1)), "203.0.113.0 is forward-confirmed: mail.example.com. leads back to it.");
  EXPECT_EQ(headline(passing(2)), "Both addresses of mail.example.com are forward-confirmed.");
  auto generic = passing(1);
  generic.findings.push_back(found(finding::Id::ptr_generic, finding::Severity::warning));
  EXPECT_EQ(headline(generic), "203.0.113.0 confirms, under your provider's default name. Gmail's rule is met; receivers that "
                               "refuse generic names may not take your mail.");
}

TEST(Headline, OfAnAuthorityThatIsRightAlready) {
  auto result = passing(1);
  result.iprev = verdict::Iprev::permerror;
  result.verdicts[0] = {verdict::Iprev::permerror, {}};
  result.exit_code = failed;
  result.findings.push_back(found(finding::Id::stale_cache, finding::Severity::info));
  EXPECT_TRUE(headline(result).ends_with("Nothing needs to be changed.")) << headline(result);
}

TEST(Headline, OfServersProvenBadIsNotNothingProven) {
  auto result = passing(1);
  result.iprev = verdict::Iprev::temperror;
  result.verdicts[0] = {verdict::Iprev::temperror, {}};
  result.exit_code = undetermined;
  result.findings.push_back(found(finding::Id::reverse_unreachable, finding::Severity::undetermined, {{"form", "broken"}}));
  EXPECT_EQ(headline(result).find("Nothing is proven"), std::string::npos);
  const auto plugin = make_renderer(Format::nagios, {});
  (void)plugin->result(result);
  EXPECT_TRUE(plugin->end(undetermined).starts_with("FCRDNS CRITICAL"));
  result.findings.front().arguments.clear();
  EXPECT_NE(headline(result).find("Nothing is proven"), std::string::npos);
}

TEST(Headline, CountsAPrefix) {
  auto result = passing(6);
  result.evidence.subject.kind = subject::Kind::prefix;
  result.evidence.subject.prefix = net::Prefix::parse("203.0.113.0/29").value();
  EXPECT_EQ(headline(result), "6 addresses (.0 and .7 left out). All confirm.");
  result.verdicts[1].iprev = verdict::Iprev::permerror;
  result.verdicts[2].iprev = verdict::Iprev::fail;
  result.iprev = verdict::Iprev::fail;
  result.exit_code = failed;
  result.findings.push_back(found(finding::Id::ptr_missing, finding::Severity::error));
  EXPECT_EQ(headline(result), "6 addresses (.0 and .7 left out). 1 has no PTR, 1 does not lead back, 4 confirm. Gmail and others "
                              "refuse their mail (550 5.7.25).");
}

TEST(Headline, OfADomainWhoseReceiversAloneFail) {
  auto result = passing(2);
  result.evidence.subject.kind = subject::Kind::domain;
  result.evidence.subject.text = "example.com";
  result.iprev = verdict::Iprev::permerror;
  result.verdicts[1].iprev = verdict::Iprev::permerror;
  result.evidence.addresses[1].from = {"mx"};
  result.evidence.addresses[0].from = {"spf:a"};
  EXPECT_EQ(headline(result), "What example.com names as senders confirms. Some mail hosts that only receive (MX) do not, and need not.");
}

TEST(Notes, SayWhatWasNotLookedAt) {
  auto result = passing(1);
  EXPECT_EQ(notes(result).size(), 1U) << "no walk";
  result.iprev = verdict::Iprev::permerror;
  result.evidence.addresses[0].ptr.status = dns::Status::nxdomain;
  result.evidence.addresses[0].names.clear();
  const auto open = notes(result);
  EXPECT_NE(std::ranges::find_if(open, [](const auto& note) { return note.find("add --domain") != note.npos; }), open.end());
  result.evidence.domain = dns::Name::parse("example.com").value();
  const auto looked = notes(result);
  EXPECT_EQ(std::ranges::find_if(looked, [](const auto& note) { return note.find("add --domain") != note.npos; }), looked.end());
}

}  // namespace fcrdns::report
