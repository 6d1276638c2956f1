#include "fcrdns/lease/message.hpp"

#include <gtest/gtest.h>

namespace fcrdns::lease {
namespace {

TEST(Message, lease_there_and_back) {
  const std::vector<net::Prefix> prefixes{*net::Prefix::parse("10.0.0.0/30"), *net::Prefix::parse("2001:db8::/112")};
  const Lease lease{id_of(prefixes), prefixes};
  const auto read = parse_lease(to_message(lease));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, lease);
}

TEST(Message, settings_there_and_back) {
  for (const auto format : {sweep::Format::tsv, sweep::Format::ndjson, sweep::Format::csv}) {
    const Settings settings{format, 3, false, 4096, base::Seconds{7}};
    EXPECT_EQ(*parse_settings(to_message(settings)), settings);
    EXPECT_EQ(to_message(settings).find_first_of("\"\\"), std::string::npos);  // it goes through the library as it is
  }
}

TEST(Message, result_there_and_back) {
  const Result result{"0123456789abcdef", 7, 65'536, "host-1.example"};
  EXPECT_EQ(*parse_result(to_message(result)), result);
}

// Of whoever may write on the server.
TEST(Message, H090_leases_that_make_no_sense) {
  const auto with = [](const std::string& prefixes) { return R"({"schema":"fcrdns/lease/1","prefixes":)" + prefixes + "}"; };
  ASSERT_TRUE(parse_lease(with(R"(["10.0.0.0/16"])")));
  for (const std::string& message : {std::string(), std::string("[]"), std::string("null"), std::string("{"), std::string(R"({"prefixes":["10.0.0.0/16"]})"),
                                    std::string(R"({"schema":"fcrdns/lease/2","prefixes":["10.0.0.0/16"]})"),
                                    std::string(R"({"schema":"fcrdns/lease/1","prefixes":["10.0.0.0/16"],"command":"ls"})"),
                                    with("[]"), with("{}"), with("\"10.0.0.0/16\""), with("[10]"), with(R"(["10.0.0.0"])"), with(R"(["10.0.0.1/16"])"),
                                    with(R"(["10.0.0.0/8"])"), with(R"(["::/0"])"), with(R"(["10.0.0.0/24","10.0.0.7/32"])"), with(R"(["10.0.1.0/24","10.0.0.0/24"])"),
                                    with(R"(["10.0.0.0/24","10.0.0.0/24"])"), with("[" + std::string(5000, '[')), std::string(70'000, ' ') + with(R"(["10.0.0.0/16"])")})
    EXPECT_FALSE(parse_lease(message)) << message.substr(0, 100);
  std::string many = "[\"10.0.0.0/32\"";
  for (int i = 1; i < 300; ++i) many += ",\"10.0." + std::to_string(i / 100) + "." + std::to_string(i % 100 * 2) + "/32\"";
  EXPECT_FALSE(parse_lease(with(many + "]")));
}

TEST(Message, H090_results_and_settings_that_make_no_sense) {
  const auto good = to_message(Result{"0123456789abcdef", 7, 65'536, "host"});
  const auto replaced = [](std::string text, std::string_view what, std::string_view by) { return text.replace(text.find(what), what.size(), by); };
  for (const auto& [what, by] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"0123456789abcdef", "0123456789abcde*"}, {"0123456789abcdef", ">"}, {":7", ":-7"}, {":7", ":7.5"}, {":7", ":99999"}, {":7", ":\"7\""}, {"65536", "1e30"}, {"\"host\"", "null"}})
    EXPECT_FALSE(parse_result(replaced(good, what, by))) << by;
  EXPECT_EQ(parse_result(replaced(good, "host", R"(\u001b[2J)"))->machine, "\\027[2J");
  const auto settings = to_message(Settings{});
  for (const auto& [what, by] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"tsv", "xml"}, {"tsv", ""}, {"yes", "1"}, {"=30", "=0"}, {"=30", "=30 "}, {"=30", "=30 x=1"}, {"65536", "99999999"}, {"65536", "-1"}, {"hold", "held"}, {"hold=", "hold"}})
    EXPECT_FALSE(parse_settings(replaced(settings, what, by))) << by;
}

TEST(Names, of_a_scan) {
  for (const auto* word : {"", "a.b", "a b", "*", ">", "a/b", "a\n", "0123456789012345678901234567890123"}) EXPECT_FALSE(Names::of(word)) << word;
  const auto names = *Names::of("week_46-b");
  EXPECT_EQ(names.leases(), "fcrdns-week_46-b-leases");
  EXPECT_EQ(names.lease("10-0-0-0-16"), "fcrdns.week_46-b.lease.10-0-0-0-16");
  EXPECT_EQ(id_in(names.result("10-0-0-0-16")), "10-0-0-0-16");
  EXPECT_EQ(attempt_in(names.part("10-0-0-0-16", "0123456789abcdef", 3)), "0123456789abcdef");
  EXPECT_EQ(names.parts("10-0-0-0-16", "0123456789abcdef"), "fcrdns.week_46-b.rows.10-0-0-0-16.0123456789abcdef.*");
  for (const auto* subject : {"", "fcrdns.scan.done.*", "fcrdns.scan.lease.10-0-0-0-16", "fcrdns.scan.done.a.b", "x.scan.done.a"}) EXPECT_EQ(id_in(subject), "") << subject;
}

}  // namespace
}  // namespace fcrdns::lease
