// Every server of the zones asked again and again: one zone with a well server and an odd one for each way in which a
// server can be unsteady, and what the rows of the proof say of it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fcrdns/evidence/file.hpp"
#include "fcrdns/evidence/proof_part.hpp"
#include "fcrdns/report/redact.hpp"
#include "run_world.hpp"

namespace fcrdns {
namespace {

using evidence::ProofRow;

/// 203.0.113.5 and its name, in zones of well.example. and of odd.example., which is as `odd` says.
authority::SignedWorld world_with(const std::string& odd, const std::string& odd_zone_option = "odd.host.example.") {
  const auto text = fmt::format(R"(
$SERVER root. 192.0.2.1
$SERVER well.host.example. 198.51.100.1 2001:db8:1::1 delay=10ms
$SERVER odd.host.example. 198.51.100.2 {0}
$ZONE . root.
$ZONE host.example. root.
$ZONE mail.example. well.host.example.
@ A 203.0.113.5
@ A 203.0.113.6
$ZONE 113.0.203.in-addr.arpa. well.host.example. {1}
5 PTR Mail.Example.
)", odd, odd_zone_option);
  auto world = world::parse_world(text);
  if (!world) throw std::runtime_error(world.error().message);
  return scenarios::signed_world(std::move(*world));
}

report::Result proved(const authority::SignedWorld& world, bool proof = true) {
  evidence::Options options;
  options.proof = proof;
  return scenarios::check_walked(world, "203.0.113.5", options);
}

/// "odd udp plain 7/10 timeout 3", a line for every row that is not all right.
std::string faults(const std::vector<ProofRow>& rows) {
  std::string out;
  for (const auto& row : rows) {
    if (row.right == row.asked) continue;
    out += fmt::format("{} {} {} {}/{}", row.server.label(0), row.tcp ? "tcp" : "udp", to_word(row.manner), row.right, row.asked);
    for (const auto& [status, count] : row.others) out += fmt::format(" {} {}", to_word(status), count);
    out += "\n";
  }
  return out;
}

struct Case {
  const char* name;
  const char *odd, *zone;  // the odd server, and how the zone lists it
  const char* faults;
  const char* finding;  // its "servers"; empty: none
};
void PrintTo(const Case& row, std::ostream* out) { *out << row.name; }

constexpr const char* listed = "odd.host.example.";
constexpr Case cases[] = {
    {"well", "", listed, "", ""},
    {"slow", "delay=400ms", listed, "", ""},
    {"three_of_ten_over_udp", "drop_udp=3/10", listed,
     "odd udp plain 7/10 timeout 3\nodd udp edns 7/10 timeout 3\nodd udp edns_do 7/10 timeout 3\nodd udp mixed_case 7/10 timeout 3\n",
     "odd.host.example. over UDP: 12 of 40 unanswered"},
    {"one_lost_packet_proves_nothing", "drop_udp=1/40", listed, "odd udp edns_do 9/10 timeout 1\n", ""},
    {"silent_over_tcp", "tcp=silent", listed,
     "odd tcp plain 0/3 timeout 3\nodd tcp edns 0/3 timeout 3\nodd tcp edns_do 0/2 timeout 2\nodd tcp mixed_case 0/2 timeout 2\n",
     "odd.host.example. over TCP: 10 of 10 unanswered"},
    {"drops_mixed_case", "mode=drop_mixed_case", listed,
     "odd udp mixed_case 0/10 timeout 10\nodd tcp mixed_case 0/10 timeout 10\n",
     "odd.host.example. over UDP and TCP in mixed letter case: 20 of 20 unanswered"},
    {"drops_edns", "mode=drop_edns", listed,
     "odd udp edns 0/10 timeout 10\nodd udp edns_do 0/10 timeout 10\nodd tcp edns 0/10 timeout 10\nodd tcp edns_do 0/10 timeout 10\n",
     "odd.host.example. over UDP and TCP with EDNS: 40 of 40 unanswered"},
    {"refuses_edns", "mode=no_edns", listed,
     "odd udp edns 0/10 formerr 10\nodd udp edns_do 0/10 formerr 10\nodd tcp edns 0/10 formerr 10\nodd tcp edns_do 0/10 formerr 10\n",
     "odd.host.example. over UDP and TCP with EDNS: 40 of 40 formerr"},
    {"keeps_no_letter_case", "mode=lower_case", listed, "odd udp mixed_case 0/10 malformed 10\n",
     "odd.host.example. over UDP in mixed letter case: 10 of 10 malformed"},
    {"dead_is_not_unsteady", "udp=silent tcp=silent", listed,
     "odd udp plain 0/3 timeout 3\nodd udp edns 0/3 timeout 3\nodd udp edns_do 0/2 timeout 2\nodd udp mixed_case 0/2 timeout 2\n"
     "odd tcp plain 0/3 timeout 3\nodd tcp edns 0/3 timeout 3\nodd tcp edns_do 0/2 timeout 2\nodd tcp mixed_case 0/2 timeout 2\n", ""},
    {"another_answer_each_time_is_not_unsteady", "\n$ZONE 113.0.203.in-addr.arpa. odd.host.example. copy", "lame=odd.host.example.",
     "odd udp plain 0/10 nxdomain 10\nodd udp edns 0/10 nxdomain 10\nodd udp edns_do 0/10 nxdomain 10\nodd udp mixed_case 0/10 nxdomain 10\n"
     "odd tcp plain 0/10 nxdomain 10\nodd tcp edns 0/10 nxdomain 10\nodd tcp edns_do 0/10 nxdomain 10\nodd tcp mixed_case 0/10 nxdomain 10\n", ""},
};

class Proof : public testing::TestWithParam<Case> {};

}  // namespace

TEST_P(Proof, tells_what_each_server_does) {
  const auto& row = GetParam();
  const auto result = proved(world_with(row.odd, row.zone));
  const auto& rows = result.evidence.addresses.at(0).proof;
  EXPECT_EQ(faults(rows), row.faults);
  std::string told;
  for (const auto& finding : result.findings) {
    if (finding.id != finding::Id::authority_flaky) continue;
    EXPECT_EQ(finding.severity, finding::Severity::warning);
    for (const auto& server : std::get<std::vector<std::string>>(*finding::argument(finding, "servers"))) told += server;
  }
  EXPECT_EQ(told, row.finding);
  EXPECT_EQ(result.exit_code, proved(world_with(row.odd, row.zone), false).exit_code) << "and the exit code is what it was";
}

INSTANTIATE_TEST_SUITE_P(Every, Proof, testing::ValuesIn(cases), [](const auto& row) { return std::string(row.param.name); });

TEST(Proof, asks_every_address_over_both_transports_in_every_manner_ten_times) {
  const auto result = proved(world_with(""));
  const auto& rows = result.evidence.addresses.at(0).proof;
  // PTR: three server addresses; A: two. Each over UDP and TCP, in four manners.
  ASSERT_EQ(rows.size(), 5U * 2 * 4);
  for (const auto& row : rows) {
    EXPECT_EQ(row.asked, evidence::ProofPart::repetitions);
    EXPECT_EQ(row.right, row.asked);
    const bool is_ptr = row.question.type == dns::Type::ptr;
    EXPECT_EQ(row.expected, is_ptr ? "mail.example." : "203.0.113.5, 203.0.113.6");
    EXPECT_EQ(row.fastest.count(), row.server.label(0) == "odd" ? 0 : 10);
    EXPECT_LE(row.median, row.slowest);
  }
}

TEST(Proof, is_made_only_when_asked_for) {
  const auto without = proved(world_with("drop_udp=3/10"), false);
  EXPECT_TRUE(without.evidence.addresses.at(0).proof.empty());
  for (const auto& finding : without.findings) EXPECT_NE(finding.id, finding::Id::authority_flaky);
}

TEST(Proof, keeps_to_its_rate) {
  const auto world = world_with("");
  scenarios::Played played(world);
  auto& resolver = played.resolver();
  evidence::Options options;
  options.proof = true;
  const auto begun = resolver.now();
  const auto evidence = scenarios::gather(resolver, "203.0.113.5", options);
  std::size_t repeated = 0;
  for (const auto& asked : resolver.asked_servers()) repeated += asked.once.has_value() ? 1 : 0;
  EXPECT_EQ(repeated, 5U * 2 * 4 * 10);
  const auto took = resolver.now() - begun;
  EXPECT_GE(took, base::Milliseconds{2300});
  EXPECT_LE(took, base::Milliseconds{4000});
  EXPECT_EQ(evidence.trace.back().outcome, "400 of 400 right");
}

TEST(Proof, of_servers_that_all_fall_silent_ends_in_time) {
  // Found well by the walk's few questions, then as good as gone.
  const auto world = world_with("drop_udp=9/10 drop_tcp=9/10");
  scenarios::Played played(world);
  evidence::Options options;
  options.proof = true;
  const auto begun = played.resolver().now();
  (void)scenarios::gather(played.resolver(), "203.0.113.5", options);
  EXPECT_LE(played.resolver().now() - begun, options.walk_budget + options.proof_budget);
}

TEST(Proof, is_recorded_and_read_again) {
  const auto evidence = proved(world_with("drop_udp=3/10")).evidence;
  const auto text = evidence::write_entries({evidence});
  const auto again = evidence::read_entries(text);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(std::get<evidence::Evidence>(again->at(0)).addresses.at(0).proof, evidence.addresses.at(0).proof);
  auto false_sum = text;
  false_sum.replace(false_sum.find("\"right\": "), 10, "\"right\": 9");
  const auto damaged = evidence::read_entries(false_sum);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().message, "damaged evidence: the answers of a proof do not add up");
}

