// Zones that are hostile by their size or shape (H011, H012, H021 to H026): what a whole check asks, and what it concludes.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "run_world.hpp"

namespace fcrdns {
namespace {

using verdict::Iprev;

/// A world of one server that holds the reverse zone of 203.0.113.0/24 and example.com.
world::World world_of(const std::string& reverse_lines, const std::string& forward_lines) {
  auto world = world::parse_world("$SERVER ns1.example.com. 198.51.100.53\n$ZONE . ns1.example.com.\n"
                                  "$ZONE 113.0.203.in-addr.arpa. ns1.example.com.\n" + reverse_lines +
                                  "$ZONE example.com. ns1.example.com.\n" + forward_lines);
  if (!world) throw std::runtime_error(world.error().message);
  return *std::move(world);
}

std::string lines(const char* form, int count) {
  std::string out;
  for (int i = 1; i <= count; ++i) out += fmt::format(fmt::runtime(form), i, i / 250 % 250, i % 250);
  return out;
}

std::size_t asked(const report::Result& result, std::string_view type) {
  return static_cast<std::size_t>(std::ranges::count_if(
      result.evidence.trace, [&](const auto& row) { return row.question.starts_with(std::string(type) + " "); }));
}

/// Siblings, names written wrongly, the domain's own places: questions about one address that fails.
constexpr std::size_t to_explain = 14;

}  // namespace

TEST(HostileDns, H011_of_3000_names_ten_are_looked_up_and_it_says_so) {
  const auto result = scenarios::check(world_of(lines("5 PTR m{0}.example.com.\n", 3000), lines("m{0} A 198.51.100.1\n", 3000)), "203.0.113.5");
  EXPECT_EQ(result.iprev, Iprev::fail);
  EXPECT_LE(result.evidence.trace.size(), 1U + 2 * verdict::default_max_names + to_explain)
      << "both families of ten names at most, and what explains a failure, whatever the number of names";
  const auto document = nlohmann::json::parse(scenarios::rendered(result, report::Format::json));
  const auto& address = document.at("results").at(0).at("addresses").at(0);
  EXPECT_EQ(address.at("names_total"), 3000);
  EXPECT_EQ(address.at("names_checked"), 10);
}

TEST(HostileDns, H012_all_of_4000_addresses_are_compared) {
  const auto others = lines("m A 198.18.{1}.{2}\n", 4000);
  EXPECT_EQ(scenarios::check(world_of("5 PTR m.example.com.\n", others), "203.0.113.5").iprev, Iprev::fail);
  EXPECT_EQ(scenarios::check(world_of("5 PTR m.example.com.\n", others + "m A 203.0.113.5\n"), "203.0.113.5").iprev, Iprev::pass);
}

TEST(HostileDns, H012_a_host_of_4000_addresses_is_cut_and_it_says_so) {
  const auto result = scenarios::check(world_of("", lines("m A 198.18.{1}.{2}\n", 4000)), "m.example.com");
  EXPECT_EQ(result.evidence.addresses.size(), evidence::max_addresses);
  EXPECT_EQ(result.evidence.addresses_left_out, 4000 - evidence::max_addresses);
}

TEST(HostileDns, H021_the_forward_answer_is_always_asked_for) {
  const auto result = scenarios::check(world_of("5 PTR m.example.com.\n", "m A 203.0.113.5\n"), "203.0.113.5");
  EXPECT_EQ(result.iprev, Iprev::pass);
  EXPECT_EQ(asked(result, "A"), 1U);
}

struct Row {
  const char* id;
  const char* reverse;
  const char* forward;
};
const Row open_questions[] = {
    {"H023_ptr_name_leads_to_itself", "5 CNAME 5\n", ""},
    {"H023_ptr_names_lead_to_each_other", "5 CNAME 6\n6 CNAME 5\n", ""},
    {"H023_forward_name_leads_to_itself", "5 PTR m.example.com.\n", "m CNAME m\n"},
    {"H023_forward_names_lead_to_each_other", "5 PTR m.example.com.\n", "m CNAME n\nn CNAME m\n"},
    {"H022_damaged_replies_at_the_ptr", "5 PTR !malformed\n", ""},
    {"H022_damaged_replies_at_the_forward_step", "5 PTR m.example.com.\n", "m ANY !malformed\n"},
    {"H026_silence_at_the_ptr", "5 PTR !timeout\n", ""},
    {"H026_silence_at_the_forward_step", "5 PTR m.example.com.\n", "m ANY !timeout\n"},
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.id; }

class HostileDnsTrouble : public testing::TestWithParam<Row> {};

TEST_P(HostileDnsTrouble, is_never_read_as_an_absence) {
  const auto& row = GetParam();
  const auto result = scenarios::check(world_of(row.reverse, row.forward), "203.0.113.5");
  EXPECT_EQ(result.iprev, Iprev::temperror);
  EXPECT_EQ(result.exit_code, report::undetermined);
  EXPECT_LE(result.evidence.trace.size(), 3U + 3U) << "nothing is asked over and over; three questions beside it";
}

INSTANTIATE_TEST_SUITE_P(Every, HostileDnsTrouble, testing::ValuesIn(open_questions), [](const auto& row) { return row.param.id; });

}  // namespace fcrdns
