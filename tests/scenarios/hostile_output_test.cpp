// What every rendering prints for hostile PTR names (H036 to H052): nothing from the network becomes markup, a control
// sequence, a second line or a second value.
#include <gtest/gtest.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "run_world.hpp"

namespace fcrdns {
namespace {

using report::Format;
using scenarios::rendered;

struct Row {
  const char* id;
  const char* name;  ///< presentation form
  const char* iprev;
};

const Row rows[] = {
    {"H036 dot inside a label", R"(mail\.good.example.)", "fail"},
    {"H037 NUL inside a label", R"(good\000.evil.test.)", "fail"},
    {"H038 CR LF and a header", R"(a\013\010X-Injected:\032yes.evil.test.)", "fail"},
    {"H039 ANSI and OSC escapes", R"(\027[31mred\027]0;title\007.evil.test.)", "fail"},
    {"H039 C1 control", R"(\15531m.evil.test.)", "fail"},
    {"H040 HTML", R"(<script>alert\0401\041</script>.evil.test.)", "fail"},
    {"H040 HTML attribute", R"(\"onmouseover='x'&lt\;.evil.test.)", "fail"},
    {"H041 shell", R"(\$\(id\)`id`\;|&.evil.test.)", "fail"},
    {"H042 leading hyphen", "-oProxyCommand=x.evil.test.", "fail"},
    {"H043 format directives", "%s%n%x.evil.test.", "fail"},
    {"H044 right-to-left override", R"(\226\128\174moc.evil.test.)", "fail"},
    {"H044 invalid UTF-8", R"(\192\255.evil.test.)", "fail"},
    {"H045 Authentication-Results", R"(x\;\032dkim=pass\032header.d=bank.example.)", "fail"},
    {"H046 CSV formula and tab", R"(=cmd|calc\009A0.evil.test.)", "fail"},
    {"H047 metrics label", R"(a\"}\0321\010fake{.evil.test.)", "fail"},
    {"H048 JSON", R"(\",\"pass\":true,\".evil.test.)", "fail"},
    {"H049 zone file", R"(\$INCLUDE\032/etc/passwd\010\;.evil.test.)", "fail"},
    {"H050 SMTP reply", R"(a\013\010\.\013\010MAIL\032FROM.evil.test.)", "fail"},
    {"H051 templates", R"({{7*7}}\${jndi:ldap}.evil.test.)", "fail"},
    {"H052 IP literal", "203.0.113.5.", "fail"},
    {"H052 root", ".", "permerror"},
    {"H052 single label", "mail.", "fail"},
    {"H052 own reverse name", "5.113.0.203.in-addr.arpa.", "fail"},
    {"H052 wildcard", "*.evil.test.", "fail"},
    {"markdown table and code", R"(a|b`c*d_e[x]\(y\).evil.test.)", "fail"},
};

world::World world_with(const char* ptr) {
  world::World world;
  auto& zone = world.zones.emplace_back();
  const auto name = dns::Name::parse(ptr).value();
  const auto client = net::Address::v4({203, 0, 113, 5});
  zone.records.push_back({dns::Name::parse(net::reverse_name(client)).value(), dns::Type::ptr, dns::Class::in, 300, name});
  // Each hostile name even leads back: only its form keeps it from confirming.
  if (!name.is_root()) zone.records.push_back({name, dns::Type::a, dns::Class::in, 300, client});
  return world;
}

bool printable(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); });
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

class HostileOutput : public testing::TestWithParam<Row> {
 protected:
  const report::Result result = scenarios::check(world_with(GetParam().name), "203.0.113.5");
};

}  // namespace

TEST_P(HostileOutput, NeverConfirms) {
  EXPECT_EQ(to_word(*result.iprev), std::string_view(GetParam().iprev));
  EXPECT_EQ(result.evidence.trace.size(), 1U) << "a name that is no host name must not be asked about";
}

TEST_P(HostileOutput, TextIsPrintableAscii) {
  EXPECT_TRUE(printable(rendered(result, Format::text)));
}

TEST_P(HostileOutput, JsonHoldsTheNameAsOneValue) {
  const auto document = nlohmann::json::parse(rendered(result, Format::json));
  const auto& ptr = document.at("results").at(0).at("addresses").at(0).at("ptr");
  EXPECT_EQ(ptr.at(0).at("name"), dns::Name::parse(GetParam().name)->text());
  EXPECT_FALSE(ptr.at(0).at("confirms").get<bool>());
  EXPECT_EQ(document.at("exit_code"), 1);
}

TEST_P(HostileOutput, MarkdownAndHtmlHoldNoForeignMarkup) {
  const auto markdown = rendered(result, Format::markdown);
  const auto html = rendered(result, Format::html);
  EXPECT_TRUE(printable(markdown));
  EXPECT_TRUE(printable(html));
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("onmouseover='"), std::string::npos);
  // Every special character outside an indented block is escaped, so that none opens markup.
  std::size_t start = 0;
  while (start < markdown.size()) {
    const auto end = markdown.find('\n', start);
    const auto line = std::string_view(markdown).substr(start, end - start);
    const bool block = line.starts_with("        ");
    for (std::size_t i = 0; i < line.size() && !block; ++i) {
      if (std::string_view("<`[").find(line[i]) == std::string_view::npos) continue;
      ASSERT_GT(i, 0U) << line;
      EXPECT_EQ(line[i - 1], '\\') << line;
    }
    start = end + 1;
  }
}

TEST_P(HostileOutput, PluginLineIsOneLineWithOneBar) {
  const auto line = rendered(result, Format::nagios);
  EXPECT_TRUE(printable(line));
  EXPECT_EQ(count(line, "\n"), 1U);
  EXPECT_EQ(count(line, "|"), 1U);
}

INSTANTIATE_TEST_SUITE_P(Every, HostileOutput, testing::ValuesIn(rows), [](const auto& row) {
  std::string id = row.param.id;
  std::ranges::replace_if(id, [](char c) { return c == ' ' || c == '-'; }, '_');
  return id;
});

}  // namespace fcrdns
