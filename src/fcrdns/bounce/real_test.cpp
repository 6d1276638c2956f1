// What Debian's Postfix, Exim, OpenSMTPD and Sendmail really wrote when they were refused: every line of tests/bounce/real/
// expected.tsv, in default and in talkative settings. mta.real_servers writes them anew.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/claim_rows_test.hpp"
#include "fcrdns/bounce/read.hpp"

namespace fcrdns::bounce {
namespace {

const std::string folder = FCRDNS_SOURCE_DIR "/tests/bounce/real/";

/// "-": none; "*": any; "a|b": either.
bool fits(std::string_view expected, const std::string& seen) {
  if (expected == "*") return true;
  return std::ranges::any_of(base::split(expected, '|'), [&](std::string_view one) { return one == (seen.empty() ? "-" : seen); });
}

bool fits(const std::vector<std::string_view>& row, const Claim& claim) {
  const bool guess_is_due = row[5].find("other") != std::string_view::npos && claim.meaning.reverse_dns();
  return fits(row[1], std::to_string(claim.line)) && fits(row[2], claim.recipient) &&
         fits(row[3], claim.reply.code > 0 ? std::to_string(claim.reply.code) : "") &&
         fits(row[4], claim.reply.enhanced ? claim.reply.enhanced->text() : "") && fits(row[5], std::string(to_word(claim.meaning.cause()))) &&
         fits(row[6], claim.permanent ? "yes" : "no") && fits(row[7], claim.address ? claim.address->text() : "") &&
         fits(row[8], std::string(to_word(claim.direction))) && !(guess_is_due && claim.meaning.certainty == Certainty::literal);
}

}  // namespace

TEST(RealServers, EveryRefusalIsReadAsItWasMeant) {
  const auto table = test::contents(folder + "expected.tsv");
  std::map<std::string, std::vector<Claim>> claims;
  std::size_t rows = 0;
  for (const auto line : base::split(table, '\n')) {
    const auto row = base::split(line, '\t');
    if (line.starts_with('#') || row.size() != 9 || row[0] == "file") continue;
    ++rows;
    const std::string file(row[0]);
    if (!claims.contains(file)) {
      test::Kept kept;
      const auto read = bounce::read({folder + file}, {.now = base::parse_rfc3339("2026-11-22T12:00:00Z").value()}, kept, [] { return false; });
      ASSERT_TRUE(read) << read.error().message;
      claims[file] = std::move(kept.claims);
    }
    EXPECT_TRUE(std::ranges::any_of(claims[file], [&](const Claim& claim) { return fits(row, claim); })) << line;
  }
  EXPECT_EQ(rows, 139U);
}

}  // namespace fcrdns::bounce
