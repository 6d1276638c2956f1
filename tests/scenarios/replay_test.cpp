// Eleven recorded evidences and the reports made of them, compared octet for octet: what was recorded once is told the same
// for ever, by --replay too (tests/cli). tests/golden/replay/NAME.json is what `--record` wrote in the lab; after a
// wanted change of the words:
//     FCRDNS_REGENERATE=1 build/dev/bin/scenarios_test --gtest_filter='*Recorded*' && git diff tests/golden
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "fcrdns/diagnosis/diagnose.hpp"
#include "fcrdns/evidence/file.hpp"

namespace fcrdns {
namespace {

const std::filesystem::path folder = FCRDNS_SOURCE_DIR "/tests/golden/replay";

std::string content(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<std::string> recorded() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem());
  std::ranges::sort(names);
  return names;
}

std::string told(const report::Result& result, report::Format format) {
  const auto renderer = report::make_renderer(format, {});
  auto text = renderer->begin();
  text += renderer->result(result);
  text += renderer->end(result.exit_code);
  return text;
}

class Recorded : public testing::TestWithParam<std::string> {
 protected:
  static void SetUpTestSuite() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
  }
};

}  // namespace

TEST_P(Recorded, IsToldAsItWas) {
  const auto entries = evidence::read_entries(content(folder / (GetParam() + ".json")));
  ASSERT_TRUE(entries) << entries.error().message;
  const auto result = diagnosis::report_on(std::get<evidence::Evidence>(entries->at(0)));
  const auto now = told(result, report::Format::text) + "\n---- --json\n" + told(result, report::Format::json);
  const auto golden = folder / (GetParam() + ".report");
  if (std::getenv("FCRDNS_REGENERATE") != nullptr) {
    std::ofstream(golden, std::ios::binary) << now;
    return;
  }
  EXPECT_EQ(now, content(golden));
  EXPECT_EQ(evidence::write_entries(*entries), content(folder / (GetParam() + ".json"))) << "and can be recorded again";
}

INSTANTIATE_TEST_SUITE_P(Every, Recorded, testing::ValuesIn(recorded()), [](const auto& row) { return row.param; });

TEST(RecordedEvidence, IsThereTenTimes) { EXPECT_GE(recorded().size(), 10U); }

}  // namespace fcrdns
