// Recursive resolvers that misbehave, one per row, and how a question to them ends: whoever asks them.
#pragma once

#include <algorithm>
#include <functional>
#include <iterator>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "fcrdns/dns/status.hpp"
#include "fcrdns/resolver/odd_server_test.hpp"
#include "fcrdns/resolver/resolver.hpp"

namespace fcrdns::resolver::odd {

using dns::Rcode;
using dns::Status;
using base::Milliseconds;

inline const std::string ptr_line = "5.113.0.203.in-addr.arpa. 3600 PTR mail.example.com.";
inline const std::string soa_line =
    "authority 113.0.203.in-addr.arpa. 900 SOA ns.example.net. hostmaster.example.net. 1 2 3 4 300";

inline dns::Question ptr_question() { return {*dns::Name::parse("5.113.0.203.in-addr.arpa."), dns::Type::ptr}; }

// ---- what servers do -----------------------------------------------------------------------------------------------

using Replies = std::vector<Said>;

inline Replies good(const Heard& h) { return {say(h, reply_to(h, {ptr_line}))}; }
inline Replies silent(const Heard&) { return {}; }
inline Script says(std::vector<std::string> lines) {
  return [lines = std::move(lines)](const Heard& h) { return Replies{say(h, reply_to(h, lines))}; };
}
inline Script says(Rcode rcode, std::vector<std::string> lines = {}) {
  return [rcode, lines = std::move(lines)](const Heard& h) {
    auto reply = reply_to(h, lines);
    reply.rcode = rcode;
    return Replies{say(h, reply)};
  };
}
/// `odd` over UDP, `then` over TCP.
inline Script udp_tcp(Script odd, Script then) {
  return [odd = std::move(odd), then = std::move(then)](const Heard& h) { return h.tcp ? then(h) : odd(h); };
}
inline Script truncated() {
  return [](const Heard& h) {
    auto reply = reply_to(h);
    reply.truncated = true;
    return Replies{say(h, reply)};
  };
}
/// Whatever `change` makes of a good reply, `count` times.
inline Script changed(std::function<void(dns::Message&)> change, int count = 1) {
  return [=](const Heard& h) {
    auto reply = reply_to(h, {ptr_line});
    change(reply);
    return Replies(static_cast<std::size_t>(count), say(h, reply));
  };
}
inline void wrong_id(dns::Message& m) { m.id = static_cast<std::uint16_t>(m.id + 1); }
inline void wrong_question(dns::Message& m) { m.questions.front().name = *dns::Name::parse("6.113.0.203.in-addr.arpa."); }
inline void wrong_type(dns::Message& m) { m.questions.front().type = dns::Type::a; }
inline void wrong_class(dns::Message& m) { m.questions.front().klass = dns::Class::any; }
inline void not_a_response(dns::Message& m) { m.response = false; }
inline void lower_case(dns::Message& m) { m.questions.front().name = m.questions.front().name.lowered(); }
inline void with_ad(dns::Message& m) { m.authentic = true; }

inline Replies garbage(const Heard& h) {
  auto said = say(h, reply_to(h, {ptr_line}));
  said.octets.pop_back();  // over TCP this is a half frame
  return {said};
}
inline Script then(Script first, Script second) {
  return [=](const Heard& h) {
    auto replies = first(h);
    std::ranges::move(second(h), std::back_inserter(replies));
    return replies;
  };
}
inline Script first_time(Script first, Script later) {
  return [=](const Heard& h) { return h.udp_before + h.tcp_before == 0 ? first(h) : later(h); };
}
inline Script with_edns(Script to_edns, Script to_plain) {
  return [=](const Heard& h) { return h.query.edns ? to_edns(h) : to_plain(h); };
}
inline Script with_cd(Script checked, Script unchecked) {
  return [=](const Heard& h) { return h.query.checking_disabled ? unchecked(h) : checked(h); };
}
inline Script servfail_because(std::uint16_t code, std::string text) {
  return [=](const Heard& h) {
    auto reply = reply_to(h, Rcode::servfail);
    dns::EdnsOption option{15, {}};
    base::put_u16(option.data, code);
    base::put(option.data, base::octets_of(text));
    if (reply.edns) reply.edns->options.push_back(option);
    return Replies{say(h, reply)};
  };
}
/// A stream of one octet every `each`.
inline Script drip(Milliseconds each) {
  return [each](const Heard& h) {
    Replies drops;
    for (const auto octet : say(h, reply_to(h, {ptr_line})).octets)
      drops.push_back({.octets = {octet}, .after = each * (drops.size() + 1)});
    return drops;
  };
}
inline Replies frame_of_zero(const Heard&) { return {{.octets = {0, 0}}}; }
inline Replies half_then_fin(const Heard& h) {
  auto said = garbage(h);
  said.front().close = true;
  return said;
}
inline Replies two_frames(const Heard& h) {
  auto first = reply_to(h, {ptr_line});
  wrong_id(first);
  auto said = say(h, first);
  base::put(said.octets, say(h, reply_to(h, {ptr_line})).octets);
  return {said};
}
/// A chain of `links` CNAMEs, one per reply, with a PTR at its end.
inline Script chain(int links) {
  return [links](const Heard& h) {
    const auto name = h.query.questions.front().name.lowered();
    const auto label = std::string(name.label(0));
    const int at = label[0] == 'l' ? std::stoi(label.substr(1)) : 0;
    const auto next = "l" + std::to_string(at + 1) + ".113.0.203.in-addr.arpa.";
    return Replies{
        say(h, reply_to(h, {name.text() + (at < links ? " 60 CNAME " + next : " 60 PTR mail.example.com.")}))};
  };
}
inline const std::string cname_line = "5.113.0.203.in-addr.arpa. 60 CNAME 5.0-63.113.0.203.in-addr.arpa.";
inline Script by_name(std::vector<std::string> lines, Script elsewhere) {
  return [=](const Heard& h) {
    return h.query.questions.front().name == ptr_question().name ? says(lines)(h) : elsewhere(h);
  };
}

// ---- the rows ------------------------------------------------------------------------------------------------------

struct Row {
  const char* name;
  std::vector<Script> servers;  // an empty one: nobody listens there
  Status status;
  struct Also {
    bool over_tcp = false;
    Dnssec dnssec = Dnssec::unknown;
    std::string detail{};
    std::size_t via = 0;
    int packets_at_most = 8;
  } also{};
};
inline void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

inline const std::vector<Row>& rows() {
  static const std::vector<Row> table{
      {"answers", {good}, Status::noerror, {.packets_at_most = 1}},
      {"answers_with_ad", {changed(with_ad)}, Status::noerror, {.dnssec = Dnssec::secure, .packets_at_most = 1}},
      {"nxdomain_with_soa", {says(Rcode::nxdomain, {soa_line})}, Status::nxdomain, {.packets_at_most = 1}},
      {"nodata_with_soa", {says({soa_line})}, Status::nodata, {.packets_at_most = 1}},
      {"empty_without_soa", {says({})}, Status::lame, {}},
      {"H035_nxdomain_of_the_first_is_final", {says(Rcode::nxdomain, {soa_line}), good},
       Status::nxdomain, {.packets_at_most = 1}},
      {"H016_wrong_id_then_good", {then(changed(wrong_id), good)}, Status::noerror, {.packets_at_most = 1}},
      {"H016_wrong_question_then_good", {then(changed(wrong_question), good)}, Status::noerror, {.packets_at_most = 1}},
      {"H016_wrong_type_then_good", {then(changed(wrong_type), good)}, Status::noerror, {.packets_at_most = 1}},
      {"H016_wrong_class_then_good", {then(changed(wrong_class), good)}, Status::noerror, {.packets_at_most = 1}},
      {"H016_query_bounced_back_then_good", {then(changed(not_a_response), good)},
       Status::noerror, {.packets_at_most = 1}},
      {"H016_wrong_id_only", {changed(wrong_id)}, Status::timeout, {}},
      {"H017_flood_of_wrong_ids", {udp_tcp(changed(wrong_id, 1000), good)},
       Status::noerror, {.over_tcp = true, .packets_at_most = 2}},
      {"H017_flood_over_both", {changed(wrong_id, 1000)}, Status::timeout, {}},
      {"H019_case_not_kept", {changed(lower_case)}, Status::noerror, {.over_tcp = true, .packets_at_most = 2}},
      {"H020_icmp_then_next_server", {Script(), good}, Status::noerror, {.packets_at_most = 3}},
      {"nobody_listens", {Script()}, Status::unreachable, {.packets_at_most = 4}},
      {"nobody_listens_on_two", {Script(), Script()}, Status::unreachable, {.packets_at_most = 8}},
      {"H022_damaged_then_good", {then(garbage, good)}, Status::noerror, {.packets_at_most = 1}},
      {"H022_empty_datagram_then_good", {then([](const Heard&) { return Replies{{}}; }, good)},
       Status::noerror, {.packets_at_most = 1}},
      {"damaged_only", {udp_tcp(garbage, silent)}, Status::malformed, {}},
      {"H021_extra_records", {says({ptr_line, "mail.example.com. 60 A 203.0.113.5"})},
       Status::noerror, {.packets_at_most = 1}},
      {"H031_formerr_to_edns", {with_edns(says(Rcode::formerr), good)}, Status::noerror, {.packets_at_most = 2}},
      {"H031_notimp_to_edns", {with_edns(says(Rcode::notimp), good)}, Status::noerror, {.packets_at_most = 2}},
      {"H031_badvers_to_edns", {with_edns(says(Rcode::badvers), good)}, Status::noerror, {.packets_at_most = 2}},
      {"H031_silent_to_edns", {with_edns(silent, good)}, Status::noerror, {.packets_at_most = 3}},
      {"formerr_to_everything", {says(Rcode::formerr)}, Status::formerr, {}},
      {"H032_truncated", {udp_tcp(truncated(), good)}, Status::noerror, {.over_tcp = true, .packets_at_most = 2}},
      {"truncated_and_tcp_silent", {udp_tcp(truncated(), silent)}, Status::timeout, {}},
      {"H033_slow_drip", {udp_tcp(truncated(), drip(Milliseconds{50}))}, Status::timeout, {}},
      {"drip_that_ends_in_time", {udp_tcp(truncated(), drip(Milliseconds{1}))}, Status::noerror, {.over_tcp = true}},
      {"H034_frame_of_zero_octets", {udp_tcp(truncated(), frame_of_zero)}, Status::malformed, {}},
      {"H034_frame_of_zero_then_good", {udp_tcp(truncated(), then(frame_of_zero, good))},
       Status::noerror, {.over_tcp = true}},
      {"H034_half_frame_then_fin", {udp_tcp(truncated(), half_then_fin)}, Status::malformed, {.detail = "TCP fails"}},
      {"H034_two_frames", {udp_tcp(truncated(), two_frames)},
       Status::noerror, {.over_tcp = true, .packets_at_most = 2}},
      {"silent", {silent}, Status::timeout, {}},
      {"first_packet_lost", {first_time(silent, good)}, Status::noerror, {.packets_at_most = 2}},
      {"silent_then_next_server", {silent, good}, Status::noerror, {.packets_at_most = 2}},
      {"servfail", {says(Rcode::servfail)}, Status::servfail, {.packets_at_most = 3}},
      {"servfail_then_next_server", {says(Rcode::servfail), good}, Status::noerror, {.packets_at_most = 2}},
      {"servfail_once", {first_time(says(Rcode::servfail), good)}, Status::noerror, {.packets_at_most = 3}},
      {"servfail_and_silent", {says(Rcode::servfail), silent}, Status::servfail, {}},
      {"servfail_with_reason", {servfail_because(22, "all dead")},
       Status::servfail, {.detail = "No Reachable Authority: all dead"}},
      {"refused", {says(Rcode::refused)}, Status::refused, {.packets_at_most = 2}},
      {"refused_then_next_server", {says(Rcode::refused), good}, Status::noerror, {.packets_at_most = 2}},
      {"refused_and_servfail", {says(Rcode::refused), says(Rcode::servfail)}, Status::servfail, {}},
      {"notimp", {says(Rcode::notimp)}, Status::servfail, {}},
      {"bogus", {with_cd(says(Rcode::servfail), good)}, Status::bogus,
       {.dnssec = Dnssec::bogus, .detail = "fails DNSSEC validation", .packets_at_most = 3}},
      {"bogus_absence", {with_cd(says(Rcode::servfail), says(Rcode::nxdomain, {soa_line}))},
       Status::bogus, {.dnssec = Dnssec::bogus}},
      {"bogus_with_reason", {with_cd(servfail_because(7, "expired last week"), good)}, Status::bogus,
       {.dnssec = Dnssec::bogus, .detail = "Signature Expired: expired last week", .packets_at_most = 2}},
      {"trouble_upstream_is_not_bogus", {with_cd(servfail_because(22, ""), good)},
       Status::servfail, {.detail = "No Reachable Authority"}},
      {"passing_trouble_is_not_bogus", {first_time(says(Rcode::servfail), good)},
       Status::noerror, {.packets_at_most = 3}},
      {"cname_within_reply", {says({cname_line, "5.0-63.113.0.203.in-addr.arpa. 60 PTR mail.example.com."})},
       Status::noerror, {.via = 1, .packets_at_most = 1}},
      {"cname_leaves_reply", {chain(1)}, Status::noerror, {.via = 1, .packets_at_most = 2}},
      {"cname_into_nothing", {by_name({cname_line}, says(Rcode::nxdomain, {soa_line}))}, Status::nxdomain, {.via = 1}},
      {"cname_into_trouble", {by_name({cname_line}, says(Rcode::servfail))}, Status::servfail, {.via = 1}},
      {"cname_back",
       {by_name({cname_line}, says({"5.0-63.113.0.203.in-addr.arpa. 60 CNAME 5.113.0.203.in-addr.arpa."}))},
       Status::loop, {.via = 1}},
      {"chain_of_16_replies", {chain(16)}, Status::noerror, {.via = 16, .packets_at_most = 17}},
      {"chain_of_17_replies", {chain(17)}, Status::loop, {.via = 16, .packets_at_most = 17}},
      {"alias_beside_data", {says({cname_line, ptr_line})}, Status::malformed, {.packets_at_most = 2}},
      {"alias_beside_data_then_next_server", {says({cname_line, ptr_line}), good},
       Status::noerror, {.packets_at_most = 2}},
      {"truncated_over_tcp_too", {truncated()}, Status::malformed, {.packets_at_most = 4}},
      {"no_resolver_at_all", {}, Status::unreachable, {}},
  };
  return table;
}

}  // namespace fcrdns::resolver::odd
