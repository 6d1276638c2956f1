// The machine against a played owner, played servers and a played clock: one row per run, and every place where a run can
// be killed.
#include "fcrdns/apply/machine.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace fcrdns::apply {
namespace {

using propagation::Holder;
using propagation::Holds;
using propagation::Side;
using propagation::Sight;

dns::Name name_of(std::string_view text) { return dns::Name::parse(text).value(); }
const auto address = net::Address::parse("203.0.113.5").value();
const auto host = name_of("mail.example.com");
const auto reverse = name_of("5.113.0.203.in-addr.arpa");

struct Killed {};  // what a SIGKILL is to the machine: it ends there, and only what is on disk lasts

/// The world: what each side's owner has, and what its two servers show.
struct World {
  std::map<Part, std::vector<dns::Record>> records;
  std::map<Part, int> changes;
  base::WallTime now = base::parse_rfc3339("2026-11-22T10:00:00Z").value();
  base::Seconds lag{0};          ///< of the second server
  std::map<Part, base::WallTime> changed_at;
  bool second_silent = false;
  int steps_left = -1;           ///< dies when it gets to zero; negative: never

  void step() {
    if (steps_left > 0 && --steps_left == 0) throw Killed{};
  }
};

class Owner final : public Backend {
 public:
  Owner(World& world, Part part) : world_(world), part_(part) {}
  Outcome<Before> look(const Wanted&) override {
    world_.step();
    return Before{world_.records[part_], "h1"};
  }
  Outcome<Deed> put(const Wanted& wanted, const Before& before) override {
    world_.step();
    if (too_soon > 0) return --too_soon, problem(Trouble::too_soon, "not yet", base::Seconds{3});
    if (refuses) return problem(Trouble::refused, "no");
    auto& there = world_.records[part_];
    EXPECT_EQ(before.records, there);
    if (std::ranges::find(there, wanted.record) != there.end()) return Deed::unchanged;
    if (!stores_nothing) {
      there = {wanted.record};
      world_.changed_at[part_] = world_.now;
    }
    ++world_.changes[part_];
    world_.step();  // done, and nobody here knows
    if (loses_answer) return problem(Trouble::undecided, "no answer");
    return asynchronous > 0 ? Deed::accepted : Deed::changed;
  }
  Outcome<bool> settled(const Wanted&) override { return --asynchronous <= 0; }
  Outcome<Deed> restore(const Wanted&, const Before& before) override {
    world_.records[part_] = before.records;
    return Deed::changed;
  }
  int too_soon = 0, asynchronous = 0;
  bool refuses = false, loses_answer = false, stores_nothing = false;

 private:
  World& world_;
  Part part_;
};

class Played final : public Surroundings {
 public:
  explicit Played(World& world) : world_(world) {}
  Sight look() override {
    world_.step();
    Sight out{.time = world_.now};
    side(out, Part::forward, Side::forward, out.forward_right, out.forward_open, out.forward_hold);
    side(out, Part::ptr, Side::reverse, out.reverse_right, out.reverse_open, out.reverse_hold);
    return out;
  }
  base::WallTime now() override { return world_.now; }
  bool pause(base::Milliseconds how_long) override {
    world_.step();
    world_.now += how_long;
    if (by_hand_after > base::Seconds{0} && world_.now - begun_ > by_hand_after && world_.records[Part::ptr].empty()) {
      world_.records[Part::ptr] = {{reverse, dns::Type::ptr, dns::Class::in, 3600, host}};
      world_.changed_at[Part::ptr] = world_.now;
    }
    return true;
  }
  void report(const StationReport& report) override {
    world_.step();
    told += std::string(remedy::to_word(report.station)) + "=" + std::string(to_word(report.state)) + " ";
  }
  std::string told;
  base::Seconds by_hand_after{0};

