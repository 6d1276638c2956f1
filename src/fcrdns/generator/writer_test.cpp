// Each format against the text it must give, and against names that are made to break out of it.
#include "fcrdns/generator/writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "fcrdns/generator/forward_master.hpp"

namespace fcrdns::generator {
namespace {

dns::Name name(std::string_view text) { return *dns::Name::parse(text); }

dns::Record record(std::string_view owner, dns::Type type, std::string_view data, std::uint32_t ttl = 3600) {
  return {name(owner), type, dns::Class::in, ttl, *dns::parse_rdata(type, data, dns::Name())};
}

constexpr Format all_formats[] = {Format::bind, Format::nsupdate, Format::csv, Format::json, Format::terraform, Format::octodns, Format::dnscontrol};
constexpr auto ptr = dns::Type::ptr, a = dns::Type::a, aaaa = dns::Type::aaaa, ns = dns::Type::ns, cname = dns::Type::cname;

struct Filled {
  Zone zone;
  std::vector<dns::Record> records;
};

std::string written(Format format, const std::vector<Filled>& zones) {
  std::string out;
  const auto writer = make_writer(format, [&](std::string_view text) { return out += text, true; });
  for (const auto& [zone, records] : zones) {
    writer->begin_zone(zone);
    for (const auto& one : records) writer->record(one);
    writer->end_zone();
  }
  writer->end();
  EXPECT_FALSE(writer->stopped());
  return out;
}

const Zone part{.apex = name("113.0.203.in-addr.arpa")};
const Zone whole{.apex = name("113.0.203.in-addr.arpa"),
                 .nameservers = {name("ns1.example.com"), name("ns2.example.net")},
                 .soa = {.serial = 7},
                 .comment = "made by\nsomebody"};
const Zone forward{.apex = name("example.com")};

TEST(Writer, formats_have_words) {
  for (const auto format : all_formats) EXPECT_EQ(parse_format(to_word(format)), format);
  EXPECT_FALSE(parse_format("BIND9"));
  EXPECT_FALSE(parse_format(""));
}

struct Row {
  Format format;
  std::vector<Filled> zones;
  std::string expected;
};

const Row rows[] = {
    // Records of a part say their TTL; a whole zone has a default.
    {Format::bind, {{part, {record("5.113.0.203.in-addr.arpa", ptr, "mail.example.com.")}}},
     "$ORIGIN 113.0.203.in-addr.arpa.\n5 3600 IN PTR mail.example.com.\n"},
    {Format::bind, {{whole, {record("5.113.0.203.in-addr.arpa", ptr, "mail.example.com."), record("6.113.0.203.in-addr.arpa", ptr, "b.example.com.", 60)}},
                    {forward, {record("example.com", a, "203.0.113.5"), record("mail.example.com", aaaa, "2001:db8::5")}}},
     "; made by\\010somebody\n$ORIGIN 113.0.203.in-addr.arpa.\n$TTL 3600\n"
     "@ IN SOA ns1.example.com. hostmaster.example.com. 7 86400 7200 3600000 3600\n@ IN NS ns1.example.com.\n@ IN NS ns2.example.net.\n"
     "5 IN PTR mail.example.com.\n6 60 IN PTR b.example.com.\n"
     "\n$ORIGIN example.com.\n@ 3600 IN A 203.0.113.5\nmail 3600 IN AAAA 2001:db8::5\n"},
    // No zone is known: names are absolute. So is one that lies elsewhere.
    {Format::bind, {{Zone{}, {record("mail.example.com", a, "203.0.113.5")}}}, "mail.example.com. 3600 IN A 203.0.113.5\n"},
    {Format::bind, {{part, {record("mail.example.com", a, "203.0.113.5")}}}, "$ORIGIN 113.0.203.in-addr.arpa.\nmail.example.com. 3600 IN A 203.0.113.5\n"},

    {Format::nsupdate, {{whole, {record("5.113.0.203.in-addr.arpa", ptr, "mail.example.com."), record("5.113.0.203.in-addr.arpa", ptr, "b.example.com.")}},
                        {part, {}},
                        {forward, {record("mail.example.com", a, "203.0.113.5"), record("mail.example.com", aaaa, "2001:db8::5")}}},
     "; made by\\010somebody\nzone 113.0.203.in-addr.arpa.\nupdate delete 5.113.0.203.in-addr.arpa. PTR\n"
     "update add 5.113.0.203.in-addr.arpa. 3600 PTR mail.example.com.\nupdate add 5.113.0.203.in-addr.arpa. 3600 PTR b.example.com.\nsend\n"
     "zone example.com.\nupdate add mail.example.com. 3600 A 203.0.113.5\n"
     "update add mail.example.com. 3600 AAAA 2001:db8::5\nsend\n"},

    {Format::csv, {{part, {record("5.113.0.203.in-addr.arpa", ptr, "mail.example.com.")}}},
     "zone,name,relative,type,ttl,data\r\n113.0.203.in-addr.arpa.,5.113.0.203.in-addr.arpa.,5,PTR,3600,mail.example.com.\r\n"},
    {Format::csv, {{{.apex = name("arpa"), .nameservers = {name("ns1.example.com")}}, {}}},
     "zone,name,relative,type,ttl,data\r\narpa.,arpa.,@,SOA,3600,ns1.example.com. hostmaster.example.com. 1 86400 7200 3600000 3600\r\n"
     "arpa.,arpa.,@,NS,3600,ns1.example.com.\r\n"},
    {Format::csv, {}, "zone,name,relative,type,ttl,data\r\n"},

    {Format::json, {{part, {record("5.113.0.203.in-addr.arpa", ptr, "mail.example.com."), record("6.113.0.203.in-addr.arpa", ptr, "b.example.com.", 60)}}, {forward, {}}},
     R"({"schema": "fcrdns/ptr/1", "zones": [
{"zone": "113.0.203.in-addr.arpa.", "ttl": 3600, "records": [
  {"name": "5.113.0.203.in-addr.arpa.", "relative_name": "5", "type": "PTR", "ttl": 3600, "data": "mail.example.com."},
  {"name": "6.113.0.203.in-addr.arpa.", "relative_name": "6", "type": "PTR", "ttl": 60, "data": "b.example.com."}]},
{"zone": "example.com.", "ttl": 3600, "records": []}]}
)"},
    {Format::json, {}, "{\"schema\": \"fcrdns/ptr/1\", \"zones\": []}\n"},

