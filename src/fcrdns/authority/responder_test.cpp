#include "fcrdns/authority/responder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace fcrdns::authority {
namespace {

using dns::Message;
using dns::Name;
using dns::Rcode;
using dns::Type;

constexpr std::string_view text = R"(
$SERVER root. 198.41.0.4
$SERVER ns.example. 192.0.2.53
$SERVER odd.example. 192.0.2.54 mode=refused
$SERVER mute.example. 192.0.2.55 udp=silent
$ZONE . root. signed
$ZONE example. ns.example. signed ttl=600 negative=300
host   A 192.0.2.1
alias  CNAME host
away   CNAME host.plain.
toward CNAME failing
failing A !servfail
*.wild A 192.0.2.2
late   A 192.0.2.3 !delay=150ms
moved  DNAME new.example.
$GENERATE 1-100 many A 192.0.2.$
servfail  A 192.0.2.9 !servfail
refused   A 192.0.2.9 !refused
formerr   A 192.0.2.9 !formerr
notimp    A 192.0.2.9 !notimp
badvers   A 192.0.2.9 !badvers
timeout   A 192.0.2.9 !timeout
malformed A 192.0.2.9 !malformed
lame      A 192.0.2.9 !lame
referral  A 192.0.2.9 !referral
no_soa    A 192.0.2.9 !no_soa
wrong_id  A 192.0.2.9 !wrong_id
truncated A 192.0.2.9 !truncated
lower_case A 192.0.2.9 !lower_case
no_edns   A 192.0.2.9 !no_edns
drop_edns A 192.0.2.9 !drop_edns
drop_first A 192.0.2.9 !drop_first
drop_mixed_case A 192.0.2.9 !drop_mixed_case
bad_then_good A 192.0.2.9 !bad_then_good
$SERVER leaky.example. 192.0.2.57 drop_udp=3/10 drop_tcp=1/4
$ZONE plain. ns.example. lame=odd.example.
host   A 192.0.2.8
$ZONE sub.example. ns.sub.example.
$SERVER ns.sub.example. 192.0.2.56
$ZONE former. ns.example. lame=ns.sub.example. serial=8
host   A 192.0.2.8
$ZONE former. ns.sub.example. copy serial=7
host   A 192.0.2.7
$ZONE sub.former. ns.sub.example. copy
host   A 192.0.2.6
)";

class ResponderTest : public testing::Test {
 protected:
  static Message query(std::string_view name, Type type = Type::a, bool edns = true, bool dnssec_ok = false) {
    Message message;
    message.id = 4711;
    message.questions = {{Name::parse(name).value(), type, dns::Class::in}};
    if (edns) message.edns = dns::Edns{.udp_payload = 1232, .version = 0, .dnssec_ok = dnssec_ok, .options = {}};
    return message;
  }
  Response respond(const Message& message, std::string_view server = "ns.example.",
                   Transport transport = Transport::udp) {
    return responder.respond(*world.world.server(Name::parse(server).value()), dns::write_message(message), transport,
                             now);
  }
  /// The one reply there must be.
  Message reply(const Message& message, std::string_view server = "ns.example.", Transport transport = Transport::udp) {
    const auto response = respond(message, server, transport);
    EXPECT_EQ(response.messages.size(), 1U);
    auto read = response.messages.empty() ? base::fault("silence") : dns::read_message(response.messages.front());
    EXPECT_TRUE(read) << read.error().message;
    return read.value_or(Message{});
  }
  static std::size_t count(const std::vector<dns::Record>& records, Type type) {
    return static_cast<std::size_t>(std::ranges::count(records, type, &dns::Record::type));
  }

  SignedWorld world = sign(world::parse_world(text).value(), base::wall_now()).value();
  Responder responder{world, base::secure_random()};
  base::SteadyTime now{};
};

