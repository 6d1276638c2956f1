// The walk of each address over scripted worlds: one row a case, what the tables of the interface promise for it.
#include "fcrdns/sweep/sweep.hpp"

#include <gtest/gtest.h>

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "fcrdns/resolver/bulk_over_test.hpp"
#include "fcrdns/resolver/scripted.hpp"

namespace fcrdns::sweep {
namespace {

/// 203.0.113.0/24, 2001:db8::/32, 10.0.0.0/8, example.com and a zone whose signatures are false.
world::World world_of(const std::string& reverse, const std::string& forward) {
  auto world = world::parse_world("$SERVER ns1.example.com. 198.51.100.53\n$ZONE . ns1.example.com. signed\n"
                                  "$ZONE bogus.example. ns1.example.com. bogus\nm A 203.0.113.5\n"
                                  "$ZONE 10.in-addr.arpa. ns1.example.com.\n7.0.0 PTR mail.example.com.\n"
                                  "$ZONE [2001:db8::/32] ns1.example.com.\n[2001:db8::5] PTR mail.example.com.\n"
                                  "$ZONE 113.0.203.in-addr.arpa. ns1.example.com.\n" + reverse + "\n"
                                  "$ZONE example.com. ns1.example.com.\n" + forward + "\n");
  if (!world) throw std::runtime_error(world.error().message);
  return *std::move(world);
}

/// Targets from a list; "!" before an address: it is cleared. What is no address is a bad line.
class Listed final : public Targets {
 public:
  explicit Listed(std::vector<std::string> lines) : lines_(std::move(lines)) {}
  Next next(Target& target) override {
    if (at_ == lines_.size()) return Next::end;
    std::string_view line = lines_[at_];
    target = {.place = {at_ / unit_size, static_cast<std::uint16_t>(at_ % unit_size)}, .cleared = line.starts_with('!')};
    if (target.cleared) line.remove_prefix(1);
    if (const auto address = net::Address::parse(line)) target.address = *address;
    else target.bad_input = line;
    ++at_;
    return Next::target;
  }
  void answered(const Target& target, const dns::Reply& reply) override { answers.emplace_back(target.place.index, reply.status); }
  std::vector<std::pair<std::uint16_t, dns::Status>> answers;

