#include "fcrdns/explanation/summary.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/classify.hpp"
#include "fcrdns/explanation/blocks.hpp"
#include "fcrdns/explanation/conclusion.hpp"

namespace fcrdns::explanation {
namespace {

using bounce::Cause;
using bounce::Claim;
using bounce::Direction;

constexpr base::WallTime noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + std::chrono::hours{12}};

Claim refused(Cause cause, std::optional<std::string_view> address = {}, base::Seconds after = {}) {
  Claim claim{.source = "mail.log", .line = 1, .format = "postfix", .direction = Direction::outbound, .time = noon + after};
  claim.sending_host = "out";
  claim.reply.code = 550;
  claim.reply.text = "no";
  claim.meaning = {.receiver = "google", .causes = {cause}};
  if (address) {
    claim.address = net::Address::parse(*address).value();
    claim.address_source = bounce::AddressSource::reply;
  }
  return claim;
}

Summary summary_of(const std::vector<Claim>& claims) {
  Collector collector;
  for (const auto& claim : claims) collector.claim(claim);
  return collector.take();
}

std::size_t lines(const std::string& text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

}  // namespace

TEST(Summary, CountsByAddressReceiverCauseAndTime) {
  auto inbound = refused(Cause::no_ptr, "198.51.100.7");
  inbound.direction = Direction::inbound;
  const auto summary = summary_of({refused(Cause::no_ptr, "203.0.113.5"), refused(Cause::no_ptr, "203.0.113.5", base::Seconds{7200}),
                                   refused(Cause::reputation), refused(Cause::generic_ptr, "203.0.113.6"), inbound});
  EXPECT_EQ(summary.messages, 5U);
  EXPECT_EQ(summary.reverse_dns, 4U);
  EXPECT_EQ(summary.inbound, 1U);
  EXPECT_EQ(summary.reverse_dns_elsewhere, 3U);
  EXPECT_EQ(summary.by_cause.at(Cause::no_ptr), 3U);
  EXPECT_EQ(summary.by_receiver.at("google"), 4U) << "who refuses here is no receiver of ours";
  EXPECT_EQ(summary.timeline.size(), 2U);
  ASSERT_EQ(summary.topics.size(), 2U) << "what our own server refused is nothing to check";
  EXPECT_EQ(summary.topics[0].address->text(), "203.0.113.5");
  EXPECT_EQ(summary.topics[0].blame.mails, 2U);
  EXPECT_EQ(summary.topics[0].blame.first, noon);
  EXPECT_EQ(summary.topics[0].blame.last, noon + base::Seconds{7200});
  EXPECT_EQ(summary.others.size(), 1U);
}

TEST(Summary, RepliesWithoutAnAddressBelongToTheirHost) {
  auto elsewhere = refused(Cause::no_ptr);
  elsewhere.sending_host = "other.example";
  const auto summary = summary_of({refused(Cause::no_ptr, "203.0.113.5"), refused(Cause::fcrdns_mismatch), elsewhere});
  ASSERT_EQ(summary.topics.size(), 2U);
  EXPECT_EQ(summary.topics[0].blame.mails, 2U);
  EXPECT_FALSE(summary.topics[1].address);
  EXPECT_EQ(summary.topics[1].blame.sending_host->text(), "other.example.");
}

TEST(Summary, TheLatestRefusalSpeaksForItsTopic) {
  auto later = refused(Cause::generic_ptr, "203.0.113.5", base::Seconds{60});
  later.reply.text = "generic";
  const auto summary = summary_of({later, refused(Cause::no_ptr, "203.0.113.5")});
  EXPECT_EQ(summary.topics[0].blame.causes.front(), Cause::generic_ptr);
}

TEST(Summary, DoesNotGrowWithItsInput) {
  Collector collector;
  for (unsigned i = 0; i < 3 * max_addresses; ++i) {
    auto claim = refused(Cause::no_ptr);
    const auto octet = [&](unsigned shift) { return static_cast<std::uint8_t>(i >> shift); };
    claim.address = net::Address::v4({20, octet(16), octet(8), octet(0)});
    claim.meaning.receiver = {};
    claim.remote_mta = "mx" + std::to_string(i) + ".example";
    claim.time = noon + std::chrono::hours{i};
    collector.claim(claim);
    collector.note("line");
  }
  const auto summary = collector.take();
  EXPECT_EQ(summary.messages, 3 * max_addresses);
  EXPECT_EQ(summary.by_address.size(), max_addresses);
  EXPECT_EQ(summary.by_receiver.size(), max_receivers);
  EXPECT_EQ(summary.other_receivers, 3 * max_addresses - max_receivers);
  EXPECT_EQ(summary.topics.size(), max_addresses);
  EXPECT_EQ(summary.timeline.size(), max_hours);
  EXPECT_EQ(summary.notes.size() + summary.more_notes, 3 * max_addresses);
}

TEST(Chart, HasAtMostTwentyFourBars) {
  const std::pair<int, std::size_t> rows[] = {{0, 0}, {1, 2}, {20, 21}, {47, 24}, {24 * 13, 14}, {24 * 365, 13}, {24 * 3650, 24}};
  for (const auto& [hours, bars] : rows) {
    const auto picture = chart(summary_of({refused(Cause::no_ptr), refused(Cause::other, {}, std::chrono::hours{hours})}));
    if (bars == 0) EXPECT_EQ(picture, "");
    else EXPECT_GT(lines(picture), 1U) << hours;
    EXPECT_LE(lines(picture), 25U) << hours;
  }
}

TEST(Conclusion, WithoutACheckWhatWasReadDecides) {
  const struct {
    std::vector<Claim> claims;
    int code;
  } rows[] = {{{}, 0}, {{refused(Cause::no_ptr)}, 1}, {{refused(Cause::reputation)}, 3}, {{refused(Cause::reputation), refused(Cause::ipv6_policy)}, 1}};
  for (const auto& row : rows) EXPECT_EQ(exit_code_unchecked(summary_of(row.claims)), row.code);
}

TEST(Conclusion, OfOurOwnRefusalsIsNotOurs) {
  auto inbound = refused(Cause::no_ptr, "198.51.100.7");
  inbound.direction = Direction::inbound;
  EXPECT_EQ(conclude(summary_of({inbound}), {}, 0), Conclusion::not_ours);
  EXPECT_EQ(conclude(summary_of({refused(Cause::no_ptr)}), {}, 1), Conclusion::undetermined);
  EXPECT_EQ(conclude(summary_of({}), {}, 0), Conclusion::not_reverse_dns);
}

TEST(ListLine, NothingOfOthersEndsACell) {
  auto claim = refused(Cause::no_ptr, "203.0.113.5");
  claim.sender = "a\tb\n@example.com";
  claim.queue_id = "\x1b[31mX";
  const auto line = list_line(claim);
  EXPECT_EQ(base::split(line, '\t').size(), 8U);
  EXPECT_EQ(lines(line), 1U);
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
}

}  // namespace fcrdns::explanation
