// What a reply proves: one row per shape of message. Records are written "OWNER TYPE DATA", one a line.
#include "fcrdns/dns/reply.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "fcrdns/base/text.hpp"

namespace fcrdns::dns {
namespace {

Name name(std::string_view text) { return Name::parse(text).value(); }

std::vector<Record> records(std::string_view lines) {
  std::vector<Record> out;
  for (const auto line : base::split(lines, '\n')) {
    const auto words = base::words(line);
    if (words.empty()) continue;
    const auto type = parse_type(words.at(1)).value();
    const auto data = base::trim(line.substr(line.find(words[1]) + words[1].size()));
    out.push_back({name(words[0]), type, Class::in, 300, parse_rdata(type, data, Name()).value()});
  }
  return out;
}

constexpr auto noerror = Rcode::noerror, nxdomain = Rcode::nxdomain;
constexpr auto recursive = Source::recursive, authoritative = Source::authoritative;
constexpr bool no_aa = false, aa = true;

struct Row {
  const char* what;
  Source source;
  bool authoritative;
  Rcode rcode;
  const char* answers;
  const char* authority;
  const char* expected;  ///< "STATUS [open] [data...] [via names...] [soa owner]"
};

std::string shown(const Reply& reply) {
  std::string out(to_word(reply.status));
  if (reply.open_chain) out += " open";
  for (const auto& record : reply.records) out += " " + to_text(record.type, record.data);
  if (!reply.via.empty()) out += " via";
  for (const auto& target : reply.via) out += " " + target.text();
  if (reply.soa) out += " soa " + reply.soa->owner.text();
  return out;
}

constexpr auto soa = "x SOA ns.x h.x 1 2 3 4 60";

/// The question is always a.x PTR.
const Row rows[] = {
    {"records", recursive, no_aa, noerror, "a.x PTR m.y", "", "noerror m.y."},
    {"H021 records of others are dropped", recursive, no_aa, noerror, "a.x PTR m.y\nb.x PTR evil.y\na.x A 1.2.3.4\nm.y A 1.2.3.4", "",
     "noerror m.y."},
    {"owner in another case", recursive, no_aa, noerror, "A.X PTR m.y", "", "noerror m.y."},
    {"doubles are one, order kept", recursive, no_aa, noerror, "a.x PTR c.y\na.x PTR b.y\na.x PTR C.Y", "", "noerror c.y. b.y."},
    {"H016 only records of others", recursive, no_aa, noerror, "b.x PTR evil.y", "", "lame"},
    {"nodata", recursive, no_aa, noerror, "", soa, "nodata soa x."},
    {"empty without SOA", recursive, no_aa, noerror, "", "", "lame"},
    {"empty with the SOA of another zone", recursive, no_aa, noerror, "", "y SOA ns.x h.x 1 2 3 4 60", "lame"},
    {"empty with the SOA of a zone below", recursive, no_aa, noerror, "", "b.a.x SOA ns.x h.x 1 2 3 4 60", "lame"},
    {"referral by a resolver", recursive, no_aa, noerror, "", "x NS ns.x", "lame"},
    {"nxdomain", recursive, no_aa, nxdomain, "", soa, "nxdomain soa x."},
    {"nxdomain without SOA", recursive, no_aa, nxdomain, "", "", "nxdomain"},
    {"nxdomain with records", recursive, no_aa, nxdomain, "a.x PTR m.y", "", "malformed"},
    {"servfail", recursive, no_aa, Rcode::servfail, "", "", "servfail"},
    {"refused", recursive, no_aa, Rcode::refused, "", "", "refused"},
    {"formerr", recursive, no_aa, Rcode::formerr, "", "", "formerr"},
    {"notimp", recursive, no_aa, Rcode::notimp, "", "", "servfail"},
    {"badvers", recursive, no_aa, Rcode::badvers, "", "", "servfail"},
    {"yxdomain", recursive, no_aa, Rcode::yxdomain, "", "", "servfail"},
    {"an RCODE nobody knows", recursive, no_aa, static_cast<Rcode>(4095), "", "", "servfail"},
    {"servfail beside records", recursive, no_aa, Rcode::servfail, "a.x PTR m.y", soa, "servfail"},

    {"alias", recursive, no_aa, noerror, "a.x CNAME b.x\nb.x PTR m.y", "", "noerror m.y. via b.x."},
    {"aliases in any order", recursive, no_aa, noerror, "c.x PTR m.y\nb.x CNAME c.x\na.x CNAME B.X", "", "noerror m.y. via B.X. c.x."},
    {"alias to nowhere", recursive, no_aa, noerror, "a.x CNAME b.z", "", "noerror open via b.z."},
    {"alias to nodata", recursive, no_aa, noerror, "a.x CNAME b.x", soa, "nodata via b.x. soa x."},
    {"alias, SOA of the first zone only", recursive, no_aa, noerror, "a.x CNAME b.z", soa, "noerror open via b.z."},
    {"alias to nxdomain", recursive, no_aa, nxdomain, "a.x CNAME b.x", soa, "nxdomain via b.x. soa x."},
    {"H023 alias to itself", recursive, no_aa, noerror, "a.x CNAME a.x", "", "loop"},
    {"H023 loop of two", recursive, no_aa, noerror, "a.x CNAME b.x\nb.x CNAME a.x", "", "loop via b.x."},
    {"H023 loop behind the start", recursive, no_aa, noerror, "a.x CNAME b.x\nb.x CNAME c.x\nc.x CNAME b.x", "", "loop via b.x. c.x."},
    {"H024 two aliases", recursive, no_aa, noerror, "a.x CNAME b.x\na.x CNAME c.x\nb.x PTR m.y", "", "malformed"},
    {"the same alias twice", recursive, no_aa, noerror, "a.x CNAME b.x\na.x CNAME B.x\nb.x PTR m.y", "", "noerror m.y. via b.x."},
    {"H024 alias beside data", recursive, no_aa, noerror, "a.x CNAME b.x\na.x PTR n.y\nb.x PTR m.y", "", "malformed"},
    {"DNAME with its CNAME", recursive, no_aa, noerror, "x DNAME z\na.x CNAME a.z\na.z PTR m.y", "", "noerror m.y. via a.z."},
    {"DNAME without its CNAME", recursive, no_aa, noerror, "x DNAME z\na.z PTR m.y", "", "noerror m.y. via a.z."},
    {"DNAME without its CNAME, open", recursive, no_aa, noerror, "x DNAME z", "", "noerror open via a.z."},
    {"H024 DNAME against its CNAME", recursive, no_aa, noerror, "x DNAME z\na.x CNAME evil.y\nevil.y PTR m.y", "", "malformed"},
    {"H024 DNAME that is no ancestor", recursive, no_aa, noerror, "q DNAME z\na.x CNAME a.z\na.z PTR m.y", "", "malformed"},
    {"DNAME at the name itself redirects nothing", recursive, no_aa, noerror, "a.x DNAME z\na.x PTR m.y", "", "noerror m.y."},

    {"own server, records", authoritative, aa, noerror, "a.x PTR m.y", "", "noerror m.y."},
    {"own server without AA", authoritative, no_aa, noerror, "a.x PTR m.y", "", "lame"},
    {"own server, nodata", authoritative, aa, noerror, "", soa, "nodata soa x."},
    {"own server, nodata without SOA", authoritative, aa, noerror, "", "", "nodata"},
    {"own server, nodata without AA", authoritative, no_aa, noerror, "", soa, "lame"},
    {"own server, nxdomain", authoritative, aa, nxdomain, "", soa, "nxdomain soa x."},
    {"own server, nxdomain without AA", authoritative, no_aa, nxdomain, "", soa, "lame"},
    {"own server, referral", authoritative, no_aa, noerror, "", "x NS ns.x", "lame"},
    {"own server, referral with AA", authoritative, aa, noerror, "", "x NS ns.x", "lame"},
    {"own server, alias out of its zone", authoritative, aa, noerror, "a.x CNAME a.z", "", "noerror open via a.z."},
    {"own server refuses", authoritative, no_aa, Rcode::refused, "", "", "refused"},
};

TEST(Reply, EveryShape) {
  const Question question{name("a.x"), Type::ptr, Class::in};
  for (const auto& row : rows) {
    Message message;
    message.response = true;
    message.authoritative = row.authoritative;
    message.rcode = row.rcode;
    message.answers = records(row.answers);
    message.authority = records(row.authority);
    EXPECT_EQ(shown(interpret(message, question, row.source)), row.expected) << row.what;
  }
}

TEST(Reply, H023_ChainOf16IsFollowedAndOf17IsNot) {
  for (const auto& [links, expected] : {std::pair(16, Status::noerror), {17, Status::loop}, {61, Status::loop}}) {
    Message message;
    for (int i = 0; i < links; ++i)
      message.answers.push_back({name("n" + std::to_string(i)), Type::cname, Class::in, 1, name("n" + std::to_string(i + 1))});
    message.answers.push_back({name("n" + std::to_string(links)), Type::ptr, Class::in, 1, name("m.y")});
    EXPECT_EQ(interpret(message, {name("n0"), Type::ptr}, Source::recursive).status, expected) << links;
  }
}

TEST(Reply, H023_DnameBelowItselfIsALoop) {
  Message message;
  message.answers = records("x DNAME q.x");
  const auto reply = interpret(message, {name("a.x"), Type::ptr}, recursive);
  EXPECT_EQ(reply.status, Status::loop);
  EXPECT_EQ(reply.via.size(), max_aliases);
}

TEST(Reply, OtherQuestionTypes) {
  Message message;
  message.answers = records("x DNAME z\na.x CNAME a.z\na.z CNAME b.z\nb.z A 1.2.3.4");
  EXPECT_EQ(shown(interpret(message, {name("a.x"), Type::cname}, recursive)), "noerror a.z.");
  EXPECT_EQ(shown(interpret(message, {name("x"), Type::dname}, recursive)), "noerror z.");
  EXPECT_EQ(shown(interpret(message, {name("a.x"), Type::a}, recursive)), "noerror 1.2.3.4 via a.z. b.z.");
  message.answers = records("a.x A 1.2.3.4\na.x PTR m.y");
  EXPECT_EQ(shown(interpret(message, {name("a.x"), Type::any}, recursive)), "noerror 1.2.3.4 m.y.");
}

TEST(Reply, RecordsOfOtherClassesAreDropped) {
  Message message;
  message.answers = records("a.x PTR m.y");
  message.answers[0].klass = static_cast<Class>(3);
  message.authority = records(soa);
  message.authority[0].klass = static_cast<Class>(3);
  EXPECT_EQ(shown(interpret(message, {name("a.x"), Type::ptr}, recursive)), "lame");
}

TEST(Reply, DnameThatMakesATooLongNameProvesNothing) {
  const auto label = std::string(60, 'l') + ".";
  Message message;
  message.answers.push_back({name("x"), Type::dname, Class::in, 1, name(label + label + label + label)});
  EXPECT_EQ(interpret(message, {name(label + "a.x"), Type::ptr}, recursive).status, Status::malformed);
}

TEST(Reply, H012_4000AddressesInMilliseconds) {
  Message message;
  for (unsigned i = 0; i < 4000; ++i)
    message.answers.push_back({name("a.x"), Type::a, Class::in, 1,
                               net::Address::v4({1, 2, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)})});
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(interpret(message, {name("a.x"), Type::a}, recursive).records.size(), 4000U);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(500)) << "5 ms when optimised";
}