TEST_F(ResponderTest, AnswersWithAuthority) {
  const auto got = reply(query("HOST.example."));
  EXPECT_EQ(got.id, 4711);
  EXPECT_TRUE(got.response);
  EXPECT_TRUE(got.authoritative);
  EXPECT_FALSE(got.recursion_available);
  EXPECT_TRUE(got.questions.front().name.same_case(Name::parse("HOST.example.").value()));
  ASSERT_EQ(got.answers.size(), 1U);
  EXPECT_EQ(dns::to_text(got.answers.front()), "host.example. 600 IN A 192.0.2.1");
}

TEST_F(ResponderTest, ACopyIsToldToWhomAsksItsServer) {
  const auto said = [&](std::string_view asked, std::string_view server) {
    const auto got = reply(query(asked), server);
    EXPECT_TRUE(got.authoritative);
    return got.answers.empty() ? std::string() : dns::to_text(got.answers.front());
  };
  EXPECT_EQ(said("host.former.", "ns.example."), "host.former. 3600 IN A 192.0.2.8");
  EXPECT_EQ(said("host.former.", "ns.sub.example."), "host.former. 3600 IN A 192.0.2.7");
  EXPECT_EQ(said("host.sub.former.", "ns.sub.example."), "host.sub.former. 3600 IN A 192.0.2.6");
  EXPECT_EQ(said("host.sub.former.", "ns.example."), "");  // nobody is sent to the copy
}

struct Row {
  std::string_view asked;
  Type type;
  Rcode rcode;
  bool authoritative;
  std::size_t answers, soa, ns, glue;
};

TEST_F(ResponderTest, SectionsOfEachKindOfAnswer) {
  const Row rows[] = {
      {"host.example.", Type::a, Rcode::noerror, true, 1, 0, 0, 0},
      {"host.example.", Type::mx, Rcode::noerror, true, 0, 1, 0, 0},
      {"none.example.", Type::a, Rcode::nxdomain, true, 0, 1, 0, 0},
      {"alias.example.", Type::a, Rcode::noerror, true, 2, 0, 0, 0},
      {"away.example.", Type::a, Rcode::noerror, true, 1, 0, 0, 0},     // another zone: the client asks there
      {"toward.example.", Type::a, Rcode::noerror, true, 1, 0, 0, 0},   // a name that fails on its own
      {"x.moved.example.", Type::a, Rcode::nxdomain, true, 2, 1, 0, 0}, // RFC 6604: the RCODE of the last name
      {"x.wild.example.", Type::a, Rcode::noerror, true, 1, 0, 0, 0},
      {"www.sub.example.", Type::a, Rcode::noerror, false, 0, 0, 1, 1},
      {"example.", Type::ns, Rcode::noerror, true, 1, 0, 0, 1},
      {"elsewhere.org.", Type::a, Rcode::refused, false, 0, 0, 0, 0},
      {"example.", Type::axfr, Rcode::refused, false, 0, 0, 0, 0},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.asked) + " " + dns::to_text(row.type));
    const auto got = reply(query(row.asked, row.type));
    EXPECT_EQ(got.rcode, row.rcode);
    EXPECT_EQ(got.authoritative, row.authoritative);
    EXPECT_EQ(got.answers.size(), row.answers);
    EXPECT_EQ(count(got.authority, Type::soa), row.soa);
    EXPECT_EQ(count(got.authority, Type::ns), row.ns);
    EXPECT_EQ(got.additional.size(), row.glue);
  }
}

struct DnssecRow {
  std::string_view asked;
  Type type;
  std::string_view server;
  std::size_t answer_signatures, nsec, ds;
};