    {Format::terraform, {{whole, {record("5.113.0.203.in-addr.arpa", ptr, "mail.example.com."), record("5.113.0.203.in-addr.arpa", ptr, "b.example.com."),
                                  record("64-127.113.0.203.in-addr.arpa", ns, "ns1.example.com."), record("64-127.113.0.203.in-addr.arpa", ns, "ns2.example.com."),
                                  record("64.113.0.203.in-addr.arpa", cname, "64.64-127.113.0.203.in-addr.arpa.")}},
                         {forward, {record("example.com", a, "203.0.113.5"), record("Mail_1.example.com", aaaa, "2001:db8::5"), record("example.com", ns, "ns1.example.com.")}}},
     R"(# for the provider hashicorp/dns; the zones must exist on its server
# made by\010somebody
resource "dns_ptr_record" "ptr_5_113_0_203_in-addr_arpa" {
  zone = "113.0.203.in-addr.arpa."
  name = "5"
  ttl  = 3600
  ptr  = "mail.example.com."
}
# not in this provider: 5.113.0.203.in-addr.arpa. 3600 PTR b.example.com.
resource "dns_ns_record_set" "ns_64-127_113_0_203_in-addr_arpa" {
  zone = "113.0.203.in-addr.arpa."
  name = "64-127"
  ttl  = 3600
  nameservers = [
    "ns1.example.com.",
    "ns2.example.com.",
  ]
}
resource "dns_cname_record" "cname_64_113_0_203_in-addr_arpa" {
  zone  = "113.0.203.in-addr.arpa."
  name  = "64"
  ttl   = 3600
  cname = "64.64-127.113.0.203.in-addr.arpa."
}
resource "dns_a_record_set" "a_example_com" {
  zone = "example.com."
  ttl  = 3600
  addresses = [
    "203.0.113.5",
  ]
}
resource "dns_aaaa_record_set" "aaaa_mail__5f1_example_com" {
  zone = "example.com."
  name = "Mail_1"
  ttl  = 3600
  addresses = [
    "2001:db8::5",
  ]
}
# not in this provider: example.com. 3600 NS ns1.example.com.
)"},

    {Format::octodns, {{whole, {record("5.113.0.203.in-addr.arpa", ptr, "mail.example.com.")}},
                       {forward, {record("mail.example.com", a, "203.0.113.5"), record("mail.example.com", a, "203.0.113.6"), record("mail.example.com", aaaa, "2001:db8::5", 60),
                                  record("www.example.com", cname, "mail.example.com.")}}},
     R"(# names are in the order of addresses: where they have several labels, YamlProvider needs enforce_order: false
# made by\010somebody
# file: 113.0.203.in-addr.arpa.yaml
---
'':
  - ttl: 3600
    type: NS
    values:
    - 'ns1.example.com.'
    - 'ns2.example.net.'
'5':
  ttl: 3600
  type: PTR
  value: 'mail.example.com.'
# file: example.com.yaml
---
'mail':
  - ttl: 3600
    type: A
    values:
    - '203.0.113.5'
    - '203.0.113.6'
  - ttl: 60
    type: AAAA
    value: '2001:db8::5'
'www':
  ttl: 3600
  type: CNAME
  value: 'mail.example.com.'
)"},

