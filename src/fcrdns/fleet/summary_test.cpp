// The screens of a fleet, octet for octet.
#include "fcrdns/fleet/summary.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

#include "fcrdns/fleet/tally.hpp"
#include "fcrdns/fleet/words.hpp"

namespace fcrdns::fleet {
namespace {

using sweep::Detail;

net::Address address(std::string_view text) { return net::Address::parse(text).value(); }

void add(Tally& tally, std::string_view base, Class in, Detail detail, std::uint64_t count) {
  const auto first = address(base);
  const auto octets = first.octets();
  std::array<std::uint8_t, 4> at{octets[0], octets[1], octets[2], octets[3]};
  for (std::uint64_t i = 0; i < count; ++i) {
    tally.add(net::Address::v4(at), in, detail);
    for (std::size_t o = 4; o-- > 0 && ++at[o] == 0;) {}
  }
}

resolver::ServerHealth server(std::string_view text, std::uint64_t answered, std::uint64_t refusals) {
  return {.server = {address(text), 53}, .sent = answered, .answered = answered, .refusals = refusals};
}

struct Fleet {
  Tally tally;
  Summary summary;
  Fleet() {
    add(tally, "198.18.0.0", Class::own_name, Detail::none, 2310);
    add(tally, "198.18.9.10", Class::default_name, Detail::none, 7920);
    add(tally, "198.18.41.0", Class::default_name, Detail::none, 1954);
    add(tally, "198.18.49.0", Class::no_ptr, Detail::nxdomain, 3602);
    add(tally, "198.18.63.64", Class::mismatch, Detail::forward_mismatch, 431);
    add(tally, "198.18.40.0", Class::undetermined, Detail::refused, 49);
    summary.tally = &tally;
    summary.took = base::Seconds(78);
    summary.counts = {.questions = 31'000, .packets = 31'200, .servers = 6};
    summary.output = "all.tsv";
    for (int i = 1; i <= 6; ++i) summary.servers.push_back(server("192.0.2." + std::to_string(i), 1000, i > 4 ? 100 : 0));
  }
  void compare() {
    summary.changes = Changes{.before = {2271, 9880, 3630, 440, 12, 0}, .before_name = "LAST WEEK", .mended = 44, .broken = 3,
                              .newly_broken = {"198.18.12.40 K-20417", "198.18.12.41 K-20418", "198.18.12.42 K-2"}};
  }
};

TEST(Summary, FleetWithEarlierScan) {
  Fleet fleet;
  fleet.compare();
  EXPECT_EQ(to_text(fleet.summary), R"(16,266 addresses in 78 s, 6 servers asked at 400 q/s; nothing lost; 49 undetermined (not counted as broken)
                       ALL    LAST WEEK
  own name, confirms  2,310   2,271  +39
  default name        9,874   9,880   -6   confirms; some receivers refuse the name
  no PTR              3,602   3,630  -28
  forward mismatch      431     440   -9
  undetermined           49      12  +37   all in 40.18.198.in-addr.arpa: both servers REFUSED
Mended since: 44. Newly broken: 3 (198.18.12.40 K-20417, ...). Rows: fcrdns scan --only broken, all.tsv
)");
}

TEST(Summary, FleetAlone) {
  Fleet fleet;
  fleet.summary.counts.servers = 600;  // more than are told of: who refused is not known
  fleet.summary.output.clear();
  EXPECT_EQ(to_text(fleet.summary), R"(16,266 addresses in 78 s, 600 servers asked at 400 q/s; nothing lost; 49 undetermined (not counted as broken)
                       ALL
  own name, confirms  2,310
  default name        9,874   confirms; some receivers refuse the name
  no PTR              3,602
  forward mismatch      431
  undetermined           49   all in 40.18.198.in-addr.arpa: REFUSED
)");
}

TEST(Summary, Interrupted) {
  Tally tally;
  add(tally, "198.18.0.0", Class::own_name, Detail::none, 12);
  tally.add({}, Class::bad_input, Detail::bad_input);
  Summary summary{.tally = &tally, .took = base::Milliseconds(400), .output = "a\x1b[31m.tsv", .interrupted = true, .total = 16'384, .resume = "state"};
  EXPECT_EQ(to_text(summary), R"(Stopped after 13 of 16,384 addresses in 0.4 s; nothing lost
                      ALL
  own name, confirms   12
  default name          0   confirms; some receivers refuse the name
  no PTR                0
  forward mismatch      0
  undetermined          0
  no address            1   a line of the input that cannot be read
Rows: fcrdns scan --only broken, a\027[31m.tsv
To go on: the same command again; state knows what is done.
)");
}

/// Every tag is closed where it should be, and nothing of others is one.
bool is_well_nested(std::string_view page) {
  constexpr std::string_view alone[] = {"meta", "!doctype", "rect"};
  std::vector<std::string_view> open;
  for (auto at = page.find('<'); at != std::string_view::npos; at = page.find('<', at + 1)) {
    auto tag = page.substr(at + 1, page.find('>', at) - at - 1);
    const bool closes = tag.starts_with('/');
    if (closes) tag.remove_prefix(1);
    const auto name = tag.substr(0, tag.find_first_of(" /"));
    if (std::ranges::find(alone, name) != std::end(alone)) continue;
    if (!closes) {
      open.push_back(name);
      continue;
    }
    if (open.empty() || open.back() != name) return false;
    open.pop_back();
  }
  return open.empty();
}

TEST(Summary, Page) {
  Fleet fleet;
  fleet.compare();
  fleet.summary.changes->newly_broken = {"198.18.12.40 <script>alert(1)</script>", "198.18.12.41 \"&"};
  fleet.summary.title = "<b>\x1b]0;x\a198.18.0.0/18'";
  const auto page = to_html(fleet.summary);
  EXPECT_TRUE(is_well_nested(page));
  if (const char* const kept = std::getenv("FCRDNS_KEEP_PAGE")) std::ofstream(kept) << page;
  for (const std::string_view part :
       {"<title>Reverse DNS of &lt;b&gt;\\027]0;x\\007198.18.0.0/18&#39;</title>", "<b>75 %</b>of the addresses forward-confirm", "<td class=\"n\">2,310</td>",
        "all in 40.18.198.in-addr.arpa: both servers REFUSED", "198.18.12.40 &lt;script&gt;", "&quot;&amp;", "the PTR name has other addresses",
        "<code>192.0.2.5:53</code>", "default name 256 (84 %); undetermined 49 (16 %)", "<td class=\"n\">&minus;28</td>"})
    EXPECT_NE(page.find(part), std::string::npos) << part;
  for (const std::string_view never : {"<script", "http://192", "src=", "href=", "url("}) EXPECT_EQ(page.find(never), std::string::npos) << never;
  std::size_t bars = 0;
  for (auto at = page.find("<g>"); at != std::string::npos; at = page.find("<g>", at + 1)) ++bars;
  EXPECT_GT(bars, 20U);
  EXPECT_LE(bars, 40U);
  EXPECT_LT(page.find("198.18.50.0/24:"), page.find("198.18.40.0/23:"));  // the worst first
}

TEST(Summary, PageOfNothing) {
  const Tally tally;
  Summary summary;
  summary.tally = &tally;
  EXPECT_TRUE(is_well_nested(to_html(summary)));
}

TEST(Summary, ColumnOfTheEarlierScan) {
  const auto changed = base::parse_rfc3339("2026-11-20T10:00:00Z").value();
  struct Row {
    std::string_view path;
    int hours;
    std::string_view name;
  };
  for (const auto& [path, hours, name] : {Row{"last-week.tsv", 0, "LAST WEEK"}, Row{"/var/scan/2026-11-01.ndjson.zst", 9, "2026-11-01"},
                                          Row{"all.tsv", 1, "JUST BEFORE"}, Row{"all.tsv", 30, "30 HOURS AGO"}, Row{"all.tsv.gz", 24 * 9, "9 DAYS AGO"},
                                          Row{"all.tsv", 24 * 90, "2026-11-20"}, Row{"all.tsv", -3, "2026-11-20"}, Row{"last\x1b[0m.tsv", 50, "2 DAYS AGO"},
                                          Row{".tsv", 50, "2 DAYS AGO"}, Row{"rows_monday", 1, "ROWS MONDAY"}})
    EXPECT_EQ(before_name(path, changed, changed + std::chrono::hours(hours)), name) << path;
}

TEST(Progress, FitsEveryWidth) {
  Tally tally;
  add(tally, "198.18.0.0", Class::own_name, Detail::none, 62);
  add(tally, "198.18.1.0", Class::no_ptr, Detail::nxdomain, 31);
  add(tally, "198.18.2.0", Class::mismatch, Detail::forward_nodata, 5);
  add(tally, "198.18.3.0", Class::undetermined, Detail::timeout, 2);
  Progress progress{.done = 6'731'000, .total = 16'777'216, .per_second = 118'217, .tally = &tally, .servers = {server("192.0.2.53", 1000, 0)}};
  const std::pair<std::size_t, std::string_view> rows[] = {
      {160, "  40 % 6,731,000 of 16,777,216  118,000/s  pass 62 % no PTR 31 % mismatch 5 % undetermined 2 %  85 s left  192.0.2.53 ok"},
      {118, "  40 % 6,731,000 of 16,777,216  118,000/s  pass 62 % no PTR 31 % mismatch 5 % undetermined 2 %  85 s left"},
      {80, "  40 % 6,731,000 of 16,777,216  118,000/s  85 s left"},
      {30, "  40 %  118,000/s  85 s left"},
      {20, "  40 %  85 s left"},
      {10, "  40 %"},
      {3, "  4"},
  };
  for (const auto& [columns, line] : rows) EXPECT_EQ(progress_line(progress, columns), line) << columns;
  progress.servers.push_back(server("192.0.2.54", 1000, 900));
  EXPECT_EQ(progress_line(progress, 90), "  40 % 6,731,000 of 16,777,216  118,000/s  85 s left  192.0.2.54 refuses, 1 server ok");
  progress.total = 0;
  EXPECT_EQ(progress_line(progress, 50), "  6,731,000  118,000/s");
  for (std::size_t columns = 0; columns < 200; ++columns) EXPECT_LE(progress_line(progress, columns).size(), columns);
}

TEST(Words, Figures) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(16'777'216), "16,777,216");
  EXPECT_EQ(about(117'934), "118,000");
  EXPECT_EQ(about(399.7, 2), "400");
  EXPECT_EQ(about(3.4), "3");
  EXPECT_EQ(share(1, 1000), "<1 %");
  EXPECT_EQ(share(9999, 10'000), "99 %");
  EXPECT_EQ(span(base::Milliseconds(9949)), "9.9 s");
  EXPECT_EQ(span(base::Milliseconds(9960)), "10 s");
  EXPECT_EQ(span(base::Seconds(192)), "3 min 12 s");
  EXPECT_EQ(span(base::Seconds(18'720)), "5 h 12 min");
  EXPECT_EQ(span(base::Seconds(4 * 86'400)), "4 days 0 h");
}

}  // namespace
}  // namespace fcrdns::fleet
