#include "fcrdns/dns/name.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace fcrdns::dns {
namespace {

using namespace std::string_literals;

Name name(std::string_view text) { return Name::parse(text).value(); }

/// label + ".evil.test."
Name under_evil(std::string_view label) { return name("evil.test").prepend(label).value(); }

TEST(Name, PresentationRoundTrip) {
  struct Row { const char* in; const char* out; std::size_t labels; };
  for (const auto& [in, out, labels] : {
           Row{".", ".", 0}, {"com", "com.", 1}, {"mail.Example.com.", "mail.Example.com.", 3},
           {"mail\\.good\\.example", "mail\\.good\\.example.", 1}, {"a\\046b.c", "a\\.b.c.", 2},
           {"\\000.x.", "\\000.x.", 2}, {"a\\ b", "a\\032b.", 1}, {"a\\\\.b.", "a\\\\.b.", 2},
           {"a\\..b", "a\\..b.", 2}, {"_dmarc.x", "_dmarc.x.", 2}, {"\xc3\xa4.x", "\\195\\164.x.", 2},
           {"\\\"\\(\\)\\;\\@\\$", "\\\"\\(\\)\\;\\@\\$.", 1}}) {
    const auto parsed = Name::parse(in);
    ASSERT_TRUE(parsed) << in;
    EXPECT_EQ(parsed->text(), out);
    EXPECT_EQ(parsed->label_count(), labels) << in;
    EXPECT_TRUE(name(parsed->text()).same_case(*parsed)) << in;
    EXPECT_TRUE(Name::from_wire(parsed->wire())->same_case(*parsed)) << in;
  }
}

TEST(Name, RefusedPresentations) {
  const auto label64 = std::string(64, 'a');
  const auto labels = [](int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += "a.";
    return out;
  };
  EXPECT_TRUE(Name::parse(labels(127)));
  EXPECT_TRUE(Name::parse(std::string(63, 'a')));
  for (const auto& text : {""s, ".."s, ".a"s, "a..b"s, "a.."s, label64, label64 + ".x", labels(128), "a\\"s, "a\\25"s,
                           "a\\256"s, "a\\2x3"s, "a\\9"s, std::string(1000, 'a'), labels(126) + "aa"})
    EXPECT_FALSE(Name::parse(text)) << text;
}

TEST(Name, RefusedWire) {
  const auto longest = name(std::string(63, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') + "." +
                            std::string(61, 'd'));
  EXPECT_EQ(longest.wire().size(), 255U);
  for (const auto& wire : {""s, "\1a"s, "\1a\0x"s, "\2a\0"s, "\x40"s + std::string(64, 'a') + "\0"s, "\xc0\0"s, "\0\0"s})
    EXPECT_FALSE(Name::from_wire(base::octets_of(wire)));
  EXPECT_FALSE(longest.prepend("x"));
  EXPECT_FALSE(longest.parent().prepend(std::string(64, 'x')));
  EXPECT_FALSE(longest.prepend(""));
}

TEST(Name, ComparesWithoutCaseLabelByLabel) {
  EXPECT_EQ(name("MAIL.example.COM"), name("mail.EXAMPLE.com."));
  EXPECT_FALSE(name("MAIL.example.com").same_case(name("mail.example.com")));
  EXPECT_EQ(std::hash<Name>{}(name("MAIL.example.com")), std::hash<Name>{}(name("mail.EXAMPLE.com")));
  EXPECT_TRUE(name("MAIL.Example").lowered().same_case(name("mail.example")));
  // Only ASCII letters fold: '[' and '{', '@' and '`' differ by the same bit.
  EXPECT_NE(name("\\[x"), name("\\{x"));
  EXPECT_NE(name("\\@x"), name("\\`x"));
}

TEST(Name, CanonicalOrder) {  // the example of RFC 4034 6.1
  const char* const order[] = {"example", "a.example", "yljkjljk.a.example", "Z.a.example", "zABC.a.EXAMPLE", "z.example",
                               "\\001.z.example", "*.z.example", "\\200.z.example"};
  for (std::size_t i = 0; i < std::size(order); ++i)
    for (std::size_t j = 0; j < std::size(order); ++j)
      EXPECT_EQ(name(order[i]) < name(order[j]), i < j) << order[i] << " " << order[j];
  EXPECT_TRUE((name("A.b") <=> name("a.B")) == 0);
}

TEST(Name, Ancestry) {
  const auto full = name("5.113.0.203.in-addr.arpa");
  EXPECT_EQ(full.parent(), name("113.0.203.in-addr.arpa"));
  EXPECT_EQ(full.ancestor(2), name("in-addr.arpa"));
  EXPECT_EQ(full.ancestor(0), Name());
  EXPECT_EQ(full.ancestor(99), full);
  EXPECT_EQ(Name().parent(), Name());
  EXPECT_EQ(full.label(0), "5");
  EXPECT_EQ(full.label(5), "arpa");
  struct Row { const char* below; const char* above; bool within; };
  for (const auto& [below, above, within] : {
           Row{"a.b", "B", true}, {"a.b", "a.b", true}, {"a.b", ".", true}, {".", "a", false}, {"b", "a.b", false},
           {"xb", "b", false}, {"a\\.b", "b", false}, {"a\\.b.c", "b.c", false}, {"x\\001b", "b", false}})
    EXPECT_EQ(name(below).is_within(name(above)), within) << below << " in " << above;
}

TEST(Name, SuffixIsExchanged) {
  EXPECT_EQ(name("1.2.0.192.in-addr.arpa").with_suffix(name("2.0.192.IN-ADDR.arpa"), name("rev.example")),
            name("1.rev.example"));
  EXPECT_EQ(name("a.b").with_suffix(Name(), name("c")), name("a.b.c"));
  EXPECT_FALSE(name("a.b").with_suffix(name("c"), name("d")));
  const auto half = name(std::string(63, 'a') + "." + std::string(63, 'b') + ".x");
  EXPECT_FALSE(half.with_suffix(name("x"), half));
}

struct HostileLabel {
  const char* row;
  std::string label;
  const char* text;  ///< as it must be shown, in front of "evil.test."
};
void PrintTo(const HostileLabel& hostile, std::ostream* out) { *out << hostile.row; }

class HostileName : public testing::TestWithParam<HostileLabel> {};

/// Kept octet for octet, shown in printable ASCII that reads back as the same name, one label and never more.
TEST_P(HostileName, IsKeptAndShownEscaped) {
  const auto& [row, label, text] = GetParam();
  const auto hostile = under_evil(label);
  EXPECT_EQ(hostile.text(), text + "evil.test."s);
  EXPECT_EQ(hostile.label_count(), 3U);
  EXPECT_EQ(hostile.label(0), label);
  EXPECT_TRUE(std::ranges::all_of(hostile.text(), [](char c) { return c > 0x20 && c < 0x7f; }));
  EXPECT_TRUE(name(hostile.text()).same_case(hostile));
  EXPECT_EQ(hostile.text().find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Dns, HostileName, testing::Values(
    HostileLabel{"H036_dot_in_label", "mail.good.example", "mail\\.good\\.example."},
    HostileLabel{"H037_nul_in_label", "good.example\0"s, "good\\.example\\000."},
    HostileLabel{"H038_crlf_in_label", "a\r\nX-Injected: yes", "a\\013\\010X-Injected:\\032yes."},
    HostileLabel{"H039_ansi_escape", "\x1b[31m\x1b]0;x\x07", "\\027[31m\\027]0\\;x\\007."},
    HostileLabel{"H039_c1_csi", "\x9b""31m", "\\15531m."},
    HostileLabel{"H040_html", "<script>alert(1)</script>", "<script>alert\\(1\\)</script>."},
    HostileLabel{"H041_shell", "$(id)`id`;|&", "\\$\\(id\\)`id`\\;|&."},
    HostileLabel{"H042_leading_hyphen", "-oProxyCommand=x", "-oProxyCommand=x."},
    HostileLabel{"H043_percent", "%s%n%x", "%s%n%x."},
    HostileLabel{"H044_right_to_left_override", "\xe2\x80\xae""cod", "\\226\\128\\174cod."},
    HostileLabel{"H044_invalid_utf8", "\xff\xfe", "\\255\\254."},
    HostileLabel{"H045_authentication_results", "x; dkim=pass header.d=bank.example (",
                 "x\\;\\032dkim=pass\\032header\\.d=bank\\.example\\032\\(."},
    HostileLabel{"H046_csv_formula", "=cmd|calc!A0\t", "=cmd|calc!A0\\009."},
    HostileLabel{"H047_prometheus", "a\"} 1\nfake{", "a\\\"}\\0321\\010fake{."},
    HostileLabel{"H048_json", "\",\"pass\":true,", "\\\",\\\"pass\\\":true,."},
    HostileLabel{"H049_zone_file", "$INCLUDE /etc/passwd\n;", "\\$INCLUDE\\032/etc/passwd\\010\\;."},
    HostileLabel{"H050_smtp", "a\r\n.\r\nMAIL FROM", "a\\013\\010\\.\\013\\010MAIL\\032FROM."},
    HostileLabel{"H051_template", "{{7*7}} ${jndi:ldap}", "{{7*7}}\\032\\${jndi:ldap}."},
    HostileLabel{"H052_address_in_one_label", "203.0.113.5", "203\\.0\\.113\\.5."},
    HostileLabel{"H052_wildcard", "*", "*."}),
    [](const auto& row) { return row.param.row; });

TEST(Name, H036_DotInALabelIsAnotherName) {
  EXPECT_NE(name("mail\\.good\\.example"), name("mail.good.example"));
  EXPECT_NE(name("mail\\.good\\.example").text(), name("mail.good.example").text());
  EXPECT_FALSE(name("mail\\.good\\.example").is_within(name("good.example")));
}

TEST(Name, H037_NulDoesNotEndAName) {
  EXPECT_NE(name("good.example\\000.evil.test"), name("good.example"));
  EXPECT_FALSE(name("good.example\\000.evil.test").is_within(name("good.example")));
}

}  // namespace
}  // namespace fcrdns::dns
