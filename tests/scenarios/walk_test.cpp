// The delegation walk, from the root to every server of the deepest zone: a question, and what is found on the way. The
// worlds are in walks.world; what no server of a world does (lying referrals, say) is in resolver/walk_test.cpp.
#include "fcrdns/resolver/walk.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

#include "walkable.hpp"

namespace fcrdns {
namespace {

using resolver::Walk;
using resolver::Walker;

world::World world_of(const std::string& text) {
  auto world = world::parse_world(text);
  if (!world) throw std::runtime_error(world.error().message);
  return std::move(*world);
}

const authority::SignedWorld& shared_world() {
  static const authority::SignedWorld world = [] {
    std::ifstream in(FCRDNS_SOURCE_DIR "/tests/scenarios/walks.world");
    return scenarios::signed_world(world_of(std::string(std::istreambuf_iterator<char>(in), {})));
  }();
  return world;
}

/// "PTR 198.18.1.1", "A mail.example."
dns::Question question_of(const std::string& text) {
  const auto space = text.find(' ');
  const auto name = text.substr(space + 1);
  const auto address = net::Address::parse(name);
  return {dns::Name::parse(address ? net::reverse_name(*address) : name).value(),
          dns::parse_type(text.substr(0, space)).value()};
}

constexpr base::Milliseconds ample{20000};

/// Walks that set out together, in the order of their questions.
std::vector<Walk> walk(resolver::Scripted& resolver, const std::vector<std::string>& questions, base::Milliseconds time = ample) {
  Walker walker(resolver);
  std::map<std::size_t, Walk> ended;
  for (std::size_t i = 0; i < questions.size(); ++i)
    walker.walk(question_of(questions[i]), resolver.now() + time, [&ended, i](Walk w) { ended.emplace(i, std::move(w)); });
  const auto limit = resolver.now() + time;
  while (ended.size() < questions.size() && resolver.now() <= limit) (void)resolver.wait(time);
  if (ended.size() < questions.size()) throw std::runtime_error("a walk does not end");
  std::vector<Walk> walks;
  for (auto& [number, one] : ended) walks.push_back(std::move(one));
  return walks;
}
Walk walk(resolver::Scripted& resolver, const std::string& question, base::Milliseconds time = ample) {
  return std::move(walk(resolver, std::vector{question}, time).front());
}

// ---- a walk in three short lines -----------------------------------------------------------------------------------

std::string without_tree(const dns::Name& name) {
  const auto text = name.lowered().text();
  for (const std::string tree : {".in-addr.arpa.", ".ip6.arpa."})
    if (text.ends_with(tree)) return text.substr(0, text.size() - tree.size());
  return text;
}

/// The zones below the root and the tree of reverse names; "*": it shares its servers with the zone above.
std::string zones(const Walk& walk) {
  std::string out;
  for (const auto& rung : walk.rungs) {
    const auto text = rung.apex.lowered().text();
    if (text == "." || text == "in-addr.arpa." || text == "ip6.arpa.") continue;
    out += (out.empty() ? "" : " > ") + without_tree(rung.apex) + (rung.shares_parent_servers ? "*" : "");
  }
  return out;
}

/// "good", "good/6": what it says over UDP, and over TCP where that differs; its serial where it is not the usual one.
std::string servers(const Walk& walk) {
  std::string out;
  for (const auto& server : walk.servers) {
    out += fmt::format("{}{}{}: {}", out.empty() ? "" : ", ", server.name.label_count() ? server.name.label(0) : ".",
                       server.address.is_v6() ? "/6" : "", to_word(server.udp));
    if (server.tcp != server.udp) out += fmt::format("|{}", to_word(server.tcp));
    if (server.serial && *server.serial != world::Zone{}.serial) out += fmt::format(" #{}", *server.serial);
    if (dns::is_definite(server.udp) && !server.authoritative) out += " without AA";
    if (server.no_route) out += " no route";
  }
  return out;
}

/// What all of them say together: the number of records, the alias, and what is proven.
std::string outcome(const Walk& walk) {
  std::string out(to_word(walk.answer.status));
  if (!walk.answer.records.empty()) out += fmt::format(" {}", walk.answer.records.size());
  if (walk.alias) out += " -> " + without_tree(*walk.alias);
  for (const auto& name : walk.without_address) out += fmt::format(", no address: {}", name.label(0));
  if (walk.left_out > 0) out += fmt::format(", left out: {}", walk.left_out);
  if (walk.cyclic) out += ", cyclic";
  if (walk.all_proven_bad()) out += ", all bad";
  if (!walk.problem.empty()) out += fmt::format(" ({})", walk.problem);
  return out;
}

struct Row {
  const char* id;
  const char* question;
  const char* zones;
  const char* servers;
  const char* outcome;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.id; }

const Row rows[] = {
    // a zone as it should be
    {"ptr", "PTR 198.18.1.1", "1.18.198", "good: noerror, good/6: noerror, other: noerror", "noerror 1"},
    {"two_ptrs", "PTR 198.18.1.2", "1.18.198", "good: noerror, good/6: noerror, other: noerror", "noerror 2"},
    {"no_such_name", "PTR 198.18.1.3", "1.18.198", "good: nxdomain, good/6: nxdomain, other: nxdomain", "nxdomain"},
    {"no_ptr_but_text", "PTR 198.18.1.30", "1.18.198", "good: nodata, good/6: nodata, other: nodata", "nodata"},
    {"wildcard", "PTR 5.9.1.18.198.in-addr.arpa", "1.18.198", "good: noerror, good/6: noerror, other: noerror", "noerror 1"},
    {"wildcard_owner_itself", "PTR *.9.1.18.198.in-addr.arpa", "1.18.198", "good: noerror, good/6: noerror, other: noerror", "noerror 1"},
    {"empty_non_terminal", "PTR 198.18.1.10", "1.18.198", "good: nodata, good/6: nodata, other: nodata", "nodata"},
    {"below_an_empty_non_terminal", "PTR 10.10.1.18.198.in-addr.arpa", "1.18.198", "good: noerror, good/6: noerror, other: noerror", "noerror 1"},
    {"answer_too_large_for_udp", "PTR 198.18.1.20", "1.18.198", "good: noerror, good/6: noerror, other: noerror", "noerror 200"},
    {"zone_apex_is_the_question", "PTR 1.18.198.in-addr.arpa", "1.18.198", "good: nodata, good/6: nodata, other: nodata", "nodata"},
    {"soa_of_the_apex", "SOA 1.18.198.in-addr.arpa", "1.18.198", "good: noerror, good/6: noerror, other: noerror", "noerror 1"},
    {"ns_of_the_apex", "NS 1.18.198.in-addr.arpa", "1.18.198", "good: noerror, good/6: noerror, other: noerror", "noerror 2"},
    {"soa_below_the_apex", "SOA 198.18.1.1", "1.18.198", "good: nodata, good/6: nodata, other: nodata", "nodata"},
    {"tree_itself_is_the_question", "PTR in-addr.arpa", "", "arpa: nodata, arpa/6: nodata", "nodata"},
    // delegations that end higher up, or go deeper
    {"undelegated", "PTR 198.19.200.1", "19.198", "good: nxdomain, good/6: nxdomain", "nxdomain"},
    {"not_delegated_at_all", "PTR 198.51.200.1", "", "arpa: nxdomain, arpa/6: nxdomain", "nxdomain"},
    {"nothing_at_the_root", "PTR 1.invalid", "", ".: nxdomain, .: nxdomain, ./6: nxdomain", "nxdomain"},
    {"one_name_fails", "PTR 198.18.1.50", "1.18.198", "good: servfail, good/6: servfail, other: servfail", "servfail, all bad"},
    {"one_name_is_silent", "PTR 198.18.1.51", "1.18.198", "good: timeout, good/6: timeout, other: timeout", "timeout, all bad"},
    {"one_name_is_refused", "PTR 198.18.1.52", "1.18.198", "good: refused, good/6: refused, other: refused", "refused, all bad"},
    {"other_letter_case", "PTR 1.1.18.198.IN-ADDR.arpa", "1.18.198", "good: noerror, good/6: noerror, other: noerror", "noerror 1"},
    {"sixteen_above_and_a_delegation", "PTR 198.19.7.1", "19.198 > 7.19.198", "other: noerror", "noerror 1"},
    {"sixteen_above_and_no_delegation", "PTR 198.19.8.1", "19.198", "good: nxdomain, good/6: nxdomain", "nxdomain"},
    {"servers_inside_the_zone", "PTR 1.glued.19.198.in-addr.arpa", "19.198 > glued.19.198", "ns: noerror", "noerror 1"},
    {"ipv6_server_only", "PTR 198.18.2.1", "2.18.198", "six/6: noerror", "noerror 1"},
    {"server_by_way_of_an_alias", "PTR 198.18.3.1", "3.18.198", "good: noerror, good/6: noerror, viacname: refused", "noerror 1"},
    // servers in trouble, alone
    {"refused", "PTR 198.18.10.1", "10.18.198", "refused: refused", "refused, all bad"},
    {"servfail", "PTR 198.18.11.1", "11.18.198", "servfail: servfail", "servfail, all bad"},
    {"formerr", "PTR 198.18.12.1", "12.18.198", "formerr: formerr", "formerr, all bad"},
    {"notimp", "PTR 198.18.13.1", "13.18.198", "notimp: servfail", "servfail, all bad"},
    {"badvers", "PTR 198.18.32.1", "32.18.198", "badvers: servfail", "servfail, all bad"},
    {"not_authoritative", "PTR 198.18.14.1", "14.18.198", "noaa: lame", "lame, all bad"},
    {"refers_to_itself", "PTR 198.18.15.1", "15.18.198", "referral: lame", "lame, all bad"},
    {"empty_without_soa", "PTR 198.18.16.1", "16.18.198", "empty: lame", "lame, all bad"},
    {"malformed", "PTR 198.18.17.1", "17.18.198", "malformed: malformed", "malformed, all bad"},
    {"silent", "PTR 198.18.18.1", "18.18.198", "silent: timeout", "timeout, all bad"},
    {"nobody_at_the_address", "PTR 198.18.19.1", "19.18.198", "gone: unreachable", "unreachable, all bad"},
    {"udp_only_dead", "PTR 198.18.20.1", "20.18.198", "udpdead: timeout|noerror", "noerror 1"},
    {"tcp_only_dead", "PTR 198.18.21.1", "21.18.198", "tcpdead: noerror|timeout", "noerror 1"},
    {"truncated", "PTR 198.18.22.1", "22.18.198", "truncated: noerror", "noerror 1"},
    {"truncated_and_tcp_dead", "PTR 198.18.23.1", "23.18.198", "truncated-only: timeout", "timeout, all bad"},
    {"case_not_kept", "PTR 198.18.24.1", "24.18.198", "lower: noerror", "noerror 1"},
    {"refuses_edns", "PTR 198.18.25.1", "25.18.198", "noedns: noerror", "noerror 1"},
    {"drops_edns", "PTR 198.18.26.1", "26.18.198", "dropedns: noerror", "noerror 1"},
    {"drops_the_first", "PTR 198.18.27.1", "27.18.198", "dropfirst: noerror", "noerror 1"},
    {"damaged_then_good", "PTR 198.18.28.1", "28.18.198", "badgood: noerror", "noerror 1"},
    {"flood_of_wrong_ids", "PTR 198.18.29.1", "29.18.198", "flood: noerror", "noerror 1"},
    {"slow", "PTR 198.18.30.1", "30.18.198", "slow: noerror", "noerror 1"},
    {"too_slow", "PTR 198.18.31.1", "31.18.198", "tooslow: timeout", "timeout, all bad"},
    {"listed_but_does_not_hold_it", "PTR 198.18.33.1", "33.18.198", "good: lame, good/6: lame", "lame, all bad"},
    {"server_without_address", "PTR 198.18.34.1", "34.18.198", "", "unreachable, no address: noaddress"},
    {"server_of_unknown_address", "PTR 198.18.35.1", "35.18.198", "", "unreachable, no address: unknown (no address of unknown.host.example. could be had: servfail)"},
    {"silent_over_ipv6", "PTR 198.18.36.1", "36.18.198", "silent6/6: timeout", "timeout, all bad"},
    // one of several in trouble
    {"one_refuses", "PTR 198.18.40.1", "40.18.198", "good: noerror, good/6: noerror, refused: refused", "noerror 1"},
    {"one_fails", "PTR 198.18.41.1", "41.18.198", "good: noerror, good/6: noerror, servfail: servfail", "noerror 1"},
    {"one_is_silent", "PTR 198.18.42.1", "42.18.198", "other: noerror, silent: timeout", "noerror 1"},
    {"one_is_listed_only", "PTR 198.18.43.1", "43.18.198", "other: noerror, third: lame", "noerror 1"},
    {"one_is_gone", "PTR 198.18.44.1", "44.18.198", "gone: unreachable, other: noerror", "noerror 1"},
    {"two_have_no_address", "PTR 198.18.45.1", "45.18.198", "other: noerror", "noerror 1, no address: noaddress, no address: unknown (no address of unknown.host.example. could be had: servfail)"},
    {"all_in_trouble_each_its_own", "PTR 198.18.46.1", "46.18.198", "noaa: lame, refused: refused, silent: timeout", "refused, all bad"},
    {"ipv6_alone_answers", "PTR 198.18.47.1", "47.18.198", "refused: refused, six/6: noerror", "noerror 1"},
    {"trouble_and_an_unknown_address", "PTR 198.18.48.1", "48.18.198", "refused: refused", "refused, no address: unknown (no address of unknown.host.example. could be had: servfail)"},
    {"trouble_and_a_slow_one", "PTR 198.18.49.1", "49.18.198", "refused: refused, slow: noerror", "noerror 1"},
    {"answer_beyond_the_budget", "PTR 198.18.50.1", "50.18.198", "formerr: formerr, noaa: lame, notimp: servfail, referral: lame, refused: refused, servfail: servfail", "servfail, left out: 2"},
    {"absence_at_one_that_refuses", "PTR 198.18.40.9", "40.18.198", "good: nxdomain, good/6: nxdomain, refused: refused", "nxdomain"},
    // servers that disagree
    {"one_has_no_record", "PTR 198.18.60.1", "60.18.198", "other: noerror, third: nxdomain #2026010100", "noerror 1"},
    {"different_records", "PTR 198.18.60.2", "60.18.198", "other: noerror, third: noerror #2026010100", "noerror 2"},
    {"the_same_but_for_the_serial", "PTR 198.18.60.3", "60.18.198", "other: noerror, third: noerror #2026010100", "noerror 1"},
    {"different_ttls", "PTR 198.18.60.4", "60.18.198", "other: noerror, third: noerror #2026010100", "noerror 1"},
    {"different_aliases", "PTR 198.18.60.5", "60.18.198", "other: noerror, third: noerror #2026010100", "noerror -> 5.new.60.18.198"},
    {"record_and_alias", "PTR 198.18.60.6", "60.18.198", "other: noerror, third: noerror #2026010100", "noerror 1"},
    {"absent_and_present", "PTR 198.18.60.8", "60.18.198", "other: nxdomain, third: noerror #2026010100", "noerror 1"},
    // parent and child on one server
    {"shared_parent", "PTR 198.18.70.1", "70.18.198", "good: noerror, good/6: noerror, other: noerror", "noerror 1"},
    {"shared_child_by_one_server", "PTR 64.64-71.70.18.198.in-addr.arpa", "70.18.198 > 64-71.70.18.198*", "good: noerror, good/6: noerror, third: noerror", "noerror 1"},
    {"shared_child_by_all", "PTR 130.128/25.70.18.198.in-addr.arpa", "70.18.198 > 128/25.70.18.198*", "good: noerror, good/6: noerror, other: noerror", "noerror 1"},
    {"shared_grandchild", "PTR 1.sub.128/25.70.18.198.in-addr.arpa", "70.18.198 > sub.128/25.70.18.198*", "good: noerror, good/6: noerror", "noerror 1"},
    {"shared_apex_is_the_question", "PTR 198.18.70.200", "70.18.198 > 200.70.18.198*", "good: noerror, good/6: noerror, other: noerror", "noerror 1"},
    {"shared_child_lacks_the_name", "PTR 9.128/25.70.18.198.in-addr.arpa", "70.18.198 > 128/25.70.18.198*", "good: nxdomain, good/6: nxdomain, other: nxdomain", "nxdomain"},
    {"shared_child_is_empty", "PTR empty.70.18.198.in-addr.arpa", "70.18.198 > empty.70.18.198*", "good: nodata, good/6: nodata, other: nodata", "nodata"},
    {"shared_child_with_one_that_refuses", "PTR 1.refusing.70.18.198.in-addr.arpa", "70.18.198 > refusing.70.18.198*", "good: noerror, good/6: noerror, refused: refused", "noerror 1"},
    {"alias_where_parent_shares", "PTR 198.18.70.64", "70.18.198", "good: noerror, good/6: noerror, other: noerror", "noerror -> 64.64-71.70.18.198"},
    // classless delegation, in the forms people use
    {"classless_range", "PTR 198.18.80.64", "80.18.198", "good: noerror, good/6: noerror", "noerror -> 64.64-71.80.18.198"},
    {"classless_range_child", "PTR 64.64-71.80.18.198.in-addr.arpa", "80.18.198 > 64-71.80.18.198", "ns: noerror", "noerror 1"},
    {"classless_slash", "PTR 198.18.80.65", "80.18.198", "good: noerror, good/6: noerror", "noerror -> 65.64/29.80.18.198"},
    {"classless_slash_child", "PTR 65.64/29.80.18.198.in-addr.arpa", "80.18.198 > 64/29.80.18.198", "ns: noerror", "noerror 1"},
    {"classless_foreign_zone", "PTR 198.18.80.66", "80.18.198", "good: noerror, good/6: noerror", "noerror -> 66.rev.customer.example."},
    {"classless_foreign_zone_child", "PTR 66.rev.customer.example", "example. > customer.example. > 66.rev.customer.example.*", "ns: noerror", "noerror 1"},
    {"classless_label", "PTR 198.18.80.67", "80.18.198", "good: noerror, good/6: noerror", "noerror -> 67.customer.80.18.198"},
    {"classless_label_child", "PTR 67.customer.80.18.198.in-addr.arpa", "80.18.198 > customer.80.18.198", "ns: noerror", "noerror 1"},
    {"classless_child_lacks_the_name", "PTR 68.64-71.80.18.198.in-addr.arpa", "80.18.198 > 64-71.80.18.198", "ns: nxdomain", "nxdomain"},
    {"classless_child_is_not_there", "PTR 69.nowhere.80.18.198.in-addr.arpa", "80.18.198", "good: nxdomain, good/6: nxdomain", "nxdomain"},
    {"classless_child_is_lame", "PTR 70.lame.80.18.198.in-addr.arpa", "80.18.198 > lame.80.18.198", "ns: lame", "lame, all bad"},
    {"classless_rfc4183", "PTR 193.192-26.80.18.198.in-addr.arpa", "80.18.198 > 192-26.80.18.198", "ns: noerror", "noerror 1"},
    {"classless_deeper_label", "PTR 198.18.80.74", "80.18.198", "good: noerror, good/6: noerror", "noerror -> one.two.64-71.80.18.198"},
    {"classless_deeper_label_child", "PTR one.two.64-71.80.18.198.in-addr.arpa", "80.18.198 > 64-71.80.18.198", "ns: noerror", "noerror 1"},
    {"alias_to_an_alias", "PTR 198.18.80.73", "80.18.198", "good: noerror, good/6: noerror", "noerror -> 74.80.18.198"},
    {"alias_to_itself", "PTR 198.18.80.72", "80.18.198", "good: noerror, good/6: noerror", "noerror -> 72.80.18.198"},
    {"alias_asked_for", "CNAME 198.18.80.64", "80.18.198", "good: noerror, good/6: noerror", "noerror 1"},
    {"dname", "PTR 1.90.80.18.198.in-addr.arpa", "80.18.198", "good: noerror, good/6: noerror", "noerror -> 1.90.rev.customer.example."},
    {"dname_owner", "PTR 198.18.80.90", "80.18.198", "good: nodata, good/6: nodata", "nodata"},
    // IPv6
    {"ipv6", "PTR 2001:db8:10::1", "8.b.d.0.1.0.0.2 > 0.1.0.0.8.b.d.0.1.0.0.2*", "good: noerror, good/6: noerror, other: noerror", "noerror 1"},
    {"ipv6_absent", "PTR 2001:db8:10::2", "8.b.d.0.1.0.0.2 > 0.1.0.0.8.b.d.0.1.0.0.2*", "good: nxdomain, good/6: nxdomain, other: nxdomain", "nxdomain"},
    {"ipv6_on_a_nibble", "PTR 2001:db8:2f::1", "8.b.d.0.1.0.0.2 > 2.0.0.8.b.d.0.1.0.0.2", "good: noerror, good/6: noerror", "noerror 1"},
    {"ipv6_zone_refused", "PTR 2001:db8:30::1", "8.b.d.0.1.0.0.2 > 0.3.0.0.8.b.d.0.1.0.0.2", "refused: refused", "refused, all bad"},
    {"ipv6_over_ipv6", "PTR 2001:db8:40::1", "8.b.d.0.1.0.0.2 > 0.0.0.0.0.4.0.0.8.b.d.0.1.0.0.2", "six/6: noerror", "noerror 1"},
    {"ipv6_47_lower_half", "PTR 2001:db8:50::1", "8.b.d.0.1.0.0.2 > 0.5.0.0.8.b.d.0.1.0.0.2", "good: noerror, good/6: noerror", "noerror 1"},
    {"ipv6_47_upper_half", "PTR 2001:db8:51::1", "8.b.d.0.1.0.0.2 > 1.5.0.0.8.b.d.0.1.0.0.2", "good: noerror, good/6: noerror", "noerror 1"},
    {"ipv6_parent_only", "PTR 2001:db8:99::1", "8.b.d.0.1.0.0.2", "other: nxdomain", "nxdomain"},
    {"ipv6_undelegated", "PTR 2001:db9::1", "", "arpa: nxdomain, arpa/6: nxdomain", "nxdomain"},
    // signed zones
    {"signed_zone", "PTR 198.18.90.1", "90.18.198", "good: noerror, good/6: noerror, other: noerror", "noerror 1"},
    {"signed_absence", "PTR 198.18.90.2", "90.18.198", "good: nxdomain, good/6: nxdomain, other: nxdomain", "nxdomain"},
    {"badly_signed_zone", "PTR 198.18.91.1", "91.18.198", "good: noerror, good/6: noerror", "noerror 1"},
    // forward zones
    {"forward_a", "A mail.host.example", "example. > host.example.", "good: noerror, good/6: noerror", "noerror 1"},
    {"forward_aaaa_absent", "AAAA mail.host.example", "example. > host.example.", "good: nodata, good/6: nodata", "nodata"},
    {"forward_alias", "A alias.host.example", "example. > host.example.", "good: noerror, good/6: noerror", "noerror -> mail.customer.example."},
    {"forward_wildcard", "A x.wild.host.example", "example. > host.example.", "good: noerror, good/6: noerror", "noerror 1"},
    {"forward_empty_non_terminal", "A text.host.example", "example. > host.example.", "good: nodata, good/6: nodata", "nodata"},
    {"forward_apex", "MX host.example", "example. > host.example.", "good: nodata, good/6: nodata", "nodata"},
    {"forward_customer", "A mail.customer.example", "example. > customer.example.", "ns: noerror", "noerror 1"},
    {"forward_signed_wildcard", "A x.wild.signed.example", "example. > signed.example.", "good: noerror, good/6: noerror, other: noerror", "noerror 1"},
    {"forward_no_such_zone", "A mail.none.example", "example.", "tld: nxdomain", "nxdomain"},
};

class WalkOf : public testing::TestWithParam<Row> {};

TEST_P(WalkOf, finds_what_is_there) {
  const auto& row = GetParam();
  scenarios::Played world(shared_world());
  const auto found = walk(world.resolver(), row.question);
  EXPECT_TRUE(found.root_reached);
  EXPECT_EQ(zones(found), row.zones);
  EXPECT_EQ(servers(found), row.servers);
  EXPECT_EQ(outcome(found), row.outcome);
  EXPECT_EQ(found.questions, world.resolver().asked().size() + world.resolver().asked_servers().size());
}

INSTANTIATE_TEST_SUITE_P(Every, WalkOf, testing::ValuesIn(rows), [](const auto& row) { return row.param.id; });

TEST(Walk, of_a_zone_whose_servers_disagree_shows_each_with_its_own) {
  scenarios::Played world(shared_world());
  const auto different = walk(world.resolver(), "PTR 198.18.60.2");
  ASSERT_EQ(different.servers.size(), 2U);
  EXPECT_EQ(dns::to_text(different.servers[0].answer.records.at(0)), "2.60.18.198.in-addr.arpa. 3600 IN PTR new.customer.example.");
  EXPECT_EQ(dns::to_text(different.servers[1].answer.records.at(0)), "2.60.18.198.in-addr.arpa. 3600 IN PTR old.customer.example.");
  EXPECT_EQ(std::get<dns::Soa>(different.soa.value().data).serial, world::Zone{}.serial) << "the newest";
  const auto ttls = walk(world.resolver(), "PTR 198.18.60.4");
  EXPECT_EQ(ttls.answer.records.at(0).ttl, 60U) << "the lowest";
}

// ---- what this host reaches ----------------------------------------------------------------------------------------

enum class From { no_ipv6, no_ipv4, only_4, only_6 };
struct Reach {
  const char* id;
  From from;
  const char* question;
  const char* servers;
  const char* outcome;
};
void PrintTo(const Reach& row, std::ostream* out) { *out << row.id; }
using enum From;
const Reach reaches[] = {
    {"no_ipv6_is_no_fault_of_the_servers", no_ipv6, "PTR 198.18.1.1", "good: noerror, good/6: unreachable no route, other: noerror", "noerror 1"},
    {"no_ipv6_and_the_rest_refuses", no_ipv6, "PTR 198.18.47.1", "refused: refused, six/6: unreachable no route", "refused, all bad"},
    {"no_ipv6_and_nothing_else_proves_nothing", no_ipv6, "PTR 198.18.2.1", "six/6: unreachable no route", "unreachable"},
    {"no_ipv6_for_an_ipv6_zone", no_ipv6, "PTR 2001:db8:40::1", "six/6: unreachable no route", "unreachable"},
    {"no_ipv6_and_nobody_at_the_ipv4_address", no_ipv6, "PTR 198.18.19.1", "gone: unreachable", "unreachable, all bad"},
    {"no_ipv4", no_ipv4, "PTR 198.18.1.1", "good: unreachable no route, good/6: noerror, other: unreachable no route", "noerror 1"},
    {"only_ipv4_wanted", only_4, "PTR 198.18.1.1", "good: noerror, good/6: not_asked, other: noerror", "noerror 1"},
    {"only_ipv4_wanted_and_refused", only_4, "PTR 198.18.10.1", "refused: refused", "refused, all bad"},
    {"only_ipv4_wanted_and_none_there", only_4, "PTR 2.19.198.in-addr.arpa", "good: nxdomain, good/6: not_asked", "nxdomain"},
    {"only_ipv6_wanted", only_6, "PTR 198.18.1.1", "good: not_asked, good/6: noerror, other: not_asked", "noerror 1"},
    {"only_ipv6_wanted_and_silent", only_6, "PTR 198.18.36.1", "silent6/6: timeout", "timeout, all bad"},
};

class WalkFrom : public testing::TestWithParam<Reach> {};

TEST_P(WalkFrom, blames_nobody_for_the_way) {
  const auto& row = GetParam();
  scenarios::Played world(shared_world());
  auto& resolver = world.resolver();
  if (row.from == no_ipv6) resolver.network().cut_off(net::Family::v6);
  if (row.from == no_ipv4) resolver.network().cut_off(net::Family::v4);
  if (row.from == only_4) resolver.allow_only(net::Family::v4);
  if (row.from == only_6) resolver.allow_only(net::Family::v6);
  const auto found = walk(resolver, row.question);
  EXPECT_EQ(servers(found), row.servers);
  EXPECT_EQ(outcome(found), row.outcome);
  const auto is_wrong = [&](const auto& q) { return resolver.only_family().value_or(q.server.address.family()) != q.server.address.family(); };
  EXPECT_TRUE(std::ranges::none_of(resolver.asked_servers(), is_wrong));
}

INSTANTIATE_TEST_SUITE_P(Every, WalkFrom, testing::ValuesIn(reaches), [](const auto& row) { return row.param.id; });

TEST(Walk, where_no_root_answers_nothing_is_known) {
  for (const char* mode : {"mode=refused", "udp=silent tcp=silent", "mode=lame", "mode=malformed"}) {
    scenarios::Walkable world(world_of(std::string("$SERVER a.root. 192.0.2.1 ") + mode + "\n$SERVER b.root. 192.0.2.2 " + mode +
                                       "\n$ZONE . a.root. b.root.\n$ZONE [198.18.1.0/24] a.root.\n1 PTR one.example.\n"));
    const auto found = walk(world.resolver(), "PTR 198.18.1.1");
    EXPECT_FALSE(found.root_reached) << mode;
    EXPECT_TRUE(found.servers.empty());
    EXPECT_TRUE(dns::is_trouble(found.answer.status));
    EXPECT_EQ(found.questions, 2U);
    EXPECT_LE(found.answer.answered - found.answer.asked, Walker::patience);
  }
}

TEST(Walks, wait_for_silent_roots_once) {
  scenarios::Walkable world(world_of("$SERVER a.root. 192.0.2.1 udp=silent tcp=silent\n$ZONE . a.root.\n$ZONE [198.18.1.0/24] a.root.\n"));
  auto& resolver = world.resolver();
  Walker walker(resolver);
  std::vector<dns::Status> said;
  const auto begin = [&](const char* question) {
    walker.walk(question_of(question), resolver.now() + ample, [&](const Walk& w) { said.push_back(w.answer.status); });
  };
  for (const char* question : {"PTR 198.18.1.1", "PTR 198.18.1.2", "PTR 198.18.1.3"}) begin(question);
  while (said.size() < 3) (void)resolver.wait(ample);
  begin("PTR 198.18.1.4");
  EXPECT_EQ(said, std::vector(4, dns::Status::timeout));
  EXPECT_EQ(resolver.now().time_since_epoch(), Walker::patience);
  EXPECT_EQ(resolver.asked_servers().size(), 1U);
}

// ---- what walks share ----------------------------------------------------------------------------------------------

std::size_t asked_of(resolver::Scripted& resolver, const std::vector<std::string>& addresses) {
  return static_cast<std::size_t>(std::ranges::count_if(resolver.asked_servers(), [&](const auto& question) {
    return std::ranges::find(addresses, question.server.address.text()) != addresses.end();
  }));
}
const std::vector<std::string> roots{"192.0.2.1", "192.0.2.2", "2001:db8:f::1"}, registry{"192.0.2.3", "2001:db8:f::3"};

TEST(Walks, of_a_29_ask_the_root_and_the_registry_once) {
  scenarios::Played world(shared_world());
  std::vector<std::string> questions;
  for (int i = 0; i < 8; ++i) questions.push_back(fmt::format("PTR 198.18.1.{}", i));
  const auto found = walk(world.resolver(), questions);
  EXPECT_EQ(outcome(found[1]), "noerror 1");
  EXPECT_EQ(outcome(found[2]), "noerror 2");
  EXPECT_EQ(outcome(found[3]), "nxdomain");
  EXPECT_EQ(asked_of(world.resolver(), roots), 3U) << "three at once, for the first of the walks";
  EXPECT_EQ(asked_of(world.resolver(), registry), 2U);
  EXPECT_EQ(world.resolver().asked().size(), 4U) << "A and AAAA of two servers";
}

TEST(Walks, of_different_trees_part_where_they_must) {
  scenarios::Played world(shared_world());
  const auto found = walk(world.resolver(), {"PTR 198.18.1.1", "A mail.host.example", "PTR 2001:db8:10::1", "A mail.customer.example"});
  EXPECT_EQ(zones(found[0]), "1.18.198");
  EXPECT_EQ(zones(found[1]), "example. > host.example.");
  EXPECT_EQ(zones(found[2]), "8.b.d.0.1.0.0.2 > 0.1.0.0.8.b.d.0.1.0.0.2*");
  EXPECT_EQ(zones(found[3]), "example. > customer.example.");
  EXPECT_EQ(asked_of(world.resolver(), roots), 9U) << "for in-addr.arpa, ip6.arpa and example";
}

TEST(Walks, one_after_the_other_know_the_way) {
  scenarios::Played world(shared_world());
  auto& resolver = world.resolver();
  Walker walker(resolver);
  std::vector<std::size_t> questions;
  for (const char* question : {"PTR 198.18.1.1", "PTR 198.18.1.2", "PTR 198.18.2.1"}) {
    const auto before = questions.size();
    walker.walk(question_of(question), resolver.now() + ample, [&](const Walk& w) { questions.push_back(w.questions); });
    while (questions.size() == before) (void)resolver.wait(ample);
  }
  EXPECT_EQ(questions[0], 18U);
  EXPECT_EQ(questions[1], 9U) << "three addresses: the question over UDP and TCP, and an SOA";
  EXPECT_EQ(questions[2], 7U) << "in-addr.arpa twice, A and AAAA of the one server, and its three";
  EXPECT_EQ(asked_of(resolver, roots), 3U);
}

TEST(Walks, do_not_wait_for_one_that_has_more_time) {
  scenarios::Played world(shared_world());
  auto& resolver = world.resolver();
  Walker walker(resolver);
  std::vector<base::Milliseconds> ended;
  for (const int time : {20000, 1000, 5000})
    walker.walk(question_of("PTR 198.18.18.1"), resolver.now() + base::Milliseconds{time}, [&](const Walk& w) {
      ended.push_back(std::chrono::duration_cast<base::Milliseconds>(w.answer.answered - w.answer.asked));
    });
  while (ended.size() < 3) (void)resolver.wait(ample);
  EXPECT_EQ(ended, (std::vector{base::Milliseconds{1000}, base::Milliseconds{5000}, base::Milliseconds{6000}}));
}

// ---- delegations that cost too much --------------------------------------------------------------------------------

/// The root, in-addr.arpa and two countries, for what comes on top.
const std::string top = R"(
$SERVER a.root. 192.0.2.1
$SERVER arpa.root. 192.0.2.3
$SERVER one.nic. 192.0.2.4
$SERVER two.nic. 192.0.2.5
$ZONE . a.root.
$ZONE nic. a.root.
$ZONE in-addr.arpa. arpa.root.
$ZONE one. one.nic.
$ZONE two. two.nic.
)";
constexpr std::size_t way_down = 2;  // one question to the root, one to in-addr.arpa

/// So many servers of this form of name, and their names in a row.
std::pair<std::string, std::string> many(int count, const std::string& form, const std::string& more = {}) {
  std::string stated, names;
  for (int i = 0; i < count; ++i) {
    const auto name = fmt::format(fmt::runtime(form), i);
    stated += fmt::format("$SERVER {} 198.51.{}.{} {}\n", name, 100 + i / 250, i % 250, more);
    names += " " + name;
  }
  return {stated, names};
}

TEST(HostileDelegation, H025_of_1500_servers_without_glue_six_are_looked_up) {
  const auto [stated, names] = many(1500, "n{}.victim.one.");
  scenarios::Walkable world(world_of(top + "$SERVER ns.victim.one. 192.0.2.9\n" + stated +
                                     "$ZONE victim.one. ns.victim.one.\n$GENERATE 0-1499 n$ CNAME none\n"
                                     "$ZONE [198.18.1.0/24]" + names + "\n"));
  const auto found = walk(world.resolver(), "PTR 198.18.1.1");
  EXPECT_EQ(world.resolver().asked().size(), 12U) << "A and AAAA of six; at most 20 may be";
  EXPECT_EQ(found.questions, way_down + 12);
  EXPECT_EQ(found.rungs.back().nameservers.size(), Walker::max_servers);
  EXPECT_EQ(found.without_address.size(), Walker::max_glueless);
  EXPECT_EQ(found.left_out, 1500 - Walker::max_glueless);
  EXPECT_EQ(found.answer.status, dns::Status::unreachable);
  EXPECT_FALSE(found.all_proven_bad()) << "nobody has asked the others";
}

TEST(HostileDelegation, H025_several_walks_to_such_a_zone_cost_no_more_look_ups) {
  const auto [stated, names] = many(1500, "n{}.victim.one.");
  scenarios::Walkable world(world_of(top + "$SERVER ns.victim.one. 192.0.2.9 udp=silent tcp=silent\n" + stated +
                                     "$ZONE victim.one. ns.victim.one.\n$ZONE [198.18.1.0/24]" + names + "\n"));
  const auto found = walk(world.resolver(), {"PTR 198.18.1.1", "PTR 198.18.1.2", "PTR 198.18.1.3"}, base::Milliseconds{10000});
  EXPECT_EQ(world.resolver().asked().size(), 12U);
  for (const auto& one : found) {
    EXPECT_LE(one.answer.answered - one.answer.asked, base::Milliseconds{10000});
    EXPECT_FALSE(one.problem.empty()) << "that an address is not known proves nothing";
  }
}

TEST(HostileDelegation, H025_of_1500_servers_with_glue_32_are_asked) {
  const auto [stated, names] = many(1500, "n{}.1.18.198.in-addr.arpa.", "mode=refused");
  scenarios::Walkable world(world_of(top + stated + "$ZONE [198.18.1.0/24]" + names + "\n"));
  const auto found = walk(world.resolver(), "PTR 198.18.1.1");
  EXPECT_EQ(found.servers.size(), Walker::max_servers);
  EXPECT_EQ(found.questions, way_down + 2 * Walker::max_servers) << "over UDP and TCP";
  EXPECT_EQ(found.left_out, 1500 - Walker::max_servers);
}

TEST(HostileDelegation, H026_a_hundred_silent_servers_are_asked_within_the_budget_and_the_time) {
  const auto [stated, names] = many(100, "n{}.1.18.198.in-addr.arpa.", "udp=silent tcp=silent");
  scenarios::Walkable world(world_of(top + stated + "$ZONE [198.18.1.0/24]" + names + "\n"));
  const auto found = walk(world.resolver(), "PTR 198.18.1.1");
  EXPECT_EQ(found.questions, way_down + 2 * Walker::max_servers);
  EXPECT_EQ(world.resolver().network().packets(), way_down + 1 + (3 + 2) * Walker::max_servers)
      << "three over UDP, two over TCP; the referral needs TCP";
  EXPECT_EQ(outcome(found), "timeout, left out: 68");
  EXPECT_LE(found.answer.answered - found.answer.asked, 3 * Walker::patience);
}

TEST(HostileDelegation, H026_all_silent_is_proven_when_all_were_asked_and_open_when_time_is_short) {
  const auto [stated, names] = many(4, "n{}.1.18.198.in-addr.arpa.", "udp=silent tcp=silent");
  const auto text = top + stated + "$ZONE [198.18.1.0/24]" + names + "\n";
  scenarios::Walkable patient(world_of(text)), hasty(world_of(text));
  const auto proven = walk(patient.resolver(), "PTR 198.18.1.1");
  EXPECT_EQ(outcome(proven), "timeout, all bad");
  EXPECT_EQ(proven.questions, way_down + 2 * 4);
  const auto cut_off = walk(hasty.resolver(), "PTR 198.18.1.1", base::Milliseconds{4000});
  EXPECT_EQ(outcome(cut_off), "timeout (out of time at 1.18.198.in-addr.arpa.)");
  EXPECT_EQ(cut_off.answer.answered - cut_off.answer.asked, base::Milliseconds{4000});
}

struct Circle {
  const char* id;
  const char* zones;
  const char* question;
  const char* outcome;
  std::size_t look_ups;   // A and AAAA of servers
  std::size_t questions;  // all of them
};
void PrintTo(const Circle& row, std::ostream* out) { *out << row.id; }
const Circle circles[] = {
    {"two_zones", "$SERVER ns.b.two. 198.51.100.1\n$SERVER ns.a.one. 198.51.100.2\n$ZONE a.one. ns.b.two.\n$ZONE b.two. ns.a.one.\n", "A www.a.one",
     "unreachable, no address: ns, cyclic (no address of ns.b.two. could be had: servfail)", 2, 6},
    {"two_servers_each", "$SERVER n1.b.two. 198.51.100.1\n$SERVER n2.b.two. 198.51.100.2\n$SERVER n1.a.one. 198.51.100.3\n$SERVER n2.a.one. 198.51.100.4\n"
     "$ZONE a.one. n1.b.two. n2.b.two.\n$ZONE b.two. n1.a.one. n2.a.one.\n", "A www.a.one",
     "unreachable, no address: n1, no address: n2, cyclic (no address of n1.b.two. could be had: servfail)", 4, 8},
    {"three_zones", "$SERVER ns.b.two. 198.51.100.1\n$SERVER ns.c.one. 198.51.100.2\n$SERVER ns.a.nic. 198.51.100.3\n"
     "$ZONE a.nic. ns.b.two.\n$ZONE b.two. ns.c.one.\n$ZONE c.one. ns.a.nic.\n", "A www.a.nic",
     "unreachable, no address: ns, cyclic (no address of ns.b.two. could be had: servfail)", 2, 7},
    {"a_reverse_zone_and_a_forward_zone", "$SERVER ns.1.18.198.in-addr.arpa. 198.51.100.1\n$SERVER ns.b.two. 198.51.100.2\n"
     "$ZONE [198.18.1.0/24] ns.b.two.\n$ZONE b.two. ns.1.18.198.in-addr.arpa.\n", "PTR 198.18.1.1",
     "unreachable, no address: ns, cyclic (no address of ns.b.two. could be had: servfail)", 2, 6},
    {"one_server_is_outside_the_circle", "$SERVER ns.b.two. 198.51.100.1\n$SERVER ns.a.one. 198.51.100.2\n"
     "$ZONE a.one. ns.b.two. two.nic.\nwww A 198.18.1.1\n$ZONE b.two. ns.a.one.\n", "A www.a.one",
     "noerror 1", 4, 12},
    {"no_circle_but_no_answer", "$SERVER ns.b.two. 198.51.100.1\n$SERVER dead.nic. 198.51.100.2 mode=timeout\n"
     "$ZONE a.one. ns.b.two.\n$ZONE b.two. dead.nic.\n", "A www.a.one",
     "unreachable, no address: ns (no address of ns.b.two. could be had: timeout)", 2, 7},
};

class HostileCircle : public testing::TestWithParam<Circle> {};

TEST_P(HostileCircle, H027_is_bounded_and_told) {
  const auto& row = GetParam();
  scenarios::Walkable world(world_of(top + row.zones));
  const auto found = walk(world.resolver(), row.question);
  EXPECT_EQ(outcome(found), row.outcome);
  EXPECT_EQ(world.resolver().asked().size(), row.look_ups);
  EXPECT_EQ(found.questions, row.questions);
}

INSTANTIATE_TEST_SUITE_P(Every, HostileCircle, testing::ValuesIn(circles), [](const auto& row) { return row.param.id; });

}  // namespace
}  // namespace fcrdns
