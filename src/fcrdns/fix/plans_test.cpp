// The plan at every provider of the catalogue, as a person reads it in tests/golden/plans.txt: for a sample address of
// that provider, where nothing is set yet. After a wanted change:
//     FCRDNS_REGENERATE=1 build/dev/bin/fix_test --gtest_filter='Plans.*' && git diff tests/golden
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "fcrdns/base/data_files.hpp"
#include "fcrdns/fix/plan_text.hpp"
#include "fcrdns/remedy/scene.hpp"

namespace fcrdns::fix {
namespace {

constexpr auto golden_file = FCRDNS_SOURCE_DIR "/tests/golden/plans.txt";
constexpr auto sample_v4 = "203.0.113.5", sample_v6 = "2001:db8:12:34::1";
constexpr auto host = "mail.example.com";

/// An address that the provider's own default name was seen on, when the catalogue has one.
std::string sample_of(const provider::Provider& owner) {
  const auto json = nlohmann::json::parse(*base::data_file(fmt::format("providers/{}.json", owner.id)));
  return json["recognise"].value("ptr", nlohmann::json::object()).value("example_address", sample_v4);
}

remedy::FixPlan plan_at(const provider::Provider& owner, const std::string& address) {
  const auto reverse = remedy::name_of(net::reverse_name(remedy::address_of(address)));
  const auto zone = reverse.ancestor(address.find(':') == address.npos ? 5 : 18).text();  // a /24, a /64
  auto scene = remedy::Scene(address, remedy::nothing(zone, 3600, 3600))
                   .walked(remedy::walk_to(reverse.text(), dns::Type::ptr, zone, {remedy::nothing(zone, 3600, 3600)}))
                   .helo(host, remedy::nothing("example.com", 3600, 900));
  scene.evidence.helo->aaaa = scene.evidence.helo->a;
  const remedy::Prepared prepared(std::move(scene));
  return remedy::fix_plan(prepared.considered(), {}, remedy::name_of(host), &owner, 3600);
}

/// One line about IPv6 where something is documented of it.
std::string ipv6_line(const provider::Provider& owner) {
  if (owner.customer_sets_v6 == provider::Known::unknown) return "";
  const auto plan = plan_at(owner, sample_v6);
  if (!plan.dead_ends.empty()) return fmt::format("IPv6: {}\n", plan.dead_ends.front());
  const auto& recipes = plan.steps[2].recipes;
  const auto line = std::ranges::find(recipes, remedy::RecipeKind::command, &remedy::Recipe::kind);
  const auto& text = (line == recipes.end() ? recipes.front() : *line).text;
  return fmt::format("IPv6: {}\n", std::regex_replace(text, std::regex("( \\\\)?\n *"), " "));
}

std::string told(const provider::Provider& owner) {
  return fmt::format("== {} ({})\n{}{}", owner.name, owner.id, plan_text(plan_at(owner, sample_of(owner)), {.verbose = true}), ipv6_line(owner));
}

}  // namespace

TEST(Plans, AreToldAsAPersonReadsThem) {
  std::string now =
      "# The plan at every provider of the catalogue, with -v. Written by\n"
      "# FCRDNS_REGENERATE=1 build/dev/bin/fix_test --gtest_filter='Plans.*'\n";
  for (const auto& owner : provider::catalogue()) now += "\n" + told(owner);
  if (std::getenv("FCRDNS_REGENERATE") != nullptr) {
    std::ofstream(golden_file, std::ios::binary) << now;
    GTEST_SKIP() << "written anew: read it";
  }
  std::ifstream in(golden_file, std::ios::binary);
  std::ostringstream golden;
  golden << in.rdbuf();
  EXPECT_EQ(now, golden.str());
}

TEST(Plans, HoldNoExampleAndNoBlankOfOurs) {
  for (const auto& owner : provider::catalogue())
    for (const auto& address : {sample_of(owner), std::string(sample_v6)}) {
      SCOPED_TRACE(owner.id + " " + address);
      const auto plan = plan_at(owner, address);
      const auto text = plan_text(plan, {.verbose = true});
      for (const auto* left_over : {"\\b(ADDRESS|HOSTNAME|REVERSE_NAME|ZONE|RELATIVE)\\b", "\\{[a-zA-Z_-]+\\}", "192\\.0\\.2\\.[0-9]+ ", "[^.]\\.\\.\n", "  \n"})
        EXPECT_FALSE(std::regex_search(text, std::regex(left_over))) << left_over << '\n' << text;
      EXPECT_TRUE(std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
      for (const auto& recipe : plan.steps[2].recipes)
        for (const auto* pair : {"{}", "[]", "()"})
          EXPECT_EQ(std::ranges::count(recipe.text, pair[0]), std::ranges::count(recipe.text, pair[1])) << recipe.text;
    }
}

TEST(Plans, HaveManyWaysToPaste) {
  std::array<int, 6> of_kind{};
  for (const auto& owner : provider::catalogue()) {
    const auto plan = plan_at(owner, sample_of(owner));
    for (const auto& recipe : plan.steps[2].recipes) {
      if (recipe.provider.empty()) continue;
      ++of_kind[static_cast<std::size_t>(recipe.kind)];
      const bool block = recipe.kind == remedy::RecipeKind::terraform || recipe.kind == remedy::RecipeKind::ansible;
      EXPECT_TRUE(!block || recipe.text.find('\n') != recipe.text.npos) << owner.id << ": no block";
    }
  }
  const std::array<int, 6> at_least{38, 23, 29, 25, 8, 9};  // panel, command, curl, Terraform, Ansible, ticket
  for (std::size_t i = 0; i < of_kind.size(); ++i) {
    RecordProperty(std::string(to_word(static_cast<remedy::RecipeKind>(i))), of_kind[i]);
    EXPECT_GE(of_kind[i], at_least[i]) << to_word(static_cast<remedy::RecipeKind>(i));
  }
}

}  // namespace fcrdns::fix
