#include "fcrdns/generic/generic.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

#include "fcrdns/base/data_files.hpp"
#include "fcrdns/base/text.hpp"

namespace fcrdns::generic {
namespace {

dns::Name name_of(std::string_view text) {
  const auto name = dns::Name::parse(text);
  EXPECT_TRUE(name) << text;
  return name.value_or(dns::Name());
}
net::Address address_of(std::string_view text) {
  const auto address = net::Address::parse(text);
  EXPECT_TRUE(address) << text;
  return address.value_or(net::Address());
}
std::string reason_of(const std::optional<Generic>& generic) {
  return generic ? std::string(to_word(generic->reason)) : "custom";
}

/// The lines of a TSV file behind its header.
std::vector<std::vector<std::string>> rows_of(const char* file) {
  std::ifstream in(std::string(FCRDNS_SOURCE_DIR "/tests/generic/") + file);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    auto& row = rows.emplace_back();
    for (const auto cell : base::split(line, '\t')) row.emplace_back(cell);
  }
  return rows;
}

TEST(Classify, says_what_told) {
  const struct {
    const char *name, *address, *reason, *what, *provider;
  } rows[] = {
      {"203-0-113-5.isp.example", "203.0.113.5", "ip_in_name", "203-0-113-5", ""},
      {"203-0-113-5.isp.example", "::ffff:203.0.113.5", "ip_in_name", "203-0-113-5", ""},
      {"5.113.0.203.in-addr.arpa", "203.0.113.5", "ip_in_name", "5.113.0.203", ""},
      {"Host-203-000-113-005.ISP.example", "203.0.113.5", "ip_in_name", "203-000-113-005", ""},
      {"xCB007105.isp.example", "203.0.113.5", "ip_in_name", "cb007105", ""},
      {"cb-00-71-05.isp.example", "203.0.113.5", "ip_in_name", "cb-00-71-05", ""},
      {"051371c00.isp.example", "203.0.113.5", "server_id", "051371c00", ""},
      {"057100cb.isp.example", "203.0.113.5", "ip_in_name", "057100cb", ""},
      {"n3405803781.isp.example", "203.0.113.5", "ip_in_name", "3405803781", ""},
      {"5.red-203-0-113.isp.example", "203.0.113.5", "ip_in_name", "5.red-203-0-113", ""},
      {"r0-113-5.isp.example", "203.0.113.5", "ip_in_name", "0-113-5", ""},
      {"r113-205.isp.example", "203.0.113.205", "ip_in_name", "113-205", ""},
      {"r205.113.isp.example", "203.0.113.205", "ip_in_name", "205.113", ""},
      {"r1-2.isp.example", "203.0.1.2", "custom", "", ""},
      {"r7-0-203.isp.example", "203.0.113.5", "custom", "", ""},
      {"2001-db8--5.isp.example", "2001:db8::5", "ip_in_name", "2001-db8--5", ""},
      {"5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.isp.example", "2001:db8::5", "ip_in_name", "5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0", ""},
      {"x8a2e-0370-7334.isp.example", "2001:db8:85a3::8a2e:370:7334", "ip_in_name", "0370-7334", ""},
      {"x-8a2e-370-7334.isp.example", "2001:db8:85a3::8a2e:370:7334", "ip_in_name", "8a2e-370-7334", ""},
      {"0-0-0-1.isp.example", "2001:db8::1", "custom", "", ""},
      {"static.5.113.0.203.clients.your-server.de", "203.0.113.5", "provider_default", "Hetzner Cloud", "hetzner-cloud"},
      {"mail.clients.your-server.de", "203.0.113.5", "custom", "", ""},
      {"vmi123456.contaboserver.net", "2001:db8::1", "provider_default", "Contabo", "contabo"},
      {"vmi123456.host.example", "203.0.113.5", "server_id", "vmi123456", ""},
      {"srv-1a2b3c.host.example", "203.0.113.5", "server_id", "srv-1a2b3c", ""},
      {"mail.vmi123456.host.example", "203.0.113.5", "custom", "", ""},
      {"srv2024.host.example", "203.0.113.5", "custom", "", ""},
      {"dsl-12.isp.example", "203.0.113.5", "access_word", "dsl", ""},
      {"anna.dyn.isp.example", "203.0.113.5", "access_word", "dyn", ""},
      {"mail.dyn.isp.example", "203.0.113.5", "custom", "", ""},
      {"host-37.isp.example", "203.0.113.37", "access_word", "host", ""},
      {"host-38.isp.example", "203.0.113.37", "custom", "", ""},
      {"dsl-12.example", "203.0.113.5", "custom", "", ""},
      {"dsl-12.co.uk", "203.0.113.5", "custom", "", ""},
      {".", "203.0.113.5", "custom", "", ""},
      {R"(203\.0\.113\.5.isp.example)", "203.0.113.5", "ip_in_name", "203?0?113?5", ""},
      {R"(\000\255\"<script>.isp.example)", "203.0.113.5", "custom", "", ""},
  };
  for (const auto& row : rows) {
    const auto found = classify(name_of(row.name), address_of(row.address));
    EXPECT_EQ(reason_of(found), row.reason) << row.name;
    if (!found) continue;
    EXPECT_EQ(found->what, row.what) << row.name;
    EXPECT_EQ(found->provider, row.provider) << row.name;
  }
}

TEST(Classify, shared_comes_last_and_only_when_said) {
  const auto at = address_of("203.0.113.5");
  EXPECT_EQ(reason_of(classify(name_of("mail.example.com"), at)), "custom");
  const auto shared = classify(name_of("Mail.Example.com"), at, true);
  EXPECT_EQ(shared, (Generic{Reason::shared_name, "mail.example.com", ""}));
  EXPECT_EQ(reason_of(classify(name_of("dsl-12.isp.example"), at, true)), "access_word");
  EXPECT_EQ(reason_of(classify(name_of("m113-5.mailgun.net"), at, true)), "custom");
}

// Names as long as names can be, made of what every rule looks for.
TEST(Classify, longest_names) {
  for (const std::string_view piece : {"1", "1.", "1-", "a1.", "0.", "dsl1.", "203.0.113.", "ffff-", "x"}) {
    std::string text;
    std::size_t label = 0;
    while (text.size() + piece.size() <= 240) {
      label = piece.back() == '.' ? 0 : label + piece.size();
      text += piece;
      if (label > 50) {
        text += '.';
        label = 0;
      }
    }
    text += ".example";
    if (const auto dots = text.find(".."); dots != std::string::npos) text.erase(dots, 1);
    for (const auto* address : {"203.0.113.5", "1.1.1.1", "2001:db8::1", "::"}) {
      const auto found = classify(name_of(text), address_of(address), true);
      ASSERT_TRUE(found) << text;
      EXPECT_LE(found->what.size(), text.size());
    }
  }
}

TEST(Senders, each_example_is_no_generic_name) {
  const auto file = base::data_file("generic/senders.txt");
  ASSERT_TRUE(file);
  std::size_t domains = 0, examples = 0;
  for (const auto line : base::split(*file, '\n')) {
    const auto words = base::words(line);
    if (words.empty() || words[0] == "#") continue;
    ++domains;
    EXPECT_FALSE(classify(name_of("203-0-113-5." + std::string(words[0])), address_of("203.0.113.5"))) << line;
    EXPECT_TRUE(classify(name_of("203-0-113-5.x" + std::string(words[0])), address_of("203.0.113.5"))) << line;
    if (words.size() != 4 || !words[3].starts_with('[')) continue;
    ++examples;
    const auto address = words[3].substr(1, words[3].size() - 2);
    EXPECT_TRUE(name_of(words[2]).is_within(name_of(words[0]))) << line;
    EXPECT_FALSE(classify(name_of(words[2]), address_of(address))) << line;
  }
  EXPECT_GE(domains, 17U);
  EXPECT_GE(examples, 13U);
}

struct Score {
  std::size_t rows = 0, found = 0, negatives = 0, wrong = 0;
};

// tests/generic/make_rows.py says how the rows came about. A row counts for its reason when just that reason is given; it
// is a negative for every other reason.
TEST(Rows, each_reason_is_found_and_no_other) {
  std::map<std::string, Score> scores;
  std::string wrong;
  const std::set<std::string> reasons{"ip_in_name", "provider_default", "shared_name", "server_id", "access_word"};
  for (const auto& row : rows_of("rows.tsv")) {
    ASSERT_EQ(row.size(), 5U);
    const auto& expected = row[2];
    ASSERT_TRUE(reasons.contains(expected) || expected == "custom") << expected;
    const auto given = reason_of(classify(name_of(row[0]), address_of(row[1]), row[4] == "1"));
    for (const auto& reason : reasons) {
      auto& score = scores[reason];
      if (expected == reason) ++score.rows;
      else ++score.negatives;
      if (expected == reason && given == reason) ++score.found;
      if (expected != reason && given == reason) ++score.wrong;
    }
    if (given != expected) wrong += "  " + row[0] + ' ' + row[1] + ": " + given + ", not " + expected + '\n';
  }
  ASSERT_EQ(scores.size(), reasons.size());
  for (const auto& [reason, score] : scores) {
    std::printf("%-16s found %zu / %zu, false %zu / %zu\n", reason.c_str(), score.found, score.rows, score.wrong, score.negatives);
    EXPECT_GE(score.rows, 200U) << reason;
    EXPECT_GE(score.found * 100, score.rows * 95) << reason << '\n' << wrong;
    EXPECT_LE(score.wrong * 100, score.negatives) << reason << '\n' << wrong;
  }
}

// Names that real mail servers had: generic ones are found, a person's choice is let alone. Those labelled unknown are
// not scored.
TEST(Rows, names_of_real_mail) {
  std::size_t generic = 0, found = 0, custom = 0, wrong = 0;
  std::string missed;
  for (const auto& row : rows_of("ptr_names.tsv")) {
    ASSERT_EQ(row.size(), 4U);
    const auto is_generic = classify(name_of(row[0]), address_of(row[1])).has_value();
    if (row[2] == "generic") {
      ++generic;
      if (is_generic) ++found;
    }
    if (row[2] == "custom") {
      ++custom;
      if (is_generic) ++wrong;
    }
    if ((row[2] == "generic") != is_generic && row[2] != "unknown") missed += "  " + row[2] + ' ' + row[0] + ' ' + row[1] + '\n';
  }
  std::printf("generic found %zu / %zu, custom called generic %zu / %zu\n%s", found, generic, wrong, custom, missed.c_str());
  EXPECT_GE(generic, 150U);
  EXPECT_GE(custom, 200U);
  EXPECT_GE(found * 100, generic * 95);
  EXPECT_LE(wrong, 1U);
}

}  // namespace
}  // namespace fcrdns::generic
