// Whole screens, as a person sees them, compared octet for octet with tests/golden/screens. After a wanted change:
//     FCRDNS_REGENERATE=1 build/dev/bin/scenarios_test --gtest_filter='*Screen*' && git diff tests/golden
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "run_world.hpp"

namespace fcrdns {
namespace {

using report::Format;

std::string file(const std::string& path) {
  std::ifstream in(FCRDNS_SOURCE_DIR "/tests/golden/" + path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

struct Screen {
  const char* name;
  const char* subject;
  bool walk = true;
  bool verbose = false;
  const char* helo = nullptr;
  const char* expect = nullptr;
  Format format = Format::text;
};
void PrintTo(const Screen& screen, std::ostream* out) { *out << screen.name; }

const Screen screens[] = {
    {.name = "block_under_default_names.txt", .subject = "203.0.113.64/29", .helo = "mail.customer.example"},
    {.name = "address_without_ptr.txt", .subject = "203.0.114.6"},
    {.name = "address_without_ptr_not_walked.txt", .subject = "203.0.114.6", .walk = false},
    {.name = "address_without_ptr_unfolded.txt", .subject = "203.0.114.6", .verbose = true},
    {.name = "host_with_ipv6_without_ptr.txt", .subject = "mail.example.com"},
    {.name = "name_leads_elsewhere.txt", .subject = "203.0.114.7"},
    {.name = "domain_which_of_these_sends.txt", .subject = "postmaster@example.com"},
    {.name = "child_zone_of_dead_servers.txt", .subject = "203.0.115.65"},
    {.name = "name_before_it_is_set.txt", .subject = "203.0.114.6", .expect = "mail.example.com"},
    {.name = "all_is_well.txt", .subject = "203.0.114.5"},
    {.name = "address_without_ptr.md", .subject = "203.0.114.6", .format = Format::markdown},
    {.name = "name_leads_elsewhere.html", .subject = "203.0.114.7", .format = Format::html},
};

std::optional<dns::Name> name_of(const char* text) {
  if (text == nullptr) return std::nullopt;
  return dns::Name::parse(text).value();
}

std::string shown(const Screen& screen) {
  static const auto world = scenarios::signed_world(world::parse_world(file("screens.world")).value());
  evidence::Options options;
  options.walk = screen.walk;
  if (screen.helo != nullptr) options.helo = screen.helo;
  options.expect = name_of(screen.expect);
  const auto result = scenarios::check_walked(world, screen.subject, options);
  const auto renderer = report::make_renderer(screen.format, {.verbose = screen.verbose});
  auto text = renderer->begin();
  text += renderer->result(result);
  text += renderer->end(result.exit_code);
  return text;
}

class Screens : public testing::TestWithParam<Screen> {
 protected:
  static void SetUpTestSuite() {
    ::setenv("TZ", "Europe/Berlin", 1);  // an hour beside UTC at the scripted time
    ::tzset();
  }
};

}  // namespace

TEST_P(Screens, IsAsItWas) {
  const auto& screen = GetParam();
  const auto now = shown(screen);
  if (std::getenv("FCRDNS_REGENERATE") != nullptr) {
    std::ofstream(FCRDNS_SOURCE_DIR "/tests/golden/screens/" + std::string(screen.name), std::ios::binary) << now;
    return;
  }
  EXPECT_EQ(now, file("screens/" + std::string(screen.name)));
}

INSTANTIATE_TEST_SUITE_P(Every, Screens, testing::ValuesIn(screens), [](const auto& row) {
  std::string id = row.param.name;
  std::ranges::replace(id, '.', '_');
  return id;
});

}  // namespace fcrdns
