// What is believed of a referral, an alias and an SOA, and what is not.
#include "fcrdns/resolver/referral.hpp"

#include <gtest/gtest.h>

#include "fcrdns/resolver/odd_server_test.hpp"

namespace fcrdns::resolver {
namespace {

dns::Name name(const std::string& text) { return dns::Name::parse(text).value(); }

dns::Message message(const std::vector<std::string>& lines, bool authoritative = false) {
  dns::Message reply;
  reply.response = true;
  reply.authoritative = authoritative;
  add_records(reply, lines);
  return reply;
}

/// "apex: ns1 ns2(192.0.2.1)", or "-".
std::string shown(const std::optional<Delegation>& found) {
  if (!found) return "-";
  std::string out = found->apex.text() + ":";
  for (const auto& server : found->nameservers) {
    out += " " + server.text();
    const auto glue = found->glue.find(server);
    for (const auto& address : glue == found->glue.end() ? std::vector<net::Address>() : glue->second)
      out += "(" + address.text() + ")";
  }
  return out;
}

TEST(Referral, leads_down_and_nowhere_else) {
  struct Row {
    const char* what;
    std::vector<std::string> lines;
    const char* expected;
  };
  const std::string down = "authority 113.0.203.in-addr.arpa. 60 NS ns.example.";
  const Row rows[] = {
      {"down", {down}, "113.0.203.in-addr.arpa.: ns.example."},
      {"to the name itself", {"authority 5.113.0.203.in-addr.arpa. 60 NS ns.example."}, "5.113.0.203.in-addr.arpa.: ns.example."},
      {"several servers, one twice", {down, "authority 113.0.203.in-addr.arpa. 60 NS NS.Example.", "authority 113.0.203.in-addr.arpa. 60 NS b.example."},
       "113.0.203.in-addr.arpa.: ns.example. b.example."},
      {"in other letters", {"authority 113.0.203.IN-ADDR.arpa. 60 NS ns.example."}, "113.0.203.in-addr.arpa.: ns.example."},
      {"to itself", {"authority 203.in-addr.arpa. 60 NS ns.example."}, "-"},
      {"upward", {"authority . 60 NS a.root."}, "-"},
      {"sideways", {"authority 114.0.203.in-addr.arpa. 60 NS ns.example."}, "-"},
      {"below the name", {"authority 1.5.113.0.203.in-addr.arpa. 60 NS ns.example."}, "-"},
      {"to another tree", {"authority example. 60 NS ns.example."}, "-"},
      {"beside an SOA", {down, "authority 203.in-addr.arpa. 60 SOA a. b. 1 2 3 4 5"}, "-"},
      {"beside an answer", {"5.113.0.203.in-addr.arpa. 60 PTR mail.example.", down}, "-"},
      {"nothing", {}, "-"},
      {"a second owner beside it", {down, "authority 0.203.in-addr.arpa. 60 NS other.example."}, "113.0.203.in-addr.arpa.: ns.example."},
      {"glue in the bailiwick", {"authority 113.0.203.in-addr.arpa. 60 NS ns.203.in-addr.arpa.", "additional ns.203.in-addr.arpa. 60 A 192.0.2.1",
                                 "additional NS.203.in-addr.arpa. 60 AAAA 2001:db8::1"},
       "113.0.203.in-addr.arpa.: ns.203.in-addr.arpa.(192.0.2.1)(2001:db8::1)"},
      {"glue out of it", {down, "additional ns.example. 60 A 192.0.2.66"}, "113.0.203.in-addr.arpa.: ns.example."},
      {"addresses of who is not listed", {"authority 113.0.203.in-addr.arpa. 60 NS ns.203.in-addr.arpa.", "additional b.203.in-addr.arpa. 60 A 192.0.2.66"},
       "113.0.203.in-addr.arpa.: ns.203.in-addr.arpa."},
  };
  for (const auto& row : rows)
    EXPECT_EQ(shown(referral_in(message(row.lines), name("203.in-addr.arpa."), name("5.113.0.203.in-addr.arpa."), 32)), row.expected)
        << row.what;
}

TEST(Referral, H025_keeps_no_more_names_than_wanted_and_counts_the_rest) {
  std::vector<std::string> lines;
  for (int i = 0; i < 1500; ++i) lines.push_back("authority 113.0.203.in-addr.arpa. 60 NS n" + std::to_string(i) + ".example.");
  const auto found = referral_in(message(lines), name("203.in-addr.arpa."), name("5.113.0.203.in-addr.arpa."), 32).value();
  EXPECT_EQ(found.nameservers.size(), 32U);
  EXPECT_EQ(found.left_out, 1468U);
}

TEST(Referral, one_servers_glue_is_bounded) {
  std::vector<std::string> lines{"authority 113.0.203.in-addr.arpa. 60 NS ns.203.in-addr.arpa."};
  for (int i = 0; i < 1000; ++i)
    lines.push_back("additional ns.203.in-addr.arpa. 60 A 10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250));
  const auto found = referral_in(message(lines), name("203.in-addr.arpa."), name("5.113.0.203.in-addr.arpa."), 32).value();
  EXPECT_EQ(found.glue.at(name("ns.203.in-addr.arpa.")).size(), 16U);
}

TEST(Referral, the_list_of_a_shared_zone_is_an_authoritative_answer) {
  const std::vector<std::string> lines{"a.zone. 60 NS ns.a.zone.", "a.zone. 60 NS ns.example.", "additional ns.a.zone. 60 A 192.0.2.1"};
  EXPECT_EQ(shown(nameservers_in(message(lines, true), name("zone."), name("a.zone."), 32)), "a.zone.: ns.a.zone.(192.0.2.1) ns.example.");
  EXPECT_EQ(shown(nameservers_in(message(lines, false), name("zone."), name("a.zone."), 32)), "-");
  EXPECT_EQ(shown(nameservers_in(message({"b.zone. 60 NS ns.example."}, true), name("zone."), name("a.zone."), 32)), "-");
}

TEST(Alias, is_the_one_at_the_name) {
  struct Row {
    const char* what;
    std::vector<std::string> lines;
    const char* target;
  };
  const std::string long_label(63, 'x');
  const auto long_name = long_label + "." + long_label + "." + long_label + "." + long_label.substr(0, 60) + ".";
  const Row rows[] = {
      {"a CNAME", {"5.rev. 60 CNAME 5.sub.rev."}, "5.sub.rev."},
      {"to itself", {"5.rev. 60 CNAME 5.rev."}, "5.rev."},
      {"the first of a chain", {"5.sub.rev. 60 CNAME else.where.", "5.rev. 60 CNAME 5.sub.rev."}, "5.sub.rev."},
      {"the same twice", {"5.rev. 60 CNAME 5.sub.rev.", "5.REV. 60 CNAME 5.SUB.rev."}, "5.sub.rev."},
      {"two", {"5.rev. 60 CNAME a.rev.", "5.rev. 60 CNAME b.rev."}, "-"},
      {"a DNAME above, with its CNAME", {"rev. 60 DNAME other.", "5.rev. 60 CNAME 5.other."}, "5.other."},
      {"a DNAME at the name", {"5.rev. 60 DNAME other."}, "-"},
      {"a DNAME that makes the name too long", {"rev. 60 DNAME " + long_name}, "-"},
      {"at another name", {"6.rev. 60 CNAME a.rev."}, "-"},
  };
  for (const auto& row : rows) {
    const auto found = alias_in(message(row.lines, true), name("5.rev."));
    EXPECT_EQ(found ? found->target.lowered().text() : "-", row.target) << row.what;
  }
  EXPECT_EQ(alias_in(message({"5.rev. 60 CNAME 5.other.", "rev. 60 DNAME other."}), name("5.rev."))->record.type, dns::Type::dname);
}

TEST(Soa, is_that_of_the_zone_the_name_is_in) {
  const std::string soa = " 60 SOA a. b. 7 2 3 4 5";
  const auto owner = [&](const std::vector<std::string>& lines, bool authoritative = true) {
    const auto found = soa_in(message(lines, authoritative), name("5.113.rev."));
    return found ? found->owner.text() : "-";
  };
  EXPECT_EQ(owner({"5.113.rev." + soa}), "5.113.rev.");
  EXPECT_EQ(owner({"authority 113.rev." + soa}), "113.rev.");
  EXPECT_EQ(owner({"authority 114.rev." + soa}), "-");
  EXPECT_EQ(owner({"authority 1.5.113.rev." + soa}), "-");
  EXPECT_EQ(owner({"authority 113.rev." + soa}, false), "-");
  EXPECT_EQ(owner({}), "-");
}

}  // namespace
}  // namespace fcrdns::resolver
