#include "fcrdns/bounce/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/log_line.hpp"
#include "fcrdns/bounce/read.hpp"

namespace fcrdns::bounce {
namespace {

constexpr auto folder = FCRDNS_SOURCE_DIR "/tests/bounce/logs/";
const base::WallTime now = base::parse_rfc3339("2026-11-22T08:00:00Z").value();

class Kept : public Sink {
 public:
  void claim(const Claim& claim) override { claims.push_back(claim); }
  void accepted(std::size_t mails) override { taken += mails; }
  void note(std::string line) override { notes.push_back(std::move(line)); }
  std::vector<Claim> claims;
  std::vector<std::string> notes;
  std::size_t taken = 0;
};

Kept read_lines(std::string_view lines, std::size_t piece = std::string_view::npos) {
  Kept kept;
  const Options options{.now = now};
  auto log = make_log(lines, options, kept);
  if (!log) return kept;
  const std::string source = "log";
  Place place{source, 1};
  while (!lines.empty()) {
    auto end = lines.find('\n', std::min(piece, lines.size()));
    end = end == std::string_view::npos ? lines.size() : end + 1;
    place.line += log->read(lines.substr(0, end), place);
    lines.remove_prefix(end);
  }
  log->end();
  return kept;
}

std::string octets_of(const std::string& file) {
  std::ifstream in(folder + file, std::ios::binary);
  EXPECT_TRUE(in) << file;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

/// A row of claims.tsv, up to the cause.
std::string row_of(const std::string& file, const Claim& claim) {
  std::string row = file;
  for (const auto& cell : {std::to_string(claim.line), std::string(claim.format), std::string(to_word(claim.direction)), or_dash(claim.queue_id),
                           or_dash(claim.sender), or_dash(claim.recipient), or_dash(claim.remote_mta), std::to_string(claim.reply.code),
                           claim.reply.enhanced ? claim.reply.enhanced->text() : "-", std::string(claim.permanent ? "permanent" : "delayed"),
                           claim.address ? claim.address->text() : "-", std::string(to_word(claim.address_source))})
    row += "\t" + cell;
  return row;
}

/// Every line of every file that refuses a mail is in the table, and nothing else. The last cell holds the causes that are
/// right.
TEST(Log, EveryDeliveryOfTheSamplesWithItsLine) {
  std::ifstream in(std::string(folder) + "claims.tsv");
  std::string line;
  std::getline(in, line);
  std::map<std::string, std::vector<std::string>> expected;
  while (std::getline(in, line)) expected[line.substr(0, line.find('\t'))].push_back(line);
  ASSERT_GE(expected.size(), 12U);
  for (const auto& [file, rows] : expected)
    for (const auto piece : {std::size_t{1}, std::size_t{700}, std::string::npos}) {  // however it is cut
      const auto kept = read_lines(octets_of(file), piece);
      ASSERT_EQ(kept.claims.size(), rows.size()) << file;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto cause_at = rows[i].rfind('\t');
        EXPECT_EQ(row_of(file, kept.claims[i]), rows[i].substr(0, cause_at));
        const auto right = base::split(std::string_view(rows[i]).substr(cause_at + 1), '|');
        EXPECT_TRUE(std::ranges::find(right, to_word(kept.claims[i].meaning.cause())) != right.end())
            << rows[i] << ": " << to_word(kept.claims[i].meaning.cause());
      }
    }
}

TEST(Log, WhatOtherServersTook) {
  const std::pair<const char*, std::size_t> rows[] = {
      {"Nov 21 19:10:52 out postfix/smtp[1]: 1A2B3C: to=<a@b.test>, relay=mx.b.test[203.0.113.1]:25, delay=1, dsn=2.0.0, status=sent (250 OK)\n", 1},
      {"Nov 21 19:10:52 out postfix/smtp[1]: 1A2B3C: to=<a@b.test>, relay=127.0.0.1[127.0.0.1]:10024, delay=1, dsn=2.0.0, status=sent (250 OK)\n", 0},
      {"Nov 21 19:10:52 out postfix/local[1]: 1A2B3C: to=<a@b.test>, relay=local, delay=1, dsn=2.0.0, status=sent (delivered to mailbox)\n", 0},
      {"Nov 21 19:10:52 out postfix/lmtp[1]: 1A2B3C: to=<a@b.test>, relay=mx[private/dovecot-lmtp], delay=1, dsn=2.0.0, status=sent (250 OK)\n", 0},
      {"2026-11-21 19:11:39 1xUqUt-0007fN-0Q => a@b.test R=dnslookup T=remote_smtp H=mx.b.test [203.0.113.1] C=\"250 OK\"\n", 1},
      {"2026-11-21 19:11:39 1xUqUt-0007fN-0Q => sender <sender@out.example.org> R=local T=local_delivery\n", 0},
      {"Nov 21 19:12:38 out sendmail[1]: 6ALJCcTI001793: to=a@b.test, delay=00:00:00, mailer=esmtp, pri=1, relay=mx.b.test. [203.0.113.1], dsn=2.0.0, stat=Sent (OK)\n", 1},
      {"Nov 21 19:12:38 out sendmail[1]: 6ALJCcTI001793: to=a@b.test, delay=00:00:00, mailer=local, pri=1, dsn=2.0.0, stat=Sent\n", 0},
      {"ce38443a23480043 mta delivery evpid=31b1c5610c586ce5 from=<a@b.test> to=<c@d.test> rcpt=<-> source=\"192.0.2.25\" relay=\"203.0.113.1 (mx)\" delay=0s result=\"Ok\" stat=\"250 OK\"\n", 1},
  };
  for (const auto& [line, taken] : rows) {
    const auto kept = read_lines(line);
    EXPECT_EQ(kept.taken, taken) << line;
    EXPECT_TRUE(kept.claims.empty()) << line;
  }
}

constexpr std::string_view refused =
    ": to=<a@b.test>, relay=mx.b.test[203.0.113.1]:25, delay=1, delays=0/0/0/1, dsn=5.0.0, status=bounced (host mx.b.test[203.0.113.1] said: 550 no (in reply to RCPT TO command))\n";

TEST(Log, TheSenderIsFoundWithin64KiBAndNoFurther) {
  for (const auto& [between, found] : {std::pair{std::size_t{0}, true}, {60'000, true}, {70'000, false}}) {
    std::string lines = "Nov 21 19:10:50 out postfix/qmgr[9]: 1A2B3C4D5E: from=<s@shop.test>, size=1, nrcpt=1 (queue active)\n";
    while (lines.size() < between) lines += "Nov 21 19:10:51 out postfix/qmgr[9]: 9A2B3C4D5E: from=<other@shop.test>, size=1, nrcpt=1 (queue active)\n";
    lines.append("Nov 21 19:10:52 out postfix/smtp[1]: 1A2B3C4D5E").append(refused);
    for (const auto piece : {std::size_t{1}, std::size_t{30'000}, std::string::npos}) {
      const auto kept = read_lines(lines, piece);
      ASSERT_EQ(kept.claims.size(), 1U);
      EXPECT_EQ(kept.claims[0].sender, found ? "s@shop.test" : "") << between << " " << piece;
    }
  }
}

TEST(Log, TenThousandInboundRejectsStayInbound) {
  std::string lines;
  for (int i = 0; i < 10'000; ++i)
    lines += "Nov 21 19:10:49 mx postfix/smtpd[100]: NOQUEUE: reject: RCPT from unknown[192.0.2." + std::to_string(i % 250) +
             "]: 450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2." + std::to_string(i % 250) +
             "]; from=<a@sender.test> to=<b@mx.example> proto=ESMTP helo=<mail.sender.test>\n";
  const auto kept = read_lines(lines, 100'000);
  ASSERT_EQ(kept.claims.size(), 10'000U);
  for (std::size_t i = 0; i < kept.claims.size(); ++i) {
    ASSERT_EQ(kept.claims[i].direction, Direction::inbound);
    ASSERT_EQ(kept.claims[i].line, i + 1);
    ASSERT_EQ(kept.claims[i].address->text(), "192.0.2." + std::to_string(i % 250));
    ASSERT_EQ(kept.claims[i].address_source, AddressSource::log);
  }
}

TEST(Log, WhatIsNoRefusalByAServerIsNoClaim) {
  const char* rows[] = {
      "Nov 21 19:10:52 out postfix/smtp[1]: 1A2B3C: to=<a@b.test>, relay=none, delay=30, dsn=4.4.1, status=deferred (connect to mx.b.test[203.0.113.1]:25: Connection timed out)\n",
      "Nov 21 19:10:52 out postfix/smtp[1]: 1A2B3C: to=<a@b.test>, relay=none, delay=30, dsn=5.4.4, status=bounced (Host or domain name not found. Name service error for name=b.test type=A: Host not found)\n",
      "Nov 21 19:10:52 out postfix/smtp[1]: 1A2B3C: host mx.b.test[203.0.113.1] said: 450 try the next one (in reply to RCPT TO command)\n",
      "Nov 21 19:10:52 out postfix/local[1]: 1A2B3C: to=<a@b.test>, relay=local, delay=0, dsn=5.1.1, status=bounced (unknown user: \"a\")\n",
      "Nov 21 19:10:52 out postfix/smtp[1]: 1A2B3C: to=<a@b.test>, relay=127.0.0.1[127.0.0.1]:10024, dsn=5.7.0, status=bounced (host 127.0.0.1[127.0.0.1] said: 554 5.7.0 Reject (in reply to end of DATA command))\n",
      "2026-11-21 19:11:39 1xUqUt-0007ft-0g == e@b.test R=test T=remote_smtp defer (110): Connection timed out H=mx.b.test [203.0.113.1]\n",
      "2026-11-21 19:11:39 1xUqUt-0007ft-0g H=mx.b.test [203.0.113.1]: SMTP error from remote mail server after RCPT TO:<e@b.test>: 450 next\n",
      "Nov 21 19:12:38 out sendmail[1]: 6ALJCcTI001793: to=nobody, mailer=local, dsn=5.1.1, reply=550 5.1.1 nobody, stat=User unknown\n",
      "Nov 21 19:12:38 out sendmail[1]: 6ALJCcTI001793: to=a@b.test, mailer=esmtp, relay=mx.b.test., dsn=4.0.0, stat=Deferred: Connection timed out with mx.b.test.\n",
      "Nov 21 19:10:52 out evil[1]: postfix/smtp[1]: 1A2B3C: to=<a@b.test>, relay=mx[203.0.113.1]:25, dsn=5.7.25, status=bounced (host mx[203.0.113.1] said: 550 no)\n",
  };
  for (const auto* row : rows) EXPECT_TRUE(read_lines(row).claims.empty()) << row;
}

TEST(Log, H072_OnlyTheRealPrefixCounts) {
  const auto kept = read_lines(
      "Nov 21 19:10:52 out postfix/smtp[7]: 1A2B3C4D5E: to=<a@b.test>, relay=mx.b.test[203.0.113.1]:25, dsn=5.0.0, status=bounced (host mx.b.test[203.0.113.1] said: 550 "
      "Nov  1 00:00:00 other postfix/smtp[1]: FFFFFFFFFF: to=<x@y.test>, relay=evil[198.51.100.1]:25, status=sent (250 no) (in reply to RCPT TO command))\n");
  ASSERT_EQ(kept.claims.size(), 1U);
  EXPECT_EQ(kept.claims[0].queue_id, "1A2B3C4D5E");
  EXPECT_EQ(kept.claims[0].recipient, "a@b.test");
  EXPECT_EQ(kept.claims[0].remote_mta, "mx.b.test");
  EXPECT_EQ(kept.claims[0].sending_host, "out");
}

TEST(Log, WhatIsALog) {
  const std::pair<std::string_view, bool> rows[] = {
      {"Nov 21 19:10:49 out postfix/smtp[1]: x\n", true},
      {"2026-11-21T19:10:49.1Z out postfix/smtp[1]: x\n", true},
      {"2026-11-21 19:11:39 1xUqUt-0007ft-0g Completed\n", true},
      {"info: OpenSMTPD 6.8.0p2 starting\nce384436bc2b26ef smtp connected address=local host=out\n", true},
      {"type,timeLogged,orig,rcpt,dsnDiag\n", true},
      {"{\"__REALTIME_TIMESTAMP\":\"1795288252000000\",\"MESSAGE\":\"x\"}\n", true},
      {"{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-21T19:10:53Z\"}\n", true},
      {"550 5.7.25 [192.0.2.25] The IP address sending this message does not have a PTR record\n", false},
      {"From: a@b.test\nTo: c@d.test\n\nNov 21 19:10:49 out postfix/smtp[1]: x\n", false},
      {"Nov 21 19:10:49 out postfix/smtp[1]: 1A: to=<a@b>, status=bounced (host\nmx said: 550-5.7.25 The IP address\n550 5.7.25 has no PTR)\n", false},  // one line, broken by a terminal
      {"{\"name\":\"x\"}\n", false},
      {"type,of,something,else\n", false},
      {"", false},
  };
  for (const auto& [text, is] : rows) {
    Kept kept;
    const Options options{.now = now};
    EXPECT_EQ(make_log(text, options, kept) != nullptr, is) << text;
  }
}

}  // namespace
}  // namespace fcrdns::bounce
