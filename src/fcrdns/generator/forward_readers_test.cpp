// What the three readers take, line by line, and what they say of lines they cannot read.
#include <gtest/gtest.h>

#include <sstream>

#include "fcrdns/generator/forward_master.hpp"
#include "fcrdns/generator/forward_rows.hpp"

namespace fcrdns::generator {
namespace {

dns::Name name(std::string_view text) { return *dns::Name::parse(text); }

using Read = base::Expected<void> (*)(std::istream& in, ForwardRows& out);

/// "LINE NAME ADDRESS TTL" of each row and "LINE: WHY" of what could not be read, by commas.
std::string shown(Read read, const std::string& text, std::optional<dns::Name> origin = name("example.com")) {
  FromForward options;
  options.origin = std::move(origin);
  ForwardRows rows(options);
  std::istringstream in(text);
  const auto done = read(in, rows);
  if (!done) return done.error().message;
  std::string out;
  const auto add = [&](const std::string& part) { (out += out.empty() ? "" : ", ") += part; };
  for (const auto& row : rows.rows)
    add(std::to_string(row.line) + ' ' + rows.name(row).text() + ' ' + row.address.text() + (row.ttl == 3600 ? "" : ' ' + std::to_string(row.ttl)));
  for (const auto& one : rows.derived.skipped) add(std::to_string(one.line) + (one.why == Skipped::Why::unreadable ? '!' + one.text.substr(one.text.rfind("\": ") + 2) : "-"));
  return out;
}

struct Row {
  std::string text, expected;
};

TEST(ReadZonefile, H084_lines) {
  const Row rows[] = {
      {"mail A 203.0.113.5\n", "1 mail.example.com. 203.0.113.5"},
      {"mail.example.org. A 203.0.113.5", "1 mail.example.org. 203.0.113.5"},
      {"@ IN A 203.0.113.5\r\n", "1 example.com. 203.0.113.5"},
      {"a 60 IN A 203.0.113.5\nb IN 1h30m A 203.0.113.6\nc in a 203.0.113.7\n", "1 a.example.com. 203.0.113.5 60, 2 b.example.com. 203.0.113.6 5400, 3 c.example.com. 203.0.113.7 5400"},
      {"$TTL 1d\na A 203.0.113.5\nb 60 A 203.0.113.6\nc A 203.0.113.7\n", "2 a.example.com. 203.0.113.5 86400, 3 b.example.com. 203.0.113.6 60, 4 c.example.com. 203.0.113.7 86400"},
      {"a A 203.0.113.5\n  AAAA 2001:db8::5\n\t60 IN A 203.0.113.6\n", "1 a.example.com. 203.0.113.5, 2 a.example.com. 2001:db8::5, 3 a.example.com. 203.0.113.6 60"},
      {"$ORIGIN x\na A 203.0.113.5\n$ORIGIN y.example.org.\na A 203.0.113.6\n", "2 a.x.example.com. 203.0.113.5, 4 a.y.example.org. 203.0.113.6"},
      {"@ SOA ns1 host (\n 1 ; serial )\n 2 3 4 5 )\na A ( 203.0.113.5\n) ; done\n", "4 a.example.com. 203.0.113.5"},
      {"t TXT \"a ; b ( c\" \"\\\"d\"\na A 203.0.113.5\n", "2 a.example.com. 203.0.113.5"},
      {"a\\.b A 203.0.113.5\n\\097 A 203.0.113.6\nc\\032d A 203.0.113.7\n", "2 a.example.com. 203.0.113.6, 1-, 3-"},
      {"; all\n\n   \n  ; of it\n", ""},
      {"a MX 10 b\na CAA 0 issue \"x\"\na TYPE65280 \\# 0\na SSHFP 1 1 00\na HTTPS 1 . alpn=h2\na CH A 203.0.113.5\na CLASS4 A 203.0.113.5\n", ""},
      {"a A 203.0.113.5 x\na A\na A 2001:db8::1\na AAAA 203.0.113.5\na A 203.0.113.256\n",
       "1! an A record holds one IPv4 address, 2! an A record holds one IPv4 address, 3! an A record holds one IPv4 address, 4! an AAAA record holds one IPv6 address, "
       "5! an A record holds one IPv4 address"},
      {"$INCLUDE /etc/passwd\na A 203.0.113.5\n", "2 a.example.com. 203.0.113.5, 1! $INCLUDE is not followed: no file is read because another one says so; give that file as well"},
      {"$FOO\n$TTL x\n$ORIGIN\n", "1! no such directive, 2! $TTL needs seconds, or a time like 1h30m, 3! $ORIGIN needs a name"},
      {" A 203.0.113.5\n", "1! the line begins with a blank, which stands for the owner of the line before, and there is none"},
      {"a\n", "1! there is no type and no data"},
      {"a TXT \"open\nb A 203.0.113.5\n", "2 b.example.com. 203.0.113.5, 1! a quoted text has no closing quote"},
      {"a A 203.0.113.5 )\nb A 203.0.113.6\n", "2 b.example.com. 203.0.113.6, 1! a closing parenthesis without its opening one"},
      {"a A ( 203.0.113.5\n", "1! an opening parenthesis is never closed"},
      {"a A ( 203.0.113.5\n" + std::string(501, '\n') + "b A 203.0.113.6\n", "503 b.example.com. 203.0.113.6, 1! an opening parenthesis is not closed within 500 lines and 64 KiB"},
      {"a TXT " + std::string(70'000, 'x') + "\nb A 203.0.113.6\n", "2 b.example.com. 203.0.113.6, 1! longer than 64 KiB"},
      {"a TXT " + std::string(700'000, 'x') + "\nb A 203.0.113.6\n", "2 b.example.com. 203.0.113.6, 1! longer than 64 KiB"},
      {std::string(64, 'a') + " A 203.0.113.5\na..b A 203.0.113.5\n", "1! not a domain name, 2! not a domain name"},
      {"\xef\xbb\xbf" "a A 203.0.113.5\n", "1 a.example.com. 203.0.113.5"},
      {"$GENERATE 1-2 h$ A 203.0.113.$\n", "1 h1.example.com. 203.0.113.1, 1 h2.example.com. 203.0.113.2"},
      {"$GENERATE 9-11/2 h${-8,3,d}.x 60 IN A 203.0.113.${1}\n", "1 h001.x.example.com. 203.0.113.10 60, 1 h003.x.example.com. 203.0.113.12 60"},
      {"$GENERATE 1-2 h$ A\n$GENERATE 2-1 h$ A 1.2.3.$\n$GENERATE 0-65536 h$ A 1.2.3.$\n$GENERATE 1-1 h${x} A 1.2.3.$\n",
       "1! $GENERATE needs START-STOP[/STEP], an owner, a type and one word of data, 2! $GENERATE needs START-STOP[/STEP], an owner, a type and one word of data, "
       "3! $GENERATE makes too many records: at most 65536 in a line and 4194304 in all, 4! $GENERATE takes $ and ${OFFSET,WIDTH,BASE} in its owner and data"},
  };
  for (const auto& row : rows) EXPECT_EQ(shown(read_zonefile, row.text), row.expected) << row.text.substr(0, 200);
  EXPECT_EQ(shown(read_zonefile, "a A 203.0.113.5\nb. A 203.0.113.6\n", std::nullopt),
            "1! a name without its final dot, and no $ORIGIN says in which zone; add one, or give the zone's name, 2-");
}

TEST(ReadCsv, H084_lines) {
  const Row rows[] = {
      {"mail.example.com,203.0.113.5\n", "1 mail.example.com. 203.0.113.5"},
      {"mail.example.com,203.0.113.5", "1 mail.example.com. 203.0.113.5"},
      {"mail,203.0.113.5\r\nmail.,203.0.113.6\r\n", "1 mail.example.com. 203.0.113.5, 2-"},
      {"IP,TTL,Host\n203.0.113.5,60,mail\n", "2 mail.example.com. 203.0.113.5 60"},
      {"hostname;ipv4;ipv6\na;203.0.113.5;2001:db8::5\nb;;2001:db8::6\nc;;\n", "2 a.example.com. 203.0.113.5, 2 a.example.com. 2001:db8::5, 3 b.example.com. 2001:db8::6, 4! there is no address"},
      {"name\tip\na\t203.0.113.5\nname\tip\nb\t203.0.113.6\n", "2 a.example.com. 203.0.113.5, 4 b.example.com. 203.0.113.6"},
      {"\xef\xbb\xbf\"name\",\"address\",\"note\"\n\"a\",\"203.0.113.5\",\"one, \"\"two\"\"\nthree\"\nb,203.0.113.6,x\n", "2 a.example.com. 203.0.113.5, 4 b.example.com. 203.0.113.6"},
      {" a , 203.0.113.5 , ignored\n# a comment\n\nb,203.0.113.6\n", "1 a.example.com. 203.0.113.5, 4 b.example.com. 203.0.113.6"},
      {"name,ip\n'-a.example.com,203.0.113.5\n", "2-"},
      {"a,203.0.113.5\nb,203.0.113.300\n,203.0.113.6\nc\nd,203.0.113.7\n",
       "1 a.example.com. 203.0.113.5, 5 d.example.com. 203.0.113.7, 2! each number of an IPv4 address is at most 255, 3! there is no name, 4! there is no address"},
      {"name,ip,ttl\na,203.0.113.5,soon\n", "2! the TTL is a number of seconds, or a time like 1h30m"},
      {"a,203.0.113.5,\"open\nb,203.0.113.6\n", "2 b.example.com. 203.0.113.6, 1! a quote is not closed"},
      {"a," + std::string(70'000, 'x') + "\nb,203.0.113.6\n", "2 b.example.com. 203.0.113.6, 1! longer than 64 KiB"},
      {"a,203.0.113.5,\"" + std::string(60'000, 'x') + "\n" + std::string(70'000, 'x') + "\nb,203.0.113.6\n", "3 b.example.com. 203.0.113.6, 1! a quote is not closed, 2! longer than 64 KiB"},
  };
  for (const auto& row : rows) EXPECT_EQ(shown(read_csv, row.text), row.expected) << row.text.substr(0, 200);
}

TEST(ReadHosts, lines) {
  const Row rows[] = {
      {"203.0.113.5 mail.example.org mail # comment\n", "1 mail.example.org. 203.0.113.5"},
      {"203.0.113.5\tmail\n2001:db8::5   mail.example.com.\r\n", "1 mail.example.com. 203.0.113.5, 2 mail.example.com. 2001:db8::5"},
      {"# all\n\n   # of it\n", ""},
      {"203.0.113.5\n203.0.113.5 # x\n203.0.113 a\na 203.0.113.5\n",
       "1! there is no name behind the address, 2! there is no name behind the address, 3! a line of a hosts file begins with an address, 4! a line of a hosts file begins with an address"},
      {"203.0.113.5 " + std::string(70'000, 'x') + "\n203.0.113.6 b\n", "2 b.example.com. 203.0.113.6, 1! longer than 64 KiB"},
  };
  for (const auto& row : rows) EXPECT_EQ(shown(read_hosts, row.text), row.expected) << row.text.substr(0, 200);
}

TEST(PutNumber, templates) {
  const struct { const char* text; std::uint32_t number; const char* expected; } rows[] = {
      {"h$", 7, "h7"}, {"$-$", 7, "7-7"}, {"${0,3}", 7, "007"}, {"${0,2,x}", 255, "ff"}, {"${0,2,X}", 255, "FF"}, {"${0,0,o}", 8, "10"}, {"${-7}", 7, "0"}, {"${3}", 4, "7"},
      {"a$$b", 7, "a$b"}, {"a\\$b", 7, "a$b"}, {"a\\.$", 7, "a\\.7"}, {"${0,5,n}", 0x1a2, "2.a.1"}, {"${0,7,n}", 0x1a2, "2.a.1.0"}, {"${0,1,N}", 0xab, "B.A"}, {"plain", 7, "plain"},
      {"${-8}", 7, nullptr}, {"${", 7, nullptr}, {"${1,2,3,4}", 7, nullptr}, {"${0,0,q}", 7, nullptr}, {"${0,256}", 7, nullptr}, {"${99999999999999999999}", 7, nullptr},
      {"${9223372036854775807}", 7, nullptr}, {"${0,255}${0,255}${0,255}${0,255}${0,255}", 7, nullptr},
  };
  for (const auto& row : rows) EXPECT_EQ(put_number(row.text, row.number), row.expected ? std::optional<std::string>(row.expected) : std::nullopt) << row.text;
}

TEST(ParseTtl, texts) {
  const struct { const char* text; std::optional<std::uint32_t> expected; } rows[] = {
      {"0", 0}, {"3600", 3600}, {"1h30m", 5400}, {"1W2D3H4M5S", 788645}, {"1h30", 3630}, {"2147483647", 2147483647}, {"2147483648", std::nullopt}, {"4000000w", std::nullopt},
      {"", std::nullopt}, {"h", std::nullopt}, {"1x", std::nullopt}, {"-1", std::nullopt}, {"1h h", std::nullopt}, {"99999999999999999999999999", std::nullopt}, {"1hh", std::nullopt}};
  for (const auto& row : rows) EXPECT_EQ(parse_ttl(row.text), row.expected) << row.text;
}

}  // namespace
}  // namespace fcrdns::generator
