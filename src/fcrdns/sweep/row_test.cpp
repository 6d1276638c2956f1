// The lines that rows make, one case each in three formats; and what is read back of them.
#include "fcrdns/sweep/row.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace fcrdns::sweep {
namespace {

using verdict::Iprev;

struct Case {
  const char* id;
  const char* address;                 // no address: a bad line
  std::optional<Iprev> iprev;
  std::optional<std::size_t> confirmed;
  std::vector<std::string> names;
  Detail detail;
  Notes notes;
  std::vector<std::string_view> more;  // customer, was
  const char *tsv, *csv, *ndjson;
};
const std::vector<std::string> more_names{"customer", "was"};

const Case cases[] = {
    {"pass", "203.0.113.5", Iprev::pass, 0, {"mail.example.com"}, Detail::none, {}, {"K-1", "fail"},
     "203.0.113.5\tpass\tmail.example.com.\tmail.example.com.\t-\t-\tK-1\tfail",
     "203.0.113.5,pass,mail.example.com.,mail.example.com.,,,K-1,fail",
     R"({"address":"203.0.113.5","iprev":"pass","confirmed_name":"mail.example.com.","names":["mail.example.com."],"detail":null,"notes":[],"customer":"K-1","was":"fail"})"},
    {"no_ptr_of_ipv6", "2001:db8::5", Iprev::permerror, {}, {}, Detail::nxdomain, {}, {},
     "2001:db8::5\tpermerror\t-\t-\tnxdomain\t-\t-\t-",
     "2001:db8::5,permerror,,,nxdomain,,,",
     R"({"address":"2001:db8::5","iprev":"permerror","confirmed_name":null,"names":[],"detail":"nxdomain","notes":[],"customer":"","was":""})"},
    {"several_names_and_all_notes", "203.0.113.5", Iprev::pass, 1, {"a.example.com", "b.example.com"}, Detail::none, {true, true, true}, {"", "x"},
     "203.0.113.5\tpass\tb.example.com.\ta.example.com.,b.example.com.\t-\tgeneric,multiple,alias\t-\tx",
     R"(203.0.113.5,pass,b.example.com.,"a.example.com.,b.example.com.",,"generic,multiple,alias",,x)",
     R"({"address":"203.0.113.5","iprev":"pass","confirmed_name":"b.example.com.","names":["a.example.com.","b.example.com."],"detail":null,"notes":["generic","multiple","alias"],"customer":"","was":"x"})"},
    {"the_root", "203.0.113.5", Iprev::permerror, {}, {"."}, Detail::unusable_name, {}, {},
     "203.0.113.5\tpermerror\t-\t.\tunusable_name\t-\t-\t-",
     "203.0.113.5,permerror,,.,unusable_name,,,",
     R"({"address":"203.0.113.5","iprev":"permerror","confirmed_name":null,"names":["."],"detail":"unusable_name","notes":[],"customer":"","was":""})"},
    {"tab_comma_newline_escape_utf8_quote_backslash_dot", "203.0.113.5", Iprev::fail, {}, {R"(a\009b\044c\010\027[31m.\195\164\"\\\..example.com)"}, Detail::unusable_name, {}, {},
     "203.0.113.5\tfail\t-\t" R"(a\009b\044c\010\027[31m.\195\164\"\\\..example.com.)" "\tunusable_name\t-\t-\t-",
     R"(203.0.113.5,fail,,"a\009b\044c\010\027[31m.\195\164\""\\\..example.com.",unusable_name,,,)",
     R"({"address":"203.0.113.5","iprev":"fail","confirmed_name":null,"names":["a\\009b\\044c\\010\\027[31m.\\195\\164\\\"\\\\\\..example.com."],"detail":"unusable_name","notes":[],"customer":"","was":""})"},
    {"a_formula_for_a_name", "203.0.113.5", Iprev::fail, {}, {"=1+1", "+a.example", "-b.example", R"(\@c.example)"}, Detail::unusable_name, {}, {},
     "203.0.113.5\tfail\t-\t=1+1.,+a.example.,-b.example.,\\@c.example.\tunusable_name\t-\t-\t-",
     R"(203.0.113.5,fail,,"\0611+1.,\043a.example.,\045b.example.,\@c.example.",unusable_name,,,)",
     R"({"address":"203.0.113.5","iprev":"fail","confirmed_name":null,"names":["=1+1.","+a.example.","-b.example.","\\@c.example."],"detail":"unusable_name","notes":[],"customer":"","was":""})"},
    {"a_bad_line", "203.0.113.555", {}, {}, {}, Detail::bad_input, {}, {},
     "203.0.113.555\t-\t-\t-\tbad_input\t-\t-\t-",
     "203.0.113.555,-,,,bad_input,,,",
     R"({"address":"203.0.113.555","iprev":"-","confirmed_name":null,"names":[],"detail":"bad_input","notes":[],"customer":"","was":""})"},
    {"a_hostile_line", "=cmd|'/c calc'!A1\t\"x\",\\\x1b[2J\xff{", {}, {}, {}, Detail::bad_input, {}, {},
     "=cmd|'/c\\032calc'!A1\\009\"x\"\\044\\092\\027[2J\\255{\t-\t-\t-\tbad_input\t-\t-\t-",
     R"("\061cmd|'/c\032calc'!A1\009""x""\044\092\027[2J\255{",-,,,bad_input,,,)",
     R"({"address":"=cmd|'/c\\032calc'!A1\\009\"x\"\\044\\092\\027[2J\\255{","iprev":"-","confirmed_name":null,"names":[],"detail":"bad_input","notes":[],"customer":"","was":""})"},
    {"words_of_the_user", "203.0.113.5", Iprev::pass, 0, {"m.example"}, Detail::none, {}, {"M\xc3\xbcller, \"Co\"\t\\", "\xc2\x9b\xed\xa0\x80\x7f"},
     "203.0.113.5\tpass\tm.example.\tm.example.\t-\t-\tM\xc3\xbcller, \"Co\"\\009\\\t\\194\\155\\237\\160\\128\\127",
     "203.0.113.5,pass,m.example.,m.example.,,,\"M\xc3\xbcller, \"\"Co\"\"\\009\\\",\\194\\155\\237\\160\\128\\127",
     "{\"address\":\"203.0.113.5\",\"iprev\":\"pass\",\"confirmed_name\":\"m.example.\",\"names\":[\"m.example.\"],\"detail\":null,\"notes\":[],"
     "\"customer\":\"M\xc3\xbcller, \\\"Co\\\"\\\\009\\\\\",\"was\":\"\\\\194\\\\155\\\\237\\\\160\\\\128\\\\127\"}"},
};
void PrintTo(const Case& its, std::ostream* out) { *out << its.id; }

std::string line_of(const Case& its, Format format) {
  Row row;
  std::vector<dns::Name> names;
  for (const auto& name : its.names) names.push_back(dns::Name::parse(name).value());
  if (its.iprev) row.address = net::Address::parse(its.address).value();
  else row.bad_input = its.address;
  row.iprev = its.iprev;
  row.confirmed = its.confirmed;
  row.names = names;
  row.detail = its.detail;
  row.notes = its.notes;
  row.more = its.more;
  std::string out;
  write_row(out, row, format, more_names);
  return out;
}

class RowCase : public testing::TestWithParam<Case> {};

TEST_P(RowCase, is_this_line_in_each_format) {
  EXPECT_EQ(line_of(GetParam(), Format::tsv), std::string(GetParam().tsv) + "\n");
  EXPECT_EQ(line_of(GetParam(), Format::csv), std::string(GetParam().csv) + "\r\n");
  EXPECT_EQ(line_of(GetParam(), Format::ndjson), std::string(GetParam().ndjson) + "\n");
}

TEST_P(RowCase, is_read_back) {
  const auto& its = GetParam();
  for (const auto format : {Format::tsv, Format::csv, Format::ndjson}) {
    const auto line = line_of(its, format);
    const auto read = read_row(line);
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->has_value(), its.iprev.has_value());
    if (!*read) continue;
    EXPECT_EQ((*read)->address.text(), its.address);
    EXPECT_EQ((*read)->iprev, its.iprev);
    EXPECT_EQ(parse_detail((*read)->detail.empty() ? "-" : (*read)->detail), its.detail);
    EXPECT_EQ((*read)->notes, to_words(its.notes));
    EXPECT_EQ((*read)->names.empty(), its.names.empty());
    EXPECT_EQ((*read)->confirmed, its.confirmed ? its.names.at(*its.confirmed) + "." : "");
  }
}

INSTANTIATE_TEST_SUITE_P(Every, RowCase, testing::ValuesIn(cases), [](const auto& row) { return row.param.id; });

TEST(Row, only_csv_has_a_header) {
  const std::vector<std::string> names{"customer", "a,\"b\""};
  EXPECT_EQ(header_line(Format::tsv, names), "");
  EXPECT_EQ(header_line(Format::ndjson, names), "");
  const auto header = header_line(Format::csv, names);
  EXPECT_EQ(header, "address,iprev,confirmed_name,names,detail,notes,customer,\"a,\"\"b\"\"\"\r\n");
  EXPECT_EQ(read_row(header).value(), std::nullopt);
}

/// Name::text() with the comma as \044, whatever octets a name has.
// H092
TEST(Row, names_are_written_as_a_zone_file_would) {
  for (int octet = 0; octet < 256; ++octet)
    for (const std::size_t size : {1, 63}) {
      const auto name = dns::Name::parse("example.com").value().prepend(std::string(size, static_cast<char>(octet))).value();
      std::string line;
      write_row(line, {.iprev = Iprev::fail, .names = {&name, 1}}, Format::tsv);
      auto expected = name.text();
      for (std::size_t at = 0; (at = expected.find(',', at)) != expected.npos;) expected.replace(at, 1, "\\044");
      EXPECT_NE(line.find("\t" + expected + "\t"), line.npos) << line;
      EXPECT_EQ(std::ranges::count(line, '\t'), 5);
      EXPECT_EQ(std::ranges::count(line, '\n'), 1);
    }
}

TEST(Row, a_bad_line_is_cut) {
  std::string line;
  const std::string input(100'000, 'x');
  write_row(line, {.bad_input = input, .detail = Detail::bad_input}, Format::tsv);
  EXPECT_EQ(line, std::string(200, 'x') + "...\t-\t-\t-\tbad_input\t-\n");
}

TEST(Row, what_is_no_row_is_refused) {
  for (const auto* line : {
           "", "x", "203.0.113.5", "203.0.113.5\tpass", "203.0.113.5\tpass\t-\t-\t-", "203.0.113.5\t-\t-\t-\t-\t-",
           "203.0.113.5\tpasses\t-\t-\t-\t-", "203.0.113.5\tfail\t-\t-\tnever\t-", "203.0.113\tfail\t-\t-\tnxdomain\t-",
           "010.0.0.1\tfail\t-\t-\tnxdomain\t-", "\tfail\t-\t-\tnxdomain\t-",
           "203.0.113.5,fail,,,nxdomain", "203.0.113.5,fail,\",,nxdomain,", "203.0.113.5,fail,\"a\"b,,nxdomain,",
           "{", "{}", "{\"address\":\"203.0.113.5\"}", "{\"address\":\"203.0.113.5\",\"iprev\":\"pass\"", "{\"address\":\"203.0.113.5\",\"iprev\":\"pass\"}x",
           "{\"address\":{},\"iprev\":\"pass\"}", "{\"address\":[\"203.0.113.5\"],\"iprev\":\"pass\",\"names\":[", "{\"address\":\"203.0.113.5\",\"iprev\":\"pass\",\"names\":[[]]}",
           "{\"address\":\"203.0.113.5\",\"iprev\":\"pass\\\"}",
       })
    EXPECT_FALSE(read_row(line)) << line;
}

TEST(Row, is_read_as_others_write_it_too) {
  for (const auto* line : {
           "203.0.113.5\tpass\tm.example.\tm.example.\t-\tgeneric,later\textra\r\n",
           "\"203.0.113.5\",\"pass\",\"m.example.\",\"m.example.\",\"\",\"generic\"\n",
           R"({ "iprev" : "pass", "notes": ["generic", "new"], "address":"203.0.113.5","count":12.5e-3,"ok":true,"names":["m.example."],"confirmed_name":"m.example.","detail":null })",
       }) {
    const auto read = read_row(line);
    ASSERT_TRUE(read && *read) << line;
    EXPECT_EQ((*read)->iprev, Iprev::pass);
    EXPECT_EQ((*read)->confirmed, "m.example.");
    EXPECT_EQ((*read)->notes, "generic");
    EXPECT_EQ((*read)->detail, "");
  }
}

TEST(Row, words_are_those_of_the_interface) {
  for (int i = 0; i <= static_cast<int>(Detail::forward_unusable); ++i) {
    const auto detail = static_cast<Detail>(i);
    EXPECT_EQ(parse_detail(to_word(detail)), detail);
  }
  EXPECT_EQ(to_word(Detail::loop), "loop");
  EXPECT_EQ(to_word(Detail::unusable_name), "unusable_name");
  EXPECT_EQ(to_word(Detail::forward_mismatch), "forward_mismatch");
  EXPECT_EQ(to_word(Detail::forward_unusable), "forward_unusable");
  EXPECT_FALSE(parse_detail("forward_mism"));
}

TEST(Row, only_lets_through) {
  struct Way {
    Only only;
    const char* words;  // pass, permerror, fail, temperror, a generic pass, a bad line
  };
  for (const auto& [only, words] : {Way{Only::broken, "011001"}, Way{Only::generic, "000011"}, Way{Only::undetermined, "000101"}, Way{Only::pass, "100011"}}) {
    std::string let;
    for (const auto iprev : {Iprev::pass, Iprev::permerror, Iprev::fail, Iprev::temperror}) let += lets_through(only, {.iprev = iprev}) ? '1' : '0';
    let += lets_through(only, {.iprev = Iprev::pass, .notes = {.generic = true}}) ? '1' : '0';
    let += lets_through(only, {.bad_input = "x"}) ? '1' : '0';
    EXPECT_EQ(let, words);
  }
}

}  // namespace
}  // namespace fcrdns::sweep
