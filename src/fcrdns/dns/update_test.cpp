#include "fcrdns/dns/update.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace fcrdns::dns {
namespace {

const Name zone = *Name::parse("113.0.203.in-addr.arpa.");
const Name owner = *Name::parse("5.113.0.203.in-addr.arpa.");
Record ptr(const char* target) { return {.owner = owner, .type = Type::ptr, .ttl = 3600, .data = *Name::parse(target)}; }
Record a(const char* address) { return {.owner = *Name::parse("mail.example.com."), .type = Type::a, .ttl = 300, .data = *net::Address::parse(address)}; }

struct Row {
  std::function<void(Message&)> word;
  std::string_view text;      ///< of nsupdate
  Class klass;
  Type type;
  std::uint32_t ttl;          ///< RFC 2136 2.4, 2.5
  bool data;
};
const Row prerequisites[] = {
    {[](Message& m) { require_exactly(m, std::vector{ptr("mail.example.com.")}); }, "prereq yxrrset 5.113.0.203.in-addr.arpa. PTR mail.example.com.", Class::in, Type::ptr, 0, true},
    {[](Message& m) { require_exactly(m, std::vector{a("192.0.2.1")}); }, "prereq yxrrset mail.example.com. A 192.0.2.1", Class::in, Type::a, 0, true},
    {[](Message& m) { require_set(m, owner, Type::ptr); }, "prereq yxrrset 5.113.0.203.in-addr.arpa. PTR", Class::any, Type::ptr, 0, false},
    {[](Message& m) { require_no_set(m, owner, Type::ptr); }, "prereq nxrrset 5.113.0.203.in-addr.arpa. PTR", Class::none, Type::ptr, 0, false},
    {[](Message& m) { require_name(m, owner); }, "prereq yxdomain 5.113.0.203.in-addr.arpa.", Class::any, Type::any, 0, false},
    {[](Message& m) { require_no_name(m, owner); }, "prereq nxdomain 5.113.0.203.in-addr.arpa.", Class::none, Type::any, 0, false},
};
const Row changes[] = {
    {[](Message& m) { add(m, ptr("mail.example.com.")); }, "update add 5.113.0.203.in-addr.arpa. 3600 PTR mail.example.com.", Class::in, Type::ptr, 3600, true},
    {[](Message& m) { remove(m, ptr("old.example.com.")); }, "update delete 5.113.0.203.in-addr.arpa. PTR old.example.com.", Class::none, Type::ptr, 0, true},
    {[](Message& m) { remove(m, a("192.0.2.1")); }, "update delete mail.example.com. A 192.0.2.1", Class::none, Type::a, 0, true},
    {[](Message& m) { remove_set(m, owner, Type::ptr); }, "update delete 5.113.0.203.in-addr.arpa. PTR", Class::any, Type::ptr, 0, false},
};

void expect(const Row& row, bool change) {
  auto update = make_update(77, zone);
  row.word(update);
  const auto back = read_message(write_message(update));
  ASSERT_TRUE(back) << row.text << ": " << back.error().message;
  EXPECT_EQ(*back, update) << row.text;
  EXPECT_EQ(back->opcode, Opcode::update);
  EXPECT_EQ(back->questions, (std::vector<Question>{{zone, Type::soa, Class::in}}));
  const auto& [here, other] = change ? std::tie(back->authority, back->answers) : std::tie(back->answers, back->authority);
  ASSERT_EQ(here.size(), 1U) << row.text;
  EXPECT_TRUE(other.empty()) << row.text;
  EXPECT_EQ(here[0].klass, row.klass) << row.text;
  EXPECT_EQ(here[0].type, row.type) << row.text;
  EXPECT_EQ(here[0].ttl, row.ttl) << row.text;
  EXPECT_EQ(!to_wire(here[0].data).empty(), row.data) << row.text;
  EXPECT_EQ(to_nsupdate(update), "zone 113.0.203.in-addr.arpa.\n" + std::string(row.text) + "\nsend");
}

TEST(Update, prerequisites_as_rfc_2136_2_4_has_them) {
  for (const auto& row : prerequisites) expect(row, false);
}
TEST(Update, changes_as_rfc_2136_2_5_has_them) {
  for (const auto& row : changes) expect(row, true);
}

/// Octet by octet as RFC 2136 says, without compression but for the zone's name.
TEST(Update, on_the_wire) {
  auto update = make_update(0x0102, *Name::parse("x."));
  require_no_set(update, *Name::parse("x."), Type::ptr);
  remove_set(update, *Name::parse("x."), Type::ptr);
  const base::Octets expected = {1, 2, 0x28, 0, 0, 1, 0, 1, 0, 1, 0, 0,                    // opcode 5, one of each
                                 1, 'x', 0, 0, 6, 0, 1,                                    // zone x. SOA IN
                                 0xc0, 12, 0, 12, 0, 254, 0, 0, 0, 0, 0, 0,                // x. PTR NONE, no data
                                 0xc0, 12, 0, 12, 0, 255, 0, 0, 0, 0, 0, 0};               // x. PTR ANY, no data
  EXPECT_EQ(write_message(update), expected);
}

}  // namespace
}  // namespace fcrdns::dns