TEST_F(ResponderTest, ProofsAreThereWhenAskedFor) {
  const DnssecRow rows[] = {
      {"host.example.", Type::a, "ns.example.", 1, 0, 0},
      {"host.example.", Type::mx, "ns.example.", 0, 1, 0},      // NODATA
      {"none.example.", Type::a, "ns.example.", 0, 2, 0},       // the name's gap, and the wildcard's
      {"x.wild.example.", Type::a, "ns.example.", 1, 1, 0},     // no closer name
      {"x.wild.example.", Type::mx, "ns.example.", 0, 1, 0},     // the wildcard's own NSEC spans the name too
      {"www.sub.example.", Type::a, "ns.example.", 0, 1, 0},    // an unsigned delegation: no DS, and its proof
      {"host.example.", Type::a, "root.", 0, 0, 1},             // a signed one
      {"example.", Type::ds, "root.", 1, 0, 0},
      {"example.", Type::dnskey, "ns.example.", 1, 0, 0},
      {"host.plain.", Type::a, "ns.example.", 0, 0, 0},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.asked) + " " + dns::to_text(row.type));
    const auto got = reply(query(row.asked, row.type, true, true), row.server);
    EXPECT_EQ(count(got.answers, Type::rrsig), row.answer_signatures);
    EXPECT_EQ(count(got.authority, Type::nsec), row.nsec);
    EXPECT_EQ(count(got.authority, Type::ds), row.ds);
    const auto plain = reply(query(row.asked, row.type), row.server);
    EXPECT_EQ(count(plain.answers, Type::rrsig) + count(plain.authority, Type::nsec) + count(plain.authority, Type::ds),
              0U);
  }
}

TEST_F(ResponderTest, WhatDoesNotFitIsTruncated) {
  const auto small = reply(query("many.example.", Type::a, false));
  EXPECT_TRUE(small.truncated);
  EXPECT_LE(dns::write_message(small).size(), 512U);
  EXPECT_TRUE(reply(query("many.example.")).truncated);
  const auto whole = reply(query("many.example."), "ns.example.", Transport::tcp);
  EXPECT_FALSE(whole.truncated);
  EXPECT_EQ(whole.answers.size(), 100U);
}

TEST_F(ResponderTest, RefusesWhatItDoesNotSpeak) {
  auto other_opcode = query("host.example.");
  other_opcode.opcode = dns::Opcode::notify;
  EXPECT_EQ(reply(other_opcode).rcode, Rcode::notimp);
  auto two_questions = query("host.example.");
  two_questions.questions.push_back(two_questions.questions.front());
  EXPECT_EQ(reply(two_questions).rcode, Rcode::formerr);
  auto later_edns = query("host.example.");
  later_edns.edns->version = 1;
  EXPECT_EQ(reply(later_edns).rcode, Rcode::badvers);
  auto a_reply = query("host.example.");
  a_reply.response = true;
  EXPECT_TRUE(respond(a_reply).messages.empty());
  const std::vector<std::uint8_t> noise(5, 0xFF);
  EXPECT_TRUE(responder.respond(world.world.servers[1], noise, Transport::udp, now).messages.empty());
}

TEST_F(ResponderTest, FailsWithTheRcodeStated) {
  constexpr std::pair<std::string_view, Rcode> rows[] = {{"servfail.example.", Rcode::servfail},
                                                         {"refused.example.", Rcode::refused},
                                                         {"formerr.example.", Rcode::formerr},
                                                         {"notimp.example.", Rcode::notimp},
                                                         {"badvers.example.", Rcode::badvers}};
  for (const auto& [asked, rcode] : rows) {
    const auto got = reply(query(asked));
    EXPECT_EQ(got.rcode, rcode) << asked;
    EXPECT_TRUE(got.answers.empty()) << asked;
    EXPECT_FALSE(got.authoritative) << asked;
  }
}

TEST_F(ResponderTest, FailsByProvingNothing) {
  for (const auto* asked : {"lame.example.", "no_soa.example.", "referral.example."}) {
    const auto got = reply(query(asked));
    EXPECT_EQ(got.rcode, Rcode::noerror) << asked;
    EXPECT_FALSE(got.authoritative) << asked;
    EXPECT_TRUE(got.answers.empty()) << asked;
    EXPECT_EQ(count(got.authority, Type::soa), 0U) << asked;
  }
  EXPECT_EQ(count(reply(query("referral.example.")).authority, Type::ns), 1U);
  const auto listed_only = reply(query("host.plain."), "odd.example.");
  EXPECT_EQ(listed_only.rcode, Rcode::noerror);
  EXPECT_FALSE(listed_only.authoritative);
  EXPECT_TRUE(listed_only.answers.empty());
}