TEST(Reply, H016_OnlyTheReplyToOurQuestionIsOne) {
  const Question question{name("a.x"), Type::ptr, Class::in};
  Message good;
  good.id = 7;
  good.response = true;
  good.questions = {question};
  EXPECT_TRUE(answers_question(good, 7, question));
  const auto with = [&](const auto& change) {
    auto message = good;
    change(message);
    return answers_question(message, 7, question);
  };
  EXPECT_TRUE(with([](Message& m) { m.questions[0].name = name("A.X"); })) << "H019: case is the transport's to judge";
  EXPECT_FALSE(with([](Message& m) { m.id = 8; }));
  EXPECT_FALSE(with([](Message& m) { m.response = false; }));
  EXPECT_FALSE(with([](Message& m) { m.opcode = Opcode::notify; }));
  EXPECT_FALSE(with([](Message& m) { m.questions[0].name = name("b.x"); }));
  EXPECT_FALSE(with([](Message& m) { m.questions[0].type = Type::a; }));
  EXPECT_FALSE(with([](Message& m) { m.questions[0].klass = static_cast<Class>(3); }));
  EXPECT_FALSE(with([&](Message& m) { m.questions.push_back(question); }));
  for (const auto& [rcode, passes] : {std::pair(Rcode::noerror, false), {Rcode::nxdomain, false}, {Rcode::formerr, true},
                                      {Rcode::servfail, true}, {Rcode::notimp, true}, {Rcode::refused, true}})
    EXPECT_EQ(with([&](Message& m) { m.questions.clear(), m.rcode = rcode; }), passes) << static_cast<int>(rcode);
}

TEST(Reply, H030_NegativeTtlIsTheLowerOne) {  // RFC 2308 5
  struct Ttl { std::uint32_t ttl, minimum, expected; };
  for (const auto& [ttl, minimum, expected] : {Ttl{120, 86400, 120}, {86400, 120, 120}, {0, 60, 0}, {60, 0, 0},
                                               {3600, UINT32_MAX, 3600}})
    EXPECT_EQ(negative_ttl({name("x"), Type::soa, Class::in, ttl, Soa{{}, {}, 0, 0, 0, 0, minimum}}), expected);
}

}  // namespace
}  // namespace fcrdns::dns
