#include "fcrdns/host/mta.hpp"

#include <gtest/gtest.h>

namespace fcrdns::host {
namespace {

TEST(Mta, TheFirstRouteThatTakesTheMailCounts) {
  using enum Route::Of;
  Mta mta;
  const std::pair<Route::Of, const char*> routes[] = {{recipient, "example.net"}, {recipient, ".example.net"}, {recipient, "@at.example"}, {recipient, "user@whole.example"},
                                                      {sender, "u@one.example"},  {sender, "@one.example"},    {sender, ".two.example"},  {sender, "<>"},
                                                      {all, ""}};
  for (const auto& [of, pattern] : routes) mta.routes.push_back({of, pattern, pattern, std::nullopt, std::nullopt});
  struct Row {
    const char *domain, *sender, *taken;
  };
  const Row rows[] = {
      {"example.net", "", "example.net"}, {"a.example.net", "", ".example.net"}, {"notexample.net", "", ""}, {"at.example", "", "@at.example"},
      {"whole.example", "", ""},  // of a recipient only the domain is known
      {"x.example", "u@one.example", "u@one.example"}, {"x.example", "v@one.example", "@one.example"}, {"x.example", "v@a.one.example", ""},
      {"x.example", "v@a.two.example", ".two.example"}, {"x.example", "v@two.example", ""}, {"x.example", "<>", "<>"},
      {"example.net", "u@one.example", "example.net"},
  };
  for (const auto& row : rows) {
    const auto* const route = route_for(mta, row.domain, row.sender);
    ASSERT_NE(route, nullptr);
    EXPECT_EQ(route->pattern, row.taken) << row.domain << ' ' << row.sender;
  }
  mta.routes.pop_back();
  EXPECT_EQ(route_for(mta, "x.example", ""), nullptr);
}

}  // namespace
}  // namespace fcrdns::host