TEST_F(ResponderTest, FailsInSilence) {
  EXPECT_TRUE(respond(query("timeout.example.")).messages.empty());
  EXPECT_TRUE(respond(query("host.example."), "mute.example.").messages.empty());
  EXPECT_TRUE(respond(query("drop_edns.example.")).messages.empty());
  EXPECT_EQ(reply(query("drop_edns.example.", Type::a, false)).answers.size(), 1U);
  EXPECT_TRUE(respond(query("drop_first.example.")).messages.empty());
  EXPECT_EQ(reply(query("drop_first.example.")).answers.size(), 1U);
  EXPECT_TRUE(respond(query("drop_first.example.", Type::mx)).messages.size() == 1U);  // of this name and type only
  now += base::Seconds(6);
  EXPECT_TRUE(respond(query("drop_first.example.")).messages.empty());  // a new question
}

TEST_F(ResponderTest, LetsMixedCaseFall) {
  EXPECT_TRUE(respond(query("Drop_mixed_case.Example.")).messages.empty());
  EXPECT_EQ(reply(query("drop_mixed_case.example.")).answers.size(), 1U);
  EXPECT_EQ(reply(query("DROP_MIXED_CASE.EXAMPLE.")).answers.size(), 1U);
}

TEST_F(ResponderTest, LetsTheSameShareOfQueriesFall) {
  const auto pattern = [&](Transport transport) {
    std::string out;
    for (int i = 0; i < 20; ++i)
      out += respond(query("host.example."), "leaky.example.", transport).messages.empty() ? '-' : '+';
    return out;
  };
  EXPECT_EQ(pattern(Transport::udp), "+++-++-++-+++-++-++-");
  EXPECT_EQ(pattern(Transport::tcp), "+++-+++-+++-+++-+++-");
}

TEST_F(ResponderTest, FailsInOddWays) {
  const auto malformed = respond(query("malformed.example."));
  ASSERT_EQ(malformed.messages.size(), 1U);
  EXPECT_FALSE(dns::read_message(malformed.messages.front()));

  const auto bad_first = respond(query("bad_then_good.example."));
  ASSERT_EQ(bad_first.messages.size(), 2U);
  EXPECT_FALSE(dns::read_message(bad_first.messages.front()));
  EXPECT_EQ(dns::read_message(bad_first.messages.back()).value().answers.size(), 1U);

  const auto flood = respond(query("wrong_id.example."));
  ASSERT_GT(flood.messages.size(), 10U);
  for (const auto& message : flood.messages) {
    const bool last = &message == &flood.messages.back();
    EXPECT_EQ(dns::read_message(message).value().id == 4711, last);
  }
  EXPECT_TRUE(reply(query("truncated.example.")).truncated);
  EXPECT_EQ(reply(query("truncated.example."), "ns.example.", Transport::tcp).answers.size(), 1U);
  EXPECT_EQ(reply(query("Lower_CASE.example.")).questions.front().name.text(), "lower_case.example.");
  const auto no_edns = reply(query("no_edns.example."));
  EXPECT_EQ(no_edns.rcode, Rcode::formerr);
  EXPECT_FALSE(no_edns.edns);
  EXPECT_EQ(reply(query("no_edns.example.", Type::a, false)).answers.size(), 1U);
  EXPECT_EQ(respond(query("late.example.")).delay, base::Milliseconds(150));
  EXPECT_EQ(reply(query("host.example."), "odd.example.").rcode, Rcode::refused);  // what the server does to everybody
}

}  // namespace
}  // namespace fcrdns::authority
