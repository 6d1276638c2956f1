// The rules by which names get PTRs, one row each: what is read, what comes out, what is said of the rest.
#include "fcrdns/generator/from_forward.hpp"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

namespace fcrdns::generator {
namespace {

using Why = Skipped::Why;
dns::Name name(std::string_view text) { return *dns::Name::parse(text); }

/// "SHORT>NAME" of each PTR, zones as "[APEX]".
struct Shown : Writer {
  std::string text;
  bool full = false;
  void add(const std::string& part) { (text += text.empty() ? "" : " ") += part; }
  void begin_zone(const Zone& zone) override { add("[" + zone.apex.text() + (zone.nameservers.empty() ? "" : "*") + "]"); }
  void record(const dns::Record& record) override {
    const auto address = net::parse_reverse_name(record.owner.text());
    add(address->text() + (record.type == dns::Type::cname ? "~" : ">") + std::get<dns::Name>(record.data).text() +
        (record.ttl == 3600 ? "" : "/" + std::to_string(record.ttl)));
  }
  void end_zone() override {}
  void end() override { ADD_FAILURE() << "end() is the caller's"; }
  [[nodiscard]] bool stopped() const override { return full; }
};

struct Row {
  const char* what;
  FromForward options;
  std::string text;
  std::string expected;
  std::map<Why, std::size_t> skipped = {};
};

FromForward csv(FromForward options = {}) { return options.source = Source::csv, options; }
FromForward hosts(FromForward options = {}) { return options.source = Source::hosts, options; }
FromForward zonefile(FromForward options = {}) { return options.origin = name("example.com"), options; }
std::vector<net::Prefix> blocks(std::initializer_list<const char*> texts) {
  std::vector<net::Prefix> out;
  for (const auto* text : texts) out.push_back(*net::Prefix::parse(text));
  return out;
}

const std::string z113 = "[113.0.203.in-addr.arpa.]";

void expect(const Row& row) {
  std::istringstream in(row.text);
  Shown out;
  const auto derived = derive(in, row.options, out);
  ASSERT_TRUE(derived) << row.what << ": " << derived.error().message;
  EXPECT_EQ(out.text, row.expected) << row.what;
  std::map<Why, std::size_t> skipped;
  for (const auto& one : derived->skipped) ++skipped[one.why];
  EXPECT_EQ(skipped, row.skipped) << row.what;
  EXPECT_EQ(derived->skipped_count, derived->skipped.size()) << row.what;
}

const Row rules[] = {
    {"in order of addresses, each zone once", csv(), "b.example.com,203.0.113.6\nv.example.com,2001:db8::1\na.example.com,203.0.113.5\nc.example.com,198.51.100.1\n",
     "[100.51.198.in-addr.arpa.] 198.51.100.1>c.example.com. " + z113 + " 203.0.113.5>a.example.com. 203.0.113.6>b.example.com. "
     "[0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.] 2001:db8::1>v.example.com."},
    {"the first of the data wins", csv(), "b.example.com,203.0.113.5\na.example.com,203.0.113.5\n", z113 + " 203.0.113.5>b.example.com.", {{Why::other_name_won, 1}}},
    {"a preferred name wins", csv({.prefer = {name("a.example.com")}}), "b.example.com,203.0.113.5\na.example.com,203.0.113.5\n",
     z113 + " 203.0.113.5>a.example.com.", {{Why::other_name_won, 1}}},
    {"the first preference is the strongest, a domain is as good as a name", csv({.prefer = {name("example.org"), name("a.example.com")}}),
     "a.example.com,203.0.113.5\nx.example.org,203.0.113.5\n", z113 + " 203.0.113.5>x.example.org.", {{Why::other_name_won, 1}}},
    {"the apex never wins over a host", zonefile(), "@ A 203.0.113.5\nmail A 203.0.113.5\n", z113 + " 203.0.113.5>mail.example.com.", {{Why::other_name_won, 1}}},
    {"nor inside a preferred domain", zonefile({.prefer = {name("example.com")}}), "@ A 203.0.113.5\nmail A 203.0.113.5\n", z113 + " 203.0.113.5>mail.example.com.",
     {{Why::other_name_won, 1}}},
    {"a SOA tells an apex", zonefile(), "example.org. SOA ns1 h 1 2 3 4 5\nexample.org. A 203.0.113.5\nmail A 203.0.113.5\n", z113 + " 203.0.113.5>mail.example.com.",
     {{Why::other_name_won, 1}}},
    {"a name above another one of the address does not win", csv(), "example.com,203.0.113.5\nmail.example.com,203.0.113.5\n", z113 + " 203.0.113.5>mail.example.com.",
     {{Why::other_name_won, 1}}},
    {"the apex alone gets its PTR", zonefile(), "@ A 203.0.113.5\n", z113 + " 203.0.113.5>example.com."},
    {"every name", csv({.prefer = {name("b.example.com")}, .every_name = true}), "a.example.com,203.0.113.5\nb.example.com,203.0.113.5\n",
     z113 + " 203.0.113.5>b.example.com. 203.0.113.5>a.example.com."},
    {"duplicates collapse, whatever their case", csv(), "a.example.com,203.0.113.5\nA.Example.com,203.0.113.5\n", z113 + " 203.0.113.5>a.example.com."},
    {"aliases make no PTR", zonefile(), "www CNAME mail\nmail A 203.0.113.5\n", z113 + " 203.0.113.5>mail.example.com."},
    {"opted out in a master file", zonefile(), "a A 203.0.113.5 ; no-ptr\nb A 203.0.113.6 ; shared, NoPTR\nc A 203.0.113.7 ; no-ptrs here\nd A ( ; noptr\n 203.0.113.8 )\n",
     z113 + " 203.0.113.7>c.example.com.", {{Why::opted_out, 3}}},
    {"opted out in CSV", csv(), "name,ip,ptr\na.example.com,203.0.113.5,no\nb.example.com,203.0.113.6,False\nc.example.com,203.0.113.7,0\nd.example.com,203.0.113.8,yes\ne.example.com,203.0.113.9,\n",
     z113 + " 203.0.113.8>d.example.com. 203.0.113.9>e.example.com.", {{Why::opted_out, 3}}},
    {"opted out in a hosts file", hosts(), "203.0.113.5 a.example.com # no-ptr\n203.0.113.6 b.example.com # ptr\n", z113 + " 203.0.113.6>b.example.com.", {{Why::opted_out, 1}}},
    {"one that opted out does not stand in another's way", zonefile(), "a A 203.0.113.5 ; no-ptr\nb A 203.0.113.5\n", z113 + " 203.0.113.5>b.example.com.", {{Why::opted_out, 1}}},
    {"wildcards", zonefile(), "* A 203.0.113.5\n*.x A 203.0.113.6\n", "", {{Why::wildcard, 2}}},
    {"what is no host name", csv(), "-a.example.com,203.0.113.5\nmail,203.0.113.6\na b.example.com,203.0.113.7\n5.113.0.203.in-addr.arpa,203.0.113.5\n10.0.0.1,203.0.113.5\n", "", {{Why::not_a_host_name, 5}}},
    {"an underscore and a private top level are left to people", csv(), "a_b.example.com,203.0.113.5\nnas.local,203.0.113.6\n", z113 + " 203.0.113.5>a_b.example.com. 203.0.113.6>nas.local."},
    {"addresses of a machine or a link", hosts(), "127.0.0.1 a.example.com\n::1 a.example.com\nfe80::1%lo0 a.example.com\n169.254.1.1 a.example.com\n0.0.0.0 a.example.com\n"
     "255.255.255.255 a.example.com\n224.0.0.1 a.example.com\nff02::1 a.example.com\n::ffff:203.0.113.5 a.example.com\n", "", {{Why::no_public_ptr, 9}}},
    {"private addresses have zones of their own", hosts(), "10.0.0.1 a.example.com\n100.64.0.1 b.example.com\nfd00::1 c.example.com\n",
     "[0.0.10.in-addr.arpa.] 10.0.0.1>a.example.com. [0.64.100.in-addr.arpa.] 100.64.0.1>b.example.com. [0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa.] fd00::1>c.example.com."},
    {"the block that is asked for, as its zone", csv({.only = blocks({"10.1.0.0/16"})}), "a.example.com,10.1.2.3\nb.example.com,10.1.9.1\nc.example.com,10.2.0.1\n",
     "[1.10.in-addr.arpa.] 10.1.2.3>a.example.com. 10.1.9.1>b.example.com.", {{Why::not_in_block, 1}}},
    {"a block between boundaries is several zones, a classless one a part of one", csv({.only = blocks({"10.0.0.0/15", "203.0.113.64/26"})}),
     "a.example.com,10.0.0.1\nb.example.com,10.1.0.1\nc.example.com,203.0.113.64\nd.example.com,203.0.113.5\n",
     "[0.10.in-addr.arpa.] 10.0.0.1>a.example.com. [1.10.in-addr.arpa.] 10.1.0.1>b.example.com. " + z113 + " 203.0.113.64>c.example.com.", {{Why::not_in_block, 1}}},
    {"of blocks one inside the other, the outer one is the zone", csv({.only = blocks({"10.1.0.0/16", "10.0.0.0/8"})}), "a.example.com,10.0.0.1\nb.example.com,10.1.0.1\nc.example.com,10.2.0.1\n",
     "[10.in-addr.arpa.] 10.0.0.1>a.example.com. 10.1.0.1>b.example.com. 10.2.0.1>c.example.com."},
    {"an IPv6 block", csv({.only = blocks({"2001:db8::/48"})}), "a.example.com,2001:db8::1\nb.example.com,2001:db8:0:1::1\n",
     "[0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.] 2001:db8::1>a.example.com. 2001:db8:0:1::1>b.example.com."},
    {"name servers make whole zones", csv({.nameservers = {name("ns1.example.com")}}), "a.example.com,203.0.113.5\n", "[113.0.203.in-addr.arpa.*] 203.0.113.5>a.example.com."},
    {"a TTL of the data counts", csv({.ttl = 60}), "name,ip,ttl\na.example.com,203.0.113.5,7200\nb.example.com,203.0.113.6,\nc.example.com,203.0.113.7,2h\n",
     z113 + " 203.0.113.5>a.example.com./7200 203.0.113.6>b.example.com./60 203.0.113.7>c.example.com./7200"},
    {"the records of a set have one TTL", csv({.every_name = true}), "name,ip,ttl\na.example.com,203.0.113.5,60\nb.example.com,203.0.113.5,70\n",
     z113 + " 203.0.113.5>a.example.com./60 203.0.113.5>b.example.com./60"},
    {"nothing", csv(), "", ""},
};

TEST(Derive, rules) {
  for (const auto& row : rules) expect(row);
}

const std::string origin113 = "$ORIGIN 113.0.203.in-addr.arpa.\n";
FromForward existing(const char* text, FromForward options = {}) { return options.existing = origin113 + text, csv(options); }

const Row foreign[] = {
    {"the same PTR is ours", existing("5 60 PTR A.example.com.\n"), "a.example.com,203.0.113.5\n", z113 + " 203.0.113.5>a.example.com."},
    {"a name that the data does not know is kept", existing("5 60 PTR x.example.net.\n"), "a.example.com,203.0.113.5\n", z113 + " 203.0.113.5>x.example.net./60", {{Why::foreign_kept, 1}}},
    {"also where the data has nothing", existing("9 PTR x.example.net.\n"), "a.example.com,203.0.113.5\n", z113 + " 203.0.113.5>a.example.com. 203.0.113.9>x.example.net."},
    {"also in a zone that the data has nothing in", csv({.existing = "1.100.51.198.in-addr.arpa. PTR x.example.net.\n"}), "a.example.com,203.0.113.5\n",
     "[100.51.198.in-addr.arpa.] 198.51.100.1>x.example.net. " + z113 + " 203.0.113.5>a.example.com."},
    {"another name of the data than ours is kept", existing("5 PTR b.example.com.\n"), "a.example.com,203.0.113.5\nb.example.com,203.0.113.5\n", z113 + " 203.0.113.5>b.example.com.",
     {{Why::other_name_won, 1}, {Why::foreign_kept, 1}}},
    {"all that stands beside a foreign one is kept", existing("5 PTR a.example.com.\n5 PTR x.example.net.\n"), "a.example.com,203.0.113.5\n",
     z113 + " 203.0.113.5>a.example.com. 203.0.113.5>x.example.net.", {{Why::foreign_kept, 1}}},
    {"an alias of a classless delegation is kept", existing("5 CNAME 5.0-63\n"), "a.example.com,203.0.113.5\n", z113 + " 203.0.113.5~5.0-63.113.0.203.in-addr.arpa.", {{Why::foreign_kept, 1}}},
    {"one whose name has moved goes", existing("9 PTR a.example.com.\n"), "a.example.com,203.0.113.5\n", z113 + " 203.0.113.5>a.example.com."},
    {"one that was opted out stays as people made it", existing("5 PTR a.example.com.\n"), "name,ip,ptr\na.example.com,203.0.113.5,no\n", z113 + " 203.0.113.5>a.example.com.", {{Why::opted_out, 1}}},
    {"with every name, ours are ours", existing("5 PTR b.example.com.\n", {.every_name = true}), "a.example.com,203.0.113.5\nb.example.com,203.0.113.5\n",
     z113 + " 203.0.113.5>a.example.com. 203.0.113.5>b.example.com."},
    {"the zone's name may come from the block", csv({.only = blocks({"203.0.113.0/24"}), .existing = "9 PTR x.example.net.\n@ NS ns1.example.com.\n"}), "", z113 + " 203.0.113.9>x.example.net."},
    {"outside of the block it is nobody's business", existing("9 PTR x.example.net.\n", {.only = blocks({"198.51.100.0/24"})}), "", ""},
};

TEST(Derive, foreign_records_are_never_touched) {
  for (const auto& row : foreign) expect(row);
}

TEST(Derive, counts) {
  std::istringstream in("a.example.com,203.0.113.5\nb.example.com,203.0.113.5\nnonsense\nc.example.com,198.51.100.1\n");
  Shown out;
  const auto derived = derive(in, existing("9 PTR a.example.com.\n"), out);
  ASSERT_TRUE(derived);
  EXPECT_EQ(derived->lines, 4U);
  EXPECT_EQ(derived->addresses, 2U);
  EXPECT_EQ(derived->zones, 2U);
  EXPECT_EQ(derived->records, 2U);
  EXPECT_EQ(derived->outdated, 1U);
  EXPECT_EQ(derived->unreadable, 1U);
  EXPECT_EQ(derived->skipped_count, 2U);
  EXPECT_EQ(derived->skipped[0].line, 3U);
  EXPECT_EQ(derived->skipped[0].text, "\"nonsense\": there is no address");
  EXPECT_EQ(derived->skipped[1].line, 2U);
  EXPECT_EQ(derived->skipped[1].text, "b.example.com. 203.0.113.5");
}

TEST(Derive, what_is_skipped_is_counted_beyond_what_is_told) {
  std::string text = "a.example.com,203.0.113.5\n";
  for (int i = 0; i < 1500; ++i) text += "a.example.com,127.0.0.1\n";
  std::istringstream in(text);
  Shown out;
  const auto derived = derive(in, csv(), out);
  EXPECT_EQ(derived->skipped.size(), 1000U);
  EXPECT_EQ(derived->skipped_count, 1500U);
}

TEST(Derive, many_names_of_one_address) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "h" + std::to_string(i % 10'000) + ".example.com,203.0.113.5\n";
  std::istringstream in(text);
  Shown out;
  const auto derived = derive(in, csv(), out);
  EXPECT_EQ(out.text, z113 + " 203.0.113.5>h0.example.com.");
  EXPECT_EQ(derived->skipped_count, 9'999U);
}

TEST(Derive, a_writer_that_stopped_gets_no_more) {
  std::istringstream in("a.example.com,203.0.113.5\n");
  Shown out;
  out.full = true;
  ASSERT_TRUE(derive(in, csv(), out));
  EXPECT_EQ(out.text, "");
}

TEST(Derive, what_is_no_such_thing_is_refused) {
  const struct { FromForward options; const char* text; const char* message; } rows[] = {
      {csv(), "\n$ORIGIN example.com.\na A 203.0.113.5\n", "this is not CSV with names and addresses: line 2: \"$ORIGIN example.com.\": there is no address"},
      {csv(), "host,ttl\n", "line 1: the header has no column for the address; call it address, ip, ipv4 or ipv6"},
      {csv(), "ip,ttl\n", "line 1: the header has no column for the name; call it name, host or hostname"},
      {hosts(), "a.example.com,203.0.113.5\n", "this is not a hosts file: line 1: \"a.example.com,203.0.113.5\": a line of a hosts file begins with an address"},
      {zonefile(), "203.0.113.5 a.example.com\n", "this is not a master file: line 1: \"203.0.113.5 a.example.com\": this is no line of a master file: there is no record type where one belongs"},
      {existing("5 PTR x y\n"), "a.example.com,203.0.113.5\n", "the reverse zone as it is, line 2: \"x\": it needs exactly one name"},
      {csv({.existing = "5 PTR x.example.net.\n"}), "a.example.com,203.0.113.5\n",
       "the reverse zone as it is, line 1: \"5 PTR x.example.net.\": a name without its final dot, and no $ORIGIN says in which zone; add one, or give the zone's name"},
  };
  for (const auto& row : rows) {
    std::istringstream in(row.text);
    Shown out;
    const auto derived = derive(in, row.options, out);
    ASSERT_FALSE(derived) << row.text;
    EXPECT_EQ(derived.error().message, row.message);
    EXPECT_EQ(out.text, "");
  }
}

TEST(Derive, sources_have_words) {
  EXPECT_EQ(parse_source("zonefile"), Source::zonefile);
  EXPECT_EQ(parse_source("csv"), Source::csv);
  EXPECT_EQ(parse_source("hosts"), Source::hosts);
  EXPECT_FALSE(parse_source("xlsx"));
}

}  // namespace
}  // namespace fcrdns::generator