 private:
  std::vector<std::string> lines_;
  std::size_t at_ = 0;
};

struct Scanned {
  std::vector<std::string> rows;  // TSV without its end, by place
  std::vector<std::string> asked;
};

Scanned scan(resolver::Scripted& resolver, resolver::BulkOver& bulk, Listed& targets, const Options& options) {
  Scanned out;
  std::set<std::pair<std::uint64_t, std::uint16_t>> places;
  Sweep sweep(bulk, targets, options, [&](const Row& row, const Place& place) {
    EXPECT_TRUE(places.emplace(place.unit, place.index).second) << "two rows for one target";
    const auto index = place.unit * unit_size + place.index;
    out.rows.resize(std::max(out.rows.size(), index + 1));
    write_row(out.rows[index], row, Format::tsv);
    out.rows[index].pop_back();
  });
  for (int turns = 0; sweep.turn(); ++turns)
    if (turns > 10'000) throw std::runtime_error("the sweep does not end");
  for (const auto& question : resolver.asked()) out.asked.push_back(to_text(question.type) + " " + question.name.text());
  return out;
}

Scanned scan(const world::World& world, const std::vector<std::string>& lines, const Options& options = {}, std::size_t window = 64) {
  resolver::Scripted resolver(world);
  resolver::BulkOver bulk(resolver, window);
  Listed targets(lines);
  return scan(resolver, bulk, targets, options);
}

/// "fail - mail.example.com. forward_nodata -" stands for the columns behind the address.
std::string columns(std::string words) {
  std::ranges::replace(words, ' ', '\t');
  return words;
}

struct Case {
  const char* name;
  const char* reverse;   // records of 113.0.203.in-addr.arpa
  const char* forward;   // records of example.com
  const char* row;       // of 203.0.113.5, behind the address
};
constexpr const char* mail = "5 PTR mail.example.com.";
constexpr const char* two = "5 PTR a.example.com.\n5 PTR b.example.com.";
const Case cases[] = {
    {"pass", mail, "mail A 203.0.113.5", "pass mail.example.com. mail.example.com. - -"},
    {"pass_among_others", mail, "mail A 198.51.100.1\nmail A 203.0.113.5", "pass mail.example.com. mail.example.com. - -"},
    {"letter_case_is_kept", "5 PTR MAIL.Example.Com.", "mail A 203.0.113.5", "pass MAIL.Example.Com. MAIL.Example.Com. - -"},

    {"ptr_nxdomain", "6 PTR mail.example.com.", "", "permerror - - nxdomain -"},
    {"ptr_nodata", "5 TXT here", "", "permerror - - nodata -"},
    {"ptr_alias_into_nothing", "5 CNAME 5.customer.example.com.", "", "permerror - - nxdomain alias"},
    {"ptr_alias_to_a_name_without_ptr", "5 CNAME 5.customer.example.com.", "5.customer TXT here", "permerror - - nodata alias"},
    {"only_the_root", "5 PTR .", "", "permerror - . unusable_name -"},
    {"ptr_servfail", "5 PTR !servfail", "", "temperror - - servfail -"},
    {"ptr_notimp", "5 PTR !notimp", "", "temperror - - servfail -"},
    {"ptr_badvers", "5 PTR !badvers", "", "temperror - - servfail -"},
    {"ptr_refused", "5 PTR !refused", "", "temperror - - refused -"},
    {"ptr_formerr", "5 PTR !formerr", "", "temperror - - formerr -"},
    {"ptr_lame", "5 PTR !lame", "", "temperror - - lame -"},
    {"ptr_timeout", "5 PTR !timeout", "", "temperror - - timeout -"},
    {"ptr_malformed", "5 PTR !malformed", "", "temperror - - malformed -"},
    {"ptr_loop", "5 CNAME 5", "", "temperror - - loop alias"},
    {"ptr_bogus", "5 CNAME 5.bogus.example.", "", "temperror - - bogus alias"},

    {"forward_nxdomain", mail, "", "fail - mail.example.com. forward_nxdomain -"},
    {"forward_nodata", mail, "mail TXT here", "fail - mail.example.com. forward_nodata -"},
    {"forward_of_the_other_family_only", mail, "mail AAAA 2001:db8::5", "fail - mail.example.com. forward_nodata -"},
    {"forward_mismatch", mail, "mail A 203.0.113.6", "fail - mail.example.com. forward_mismatch -"},
    {"forward_servfail", mail, "mail A !servfail", "temperror - mail.example.com. forward_servfail -"},
    {"forward_refused", mail, "mail A !refused", "temperror - mail.example.com. forward_refused -"},
    {"forward_formerr", mail, "mail A !formerr", "temperror - mail.example.com. forward_formerr -"},
    {"forward_lame", mail, "mail A !lame", "temperror - mail.example.com. forward_lame -"},
    {"forward_timeout", mail, "mail A !timeout", "temperror - mail.example.com. forward_timeout -"},
    {"forward_malformed", mail, "mail A !malformed", "temperror - mail.example.com. forward_malformed -"},
    {"forward_loop", mail, "mail CNAME mail", "temperror - mail.example.com. forward_loop alias"},
    {"forward_bogus", "5 PTR m.bogus.example.", "", "temperror - m.bogus.example. forward_bogus -"},

    {"not_usable_a_single_label", "5 PTR mail.", "", "fail - mail. unusable_name -"},
    {"not_usable_an_address", "5 PTR 203.0.113.5.", "", "fail - 203.0.113.5. unusable_name -"},
    {"not_usable_its_own_reverse_name", "5 PTR 5.113.0.203.in-addr.arpa.", "", "fail - 5.113.0.203.in-addr.arpa. unusable_name -"},
    {"not_usable_a_comma", "5 PTR a\\044b.example.com.", "a\\044b A 203.0.113.5", "fail - a\\044b.example.com. unusable_name -"},
    {"an_underscore_is_tolerated", "5 PTR m_x.example.com.", "m_x A 203.0.113.5", "pass m_x.example.com. m_x.example.com. - -"},

    {"of_two_the_second_confirms", two, "a A 203.0.113.6\nb A 203.0.113.5", "pass b.example.com. a.example.com.,b.example.com. - multiple"},
    {"of_two_both_confirm", two, "a A 203.0.113.5\nb A 203.0.113.5", "pass a.example.com. a.example.com.,b.example.com. - multiple"},
    {"a_pass_outranks_trouble", two, "a A !servfail\nb A 203.0.113.5", "pass b.example.com. a.example.com.,b.example.com. - multiple"},
    {"trouble_outranks_a_mismatch", two, "a A 203.0.113.6\nb A !refused", "temperror - a.example.com.,b.example.com. forward_refused multiple"},
    {"of_troubles_the_most_telling", two, "a A !timeout\nb A !servfail", "temperror - a.example.com.,b.example.com. forward_servfail multiple"},
    {"addresses_tell_more_than_none", two, "a TXT here\nb A 203.0.113.6", "fail - a.example.com.,b.example.com. forward_mismatch multiple"},
    {"a_name_that_exists_tells_more", two, "b TXT here", "fail - a.example.com.,b.example.com. forward_nodata multiple"},
    {"the_usable_name_is_told_of", "5 PTR localhost.\n5 PTR b.example.com.", "", "fail - b.example.com.,localhost. forward_nxdomain multiple"},
    {"the_root_beside_a_name", "5 PTR .\n5 PTR b.example.com.", "b A 203.0.113.5", "pass b.example.com. .,b.example.com. - multiple"},

    {"classless", "5 CNAME 5.0-63\n5.0-63 PTR mail.example.com.", "mail A 203.0.113.5", "pass mail.example.com. mail.example.com. - alias"},
    {"forward_alias", mail, "mail CNAME host\nhost A 203.0.113.5", "pass mail.example.com. mail.example.com. - alias"},
    {"generic", "5 PTR 203-0-113-5.static.example.com.", "203-0-113-5.static A 203.0.113.5",
     "pass 203-0-113-5.static.example.com. 203-0-113-5.static.example.com. - generic"},
    {"generic_and_broken", "5 CNAME x\nx PTR dyn-203-0-113-5.example.com.\nx PTR m.example.com.", "",
     "fail - dyn-203-0-113-5.example.com.,m.example.com. forward_nxdomain generic,multiple,alias"},
};
void PrintTo(const Case& its, std::ostream* out) { *out << its.name; }

class SweepCase : public testing::TestWithParam<Case> {};

TEST_P(SweepCase, has_this_row) {
  const auto world = world_of(GetParam().reverse, GetParam().forward);
  EXPECT_EQ(scan(world, {"203.0.113.5"}).rows, std::vector{"203.0.113.5\t" + columns(GetParam().row)});
}

INSTANTIATE_TEST_SUITE_P(Every, SweepCase, testing::ValuesIn(cases), [](const auto& row) { return row.param.name; });

TEST(Sweep, what_needs_no_question) {
  struct Target {
    const char* line;
    bool ask_special;
    const char* row;
    std::size_t questions;
  };
  for (const auto& [line, ask_special, row, questions] : {
           Target{"10.0.0.7", false, "10.0.0.7 permerror - - special_purpose -", 0},
           Target{"10.0.0.7", true, "10.0.0.7 fail - mail.example.com. forward_mismatch -", 2},
           Target{"::ffff:10.0.0.7", false, "10.0.0.7 permerror - - special_purpose -", 0},
           Target{"::ffff:203.0.113.5", false, "203.0.113.5 pass mail.example.com. mail.example.com. - -", 2},
           Target{"fe80::1", false, "fe80::1 permerror - - special_purpose -", 0},
           Target{"2001:0DB8::5", false, "2001:db8::5 pass mail.example.com. mail.example.com. - -", 2},
           Target{"!203.0.113.5", false, "203.0.113.5 permerror - - nxdomain -", 0},
           Target{"010.0.0.1", false, "010.0.0.1 - - - bad_input -", 0},
       }) {
    const auto world = world_of("5 PTR mail.example.com.", "mail A 203.0.113.5\nmail AAAA 2001:db8::5");
    const auto scanned = scan(world, {line}, {.ask_special = ask_special});
    EXPECT_EQ(scanned.rows, std::vector{columns(row)}) << line;
    EXPECT_EQ(scanned.asked.size(), questions) << line;
  }
}

std::string lines(const char* form, int count) {
  std::string out;
  for (int i = 1; i <= count; ++i) out += fmt::format(fmt::runtime(form), i) + "\n";
  return out;
}

TEST(Sweep, of_many_names_ten_usable_ones_are_looked_up) {
  const auto world = world_of("5 PTR localhost.\n" + lines("5 PTR m{}.example.com.", 3000), lines("m{} A 203.0.113.6", 3000));
  const auto scanned = scan(world, {"203.0.113.5"});
  EXPECT_EQ(scanned.asked.size(), 11U);
  EXPECT_EQ(std::ranges::count(scanned.rows.at(0), ','), 3000);
  EXPECT_TRUE(scanned.rows.at(0).ends_with("\tforward_mismatch\tmultiple"));
  EXPECT_EQ(scan(world, {"203.0.113.5"}, {.max_names = 3}).asked.size(), 4U);
}

/// More names at once than there is memory for: each has its row all the same, some asked for twice.
TEST(Sweep, names_wait_for_room) {
  const auto world = world_of(lines("* PTR name-of-this-host-{}.example.com.", 100), "");
  std::vector<std::string> addresses;
  for (int i = 0; i < 50; ++i) addresses.push_back(fmt::format("203.0.113.{}", i));
  const auto scanned = scan(world, addresses, {.notes = false, .most_held = 50'000}, 500);
  ASSERT_EQ(scanned.rows.size(), addresses.size());
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    EXPECT_TRUE(scanned.rows[i].starts_with(addresses[i] + "\tfail\t-\tname-of-this-host-1.")) << scanned.rows[i].substr(0, 80);
    EXPECT_EQ(std::ranges::count(scanned.rows[i], ','), 99);
  }
  EXPECT_GT(scanned.asked.size(), 50U * 11);
  EXPECT_LT(scanned.asked.size(), 50U * 12);
}

TEST(Sweep, the_window_is_kept_and_used) {
  const auto world = world_of(lines("{} PTR a.example.com.", 250) + lines("{} PTR b.example.com.", 250), "a A 203.0.113.9\nb A 203.0.113.9");
  std::vector<std::string> addresses;
  for (int i = 1; i <= 250; ++i) addresses.push_back(fmt::format("203.0.113.{}", i));
  for (const std::size_t window : {1, 2, 7, 1000}) {
    resolver::Scripted resolver(world);
    resolver::BulkOver bulk(resolver, window);
    Listed targets(addresses);
    const auto scanned = scan(resolver, bulk, targets, {});
    EXPECT_EQ(scanned.asked.size(), 750U);
    EXPECT_EQ(std::ranges::count_if(scanned.rows, [](const auto& row) { return row.find("\tfail\t") != row.npos || row.find("\tpass\t") != row.npos; }), 250);
    EXPECT_EQ(bulk.most_under_way(), std::min<std::size_t>(window, 500));
    EXPECT_EQ(targets.answers.size(), 250U);
  }
}

TEST(Sweep, what_comes_twice_counts_once) {
  const auto world = world_of(two, "a A 203.0.113.6\nb A 203.0.113.5");
  resolver::Scripted resolver(world);
  resolver::BulkOver bulk(resolver);
  bulk.twice = true;
  Listed targets({"203.0.113.5", "203.0.113.6", "203.0.113.5"});
  const auto scanned = scan(resolver, bulk, targets, {});
  EXPECT_EQ(scanned.rows.at(0), scanned.rows.at(2));
  EXPECT_EQ(scanned.rows.at(1), columns("203.0.113.6 permerror - - nxdomain -"));
}

TEST(Sweep, patience_bounds_one_address) {
  const auto world = world_of("5 PTR mail.example.com. !delay=6s", "mail A 203.0.113.5 !delay=6s");
  EXPECT_EQ(scan(world, {"203.0.113.5"}, {.patience = base::Seconds{13}}).rows.at(0), columns("203.0.113.5 pass mail.example.com. mail.example.com. - -"));
  EXPECT_EQ(scan(world, {"203.0.113.5"}, {.patience = base::Seconds{10}}).rows.at(0), columns("203.0.113.5 temperror - mail.example.com. forward_timeout -"));
  EXPECT_EQ(scan(world, {"203.0.113.5"}, {.patience = base::Seconds{5}}).rows.at(0), columns("203.0.113.5 temperror - - timeout -"));
}

TEST(Sweep, stop_ends_what_is_under_way_and_takes_no_more) {
  const auto world = world_of("5 PTR mail.example.com.", "mail A 203.0.113.5");
  resolver::Scripted resolver(world);
  resolver::BulkOver bulk(resolver, 2);
  Listed targets(std::vector<std::string>(50, "203.0.113.5"));
  std::size_t rows = 0;
  Sweep sweep(bulk, targets, {}, [&](const Row& row, const Place&) {
    ++rows;
    EXPECT_EQ(row.iprev, verdict::Iprev::pass);
  });
  (void)sweep.turn();
  sweep.stop();
  while (sweep.turn()) {}
  EXPECT_EQ(rows, 2U);
}

}  // namespace
}  // namespace fcrdns::sweep