// ---- as it is told ---------------------------------------------------------------------------------------------------

namespace {

std::string told(const report::Result& result, report::Format format, bool redact = false) {
  const auto renderer = report::make_renderer(format, {.redact = redact});
  return renderer->begin() + renderer->result(result) + renderer->end(result.exit_code);
}

std::string from(const std::string& text, const std::string& begin) {
  const auto at = text.find(begin);
  return at == std::string::npos ? "" : text.substr(at);
}

}  // namespace

TEST(ProofReport, is_a_sentence_where_all_is_well) {
  const auto text = from(told(proved(world_with("delay=30ms")), report::Format::text), "Proof of");
  EXPECT_TRUE(text.starts_with(
      "Proof of 2026-11-21T13:02:00Z: each question 10 times: plain, EDNS, EDNS with DO, mixed letter case\n"
      "  PTR 5.113.0.203.in-addr.arpa. = mail.example.\n"
      "    both servers: 240 of 240 over UDP and TCP, IPv4 and IPv6; slowest 30 ms\n"
      "  A Mail.Example. = 203.0.113.5, 203.0.113.6\n"
      "    well.host.example.: 160 of 160 over UDP and TCP, IPv4 and IPv6; slowest 10 ms\n")) << text;
}

TEST(ProofReport, is_a_table_where_a_server_is_unsteady) {
  const auto result = proved(world_with("mode=drop_mixed_case drop_tcp=1/2"));
  EXPECT_TRUE(from(told(result, report::Format::text), "    SERVER").starts_with(
      "    SERVER              ADDRESS        OVER         MANNER      RIGHT     ELSE        MS\n"
      "    odd.host.example.   198.51.100.2   UDP          mixed_case  0 of 10   10 timeout  -\n"
      "    odd.host.example.   198.51.100.2   UDP          the others  30 of 30  -           0/0/0\n"
      "    odd.host.example.   198.51.100.2   TCP          ")) << told(result, report::Format::text);
  const auto markdown = told(result, report::Format::markdown);
  EXPECT_NE(markdown.find("### Proof of 2026-11-21T13"), std::string::npos) << markdown;
  EXPECT_NE(markdown.find("| odd.host.example. | 198.51.100.2 | UDP | mixed\\_case | 0 of 10 | 10 timeout |"), std::string::npos) << markdown;
  const auto html = told(result, report::Format::html);
  EXPECT_NE(html.find("<td>odd.host.example.</td><td>198.51.100.2</td><td>UDP</td><td>mixed_case</td><td>0 of 10</td>"), std::string::npos) << html;
  const auto json = told(result, report::Format::json);
  EXPECT_NE(json.find("\"manner\": \"mixed_case\""), std::string::npos) << json;
}

