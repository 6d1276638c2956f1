#include "fcrdns/fix/letter.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/remedy/scene.hpp"

namespace fcrdns::fix {
namespace {

remedy::FixPlan plan(bool forward_done = false, const char* range = nullptr) {
  remedy::Scene scene("203.0.113.5", remedy::nothing("113.0.203.in-addr.arpa", 3600, 900));
  scene.helo("mail.example.com", forward_done ? remedy::leads_to({"203.0.113.5"}, 300) : remedy::nothing("example.com", 600, 300));
  if (range != nullptr) {
    scene.at().registration.emplace().outcome = owner::Registration::Outcome::found;
    scene.at().registration->range = range;
  }
  const remedy::Prepared prepared(std::move(scene));
  return remedy::fix_plan(prepared.considered(), {}, remedy::name_of("mail.example.com"), nullptr, 3600);
}
bool says(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

TEST(Letter, every_language_says_the_same) {
  EXPECT_EQ(letter_languages(), (std::vector<std::string>{"de", "en", "es", "fr", "it", "nl", "pl", "pt"}));
  for (const auto& language : letter_languages()) {
    SCOPED_TRACE(language);
    const auto text = letter(plan(true, "203.0.113.0 - 203.0.113.7"), language).value();
    for (const auto* part : {"\n    5.113.0.203.in-addr.arpa. 3600 IN PTR mail.example.com.\n", "\n    dig +short -x 203.0.113.5\n", "DNS",
                             "\n    dig +short mail.example.com A\n", "203.0.113.0/29", "\n    0-7.113.0.203.in-addr.arpa. NS NAMESERVER-1.\n",
                             "\n    7.113.0.203.in-addr.arpa. CNAME 7.0-7.113.0.203.in-addr.arpa.\n"})
      EXPECT_TRUE(says(text, part)) << part << '\n' << text;
    for (const auto* left_over : {"ADDRESS", "HOSTNAME", "RECORD", "BLOCK", "DELEGATION", "TYPE", "@", "RFC", "\n\n\n"}) EXPECT_FALSE(says(text, left_over)) << left_over;
    for (const auto line : base::split(text, '\n')) EXPECT_LE(line.size(), 80U) << line;
    EXPECT_TRUE(text.ends_with("\n"));
  }
}

TEST(Letter, what_does_not_apply_is_left_out) {
  for (const auto& language : letter_languages()) {
    const auto text = letter(plan(), language).value();
    EXPECT_FALSE(says(text, "mail.example.com A\n"));
    EXPECT_FALSE(says(text, "NAMESERVER"));
    EXPECT_EQ(std::ranges::count(text, '@'), 0);
    EXPECT_LE(std::ranges::count(text, '\n'), 24) << text;
  }
  // A block that is no prefix, one that is a whole zone, one that is the single address.
  for (const auto* range : {"203.0.113.1 - 203.0.113.6", "203.0.113.0 - 203.0.113.255", "203.0.113.5 - 203.0.113.5", "nonsense"})
    EXPECT_FALSE(says(letter(plan(false, range), "en").value(), "NAMESERVER")) << range;
}

TEST(Letter, an_unknown_language_is_told_the_known_ones) {
  for (const auto* language : {"", "xx", "EN", "../providers/ovh"}) {
    const auto text = letter(plan(), language);
    ASSERT_FALSE(text) << language;
    EXPECT_TRUE(says(text.error().message, "there are: de, en, es, fr, it, nl, pl, pt"));
  }
}

}  // namespace fcrdns::fix
