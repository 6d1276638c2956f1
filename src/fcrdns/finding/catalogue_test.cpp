// The words of findings, and that every one of them has its page.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "fcrdns/base/data_files.hpp"
#include "fcrdns/finding/words.hpp"

namespace fcrdns::finding {
namespace {

std::string page_of(Id id) { return "findings/" + std::string(to_word(id)) + ".md"; }

TEST(Catalogue, HasOnePageForEachIdAndNoOther) {
  std::set<std::string_view> wanted{"findings/README.md"}, there;
  std::vector<std::string> names;
  for (const auto id : all_ids()) names.push_back(page_of(id));
  wanted.insert(names.begin(), names.end());
  for (const auto page : base::data_files("findings/")) there.insert(page);
  EXPECT_EQ(there, wanted);
}

TEST(Catalogue, PagesHaveTheSameHeadings) {
  for (const auto id : all_ids()) {
    SCOPED_TRACE(to_word(id));
    std::string_view page = base::data_file(page_of(id)).value_or("");
    EXPECT_TRUE(page.starts_with("# " + std::string(to_word(id)) + "\n\n"));
    std::vector<std::string_view> headings;
    for (auto at = page.find("\n## "); at != std::string_view::npos; at = page.find("\n## ", at + 1))
      headings.push_back(page.substr(at + 4, page.find('\n', at + 1) - at - 4));
    EXPECT_EQ(headings, (std::vector<std::string_view>{"Holds when", "See it with dig", "Fix", "Caution", "Not to be confused with"}));
    EXPECT_EQ(std::ranges::count_if(page, [](char c) { return c != '\n' && (c < ' ' || c > '~'); }), 0) << "plain ASCII";
  }
}

TEST(Catalogue, PagesNameEveryFormAndTheIndexEveryPage) {
  const auto index = base::data_file("findings/README.md").value_or("");
  for (const auto id : all_ids()) {
    const auto word = std::string(to_word(id));
    EXPECT_NE(index.find("[" + word + "](" + word + ".md)"), std::string_view::npos) << word;
    const auto page = base::data_file(page_of(id)).value_or("");
    for (const auto& row : all_words()) {
      const bool named = row.id != id || page.find(row.form) != std::string_view::npos;
      EXPECT_TRUE(named) << word << " " << row.form;
    }
  }
}

TEST(Catalogue, EveryIdHasWordsForEveryForm) {
  for (const auto id : all_ids())
    EXPECT_EQ(std::ranges::count_if(all_words(), [&](const Words& row) { return row.id == id && row.form.empty(); }), 1)
        << to_word(id);
}

struct Row {
  Finding finding;
  std::string_view title, in_detail;
};

TEST(Catalogue, FillsInArguments) {
  const Row rows[] = {
      {{Id::ptr_multiple, Severity::info, {}, {{"address", "192.0.2.1"}, {"total", std::int64_t{2}}, {"confirm", std::vector<std::string>{}}}},
       "192.0.2.1 has 2 PTR names", "Confirm: none."},
      {{Id::forward_mismatch, Severity::error, {}, {{"address", "192.0.2.1"}, {"names", std::vector<std::string>{"a.", "b.", "c.", "d.", "e.", "f."}},
                                                    {"addresses", std::vector<std::string>{"192.0.2.2"}}}},
       "The PTR of 192.0.2.1 names a., b., c., d., e. and 1 more, which points to 192.0.2.2", "the way back does not close."},
      {{Id::classless_broken, Severity::error, {}, {{"form", "undelegated"}, {"zone", "113.0.203.in-addr.arpa."}}},
       "The PTR of  is handed on by a CNAME into a zone that nobody delegated", "113.0.203.in-addr.arpa. itself says"},
      {{Id::classless_broken, Severity::error, {}, {{"form", "of tomorrow"}, {"address", "192.0.2.1"}}},
       "The PTR of 192.0.2.1 is handed on by a CNAME that leads to nothing", "RFC 2317"},
      {{Id::ptr_malformed, Severity::error, {}, {{"names", "localhost."}, {"faults", std::vector<std::string>{"localhost", "final_dot"}}}},
       "The PTR of  is not a usable host name: localhost.", "it is localhost, its final dot was forgotten"},
      {{Id::reverse_unreachable, Severity::undetermined, {}, {{"question", "x."}, {"status", "servfail"}, {"reason", "no server"}}},
       "The reverse DNS of  could not be read (servfail)", "Reason given: no server"},
      {{Id::ptr_missing, Severity::error, {}, {{"reverse_name", "1.2.0.192.in-addr.arpa."}, {"status", "nxdomain"}, {"address", "a"}}},
       "a has no PTR record", "1.2.0.192.in-addr.arpa. (nxdomain)"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(title(row.finding), row.title);
    EXPECT_NE(detail(row.finding).find(row.in_detail), std::string::npos) << detail(row.finding);
  }
}

TEST(Catalogue, WordsOfProfilesReadBack) {
  for (const auto profile : {Profile::google, Profile::rfc8601, Profile::strict_all_ptr, Profile::helo_equal, Profile::non_generic})
    EXPECT_EQ(parse_profile(to_word(profile)), profile);
  EXPECT_EQ(to_word(Profile::strict_all_ptr), "strict-all-ptr");
  EXPECT_FALSE(parse_profile("strict"));
}

}  // namespace
}  // namespace fcrdns::finding