 private:
  void side(Sight& out, Part part, Side side, bool& right, bool& open, std::uint32_t& hold) const {
    const auto found = world_.records.find(part);
    const auto right_data = part == Part::forward ? dns::Rdata(address) : dns::Rdata(host);
    const bool there = found != world_.records.end() && !found->second.empty() && found->second.front().data == right_data;
    const auto since = there && world_.changed_at.contains(part) ? world_.changed_at.at(part) : base::WallTime{};
    const bool second = there && world_.now - since >= world_.lag;
    const auto holder = [&](std::string_view server, bool shows, bool silent) {
      Holder made;
      made.side = side;
      made.server = name_of(server);
      made.holds = silent ? Holds::unknown : shows ? Holds::right : Holds::absent;
      made.said = silent ? "timeout" : shows ? "it" : "NXDOMAIN";
      out.holders.push_back(std::move(made));
    };
    holder("ns1.example.net", there, false);
    holder("ns2.example.net", second, world_.second_silent);
    right = there && (second || world_.second_silent);
    open = world_.second_silent;
    hold = right ? 0 : 300;
  }
  World& world_;
  base::WallTime begun_ = world_.now;
};

class Folder {
 public:
  Folder() {
    auto name = testing::TempDir() + "fcrdns-XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct PlayedRun {
  World world;
  Folder folder;
  Owner forward{world, Part::forward}, ptr{world, Part::ptr};
  bool ptr_by_hand = false, dry_run = false;
  base::Seconds by_hand_after{0};
  std::string told;

  [[nodiscard]] Job job() {
    Job out{.goal = {address, host}, .longest = base::Seconds{60}, .dry_run = dry_run};
    out.forward = {{Part::forward, address, host, {host, dns::Type::a, dns::Class::in, 3600, address}}, "one", &forward};
    out.ptr = {{Part::ptr, address, host, {reverse, dns::Type::ptr, dns::Class::in, 3600, host}}, "two", ptr_by_hand ? nullptr : &ptr};
    return out;
  }
  Ran run() {
    auto journal = Journal::open(folder.path() + "/state", address);
    EXPECT_TRUE(journal) << journal.error().message;
    Played around(world);
    around.by_hand_after = by_hand_after;
    const auto made = job();
    auto ran = apply::run(made, *journal, around);
    told = around.told;
    return ran;
  }
};

TEST(Machine, goes_through_its_stations) {
  struct Row {
    std::string_view what;
    void (*prepare)(PlayedRun&);
    std::string_view states;  ///< of the five stations at the end
    bool safe;
    std::optional<Trouble> trouble;
  };
  constexpr Row rows[] = {
      {"all is well", [](PlayedRun&) {}, "done done done done done", true, {}},
      {"both there already", [](PlayedRun& s) { s.world.records = {{Part::forward, {s.job().forward.wanted.record}}, {Part::ptr, {s.job().ptr.wanted.record}}}; },
       "done done done done done", true, {}},
      {"a secondary that lags", [](PlayedRun& s) { s.world.lag = base::Seconds{20}; }, "done done done done done", true, {}},
      {"a secondary that never comes", [](PlayedRun& s) { s.world.lag = base::Seconds{3600}; }, "done failed todo todo todo", false, {}},
      {"a secondary that is silent", [](PlayedRun& s) { s.world.second_silent = true; }, "done done done done failed", false, {}},
      {"the owner says no", [](PlayedRun& s) { s.ptr.refuses = true; }, "done done failed todo todo", false, Trouble::refused},
      {"the owner wants the forward record seen first", [](PlayedRun& s) { s.ptr.too_soon = 3; }, "done done done done done", true, {}},
      {"the owner never thinks it is time", [](PlayedRun& s) { s.ptr.too_soon = 1000; }, "done done failed todo todo", false, Trouble::too_soon},
      {"the owner takes its time", [](PlayedRun& s) { s.ptr.asynchronous = 4; }, "done done done done done", true, {}},
      {"the owner's answer is lost", [](PlayedRun& s) { s.ptr.loses_answer = true; }, "done done done done done", true, {}},
      {"lost, and nothing was stored", [](PlayedRun& s) { s.ptr.loses_answer = s.ptr.stores_nothing = true; }, "done done failed todo todo", false, Trouble::undecided},
      {"said yes, and stored nothing", [](PlayedRun& s) { s.ptr.stores_nothing = true; }, "done done done failed todo", false, {}},
      {"the PTR is set by hand", [](PlayedRun& s) { s.ptr_by_hand = true; s.by_hand_after = base::Seconds{30}; }, "done done done done done", true, {}},
      {"nobody sets the PTR", [](PlayedRun& s) { s.ptr_by_hand = true; }, "done done by_hand failed todo", false, {}},
      {"a dry run", [](PlayedRun& s) { s.dry_run = true; s.forward.stores_nothing = s.ptr.stores_nothing = true; }, "done todo done todo todo", false, {}},
  };
  for (const auto& row : rows) {
    PlayedRun stage;
    row.prepare(stage);
    const auto ran = stage.run();
    std::string states;
    for (const auto& report : ran.stations) states += (states.empty() ? "" : " ") + std::string(to_word(report.state));
    EXPECT_EQ(states, row.states) << row.what << ": " << stage.told;
    EXPECT_EQ(ran.safe.has_value(), row.safe) << row.what;
    EXPECT_EQ(ran.trouble, row.trouble) << row.what;
  }
}

TEST(Machine, a_second_run_changes_nothing) {
  PlayedRun stage;
  ASSERT_TRUE(stage.run().safe);
  const auto before = stage.world.changes;
  ASSERT_TRUE(stage.run().safe);
  EXPECT_EQ(stage.world.changes, before);
}

TEST(Machine, killed_anywhere_and_run_again_it_ends_right_and_does_nothing_twice) {
  for (int steps = 1;; ++steps) {
    PlayedRun stage;
    const auto former = dns::Record{reverse, dns::Type::ptr, dns::Class::in, 60, name_of("old.example.net")};
    stage.world.records[Part::ptr] = {former};
    stage.world.lag = base::Seconds{2};
    stage.world.steps_left = steps;
    bool killed = false;
    try {
      (void)stage.run();
    } catch (const Killed&) {
      killed = true;
    }
    stage.world.steps_left = -1;
    ASSERT_TRUE(stage.run().safe) << steps;
    EXPECT_EQ(stage.world.changes[Part::forward], 1) << steps;
    EXPECT_EQ(stage.world.changes[Part::ptr], 1) << steps;

    auto journal = Journal::open(stage.folder.path() + "/state", address);
    ASSERT_TRUE(journal) << journal.error().message;
    EXPECT_EQ(journal->story()->parts.at(Part::ptr).before.records, std::vector{former}) << steps;
    Played around(stage.world);
    const auto undone = undo(stage.job(), *journal, around);
    EXPECT_FALSE(undone.trouble);
    EXPECT_EQ(stage.world.records[Part::ptr], std::vector{former}) << steps;
    EXPECT_TRUE(stage.world.records[Part::forward].empty()) << steps;
    EXPECT_TRUE(undo(stage.job(), *journal, around).parts.empty()) << "a second time there is nothing to put back";
    if (!killed) {
      EXPECT_GT(steps, 12);
      return;
    }
  }
}

TEST(Journal, one_run_at_a_time_and_what_it_wrote) {
  Folder folder;
  auto first = Journal::open(folder.path() + "/new/deep", address);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_FALSE(first->story());
  Story story{.goal = {address, host}, .forward_hold = 7, .reverse_hold = 9};
  story.parts[Part::ptr] = {"rfc2136", {reverse, dns::Type::ptr, dns::Class::in, 60, host}, {{{reverse, dns::Type::ptr, dns::Class::in, 5, name_of("a.b")}}, "h"},
                            Phase::done, base::parse_rfc3339("2026-11-22T10:00:00Z").value()};
  ASSERT_TRUE(first->save(story));
  EXPECT_FALSE(Journal::open(folder.path() + "/new/deep", address)) << "it is held";
  const auto file = first->file();
  EXPECT_EQ(std::filesystem::status(file).permissions() & std::filesystem::perms::all, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  { const auto gone = *std::move(first); }
  const auto again = Journal::open(folder.path() + "/new/deep", address);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again->story(), story);
}

TEST(Journal, what_was_seen_is_not_remembered_as_earlier) {
  const auto seen = base::parse_rfc3339("2026-11-21T13:02:00Z").value() + base::Milliseconds{1};
  const Story story{.goal = {net::Address::parse("203.0.113.5").value(), name_of("mail.example.com.")}, .verified = seen};
  EXPECT_GE(read_story(write_story(story)).value().verified, seen);
}

TEST(Journal, H087_what_cannot_be_read_is_a_fault) {
  for (const std::string_view text : {"", "[]", "{}", R"({"schema":"fcrdns/journal/2"})", R"({"schema":"fcrdns/journal/1","address":"x","hostname":"a."})",
                                      R"({"schema":"fcrdns/journal/1","address":"192.0.2.1","hostname":"a.","ptr":{}})",
                                      R"({"schema":"fcrdns/journal/1","address":"192.0.2.1","hostname":"a.","ptr":{"backend":1}})"})
    EXPECT_FALSE(read_story(text)) << text;
}

}  // namespace
}  // namespace fcrdns::apply