    {Format::dnscontrol, {{whole, {record("5.113.0.203.in-addr.arpa", ptr, "mail.example.com."), record("6.113.0.203.in-addr.arpa", ptr, "b.example.com.", 60)}},
                          {{.apex = name("8.b.d.0.1.0.0.2.ip6.arpa"), .ttl = 60}, {}},
                          {forward, {record("example.com", a, "203.0.113.5")}}},
     R"(// The name in NewDnsProvider() is that of your entry in creds.json.
var REG_NONE = NewRegistrar("none");
var DSP = NewDnsProvider("bind");

// made by\010somebody
D(REV("203.0.113.0/24"), REG_NONE, DnsProvider(DSP), DefaultTTL(3600),
  NAMESERVER("ns1.example.com."),
  NAMESERVER("ns2.example.net."),
  PTR("5", "mail.example.com."),
  PTR("6", "b.example.com.", TTL(60))
);

D(REV("2001:db8::/32"), REG_NONE, DnsProvider(DSP), DefaultTTL(60)
);

D("example.com", REG_NONE, DnsProvider(DSP), DefaultTTL(3600),
  A("@", "203.0.113.5")
);
)"},
};

TEST(Writer, text_of_each_format) {
  for (const auto& row : rows) EXPECT_EQ(written(row.format, row.zones), row.expected) << to_word(row.format);
}

/// Names that would end a string, a line or a comment, be run by a shell, a spreadsheet, a template or a script.
std::vector<dns::Record> hostile() {
  std::vector<dns::Record> out;
  for (const std::string_view label : {"\";drop('x')//", "${file(/etc/passwd)}", "$${x}", "%{for}", "'; - evil: yes", "=cmd|' /C calc'!A0", "@", "-1+1", "+1", "#x", "$(reboot)",
                                       "a\nb", "a\r\nsend", "a b\tc", "\\", "\\\"", "a.b", "(", ";", "<script>", "\xe2\x80\xa8", "*/", "A_b", "a__5fb", "A,b", "\x7f\x1b[2J"}) {
    const auto evil = *name("113.0.203.in-addr.arpa").prepend(label);
    out.push_back({evil, ptr, dns::Class::in, 3600, *name("example.com").prepend(label)});
  }
  out.push_back({name("t.113.0.203.in-addr.arpa"), dns::Type::txt, dns::Class::in, 60, dns::Txt{{"${x} \"'\\", "%{if}\n"}}});
  return out;
}

