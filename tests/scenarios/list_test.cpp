// A list of subjects: results in the order of the input, nothing held up by a silent one but the output behind it.
#include <gtest/gtest.h>

#include "run_world.hpp"

namespace fcrdns {
namespace {

using diagnosis::Next;

constexpr std::string_view text = R"(
$SERVER ns.example. 198.51.100.53
$ZONE . ns.example.
1.113.0.203.in-addr.arpa. PTR one.example.
one.example. A 203.0.113.1
2.113.0.203.in-addr.arpa. PTR !timeout
3.113.0.203.in-addr.arpa. PTR three.example.
three.example. A 203.0.113.3
)";

class List : public testing::Test {
 protected:
  /// Runs the lines through diagnose; `stop` sees how often it was asked.
  bool run(std::vector<std::string> lines, std::function<bool(int asked)> stop, diagnosis::Options options = {}) {
    const auto world = world::parse_world(text).value();
    resolver::Scripted resolver(world);
    std::size_t at = 0;
    int stops = 0;
    return diagnosis::diagnose(
        [&](base::Milliseconds) -> Next {
          if (at == lines.size()) return diagnosis::NoMore{};
          const auto& line = lines[at++];
          if (line == "later") return diagnosis::NotYet{};
          auto subject = subject::parse(line);
          if (!subject) return diagnosis::Unreadable{line, subject.error().message};
          return *subject;
        },
        [&](const report::Result& result) { results.push_back(result.evidence.subject.text + " " + std::to_string(result.exit_code)); },
        [&] { return stop(++stops); }, options, {.resolver = resolver});
  }

  std::vector<std::string> results;
};

const auto never = [](int) { return false; };

}  // namespace

TEST_F(List, ComesOutInTheOrderItWentIn) {
  EXPECT_TRUE(run({"203.0.113.2", "203.0.113.1", "nonsense", "later", "203.0.113.3"}, never));
  EXPECT_EQ(results, (std::vector<std::string>{"203.0.113.2 2", "203.0.113.1 0", "nonsense 64", "203.0.113.3 0"}));
}

TEST_F(List, NarrowWindowsLoseNothing) {
  EXPECT_TRUE(run({"203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.1"}, never, {.concurrency = 1, .waiting = 1}));
  EXPECT_EQ(results.size(), 4U);
}

TEST_F(List, AnInterruptLosesNothingThatIsKnown) {
  // By the twentieth turn both neighbours of the silent address are known, and what explains them is not asked to the end.
  EXPECT_FALSE(run({"203.0.113.1", "203.0.113.2", "203.0.113.3"}, [](int asked) { return asked > 20; }));
  EXPECT_EQ(results, (std::vector<std::string>{"203.0.113.1 0", "203.0.113.3 0"}));
}

TEST_F(List, NothingIsNothing) {
  EXPECT_TRUE(run({}, never));
  EXPECT_TRUE(results.empty());
}

}  // namespace fcrdns
