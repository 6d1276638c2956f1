// The worker's loop, with a queue that is a list.
#include "fcrdns/scan/worker.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace fcrdns::scan {
namespace {

using lease::Lease;
using lease::Queue;

struct Kept {
  std::string rows;
  int done = 0, given_back = 0, beats = 0;
};

class ListQueue final : public Queue {
 public:
  std::deque<std::string> waiting;                 // prefixes; "bad": makes no sense; "-": nothing now, one is elsewhere
  std::map<std::string, Kept> kept;
  bool somebody_was_first = false, full = false;

  class Held final : public Queue::Held {
   public:
    Held(ListQueue& queue, const std::string& prefix) : queue_(queue), lease_{prefix, {*net::Prefix::parse(prefix)}} {}
    const Lease& lease() const override { return lease_; }
    void still_working() override { ++mine().beats; }
    void give_back() override { ++mine().given_back; }
    base::Expected<void> add(std::string_view rows, std::uint64_t) override {
      if (queue_.full) return base::fault("full");
      mine().rows += rows;
      return {};
    }
    base::Expected<bool> done() override { return ++mine().done, !queue_.somebody_was_first; }

   private:
    Kept& mine() { return queue_.kept[lease_.id]; }
    ListQueue& queue_;
    const Lease lease_;
  };

  base::Expected<Taken> take(base::Milliseconds) override {
    Taken out;
    if (waiting.empty()) return out.empty = true, std::move(out);
    const auto next = waiting.front();
    waiting.pop_front();
    if (next == "bad") out.refused = "makes no sense";
    else if (next == "-") out.elsewhere = 1;
    else out.held = std::make_unique<Held>(*this, next);
    return out;
  }
  base::Expected<lease::Submitted> submit(const std::vector<net::Prefix>&, const std::vector<net::Prefix>&, const lease::Settings&) override { return {}; }
  base::Expected<lease::Settings> settings() override { return {}; }
  base::Expected<lease::Status> status() override { return {}; }
  base::Expected<Collected> collect(const Rows&) override { return {}; }
  base::Expected<void> forget() override { return {}; }
};

class Worker : public testing::Test {
 protected:
  ListQueue queue;
  std::vector<std::string> told;
  bool stop = false;
  std::uint64_t rows_too_few = 0;
  base::SteadyTime time{};

  base::Expected<Worked> drain() {
    const ScanLease scan = [&](const Lease& lease, const TakeRows& take, const std::function<bool()>& go_on) -> base::Expected<bool> {
      for (std::uint64_t i = rows_too_few; i < lease::addresses_of(lease.prefixes); ++i) {
        time += base::Seconds{1};
        if (const auto taken = take(lease.id + "\n", 1); !taken) return std::unexpected(taken.error());
        if (!go_on()) return false;
      }
      return true;
    };
    return scan::drain(queue, base::Seconds{30}, scan, {.stop = [&] { return stop; }, .tell = [&](std::string_view sentence) { told.emplace_back(sentence); }, .now = [&] { return time; }});
  }
};

TEST_F(Worker, does_all_and_ends) {
  queue.waiting = {"10.0.0.0/30", "10.0.0.4/31"};
  const auto worked = drain();
  ASSERT_TRUE(worked);
  EXPECT_EQ(worked->leases, 2U);
  EXPECT_EQ(worked->rows, 6U);
  EXPECT_EQ(queue.kept["10.0.0.4/31"].rows, "10.0.0.4/31\n10.0.0.4/31\n");
  EXPECT_EQ(queue.kept["10.0.0.0/30"].done, 1);
  EXPECT_EQ(queue.kept["10.0.0.0/30"].given_back, 0);
  EXPECT_FALSE(worked->stopped);
}

TEST_F(Worker, gives_signs_of_life_while_it_works) {
  queue.waiting = {"10.0.0.0/26"};  // 64 s
  ASSERT_TRUE(drain());
  EXPECT_EQ(queue.kept["10.0.0.0/26"].beats, 64 / 5);
}

TEST_F(Worker, waits_for_what_is_elsewhere_and_says_so_once) {
  queue.waiting = {"-", "-", "10.0.0.0/32", "-"};
  EXPECT_EQ(drain()->leases, 1U);
  EXPECT_EQ(told.size(), 2U);
}

TEST_F(Worker, tells_of_a_lease_that_makes_no_sense_and_goes_on) {
  queue.waiting = {"bad", "10.0.0.0/32"};
  const auto worked = drain();
  EXPECT_EQ(worked->refused, 1U);
  EXPECT_EQ(worked->leases, 1U);
  EXPECT_EQ(told, std::vector<std::string>{"makes no sense"});
}

TEST_F(Worker, hands_in_nothing_that_is_not_whole) {
  queue.waiting = {"10.0.0.0/30", "10.0.0.4/30"};
  rows_too_few = 1;
  EXPECT_FALSE(drain());
  EXPECT_EQ(queue.kept["10.0.0.0/30"].done, 0);
  EXPECT_EQ(queue.kept["10.0.0.0/30"].given_back, 1);
  EXPECT_EQ(queue.waiting.size(), 1U);
}

TEST_F(Worker, gives_back_what_it_cannot_keep) {
  queue.waiting = {"10.0.0.0/30"};
  queue.full = true;
  const auto worked = drain();
  ASSERT_FALSE(worked);
  EXPECT_EQ(worked.error().message, "full");
  EXPECT_EQ(queue.kept["10.0.0.0/30"].given_back, 1);
}

TEST_F(Worker, ends_when_told_so) {
  queue.waiting = {"10.0.0.0/32"};
  stop = true;
  EXPECT_TRUE(drain()->stopped);
  EXPECT_TRUE(queue.kept.empty());
}

TEST_F(Worker, gives_back_what_is_in_hand_when_told_to_end) {
  queue.waiting = {"10.0.0.0/30"};
  const ScanLease scan = [&](const Lease&, const TakeRows& take, const std::function<bool()>& go_on) -> base::Expected<bool> {
    stop = true;
    (void)take("x\n", 1);
    return go_on();
  };
  const auto worked = scan::drain(queue, base::Seconds{30}, scan, {.stop = [&] { return stop; }, .tell = {}});
  EXPECT_TRUE(worked->stopped);
  EXPECT_EQ(queue.kept["10.0.0.0/30"].given_back, 1);
  EXPECT_EQ(queue.kept["10.0.0.0/30"].done, 0);
}

TEST_F(Worker, counts_what_another_did_first_apart) {
  queue.waiting = {"10.0.0.0/32"};
  queue.somebody_was_first = true;
  const auto worked = drain();
  EXPECT_EQ(worked->leases, 0U);
  EXPECT_EQ(worked->late, 1U);
}

}  // namespace
}  // namespace fcrdns::scan