TEST(ProofReport, is_left_out_where_there_is_none) {
  const auto result = proved(world_with(""), false);
  for (const auto format : {report::Format::text, report::Format::markdown, report::Format::html, report::Format::json}) {
    const auto text = told(result, format);
    EXPECT_EQ(text.find("roof"), std::string::npos);
  }
}

TEST(ProofReport, redacted_names_only_what_it_is_about) {
  evidence::Options options;
  options.proof = true;
  options.helo = "inside.secret.example.";
  options.expect = dns::Name::parse("secret.example.").value();
  const auto result = scenarios::check_walked(world_with(""), "203.0.113.5", options);
  for (const auto format : {report::Format::text, report::Format::markdown, report::Format::html, report::Format::json}) {
    const auto open = told(result, format), masked = told(result, format, true);
    EXPECT_NE(open.find("secret"), std::string::npos);
    EXPECT_EQ(masked.find("secret"), std::string::npos) << masked;
    EXPECT_NE(masked.find("hidden-host"), std::string::npos);
    for (const auto* kept : {"5", "mail", "well", "203"}) EXPECT_NE(masked.find(kept), std::string::npos) << kept;
    EXPECT_EQ(from(masked, "Proof of"), from(open, "Proof of"));
  }
}

TEST(Redaction, masks_words_as_a_whole) {
  report::Redaction redaction;
  redaction.keep(dns::Name::parse("mail.example.com.").value());
  redaction.hide(dns::Name::parse("example.com.").value());  // the kept name shows it anyway
  redaction.hide(dns::Name::parse("host.lan.example.").value());
  redaction.hide(dns::Name::parse("my_host.lan.example.").value());
  redaction.hide("4bXyz1TzqZ9", "hidden-id");
  EXPECT_EQ(redaction.apply("HOST.lan.example. and host.lan.example, not ahost.lan.example.net or x.host.lan.example."),
            "hidden-host. and hidden-host, not ahost.lan.example.net or x.host.lan.example.");
  EXPECT_EQ(redaction.apply("mail.example.com. (4bXyz1TzqZ9): jane.doe+x@example.com, <bob@host.lan.example>"),
            "mail.example.com. (hidden-id): hidden@example.com, <hidden@hidden-host>");
  EXPECT_EQ(redaction.apply("my\\_host.lan.example. dig @ns1.example.com"), "hidden-host. dig @ns1.example.com");
  EXPECT_EQ(redaction.apply(""), "");
}

}  // namespace fcrdns
