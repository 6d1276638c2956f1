// Pace against model resolvers in virtual time: limits that drop, fail or refuse, lossy lines, zones in trouble, slow
// recursion, resolvers that die. What counts: packets beside those needed, time beside the least possible, nothing given up.
#include "fcrdns/resolver/pace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <random>
#include <vector>

#include "fcrdns/resolver/paces.hpp"

namespace fcrdns::resolver {
namespace {

using base::Milliseconds;
using base::SteadyTime;
using Micros = SteadyTime::duration;

enum class Over { drop, servfail, refused };

/// What holds of a resolver from a moment on.
struct State {
  double from = 0;       // seconds
  double limit = 1e9;    // questions a second, saved up for 10 ms
  double lose = 0, flap = 0;  // shares: no answer; SERVFAIL
  bool dead = false;
};
struct Server {
  Over over = Over::drop;
  double rtt = 1;        // milliseconds
  std::vector<State> states{State{}};
  double cold = 0, recursion = 0;  // share of names that take the resolver so many milliseconds
};
struct Row {
  const char* name;
  std::vector<Server> servers;
  unsigned lookups;
  double ideal;          // seconds
  double most_time, most_packets;  // of the ideal, of those needed
  double cap = 0;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

struct Result {
  double seconds = 0;
  std::uint64_t packets = 0, given_up = 0, most_in_100ms = 0;
};

constexpr unsigned tries = 5, window = 8192;
constexpr Milliseconds longest{1500}, deadline{10'000};
constexpr std::size_t ring = 16'384;

class Simulation {
 public:
  explicit Simulation(const Row& row) : row_(row), paces_(now_, row.servers.size(), row.cap), held_(row.servers.size()), arrivals_(ring) {
    for (unsigned i = 0; i < window; ++i) free_.push_back(i);
    questions_.resize(window);
  }

  Result run() {
    while (ended_ < row_.lookups && now_ < SteadyTime(std::chrono::seconds(300))) step();
    result_.seconds = seconds();
    return result_;
  }

 private:
  struct Question {
    std::uint32_t generation = 0;
    unsigned tries = 0;
    std::uint16_t server = 0;
    SteadyTime until, ready;
  };
  enum class Said { answer, servfail, refused };
  struct Arrival {
    unsigned question;
    std::uint32_t generation;
    std::uint16_t server;
    Said said;
    Sent sent;
  };
  struct Waiting {
    unsigned question;
    std::uint32_t generation;
    unsigned tries;
    SteadyTime since;
  };
  struct Tokens {
    double left = 0;
    SteadyTime last{};
  };

  [[nodiscard]] double seconds() const { return std::chrono::duration<double>(now_.time_since_epoch()).count(); }
  [[nodiscard]] bool chance(double share) { return share > 0 && dice_() < share * 4294967296.0; }
  [[nodiscard]] bool under_way(unsigned index, std::uint32_t generation) const { return questions_[index].generation == generation; }

  const State& state(const Server& server) const {
    return *std::find_if(server.states.rbegin(), server.states.rend(), [&](const State& s) { return s.from <= seconds(); });
  }

  void step() {
    now_ += Milliseconds{1};
    auto& due = arrivals_[static_cast<std::size_t>(now_.time_since_epoch() / Milliseconds{1}) % ring];
    for (const auto& arrival : due) take(arrival);
    due.clear();
    for (unsigned t = 1; t <= tries; ++t) sweep(t);
    paces_.turn(now_);
    while (!again_.empty()) {
      const auto [index, generation, before, since] = again_.front();
      const bool over = under_way(index, generation) && questions_[index].until <= now_;
      if (under_way(index, generation) && !over && paces_.room() == 0) break;
      again_.pop_front();
      if (over) give_up(index);
      else if (under_way(index, generation)) send(index, paces_.choose(questions_[index].server));
    }
    while (paces_.room() > 0 && !free_.empty() && begun_ < row_.lookups) {
      const auto index = free_.back();
      free_.pop_back();
      ++begun_;
      questions_[index] = {questions_[index].generation, 0, 0, now_ + deadline, {}};
      send(index, paces_.choose());
    }
    most();
  }

  void sweep(unsigned t) {
    for (auto& queue = waiting_[t]; !queue.empty();) {
      const auto waiting = queue.front();
      if (under_way(waiting.question, waiting.generation) && questions_[waiting.question].tries == waiting.tries) {
        if (waiting.since + paces_[questions_[waiting.question].server].patience(t, longest) > now_) break;
        t < tries ? again_.push_back(waiting) : give_up(waiting.question);
      }
      queue.pop_front();
    }
    for (auto& queue = resting_[t]; !queue.empty() && queue.front().since + Paces::rest(t) <= now_; queue.pop_front())
      again_.push_back(queue.front());
  }

  void send(unsigned index, std::uint16_t number) {
    auto& question = questions_[index];
    question.server = number;
    ++question.tries;
    ++result_.packets;
    ++sent_now_;
    const auto sent = paces_.sent(number, now_);
    waiting_[question.tries].push_back({index, question.generation, question.tries, now_});
    const auto& server = row_.servers[number];
    const auto& state = this->state(server);
    auto& held = held_[number];
    held.left = std::min(held.left + state.limit * std::chrono::duration<double>(now_ - held.last).count(), state.limit / 100);
    held.last = now_;
    if (state.dead || chance(state.lose)) return;
    Arrival arrival{index, question.generation, number, Said::answer, sent};
    if (held.left < 1) {
      if (server.over == Over::drop) return;
      arrival.said = server.over == Over::servfail ? Said::servfail : Said::refused;
    } else {
      held.left -= 1;
      if (chance(state.flap)) arrival.said = Said::servfail;
    }
    auto at = now_ + Micros(static_cast<long>(server.rtt * 1000));
    if (arrival.said == Said::answer && server.cold > 0) {
      if (question.ready == SteadyTime{}) question.ready = chance(server.cold) ? now_ + Micros(static_cast<long>(server.recursion * 1000)) : at;
      at = std::max(at, question.ready);
    }
    const auto slot = std::max((at - now_ + Micros(999)) / Milliseconds{1}, Micros::rep{1});
    arrivals_[static_cast<std::size_t>(now_.time_since_epoch() / Milliseconds{1} + slot) % ring].push_back(arrival);
  }

  void take(const Arrival& arrival) {
    if (!under_way(arrival.question, arrival.generation)) return;
    auto& pace = paces_[arrival.server];
    auto& question = questions_[arrival.question];
    if (arrival.said == Said::answer) {
      pace.answered(arrival.sent, now_);
      return end(arrival.question);
    }
    arrival.said == Said::servfail ? pace.failed(arrival.sent, now_) : pace.refused(arrival.sent, now_);
    if (question.tries >= tries) return give_up(arrival.question);
    resting_[question.tries].push_back({arrival.question, question.generation, question.tries, now_});
  }
  void end(unsigned index) {
    ++ended_;
    ++questions_[index].generation;
    free_.push_back(index);
  }
  void give_up(unsigned index) {
    ++result_.given_up;
    end(index);
  }
  void most() {
    last_sent_.push_back(std::exchange(sent_now_, 0));
    in_100ms_ += last_sent_.back();
    if (last_sent_.size() > 100) {
      in_100ms_ -= last_sent_.front();
      last_sent_.pop_front();
    }
    result_.most_in_100ms = std::max(result_.most_in_100ms, in_100ms_);
  }

  const Row& row_;
  SteadyTime now_{};
  Paces paces_;
  std::vector<Tokens> held_;
  std::vector<Question> questions_;
  std::vector<unsigned> free_;
  std::deque<Waiting> again_, waiting_[tries + 1], resting_[tries + 1];
  std::vector<std::vector<Arrival>> arrivals_;  // by millisecond
  std::mt19937 dice_{7};
  unsigned begun_ = 0, ended_ = 0;
  std::deque<std::uint64_t> last_sent_;
  std::uint64_t sent_now_ = 0, in_100ms_ = 0;
  Result result_;
};

class Pacing : public testing::TestWithParam<Row> {};

TEST_P(Pacing, little_is_sent_in_vain_and_little_time_is_lost) {
  const auto& row = GetParam();
  const auto result = Simulation(row).run();
  double p = 0;  // that a packet is lost or its answer is trouble, whatever the rate
  for (const auto& state : row.servers.front().states) p = std::max(p, state.lose + (1 - state.lose) * state.flap);
  const double needed = row.lookups / (1 - p);
  std::printf("%-28s time %.3f of %.1f s   packets %.3f of those needed   given up %llu\n", row.name, result.seconds / row.ideal, row.ideal,
              static_cast<double>(result.packets) / needed, static_cast<unsigned long long>(result.given_up));
  const double tail = p > 0 ? 2 : 0;  // the last question may need every try
  EXPECT_LE(result.seconds, row.ideal * row.most_time + tail);
  EXPECT_LE(static_cast<double>(result.packets), needed * row.most_packets);
  const double expected = row.lookups * std::pow(p, tries);
  EXPECT_LE(static_cast<double>(result.given_up), expected + 4 * std::sqrt(expected) + 1);
  if (row.cap > 0) {
    EXPECT_LE(static_cast<double>(result.packets), row.cap * result.seconds + 1);
    EXPECT_LE(static_cast<double>(result.most_in_100ms), row.cap * 0.14 + 2) << "in 100 ms";
  }
}

constexpr double k = 1000;
INSTANTIATE_TEST_SUITE_P(
    Pace, Pacing,
    testing::Values(
        // name, resolvers, look-ups, ideal seconds, at most that much of it, and of the packets needed, cap
        Row{"drop", {{Over::drop, 1, {{.limit = 50 * k}}}}, 400'000, 8, 1.07, 1.04},
        Row{"servfail", {{Over::servfail, 1, {{.limit = 50 * k}}}}, 200'000, 4, 1.12, 1.05},
        Row{"refused", {{Over::refused, 1, {{.limit = 50 * k}}}}, 200'000, 4, 1.12, 1.05},
        Row{"drop_rtt_0", {{Over::drop, 0.1, {{.limit = 50 * k}}}}, 200'000, 4, 1.12, 1.05},
        Row{"drop_rtt_10", {{Over::drop, 10, {{.limit = 50 * k}}}}, 200'000, 4, 1.15, 1.05},
        Row{"drop_rtt_50", {{Over::drop, 50, {{.limit = 50 * k}}}}, 400'000, 8, 1.15, 1.05},
        Row{"servfail_rtt_50", {{Over::servfail, 50, {{.limit = 50 * k}}}}, 400'000, 8, 1.15, 1.05},
        Row{"drop_1000", {{Over::drop, 10, {{.limit = 1 * k}}}}, 20'000, 20, 1.1, 1.05},
        Row{"refused_300", {{Over::refused, 10, {{.limit = 300}}}}, 6'000, 20, 1.1, 1.1},
        // A share that is lost or in trouble whatever the rate.
        Row{"drop_lossy", {{Over::drop, 10, {{.limit = 50 * k, .lose = 0.05}}}}, 200'000, 4.2, 1.15, 1.06},
        Row{"servfail_flapping", {{Over::servfail, 1, {{.limit = 50 * k, .flap = 0.1}}}}, 200'000, 4.44, 1.15, 1.06},
        Row{"refused_lossy_flapping", {{Over::refused, 10, {{.limit = 50 * k, .lose = 0.05, .flap = 0.1}}}}, 400'000, 9.36, 1.15, 1.06},
        Row{"no_limit_lossy_flapping", {{Over::drop, 1, {{.lose = 0.05, .flap = 0.1}}}}, 400'000, 2, 1, 1.02},  // 200,000 a second
        Row{"no_limit_flapping_30", {{Over::drop, 1, {{.flap = 0.3}}}}, 300'000, 3, 1, 1.02},
        Row{"trouble_comes_and_goes", {{Over::drop, 1, {{.limit = 50 * k}, {2, 50 * k, 0, 0.4}, {4, 50 * k}}}}, 300'000, 6.8, 1.1, 1.05},
        // Limits that change.
        Row{"limit_rises", {{Over::drop, 10, {{.limit = 10 * k}, {5, 50 * k}}}}, 200'000, 8, 1.25, 1.1},
        Row{"limit_falls", {{Over::drop, 10, {{.limit = 50 * k}, {4, 10 * k}}}}, 250'000, 9, 1.25, 1.08},
        Row{"limit_falls_refused", {{Over::refused, 10, {{.limit = 50 * k}, {4, 5 * k}}}}, 220'000, 8, 1.5, 1.08},
        Row{"limit_changes", {{Over::servfail, 10, {{.limit = 20 * k}, {3, 40 * k}, {6, 10 * k}, {9, 60 * k}}}}, 450'000, 13, 1.2, 1.1},
        Row{"limit_near_nothing_at_times", {{Over::servfail, 1, {{.limit = 50 * k}, {2, 500}, {2.15, 50 * k}, {4, 500}, {4.2, 50 * k}, {6, 500}, {6.05, 50 * k}}}}, 400'000, 8.4, 1.4, 1.1},
        // Names that take a recursive resolver its time.
        Row{"recursion", {{Over::drop, 1, {{.limit = 20 * k}}, 0.2, 400}}, 200'000, 10, 1.2, 1.05},
        Row{"slow_recursion", {{Over::drop, 1, {{.limit = 5 * k}}, 0.1, 1200}}, 50'000, 10, 1.25, 1.11},
        Row{"cold_cache", {{Over::drop, 1, {State{}}, 1, 250}}, 200'000, 10, 1, 1.02},  // 20,000 a second, as the window has it
        // Several.
        Row{"two", {{Over::drop, 1, {{.limit = 20 * k}}}, {Over::servfail, 20, {{.limit = 30 * k}}}}, 300'000, 6, 1.15, 1.05},
        Row{"one_of_two_is_dead", {{Over::drop, 1, {{.limit = 50 * k}}}, {Over::drop, 1, {{.dead = true}}}}, 300'000, 6, 1.15, 1.05},
        Row{"one_of_two_dies", {{Over::drop, 1, {{.limit = 30 * k}}}, {Over::drop, 1, {{.limit = 30 * k}, {.from = 2, .dead = true}}}}, 300'000, 8, 1.15, 1.08},
        Row{"one_of_two_comes_back", {{Over::drop, 1, {{.limit = 10 * k}}}, {Over::drop, 1, {{.limit = 50 * k}, {.from = 1, .dead = true}, {3, 50 * k}}}}, 300'000, 6.7, 1.2, 1.06},
        Row{"away_for_5_s", {{Over::drop, 1, {{.limit = 20 * k}, {.from = 2, .dead = true}, {7, 20 * k}}}}, 200'000, 15, 1.1, 1.08},
        // --rate, retries and the dead included.
        Row{"cap", {{Over::drop, 1, {State{}}}}, 100'000, 10, 1.01, 1.01, 10 * k},
        Row{"cap_of_two_one_dead", {{Over::drop, 1, {{.lose = 0.05}}}, {Over::drop, 1, {{.dead = true}}}}, 100'000, 10.6, 1.05, 1.03, 10 * k},
        Row{"cap_low", {{Over::drop, 1, {{.flap = 0.1}}}}, 500, 11.1, 1.05, 1.1, 50}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(Pacing, when_nobody_answers_questions_end_all_the_same) {
  const Row row{"all_dead", {{Over::drop, 1, {{.dead = true}}}, {Over::drop, 1, {{.dead = true}}}}, 4'000, 0, 0, 0};
  const auto result = Simulation(row).run();
  EXPECT_EQ(result.given_up, row.lookups);
  EXPECT_LE(result.seconds, std::chrono::duration<double>(deadline).count() + 1);
  EXPECT_LE(result.packets, 3 * row.lookups);
}

TEST(Pacing, starts_gently_and_asks_the_dead_seldom) {
  Pace pace(SteadyTime{});
  std::uint64_t sent = 0;
  SteadyTime now{};
  const auto run = [&](Milliseconds time) {
    sent = 0;
    for (const auto end = now + time; now < end; now += Milliseconds{1})
      for (auto room = pace.allowed(now); room > 0; --room, ++sent) (void)pace.sent(now);
  };
  run(Milliseconds{500});
  EXPECT_LE(sent, Pace::first_rate / 2 + 32) << "no faster before anything has come back";
  run(Milliseconds{3000});
  EXPECT_TRUE(pace.dark());
  run(Milliseconds{1000});
  EXPECT_LE(sent, Pace::least_rate + 4);
  EXPECT_GE(sent, Pace::least_rate / 2);
}

}  // namespace
}  // namespace fcrdns::resolver
