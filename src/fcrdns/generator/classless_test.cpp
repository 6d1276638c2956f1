#include "fcrdns/generator/classless.hpp"

#include <gtest/gtest.h>

namespace fcrdns::generator {
namespace {

dns::Name name(const char* text) { return *dns::Name::parse(text); }
net::Prefix prefix(const char* text) { return *net::Prefix::parse(text); }
const ZoneHead head{3600, {name("ns1.example.com"), name("ns2.example.com")}, {}};

TEST(Classless, what_the_child_is_called) {
  struct Row {
    const char* form;
    const char* prefix;
    const char* parent;
    const char* child;
    std::size_t records;
    const char* last;  ///< of the parent's records
  };
  const Row rows[] = {
      {"range", "192.0.2.0/25", "2.0.192.in-addr.arpa.", "0-127.2.0.192.in-addr.arpa.", 130, "127.2.0.192.in-addr.arpa. 3600 IN CNAME 127.0-127.2.0.192.in-addr.arpa."},
      {"range", "192.0.2.64/26", "2.0.192.in-addr.arpa.", "64-127.2.0.192.in-addr.arpa.", 66, "127.2.0.192.in-addr.arpa. 3600 IN CNAME 127.64-127.2.0.192.in-addr.arpa."},
      {"dash", "192.0.2.64/26", "2.0.192.in-addr.arpa.", "64-26.2.0.192.in-addr.arpa.", 66, "127.2.0.192.in-addr.arpa. 3600 IN CNAME 127.64-26.2.0.192.in-addr.arpa."},
      {"slash", "192.0.2.0/26", "2.0.192.in-addr.arpa.", "0/26.2.0.192.in-addr.arpa.", 66, "63.2.0.192.in-addr.arpa. 3600 IN CNAME 63.0/26.2.0.192.in-addr.arpa."},
      {"rfc4183", "10.100.2.0/26", "2.100.10.in-addr.arpa.", "0-26.2.100.10.in-addr.arpa.", 66, "63.2.100.10.in-addr.arpa. 3600 IN CNAME 63.0-26.2.100.10.in-addr.arpa."},
      {"rfc4183", "10.20.128.0/23", "20.10.in-addr.arpa.", "128-23.20.10.in-addr.arpa.", 4, "129.20.10.in-addr.arpa. 3600 IN DNAME 129.128-23.20.10.in-addr.arpa."},
      {"rfc4183", "10.192.0.0/13", "10.in-addr.arpa.", "192-13.10.in-addr.arpa.", 10, "199.10.in-addr.arpa. 3600 IN DNAME 199.192-13.10.in-addr.arpa."},
      {"label=subnet0", "192.0.2.254/31", "2.0.192.in-addr.arpa.", "subnet0.2.0.192.in-addr.arpa.", 4, "255.2.0.192.in-addr.arpa. 3600 IN CNAME 255.subnet0.2.0.192.in-addr.arpa."},
      {"zone=rev.example.com", "192.0.2.4/30", "2.0.192.in-addr.arpa.", "rev.example.com.", 4, "7.2.0.192.in-addr.arpa. 3600 IN CNAME 7.rev.example.com."},
      {"range", "192.0.2.5/32", "2.0.192.in-addr.arpa.", "5-5.2.0.192.in-addr.arpa.", 3, "5.2.0.192.in-addr.arpa. 3600 IN CNAME 5.5-5.2.0.192.in-addr.arpa."},
      {"slash", "192.0.2.5/32", "2.0.192.in-addr.arpa.", "5/32.2.0.192.in-addr.arpa.", 3, "5.2.0.192.in-addr.arpa. 3600 IN CNAME 5.5/32.2.0.192.in-addr.arpa."},
  };
  for (const auto& row : rows) {
    const auto plan = plan_classless(prefix(row.prefix), *parse_child_name(row.form), head);
    ASSERT_TRUE(plan) << row.prefix << ' ' << row.form << ": " << plan.error().message;
    EXPECT_EQ(plan->parent.text(), row.parent);
    EXPECT_EQ(plan->child.text(), row.child);
    ASSERT_EQ(plan->records.size(), row.records) << row.child;
    EXPECT_EQ(to_text(plan->records.back()), row.last);
  }
}

TEST(Classless, the_ptr_stands_where_the_alias_leads) {
  const auto cut = *plan_classless(prefix("10.20.128.0/23"), *parse_child_name("rfc4183"), head);
  EXPECT_EQ(owner_in_child(cut, *net::Address::parse("10.20.129.5"))->text(), "5.129.128-23.20.10.in-addr.arpa.");
  const auto zone = *plan_classless(prefix("192.0.2.0/26"), *parse_child_name("zone=rev.example.com"), head);
  EXPECT_EQ(owner_in_child(zone, *net::Address::parse("192.0.2.5"))->text(), "5.rev.example.com.");
}

TEST(Classless, both_sides_as_master_files) {
  const auto plan = *plan_classless(prefix("192.0.2.6/31"), *parse_child_name("range"), head);
  std::string text;
  const auto writer = make_writer(Format::bind, [&](std::string_view part) { text += part; return true; });
  write_parent(plan, head, *writer);
  const auto names = *NameTemplate::parse("host-{d}.example.com", net::Family::v4);
  ASSERT_TRUE(write_child(plan, names, head, *writer));
  writer->end();
  for (const char* line : {"$ORIGIN 2.0.192.in-addr.arpa.\n6-7 3600 IN NS ns1.example.com.\n6-7 3600 IN NS ns2.example.com.\n6 3600 IN CNAME 6.6-7.2.0.192.in-addr.arpa.\n",
                           "$ORIGIN 6-7.2.0.192.in-addr.arpa.\n$TTL 3600\n@ IN SOA ns1.example.com. hostmaster.example.com. ",
                           "\n6 IN PTR host-6.example.com.\n7 IN PTR host-7.example.com.\n"})
    EXPECT_NE(text.find(line), text.npos) << line << "\nin\n" << text;
}

TEST(Classless, refusals_say_what_to_do_instead) {
  struct Row {
    const char* form;
    const char* prefix;
    const char* says;
  };
  const Row rows[] = {
      {"range", "192.0.2.0/24", "a whole zone, handed on as it is: fcrdns ptr 192.0.2.0/24 --nameserver"},
      {"rfc4183", "10.0.0.0/8", "a whole zone"},
      {"rfc4183", "0.0.0.0/0", "a whole zone"},
      {"range", "10.20.128.0/23", "only rfc4183 has a name for a prefix shorter than /24"},
      {"range", "2001:db8::/61", "IPv6 zones are cut at every digit"},
      {"zone=ns1.example.com", "192.0.2.0/26", "a name server inside the child zone"},
      {"zone=example.com", "192.0.2.0/26", "a name server inside the child zone"},
  };
  for (const auto& row : rows) {
    const auto plan = plan_classless(prefix(row.prefix), *parse_child_name(row.form), head);
    ASSERT_FALSE(plan) << row.prefix;
    EXPECT_NE(plan.error().message.find(row.says), std::string::npos) << plan.error().message;
  }
}

TEST(Classless, words_of_the_forms) {
  for (const char* word : {"range", "dash", "slash", "rfc4183", "label=a", "label=0-63x", "label=5/a", "zone=rev.example.com", "zone=a.b."})
    EXPECT_TRUE(parse_child_name(word)) << word;
  for (const char* word : {"", "Range", "range=1", "label", "label=", "label=5", "label=a.b", "label=a b", "label=\\097", "zone", "zone=", "zone=example",
                           "zone=a..b", "=", "label=$x"})
    EXPECT_FALSE(parse_child_name(word)) << word;
}

}  // namespace
}  // namespace fcrdns::generator
