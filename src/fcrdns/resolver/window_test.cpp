#include "fcrdns/resolver/window.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace fcrdns::resolver {
namespace {

/// A resolver that needs `round_trip` for an answer and gives at most `rate` of them a second; what comes too fast stands
/// in its queue. The scan always has more to ask.
struct Simulated {
  double round_trip, rate;
  std::size_t size_after(base::Seconds time, Window& window, base::SteadyTime& now) const {
    const auto step = base::Milliseconds{2};
    double ended = 0;
    std::uint64_t before = all;
    for (const auto end = now + time; now < end; now += step) {
      window.turn(now, window.size(), before + static_cast<std::uint64_t>(ended), 0);
      ended += std::min(rate, static_cast<double>(window.size()) / round_trip) * 0.002;
    }
    all = before + static_cast<std::uint64_t>(ended);
    return window.size();
  }
  mutable std::uint64_t all = 0;
};

TEST(Window, as_large_as_makes_it_faster) {
  struct Case {
    const char* what;
    double round_trip, rate;
    std::size_t resolvers, most, least_expected, most_expected;
  };
  constexpr Case cases[] = {
      {"a server next door that gives all it can", 0.003, 180'000, 1, 8192, 2048, 2048},
      {"a quick one far away", 0.030, 1e9, 1, 8192, 8192, 8192},
      {"slow recursion", 0.800, 1e9, 1, 8192, 8192, 8192},
      {"far away, with a limit", 0.030, 100'000, 1, 8192, 2048, 4096},
      {"two resolvers next door", 0.003, 360'000, 2, 8192, 4096, 4096},
      {"no more than was allowed", 0.030, 1e9, 1, 700, 700, 700},
      {"nothing ever ends", 1e9, 1e9, 1, 8192, 2048, 2048},
  };
  for (const auto& row : cases) {
    base::SteadyTime now{};
    Window window(row.most, row.resolvers, now);
    const Simulated simulated{row.round_trip, row.rate};
    EXPECT_EQ(window.size(), std::min(row.most, Window::first * row.resolvers)) << row.what;
    // The size it has most of the time: tries are short.
    std::vector<std::size_t> sizes;
    for (int i = 0; i < 120; ++i) sizes.push_back(simulated.size_after(base::Seconds{1}, window, now));
    std::ranges::sort(sizes);
    EXPECT_GE(sizes[60], row.least_expected) << row.what;
    EXPECT_LE(sizes[60], row.most_expected) << row.what;
  }
}

TEST(Window, follows_a_resolver_that_becomes_slow) {
  base::SteadyTime now{};
  Window window(8192, 1, now);
  Simulated next_door{0.003, 180'000};
  EXPECT_EQ(next_door.size_after(base::Seconds{20}, window, now), Window::first);
  Simulated far{0.2, 180'000, next_door.all};
  EXPECT_EQ(far.size_after(base::Seconds{30}, window, now), 8192U);
}

TEST(Window, is_not_enlarged_where_it_holds_nothing_up) {
  base::SteadyTime now{};
  Window window(8192, 1, now);
  std::uint64_t ended = 0;
  for (int i = 0; i < 10'000; ++i) {
    now += base::Milliseconds{2};
    window.turn(now, 900, ended += 100, 0);
    ASSERT_EQ(window.size(), Window::first);
  }
}

TEST(Window, a_full_queue_is_left_to_drain) {
  // 7,000 answers a second, places for 950 questions; what comes above them is dropped, and asked again.
  base::SteadyTime now{};
  Window window(8192, 1, now);
  double ended = 0, again = 0;
  for (int i = 0; i < 30'000; ++i) {
    now += base::Milliseconds{2};
    const bool too_many = window.size() > 950;
    window.turn(now, std::min<std::size_t>(window.size(), 1200), static_cast<std::uint64_t>(ended += 14), static_cast<std::uint64_t>(again += too_many ? 3 : 0));
  }
  EXPECT_LE(window.size(), 950U);
}

TEST(Window, a_lossy_line_is_no_reason_to_ask_less) {
  Simulated far{0.030, 1e9};
  base::SteadyTime now{};
  Window window(8192, 1, now);
  double ended = 0;
  std::vector<std::size_t> sizes;
  for (int i = 0; i < 60'000; ++i) {
    now += base::Milliseconds{2};
    window.turn(now, window.size(), static_cast<std::uint64_t>(ended), static_cast<std::uint64_t>(ended * 0.2));
    ended += static_cast<double>(window.size()) / 0.030 * 0.002;
    sizes.push_back(window.size());
  }
  EXPECT_GE(std::ranges::count(sizes, 8192U), 40'000);
}

}  // namespace
}  // namespace fcrdns::resolver
