#include <gtest/gtest.h>

#include "fcrdns/bounce/claim_rows_test.hpp"
#include "fcrdns/bounce/message.hpp"

namespace fcrdns::bounce {
namespace {

using test::Kept;

std::string bounce_to(const std::string& recipient, const std::string& more = "") {
  return "From: MAILER-DAEMON@out.example.com\nSubject: failure notice\n\nHi. This is the qmail-send program at out.example.com.\n\n<" + recipient +
         ">:\nRemote host said: 550 5.7.1 no reverse name\n" + more + "\n";
}
const std::string from_line = "From MAILER-DAEMON Mon Sep 14 06:15:30 2026\n";

struct Case {
  const char* what;
  std::string mbox;
  std::vector<std::pair<std::string, std::size_t>> wanted;  // recipient and line
};

std::vector<Case> cases() {
  const auto a = bounce_to("a@b.example"), b = bounce_to("c@d.example");
  return {
      {"two messages", from_line + a + from_line + b, {{"a@b.example", 1}, {"c@d.example", 10}}},
      {"without a From line at the begin", a + from_line + b, {{"a@b.example", 1}, {"c@d.example", 9}}},
      {"no blank line before From", from_line + bounce_to("a@b.example", "x\n" + from_line) + from_line + b, {{"a@b.example", 1}, {"c@d.example", 12}}},
      {"a sentence that begins with From", from_line + bounce_to("a@b.example", "\nFrom now on it is refused.\n") + from_line + b,
       {{"a@b.example", 1}, {"c@d.example", 12}}},
      {"quoted From", from_line + bounce_to("a@b.example", "\n>" + from_line) + from_line + b, {{"a@b.example", 1}, {"c@d.example", 12}}},
      {"no line end at the end", from_line + a + from_line + b.substr(0, b.size() - 2), {{"a@b.example", 1}, {"c@d.example", 10}}},
      {"nothing", "", {}},
      {"only From lines", from_line + "\n" + from_line + "\n" + from_line, {}},
  };
}

TEST(Mailbox, MessagesAreTheSameInPiecesOfAnySize) {
  for (const auto& one : cases()) {
    for (const std::size_t size : {1U, 2U, 7U, 64U, 100'000U}) {
      for (const bool crlf : {false, true}) {
        SCOPED_TRACE(one.what + (" in pieces of " + std::to_string(size)));
        std::string text;
        for (const char c : one.mbox) text += c == '\n' && crlf ? "\r\n" : std::string(1, c);
        Kept kept;
        const Options options;
        Mailbox mailbox("box", options, kept);
        for (std::size_t at = 0; at < text.size(); at += size) mailbox.feed(std::string_view(text).substr(at, size));
        mailbox.end();
        ASSERT_EQ(kept.claims.size(), one.wanted.size());
        for (std::size_t i = 0; i < one.wanted.size(); ++i) {
          EXPECT_EQ(kept.claims[i].recipient, one.wanted[i].first);
          EXPECT_EQ(kept.claims[i].line, one.wanted[i].second);
          EXPECT_EQ(kept.claims[i].source, "box");
        }
      }
    }
  }
}

TEST(Mailbox, QuotedFromIsUndone) {
  // The second recipient's line begins so in the mail itself; one mark is the mailbox's.
  Kept kept;
  const Options options;
  Mailbox mailbox("box", options, kept);
  mailbox.feed(from_line + bounce_to("a@b.example", ">From the transcript: 550 5.7.1 x\n>>From\n"));
  mailbox.end();
  ASSERT_EQ(kept.claims.size(), 1U);
  EXPECT_NE(kept.claims[0].reply.text.find("From the transcript"), std::string::npos);
  EXPECT_EQ(kept.claims[0].reply.text.find(">From the transcript"), std::string::npos);
}

TEST(Mailbox, H069_AMessageOverTheLimitIsCutAndTheNextOneIsRead) {
  Kept kept;
  const Options options;
  Mailbox mailbox("box", options, kept);
  mailbox.feed(from_line + bounce_to("a@b.example"));
  const std::string block(1 << 20, 'x');
  for (int i = 0; i < 33; ++i) mailbox.feed(block);
  mailbox.feed("\n\n" + from_line + bounce_to("c@d.example"));
  mailbox.end();
  ASSERT_EQ(kept.claims.size(), 2U);
  EXPECT_EQ(kept.claims[1].recipient, "c@d.example");
  ASSERT_FALSE(kept.notes.empty());
  EXPECT_EQ(kept.notes[0], "box: a message longer than 32 MiB; what follows was not read");
}

}  // namespace
}  // namespace fcrdns::bounce
