// Every $BOUNCE line of the lab's world: the report that a mail server would send, read, checked and concluded from,
// without a socket. The lab does the same over real ones.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "fcrdns/base/data_files.hpp"
#include "fcrdns/bounce/message.hpp"
#include "fcrdns/evidence/file.hpp"
#include "fcrdns/explanation/render.hpp"
#include "run_world.hpp"

namespace fcrdns {
namespace {

using explanation::Conclusion;

std::string date(base::WallTime time) {
  const auto utc = base::to_rfc3339(time);
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{} {} {} {} +0000", utc.substr(8, 2), months.at(std::stoul(utc.substr(5, 2)) - 1), utc.substr(0, 4), utc.substr(11, 8));
}

/// RFC 3464, as short as it may be.
std::string report_of(const world::Bounce& bounce) {
  return fmt::format(
      "From: MAILER-DAEMON@{0}\nTo: {4}\n{1}Subject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nSorry.\n\n"
      "--b\nContent-Type: message/delivery-status\n\n{2}\nFinal-Recipient: rfc822; a@receiver.example\nAction: failed\n"
      "Status: 5.0.0\nDiagnostic-Code: smtp; {3}\n\n--b--\n",
      bounce.host.empty() ? "localhost" : bounce.host, bounce.ago ? "Date: " + date(scenarios::some_time - *bounce.ago) + "\n" : "",
      bounce.host.empty() ? "Reporting-MTA: dns; localhost\n" : "Reporting-MTA: dns; " + bounce.host + "\n", bounce.reply,
      bounce.sender.empty() ? "sender@localhost" : bounce.sender);
}

const world::World& lab() {
  static const auto world = world::parse_world(*base::data_file("worlds/lab.world")).value();
  return world;
}
const authority::SignedWorld& signed_lab() {
  static const auto world = scenarios::signed_world(lab());
  return world;
}

/// The evidence of the topic's check; empty when there is nothing to look up.
std::optional<evidence::Evidence> gathered(const explanation::Topic& topic) {
  evidence::Options options;
  options.blame = topic.blame;
  options.mail_from = explanation::envelope_sender(topic.latest);
  if (!topic.address && !topic.blame.sending_host) return std::nullopt;
  if (!topic.address) options.as = subject::As::host;
  scenarios::Played played(signed_lab());
  return scenarios::gather(played.resolver(), topic.address ? topic.address->text() : topic.blame.sending_host->text(), options);
}

std::set<std::string> finding_ids(const report::Result& result) {
  std::set<std::string> ids;
  for (const auto& finding : result.findings)
    if (finding.id != finding::Id::special_purpose_address || finding.severity == finding::Severity::error) ids.emplace(to_word(finding.id));
  return ids;
}

class WorldBounce : public testing::TestWithParam<world::Bounce> {};

}  // namespace

TEST_P(WorldBounce, ComesToWhatItPromises) {
  const auto* bounce = &GetParam();
  SCOPED_TRACE("line " + std::to_string(bounce->line) + ": " + bounce->story);
  explanation::Collector collector;
  bounce::Options options{.now = scenarios::some_time};
  const std::string source = "bounce.eml";
  bounce::read_message(report_of(*bounce), {source}, options, collector);
  explanation::Explanation told{.summary = collector.take(), .now = scenarios::some_time};
  ASSERT_EQ(told.summary.messages, 1U);

  std::set<std::string> ids;
  for (const auto& topic : told.summary.topics) {
    auto facts = gathered(topic);
    if (!facts) {
      ++told.unchecked;
      continue;
    }
    // What was recorded tells the same.
    const auto replayed = evidence::read_entries(evidence::write_entries({*facts}));
    ASSERT_TRUE(replayed) << replayed.error().message;
    EXPECT_EQ(std::get<evidence::Evidence>(replayed->front()).blame, facts->blame);
    explanation::Explained explained{&topic, diagnosis::report_on(std::get<evidence::Evidence>(replayed->front())), {}};
    explained.conclusion = explanation::conclude(explained.result);
    explained.result.preface = explanation::preface(explained, told.now);
    ids = finding_ids(explained.result);
    told.explained.push_back(std::move(explained));
  }
  told.conclusion = explanation::conclude(told.summary, told.explained, told.unchecked);
  told.exit_code = explanation::exit_code(*told.conclusion, told.summary);
  EXPECT_EQ(to_word(*told.conclusion), bounce->conclusion);
  EXPECT_EQ(told.exit_code, bounce->exit_code);
  EXPECT_EQ(ids, std::set<std::string>(bounce->findings.begin(), bounce->findings.end()));
  for (const auto format : {report::Format::text, report::Format::markdown, report::Format::html})
    EXPECT_FALSE(explanation::render(told, format, {}).empty());
}

INSTANTIATE_TEST_SUITE_P(Every, WorldBounce, testing::ValuesIn(lab().bounces));

TEST(WorldBounces, EveryConclusionHasAScenario) {
  std::set<std::string> seen;
  for (const auto& bounce : lab().bounces) seen.insert(bounce.conclusion);
  for (auto i = 0; i <= static_cast<int>(Conclusion::not_reverse_dns); ++i)
    EXPECT_TRUE(seen.contains(std::string(to_word(static_cast<Conclusion>(i))))) << to_word(static_cast<Conclusion>(i));
}

}  // namespace fcrdns
