// Mails made to break a reader: each is cut by a cap that says so, and what stands before the cut is read.
#include <gtest/gtest.h>

#include <functional>

#include "fcrdns/bounce/claim_rows_test.hpp"
#include "fcrdns/bounce/message.hpp"

namespace fcrdns::bounce {
namespace {

using test::Kept;

const std::string head = "From: MAILER-DAEMON@out.example.com\nSubject: Undelivered Mail\nMIME-Version: 1.0\n";
const std::string status = "Content-Type: message/delivery-status\n\nReporting-MTA: dns; out.example.com\n\nFinal-Recipient: rfc822; a@b.example\n"
                           "Action: failed\nStatus: 5.7.25\nDiagnostic-Code: smtp; 550 5.7.25 no reverse name\n\n";

std::string repeated(std::size_t times, const std::function<std::string(std::size_t)>& piece) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += piece(i);
  return out;
}

std::string nested_multiparts(std::size_t depth) {
  return head + "Content-Type: multipart/report; boundary=b\n\n--b\n" + status +
         repeated(depth, [](std::size_t i) {
           const auto outer = i == 0 ? std::string("b") : "n" + std::to_string(i - 1);
           return "--" + outer + "\nContent-Type: multipart/mixed; boundary=n" + std::to_string(i) + "\n\n";
         });
}

std::string nested_messages(std::size_t depth) {
  return head + "Content-Type: multipart/report; boundary=b\n\n--b\n" + status + "--b\n" +
         repeated(depth, [](std::size_t) { return "Content-Type: message/rfc822\n\n"; });
}

struct Case {
  const char* what;
  std::function<std::string()> octets;
  std::size_t claims;
  const char* note;  // empty: nothing was cut
};

const char* const deep = "m: parts lie deeper than 100 in each other; those were not read";
const char* const headers = "m: more than 5,000 header lines; what follows was not read";
const char* const parts = "m: more than 1,000 parts; what follows was not read";
const char* const line = "m: a line longer than 65,536 octets; its rest was not read";
const char* const text = "m: a text longer than 1,048,576 octets; its rest was not read";

const Case cases[] = {
    {"99 multiparts in each other", [] { return nested_multiparts(99); }, 1, ""},
    {"8,000 multiparts in each other", [] { return nested_multiparts(8'000); }, 1, deep},
    {"100,000 multiparts in each other", [] { return nested_multiparts(100'000); }, 1, deep},
    {"8,000 messages in each other", [] { return nested_messages(8'000); }, 1, deep},
    {"100,000 messages in each other", [] { return nested_messages(100'000); }, 1, deep},
    {"200,000 header lines in the second part",
     [] { return head + "Content-Type: multipart/report; boundary=b\n\n--b\n" + status + "--b\n" +
                 repeated(200'000, [](std::size_t i) { return "X-" + std::to_string(i) + ": x\n"; }) + "\n--b--\n"; }, 1, headers},
    {"200,000 folds of one field",
     [] { return head + "Content-Type: multipart/report; boundary=b\n\n--b\n" + status + "--b\nX-Folded: x\n" +
                 repeated(200'000, [](std::size_t) { return std::string(" x\n"); }) + "\n--b--\n"; }, 1, headers},
    {"900 parts", [] { return head + "Content-Type: multipart/report; boundary=b\n\n--b\n" + status +
                              repeated(900, [](std::size_t) { return std::string("--b\n\nx\n"); }) + "--b--\n"; }, 1, ""},
    {"100,000 parts", [] { return head + "Content-Type: multipart/report; boundary=b\n\n--b\n" + status +
                                  repeated(100'000, [](std::size_t) { return std::string("--b\n\nx\n"); }) + "--b--\n"; }, 1, parts},
    {"a header line of 70,000 octets", [] { return head + "X-Long: " + std::string(70'000, 'x') + "\nContent-Type: multipart/report; boundary=b\n\n--b\n" +
                                                   status + "--b--\n"; }, 1, ""},
    {"a text line of 70,000 octets", [] { return head + "Content-Type: multipart/report; boundary=b\n\n--b\n\n" + std::string(70'000, 'x') + "\n--b\n" +
                                                 status + "--b--\n"; }, 1, line},
    {"a text of 3 MB", [] { return head + "Content-Type: multipart/report; boundary=b\n\n--b\n\n" +
                                   repeated(100'000, [](std::size_t) { return std::string("It was not delivered, sorry.\n"); }) + "--b\n" + status + "--b--\n"; },
     1, text},
    {"binary after a report", [] { return head + "Content-Type: multipart/report; boundary=b\n\n--b\n" + status + "--b\n" +
                                          repeated(100'000, [](std::size_t i) { return std::string(1, static_cast<char>(i * 7)); }); }, 1, ""},
    {"only binary", [] { return repeated(100'000, [](std::size_t i) { return std::string(1, static_cast<char>(i * i)); }); }, 0, line},
    {"nothing", [] { return std::string(); }, 0, ""},
};

TEST(Limits, H067_H069_CutAtACapThatSaysSo) {
  for (const auto& one : cases) {
    SCOPED_TRACE(one.what);
    Kept kept;
    read_message(one.octets(), {"m", 1}, {}, kept);
    EXPECT_EQ(kept.claims.size(), one.claims);
    std::string notes;
    for (const auto& note : kept.notes) notes += note;
    EXPECT_EQ(notes, one.note);
  }
}

TEST(Limits, H067_EveryPrefixOfAReportIsRead) {
  const auto whole = test::contents(FCRDNS_SOURCE_DIR "/tests/bounce/messages/exim-dsn-01.eml");
  std::size_t with_claim = 0;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    Kept kept;
    read_message(std::string_view(whole).substr(0, size), {"m", 1}, {}, kept);
    EXPECT_LE(kept.claims.size(), 1U) << size;
    with_claim += kept.claims.size();
  }
  EXPECT_GT(with_claim, whole.size() / 2);
}

}  // namespace
}  // namespace fcrdns::bounce
