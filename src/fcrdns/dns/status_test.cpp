#include "fcrdns/dns/status.hpp"

#include <gtest/gtest.h>

namespace fcrdns::dns {

TEST(Status, WordsRoundTripAndSayWhatTheyProve) {
  struct Row { Status status; const char* word; bool definite, negative, trouble; };
  for (const auto& [status, word, definite, negative, trouble] : {
           Row{Status::noerror, "noerror", true, false, false}, {Status::nodata, "nodata", true, true, false},
           {Status::nxdomain, "nxdomain", true, true, false}, {Status::servfail, "servfail", false, false, true},
           {Status::refused, "refused", false, false, true}, {Status::timeout, "timeout", false, false, true},
           {Status::bogus, "bogus", false, false, true}, {Status::formerr, "formerr", false, false, true},
           {Status::malformed, "malformed", false, false, true}, {Status::loop, "loop", false, false, true},
           {Status::lame, "lame", false, false, true}, {Status::unusable, "unusable", false, false, false},
           {Status::not_checked, "not_checked", false, false, false}, {Status::not_asked, "not_asked", false, false, false},
           {Status::unreachable, "unreachable", false, false, true}}) {
    EXPECT_EQ(to_word(status), word);
    EXPECT_EQ(parse_status(word), status);
    EXPECT_EQ(is_definite(status), definite) << word;
    EXPECT_EQ(is_negative(status), negative) << word;
    EXPECT_EQ(is_trouble(status), trouble) << word;
  }
  for (const auto* word : {"", "NOERROR", "nx", "noerror "}) EXPECT_FALSE(parse_status(word)) << word;
}

}  // namespace fcrdns::dns
