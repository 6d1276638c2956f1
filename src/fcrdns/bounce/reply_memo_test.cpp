#include "fcrdns/bounce/reply_memo.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "fcrdns/bounce/classify.hpp"

namespace fcrdns::bounce {
namespace {

/// Codes and texts of many receivers.
std::vector<std::string> replies() {
  std::ifstream in(FCRDNS_SOURCE_DIR "/bench/refusals.tsv");
  std::vector<std::string> all;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    for (auto& c : line)
      if (c == '\t') c = ' ';
    all.push_back(line.substr(line.find(' ') + 1));
  }
  return all;
}

TEST(ReplyMemo, SaysWhatWouldBeWorkedOutAnew) {
  auto all = replies();
  ASSERT_GT(all.size(), 100U);
  for (const char* more : {"450 4.2.0 <a@b.test>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/b.test.html",
                           "450 4.2.0 <someone.else@c.test>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/b.test.html",
                           "550 5.7.1 no", "550", "", "no code at all", "421-4.7.0 one 421 4.7.0 two", "550 5.7.25 [192.0.2.25] no PTR 4a2f9c0b7d1e4f5a", "550 5.7.25 [192.0.2.26] no PTR 0011223344556677",
                           "550-a\\n550 b", "550  two  blanks", "550 5.1.1 <x@[192.0.2.9]> no"})
    all.emplace_back(more);
  std::mt19937 random(3);
  ReplyMemo memo;
  mail::Reply reply;
  Meaning meaning;
  for (int round = 0; round < 5'000; ++round) {
    auto raw = all[random() % all.size()];
    if (round % 3 == 0 && !raw.empty()) raw[random() % raw.size()] = "0a. -:@"[random() % 7];  // near misses
    const std::string server = random() % 2 == 0 ? "mx1.google.com" : "mx.example.net";
    memo.read(raw, server, reply, meaning);
    ASSERT_EQ(reply, mail::parse_reply(raw)) << raw;
    ASSERT_EQ(meaning, classify(reply, server)) << raw;
  }
}

}  // namespace
}  // namespace fcrdns::bounce
