#include "fcrdns/dns/record.hpp"

#include <gtest/gtest.h>

namespace fcrdns::dns {
namespace {

const Name origin = Name::parse("example.com").value();

TEST(Type, WordsAndNumbers) {
  for (const auto* word : {"A", "NS", "CNAME", "SOA", "PTR", "MX", "TXT", "AAAA", "SRV", "DNAME", "DS", "RRSIG", "NSEC",
                           "DNSKEY", "NSEC3", "NSEC3PARAM", "TSIG", "AXFR", "ANY", "OPT", "TYPE65280"}) {
    ASSERT_TRUE(parse_type(word)) << word;
    EXPECT_EQ(to_text(*parse_type(word)), word);
  }
  EXPECT_EQ(parse_type("ptr"), Type::ptr);
  EXPECT_EQ(parse_type("type12"), Type::ptr);
  for (const auto* word : {"", "TYPE", "TYPE65536", "TYPE-1", "TYPE1x", "PTRR"}) EXPECT_FALSE(parse_type(word)) << word;
}

struct TextRow { Type type; const char* in; const char* out; };

TEST(Rdata, TextRoundTripAndWireRoundTrip) {
  for (const auto& row : {
           TextRow{Type::a, "203.0.113.5", "203.0.113.5"}, {Type::aaaa, "2001:DB8::0:1", "2001:db8::1"},
           {Type::ptr, "mail.example.com.", "mail.example.com."}, {Type::ptr, "mail", "mail.example.com."},
           {Type::cname, "@", "example.com."}, {Type::ns, ".", "."}, {Type::dname, "rev\\.x.", "rev\\.x."},
           {Type::ptr, "odd\\.", "odd\\..example.com."}, {Type::ptr, "even\\\\.", "even\\\\."},
           {Type::mx, "10 mx", "10 mx.example.com."},
           {Type::soa, "ns host.x. 1 2 3 4 4294967295", "ns.example.com. host.x. 1 2 3 4 4294967295"},
           {Type::txt, "\"v=spf1 -all\" plain \"q\\\"\\\\\\000\"", "\"v=spf1 -all\" \"plain\" \"q\\\"\\\\\\000\""},
           {Type::txt, "\"\"", "\"\""}, {Type::srv, "\\# 3 0a0B 0c", "\\# 3 0A0B0C"}, {Type::ds, "\\# 0", "\\# 0"},
           {Type::a, "\\# 4 CB007105", "203.0.113.5"}, {static_cast<Type>(65280), "\\# 1 ff", "\\# 1 FF"}}) {
    SCOPED_TRACE(row.in);
    const auto data = parse_rdata(row.type, row.in, origin);
    ASSERT_TRUE(data);
    EXPECT_EQ(to_text(row.type, *data), row.out);
    EXPECT_EQ(parse_rdata(row.type, row.out, Name()), *data);
    const auto wire = to_wire(*data);
    base::Cursor cursor(wire);
    EXPECT_EQ(read_rdata(row.type, cursor, wire.size()), *data);
  }
}

TEST(Rdata, RefusedText) {
  const auto long_text = "\"" + std::string(256, 'x') + "\"";
  for (const auto& row : {
           TextRow{Type::a, "2001:db8::1", ""}, {Type::aaaa, "203.0.113.5", ""}, {Type::a, "203.0.113.05", ""},
           {Type::a, "", ""}, {Type::a, "203.0.113.5 x", ""}, {Type::ptr, "a..b", ""}, {Type::ptr, "a b", ""},
           {Type::mx, "mx", ""}, {Type::mx, "65536 mx", ""}, {Type::mx, "10 a..", ""}, {Type::soa, "a b 1 2 3 4", ""},
           {Type::soa, "a b 1 2 3 4 4294967296", ""}, {Type::soa, "a.. b 1 2 3 4 5", ""}, {Type::txt, "", ""},
           {Type::txt, "\"open", ""}, {Type::txt, "\\", ""}, {Type::txt, "\\300", ""}, {Type::txt, long_text.c_str(), ""},
           {Type::srv, "1 2 3 x.", ""}, {Type::a, "\\# 5 0102030405", ""}, {Type::ds, "\\# 2 01", ""},
           {Type::ds, "\\# 1 0x", ""}, {Type::ds, "\\#", ""}, {Type::ptr, "\\# 2 c000", ""}})
    EXPECT_FALSE(parse_rdata(row.type, row.in, origin)) << to_text(row.type) << " " << row.in;
}

TEST(Record, OneLine) {
  const Record record{origin, Type::a, Class::in, 3600, net::Address::v4({203, 0, 113, 5})};
  EXPECT_EQ(to_text(record), "example.com. 3600 IN A 203.0.113.5");
  const Record chaos{origin, Type::txt, static_cast<Class>(3), 0, Txt{{"x"}}};
  EXPECT_EQ(to_text(chaos), "example.com. 0 CLASS3 TXT \"x\"");
}

}  // namespace
}  // namespace fcrdns::dns
