#include "fcrdns/subject/subject.hpp"

#include <gtest/gtest.h>

namespace fcrdns::subject {
namespace {

struct Taken {
  const char* given;
  const char* means;
  const char* note;  // a part of it; "" when there is none
};

TEST(Subject, takes_addresses_in_every_spelling) {
  const Taken rows[] = {
      {"203.0.113.5", "203.0.113.5", ""},
      {"  203.0.113.5\t", "203.0.113.5", ""},
      {"<203.0.113.5>", "203.0.113.5", ""},
      {"[203.0.113.5]", "203.0.113.5", ""},
      {"<[203.0.113.5]>", "203.0.113.5", ""},
      {"2001:db8::1", "2001:db8::1", ""},
      {"2001:DB8:0:0:0:0:0:1", "2001:db8::1", ""},
      {"[2001:db8::1]", "2001:db8::1", ""},
      {"[IPv6:2001:db8::1]", "2001:db8::1", ""},
      {"[ipv6:2001:db8::1]", "2001:db8::1", ""},
      {"IPv6:2001:db8::1", "2001:db8::1", ""},
      {"fe80::1%eth0", "fe80::1", "the zone %eth0 is left out"},
      {"::ffff:203.0.113.5", "203.0.113.5", "taken as 203.0.113.5"},
      {"[IPv6:::ffff:cb00:7105]", "203.0.113.5", "taken as 203.0.113.5"},
      {"5.113.0.203.in-addr.arpa.", "203.0.113.5", "taken out of its reverse name"},
      {"5.113.0.203.IN-ADDR.ARPA", "203.0.113.5", "taken out of its reverse name"},
      {"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", "2001:db8::1", "reverse name"},
      {"f293:a083:1c13:b38d:d8bb:8073:a0a7:cb15", "f293:a083:1c13:b38d:d8bb:8073:a0a7:cb15", ""},
  };
  for (const auto& row : rows) {
    const auto subject = parse(row.given);
    ASSERT_TRUE(subject) << row.given << ": " << subject.error().message;
    EXPECT_EQ(subject->kind, Kind::address) << row.given;
    ASSERT_TRUE(subject->address) << row.given;
    EXPECT_EQ(subject->address->text(), row.means) << row.given;
    EXPECT_EQ(subject->note.empty(), *row.note == '\0') << row.given << ": " << subject->note;
    EXPECT_NE(subject->note.find(row.note), std::string::npos) << row.given << ": " << subject->note;
  }
}

TEST(Subject, takes_host_names) {
  const Taken rows[] = {
      {"mail.example.com", "mail.example.com.", ""},
      {"MAIL.Example.COM.", "mail.example.com.", ""},
      {"<mail.example.com>", "mail.example.com.", ""},
      {" mail.example.com\r", "mail.example.com.", ""},
      {"mail-1.example.com", "mail-1.example.com.", ""},
      {"mail_1.example.com", "mail_1.example.com.", ""},
      {"1.example.com", "1.example.com.", ""},
      {"xn--bcher-kva.example", "xn--bcher-kva.example.", ""},
      {"b\xc3\xbc" "cher.example", "xn--bcher-kva.example.", "taken as xn--bcher-kva.example"},
      {"B\xc3\x9c" "CHER.Example.", "xn--bcher-kva.example.", "taken as"},
      {"bu\xcc\x88" "cher.example", "xn--bcher-kva.example.", "taken as"},        // u + combining diaeresis
      {"fa\xc3\x9f.example", "xn--fa-hia.example.", "taken as"},                  // sharp s stays: non-transitional
      {"mail\xe3\x80\x82" "example.com", "mail.example.com.", "taken as"},         // ideographic full stop
      {"dead.beef", "dead.beef.", ""},
      {"mail.0xample", "mail.0xample.", ""},
      {"in-addr.arpa.example", "in-addr.arpa.example.", ""},
  };
  for (const auto& row : rows) {
    const auto subject = parse(row.given);
    ASSERT_TRUE(subject) << row.given << ": " << subject.error().message;
    EXPECT_EQ(subject->kind, Kind::host) << row.given;
    EXPECT_FALSE(subject->address) << row.given;
    EXPECT_EQ(subject->host.text(), row.means) << row.given;
    EXPECT_EQ(subject->note.empty(), *row.note == '\0') << row.given << ": " << subject->note;
    EXPECT_NE(subject->note.find(row.note), std::string::npos) << row.given << ": " << subject->note;
  }
}

TEST(Subject, keeps_the_text_as_it_was_given) {
  EXPECT_EQ(parse(" [IPv6:2001:DB8::1] ")->text, "[IPv6:2001:DB8::1]");
  EXPECT_EQ(parse("MAIL.Example.COM.")->text, "MAIL.Example.COM.");
}

TEST(Subject, refuses_with_one_line_how_to_mend_it) {
  struct Row {
    std::string given;
    const char* says;
  };
  const std::string long_label(64, 'a');
  std::string long_name;
  for (int i = 0; i < 63; ++i) long_name += "abc.";
  const Row rows[] = {
      {"", "nothing to check"},
      {" \t", "nothing to check"},
      {"<>", "holds only letters"},
      {"203.0.113", "this has 3"},
      {"127.1", "this has 2"},
      {"3405803781", "this has 1"},
      {"203.0.113.256", "at most 255"},
      {"203.0.113.010", "leading zero"},
      {"0xcb.0.113.5", "hexadecimal"},
      {"0xcb007105", "this has 1"},
      {"203.0.113.0x5", "hexadecimal"},
      {"203.0.113.5.", "this has 5"},
      {"203.0.113.5:25", "leave the port out"},
      {"203.0.113.5%eth0", "has no zone"},
      {"mail.example.com:25", "leave the port out"},
      {"[203.0.113.5", "write four decimal numbers"},
      {"2001:db8::12345", "at most four"},
      {"2001:db8:::1", "only once"},
      {"203.0.112.0/23", "larger than /24"},
      {"2001:db8::/64", "larger than /120"},
      {"203.0.113.5/29", "did you mean 203.0.113.0/29"},
      {"203.0.113.0/33", "from 0 to 32"},
      {"mail.example.com/24", "no \"/\""},
      {"https://mail.example.com/", "this is a URL"},
      {"postmaster@", "nothing behind"},
      {"postmaster@localhost", "a single label"},
      {"113.0.203.in-addr.arpa", "reverse zone of 203.0.113.0/24"},
      {"256.113.0.203.in-addr.arpa", "not a number from 0 to 255"},
      {"5.0-63.113.0.203.in-addr.arpa", "not a number"},
      {"8.b.d.0.1.0.0.2.ip6.arpa", "32 digits; this has 8"},
      {"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.int", "the zone is ip6.arpa"},
      {".", "this is the root"},
      {"localhost", "a single label"},
      {"mail", "a single label"},
      {"mail.", "a single label"},
      {"mail..example.com", "two dots in a row"},
      {".example.com", "two dots in a row, or one in front"},
      {"mail.example.com..", "two dots in a row"},
      {"-oProxyCommand=x.example.com", "hyphen"},
      {"mail-.example.com", "hyphen"},
      {"mail.example.com;id", "holds only letters"},
      {"$(id).example.com", "holds only letters"},
      {"*.example.com", "holds only letters"},
      {"mail\\.example.com", "holds only letters"},
      {"mail example.com", "white space inside"},
      {"203.0.113.5 203.0.113.6", "white space inside"},
      {"mail.example.com\r\nX-Injected: yes", "control characters"},
      {"\x1b[31mmail.example.com", "control characters"},
      {std::string("mail.example.com\0.evil", 22), "control characters"},
      {"mail\x7f.example.com", "control characters"},
      {"mail\xff.example.com", "not an internationalised host name"},
      {"mail\xe2\x80\xae.example.com", "not an internationalised host name"},      // U+202E
      {"\xef\xbc\x92\xef\xbc\x90\xef\xbc\x93.0.113.5", "write four decimal numbers"},  // full-width 203
      {"203\xe3\x80\x82" "0\xe3\x80\x82" "113\xe3\x80\x82" "5", "plain digits"},     // ideographic full stops
      {long_label + ".example.com", "at most 63"},
      {long_name + "example.com", "longer than 255"},
      {std::string(1025, 'a'), "longer than 1024"},
      {std::string(1'000'000, '.'), "longer than 1024"},
      {std::string(400, 'a') + "\xc3\xbc.example", "not an internationalised host name"},
  };
  for (const auto& row : rows) {
    const auto subject = parse(row.given);
    ASSERT_FALSE(subject) << row.given.substr(0, 100);
    const auto& message = subject.error().message;
    EXPECT_NE(message.find(row.says), std::string::npos) << row.given.substr(0, 100) << ": " << message;
    EXPECT_LT(message.size(), 300U) << message;
    for (const char c : message) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << message;
  }
}

TEST(Subject, lines_of_a_list) {
  EXPECT_EQ(parse_line("203.0.113.5\r\n").value()->address->text(), "203.0.113.5");
  EXPECT_EQ(parse_line("\xef\xbb\xbf" "mail.example.com").value()->host.text(), "mail.example.com.");
  for (const char* line : {"", "  \t\r\n", "# a comment", "  # a comment", "\xef\xbb\xbf# a comment"}) {
    const auto subject = parse_line(line);
    ASSERT_TRUE(subject) << line;
    EXPECT_FALSE(*subject) << line;
  }
  EXPECT_FALSE(parse_line("203.0.113.5 # the mail host"));
  EXPECT_FALSE(parse_line(std::string(2000, 'x')));
}

TEST(Subject, takes_mail_addresses_and_named_kinds_as_what_they_are) {
  struct Row { const char* given; As as; Kind kind; bool fixed; const char* host; };
  const Row rows[] = {
      {"example.com", As::found_out, Kind::host, false, "example.com."},
      {"example.com", As::domain, Kind::domain, true, "example.com."},
      {"example.com", As::host, Kind::host, true, "example.com."},
      {"postmaster@example.com", As::found_out, Kind::domain, true, "example.com."},
      {"<\"a@b\"@example.com>", As::host, Kind::domain, true, "example.com."},
  };
  for (const auto& row : rows) {
    const auto subject = parse(row.given, row.as);
    ASSERT_TRUE(subject) << row.given << ": " << subject.error().message;
    EXPECT_EQ(subject->kind, row.kind) << row.given;
    EXPECT_EQ(subject->fixed, row.fixed) << row.given;
    EXPECT_EQ(subject->host.text(), row.host) << row.given;
  }
}

TEST(Subject, envelope_senders) {
  struct Row { const char* given; const char* sender; };
  const Row rows[] = {
      {"user@example.com", "user@example.com"},
      {" <user@Example.COM.> ", "user@example.com"},
      {"example.com", "postmaster@example.com"},
      {"@example.com", "postmaster@example.com"},
      {"<>", ""},
      {"\"a b\"@example.com", "\"a b\"@example.com"},
      {"a@b@example.com", "a@b@example.com"},
      {"us%er+x=1@b\xc3\xbc" "cher.example", "us%er+x=1@xn--bcher-kva.example"},
  };
  for (const auto& row : rows) {
    const auto sender = parse_sender(row.given);
    ASSERT_TRUE(sender) << row.given << ": " << sender.error().message;
    EXPECT_EQ(*sender, row.sender) << row.given;
  }
  const std::vector<std::string> refused{"", " ", "user@", "user@localhost", "us er@example.com", "us\ner@example.com", "user@exa mple.com", "user@-a.example", "<user@example.com",
                                         std::string(65, 'a') + "@example.com"};
  for (const auto& bad : refused) EXPECT_FALSE(parse_sender(bad)) << bad;
}

TEST(Subject, a_prefix_is_its_hosts) {
  struct Row { const char* given; std::size_t count; const char* first; const char* last; };
  const Row rows[] = {
      {"203.0.113.64/29", 6, "203.0.113.65", "203.0.113.70"},
      {"203.0.113.0/24", 254, "203.0.113.1", "203.0.113.254"},
      {"203.0.113.4/31", 2, "203.0.113.4", "203.0.113.5"},
      {"203.0.113.5/32", 1, "203.0.113.5", "203.0.113.5"},
      {"2001:db8::/120", 256, "2001:db8::", "2001:db8::ff"},
      {"2001:db8::10/126", 4, "2001:db8::10", "2001:db8::13"},
  };
  for (const auto& row : rows) {
    const auto subject = parse(row.given);
    ASSERT_TRUE(subject) << row.given << ": " << subject.error().message;
    ASSERT_EQ(subject->kind, Kind::prefix) << row.given;
    const auto hosts = hosts_of(*subject->prefix);
    ASSERT_EQ(hosts.size(), row.count) << row.given;
    EXPECT_EQ(hosts.front().text(), row.first) << row.given;
    EXPECT_EQ(hosts.back().text(), row.last) << row.given;
  }
}

}  // namespace
}  // namespace fcrdns::subject