TEST(Writer, H049_no_name_breaks_out) {
  auto evil = hostile();
  for (const auto format : all_formats)
    for (const char c : written(format, {{part, evil}})) EXPECT_TRUE((c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r') << to_word(format);
  evil.pop_back();
  std::vector<dns::Record> harmless;
  for (std::size_t i = 0; i < evil.size(); ++i) harmless.push_back(record(std::to_string(i) + ".113.0.203.in-addr.arpa", ptr, "a.example.com."));
  for (const auto format : all_formats)
    EXPECT_EQ(std::ranges::count(written(format, {{part, evil}}), '\n'), std::ranges::count(written(format, {{part, harmless}}), '\n')) << to_word(format);
  const auto hcl = written(Format::terraform, {{part, evil}});
  EXPECT_EQ(hcl.find("${"), std::string::npos);
  EXPECT_EQ(hcl.find("%{"), std::string::npos);
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

TEST(Writer, H046_a_cell_is_no_formula) {
  const auto text = lines(written(Format::csv, {{part, {record("=1.113.0.203.in-addr.arpa", ptr, "-x.example.com."), record("113.0.203.in-addr.arpa", ptr, "a\\,\\\"b.")}}}));
  EXPECT_EQ(text[1], "113.0.203.in-addr.arpa.,'=1.113.0.203.in-addr.arpa.,'=1,PTR,3600,'-x.example.com.\r");
  EXPECT_EQ(text[2], "113.0.203.in-addr.arpa.,113.0.203.in-addr.arpa.,@,PTR,3600,\"a,\\\"\"b.\"\r");
}

TEST(Writer, json_holds_the_names) {
  const auto evil = hostile();
  const auto document = nlohmann::json::parse(written(Format::json, {{part, evil}}));
  const auto& records = document["zones"][0]["records"];
  ASSERT_EQ(records.size(), evil.size());
  for (std::size_t i = 0; i < evil.size(); ++i) EXPECT_TRUE(name(records[i]["name"].get<std::string>()).same_case(evil[i].owner));
}

TEST(Writer, terraform_resources_have_names_of_their_own) {
  const auto evil = hostile();
  std::set<std::string> found;
  for (const auto& line : lines(written(Format::terraform, {{part, evil}}))) {
    if (!line.starts_with("resource ")) continue;
    const auto label = line.substr(line.find("\" \"") + 3, line.size() - line.find("\" \"") - 6);
    EXPECT_EQ(label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-"), std::string::npos) << label;
    EXPECT_TRUE(found.insert(label).second) << label;
  }
  EXPECT_EQ(found.size(), evil.size() - 1);  // all but the TXT
}

TEST(Writer, bind_is_read_back_as_it_was) {
  auto records = hostile();
  records.pop_back();
  for (const auto* more : {"1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", "113.0.203.in-addr.arpa", "a.b.c.113.0.203.in-addr.arpa"}) records.push_back(record(more, ptr, "x.example.org.", 60));
  for (const auto& zone : {part, whole, Zone{}}) {
    std::vector<dns::Record> back;
    const auto take = [&](const MasterEntry& entry) {
      dns::Name target;
      if (entry.type != "PTR") return;
      EXPECT_EQ(parse_master_name(entry.data, entry.origin, target), nullptr);
      back.push_back({entry.owner, ptr, dns::Class::in, entry.ttl.value_or(0), target});
    };
    const auto refuse = [](std::size_t line, std::string_view text, std::string_view why) { ADD_FAILURE() << line << text << why; };
    std::istringstream in(written(Format::bind, {{zone, records}}));
    MasterReader(in, std::nullopt, take, refuse).read();
    ASSERT_EQ(back.size(), records.size());
    for (std::size_t i = 0; i < back.size(); ++i) {
      EXPECT_EQ(back[i], records[i]);
      EXPECT_TRUE(back[i].owner.same_case(records[i].owner) && std::get<dns::Name>(back[i].data).same_case(std::get<dns::Name>(records[i].data)));
    }
  }
}

TEST(Writer, an_update_fits_into_a_message) {
  const auto sends = [](const char* zone, std::size_t records, const char* host) {
    Filled filled{{.apex = name(zone)}, {}};
    for (std::size_t i = 0; i < records; ++i) filled.records.push_back(record("h" + std::to_string(i) + "." + zone, ptr, host));
    const auto text = lines(written(Format::nsupdate, {filled}));
    EXPECT_EQ(std::ranges::count(text, "send"), std::ranges::count(text, std::string("zone ") + zone + "."));
    return std::ranges::count(text, "send");
  };
  EXPECT_EQ(sends("arpa", 1000, "a."), 1);
  EXPECT_EQ(sends("arpa", 1001, "a."), 2);
  // 74 octets a name: 2 * (74 + 10) + 17 each.
  EXPECT_EQ(sends("0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", 1000, "mail.example.com."), 4);
}

TEST(Writer, a_large_zone_of_dnscontrol_is_several_calls) {
  const auto text = lines(written(Format::dnscontrol, {{part, std::vector(25'000, record("5.113.0.203.in-addr.arpa", ptr, "a."))}}));
  EXPECT_EQ(std::ranges::count(text, "D_EXTEND(REV(\"203.0.113.0/24\"),"), 2);
  EXPECT_EQ(std::ranges::count(text, ");"), 3);
}

TEST(Writer, a_sink_that_wants_no_more_gets_no_more) {
  for (const auto format : all_formats) {
    std::size_t calls = 0, most = 0;
    const auto writer = make_writer(format, [&](std::string_view text) { return most = std::max(most, text.size()), ++calls < 3; });
    writer->begin_zone(part);
    const auto one = record("5.113.0.203.in-addr.arpa", ptr, "mail.example.com.");
    std::size_t records = 0;
    for (; records < 100'000 && !writer->stopped(); ++records) writer->record(one);
    for (int i = 0; i < 10'000; ++i) writer->record(one);
    writer->end_zone();
    writer->end();
    EXPECT_LT(records, 100'000U) << to_word(format);
    EXPECT_EQ(calls, 3U) << to_word(format);
    EXPECT_LE(most, 64U * 1024) << to_word(format);
  }
}

}  // namespace
}  // namespace fcrdns::generator
