// What every rendering prints for hostile PTR names (H036 to H052): nothing from the network becomes markup, a control
// sequence, a second line or a second value.
#include <gtest/gtest.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "fcrdns/report/ladder.hpp"
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

/// The same name wherever a walk may meet one: as a zone, as a server, as what an alias leads to.
report::Result with_hostile_walk(const report::Result& result, const dns::Name& name) {
  auto evidence = result.evidence;
  auto& at = evidence.addresses.front();
  resolver::Walk walk;
  walk.question = {dns::Name::parse(net::reverse_name(at.address)).value(), dns::Type::ptr, dns::Class::in};
  walk.root_reached = true;
  walk.rungs = {{{}, {name}, false}, {name, {name, name}, true}};
  walk.servers.push_back({name, at.address, dns::Status::noerror, dns::Status::refused, true, 1, {}, at.ptr});
  walk.without_address = {name};
  walk.answer = at.ptr;
  auto through = walk;
  through.alias = name;
  at.reverse = {through, walk};
  at.host = name;
  evidence.authority = resolver::Resolver::Authority::reachable;
  evidence.helo = evidence.expect = evidence::NameLook{.name = name};
  evidence.domain = name;
  return diagnosis::report_on(std::move(evidence));
}

/// Every tag is one that we write.
void expect_own_markup_only(std::string_view html) {
  static constexpr std::string_view tags[] = {"svg", "title", "style", "g", "rect", "text", "tspan", "line"};
  for (auto at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    auto tag = html.substr(at + 1, html.find_first_of(" >/", at + 2) - at - 1);
    if (tag.starts_with('/')) tag.remove_prefix(1);
    EXPECT_NE(std::ranges::find(tags, tag), std::end(tags)) << html.substr(at, 40);
  }
}

/// Every special character outside an indented block is escaped, so that none opens markup; a picture is ours, and base64.
void expect_markdown_is_escaped(std::string_view markdown) {
  constexpr std::string_view picture = "![The delegation ladder](data:image/svg+xml;base64,";
  while (!markdown.empty()) {
    const auto line = markdown.substr(0, markdown.find('\n'));
    markdown.remove_prefix(std::min(line.size() + 1, markdown.size()));
    if (line.starts_with("        ")) continue;
    if (line.starts_with(picture)) {
      const auto rest = line.substr(picture.size());
      EXPECT_EQ(rest.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="), rest.size() - 1);
      continue;
    }
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (std::string_view("<`[").find(line[i]) == std::string_view::npos) continue;
      ASSERT_GT(i, 0U) << line;
      EXPECT_EQ(line[i - 1], '\\') << line;
    }
  }
}

class HostileOutput : public testing::TestWithParam<Row> {
 protected:
  const report::Result result = scenarios::check(world_with(GetParam().name), "203.0.113.5");
};

}  // namespace

TEST_P(HostileOutput, NeverConfirms) {
  EXPECT_EQ(to_word(*result.iprev), std::string_view(GetParam().iprev));
  const auto name = dns::Name::parse(GetParam().name)->text();
  for (const auto& row : result.evidence.trace)
    EXPECT_TRUE(row.question != "A " + name && row.question != "AAAA " + name) << "a name that is no host name must not be asked about";
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
  expect_markdown_is_escaped(markdown);
}

TEST_P(HostileOutput, WalksThroughHostileNamesAreEscapedToo) {
  const auto name = dns::Name::parse(GetParam().name).value();
  const auto walked = with_hostile_walk(result, name);
  EXPECT_TRUE(printable(rendered(walked, Format::text)));
  EXPECT_EQ(count(rendered(walked, Format::nagios), "\n"), 1U);
  expect_markdown_is_escaped(rendered(walked, Format::markdown));
  const auto document = nlohmann::json::parse(rendered(walked, Format::json));
  const auto& zone = document.at("results").at(0).at("addresses").at(0).at("zone");
  EXPECT_EQ(zone.at("apex"), name.text());
  EXPECT_EQ(zone.at("nameservers").at(0).at("name"), name.text());
  EXPECT_EQ(document.at("results").at(0).at("addresses").at(0).at("helo").at("name"), name.text());
  const auto html = rendered(walked, Format::html);
  EXPECT_TRUE(printable(html));
  EXPECT_EQ(html.find("<script"), std::string::npos);
}

TEST_P(HostileOutput, ThePictureHoldsNoForeignMarkup) {
  const auto name = dns::Name::parse(GetParam().name).value();
  const auto rungs = report::ladder(with_hostile_walk(result, name), 0);
  ASSERT_GE(rungs.size(), 3U);
  const auto svg = report::ladder_svg(rungs, name.text());
  EXPECT_TRUE(printable(svg));
  EXPECT_EQ(svg.find("onmouseover='"), std::string::npos);
  expect_own_markup_only(svg);
  const auto line = report::ladder_text(rungs, 2);
  EXPECT_TRUE(printable(line));
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
