// Very many questions along the delegations, over real sockets: a small internet on loopback addresses, and servers that
// do the worst they can.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fcrdns/authority/server.hpp"
#include "fcrdns/dns/reply.hpp"
#include "fcrdns/resolver/bulk.hpp"
#include "fcrdns/authority/signing.hpp"

namespace fcrdns {
namespace {

using dns::Status;
constexpr base::WallTime some_time{base::Milliseconds{1'795'266'120'000}};  // 2026-11-21T13:02:00Z

struct Asked {
  std::string name;
  dns::Type type = dns::Type::ptr;
};
struct Ended {
  Status status = Status::not_asked;
  std::vector<std::string> records;
  std::size_t aliases = 0;
  unsigned times = 0;
};

std::string reverse(const std::string& name) { return name + ".in-addr.arpa."; }

/// Everything at once; each must end exactly once.
std::vector<Ended> ask_all(resolver::Bulk& bulk, const std::vector<Asked>& asked) {
  std::vector<Ended> ended(asked.size());
  std::size_t next = 0;
  const auto until = bulk.now() + base::Seconds{60};
  while ((next < asked.size() || !bulk.idle()) && bulk.now() < until) {
    for (; next < asked.size() && bulk.room() > 0; ++next)
      bulk.ask({dns::Name::parse(asked[next].name).value(), asked[next].type}, next, bulk.now() + base::Seconds{10});
    bulk.turn([&](std::uint64_t token, dns::Reply& reply) {
      auto& one = ended[token];
      ++one.times;
      one.status = reply.status;
      one.aliases = reply.via.size();
      for (const auto& record : reply.records) one.records.push_back(dns::to_text(record.type, record.data));
      std::ranges::sort(one.records);
    });
  }
  return ended;
}

resolver::BulkOptions options_for(std::uint16_t port, const char* root = "127.82.0.1") {
  resolver::BulkOptions options;
  options.servers = {{net::Address::parse(root).value(), port}};
  options.server_rate = 0;
  options.patience = base::Milliseconds{150};
  return options;
}

/// A world served on loopback addresses, on a port that is free at all of them.
class Served {
 public:
  explicit Served(std::string_view text) : world_(authority::sign(world::parse_world(text).value(), some_time).value()), responder_(world_, base::secure_random()) {
    for (int tries = 0; tries < 10 && port_ == 0; ++tries) {
      const auto wanted = static_cast<std::uint16_t>(20000 + base::secure_random().below(10000));
      listeners_ = std::make_unique<authority::Listeners>();
      if (authority::serve(world_.world, responder_, *listeners_, wanted)) port_ = wanted;
    }
    EXPECT_NE(port_, 0) << "no port that is free at every address";
    thread_ = std::jthread([this] { listeners_->run(); });
  }
  ~Served() { listeners_->stop(); }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  authority::SignedWorld world_;
  authority::Responder responder_;
  std::unique_ptr<authority::Listeners> listeners_;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

// ---- a small internet ------------------------------------------------------------------------------------------------

// "hoster.example" serves reverse zones without glue; the servers of "b.example" are named in "c.test" and the other way round.
constexpr std::string_view internet = R"(
$SERVER a.root. 127.82.0.1
$SERVER ns.arpa. 127.82.0.2
$SERVER ns.example. 127.82.0.3
$SERVER ns.hoster.example. 127.82.0.4
$SERVER ns2.hoster.example. 127.82.0.5
$SERVER dead.hoster.example. 127.82.0.6 mode=timeout
$SERVER lame.hoster.example. 127.82.0.7 mode=lame
$SERVER refused.hoster.example. 127.82.0.8 mode=refused
$SERVER servfail.hoster.example. 127.82.0.9 mode=servfail
$SERVER up.hoster.example. 127.82.0.10 mode=referral
$SERVER tc.hoster.example. 127.82.0.11 mode=truncated
$SERVER noedns.hoster.example. 127.82.0.12 mode=no_edns
$SERVER dropedns.hoster.example. 127.82.0.13 mode=drop_edns
$SERVER flood.hoster.example. 127.82.0.14 mode=wrong_id
$SERVER first.hoster.example. 127.82.0.15 mode=drop_first
$SERVER good.then.hoster.example. 127.82.0.16 mode=bad_then_good
$SERVER mal.hoster.example. 127.82.0.17 mode=malformed
$SERVER ns.b.example. 127.82.0.18
$SERVER ns.c.test. 127.82.0.19
$SERVER third.hoster.example. 127.82.0.20
$ZONE . a.root.
$ZONE arpa. a.root.
$ZONE in-addr.arpa. ns.arpa.
$ZONE example. ns.example.
mail A 198.18.1.1
alias CNAME mail
outside CNAME mail.hoster.example.
ring CNAME ring2
ring2 CNAME ring.hoster.example.
$ZONE hoster.example. ns.hoster.example. ns2.hoster.example.
mail A 198.18.1.2
mail AAAA 2001:db8::2
ring CNAME ring.example.
old DNAME example.
*.wild A 198.18.1.3
$ZONE 18.198.in-addr.arpa. ns.arpa.
$ZONE 1.18.198.in-addr.arpa. ns.hoster.example. ns2.hoster.example.
$GENERATE 1-200 $ PTR host-$.example.
201 CNAME 201.classless.hoster.example.
202 CNAME 202.200-207
$ZONE 200-207.1.18.198.in-addr.arpa. ns2.hoster.example.
202 PTR two.example.
$ZONE classless.hoster.example. third.hoster.example.
201 PTR one.example.
$ZONE 2.18.198.in-addr.arpa. dead.hoster.example. ns.hoster.example.
1 PTR one.example.
$ZONE 3.18.198.in-addr.arpa. lame.hoster.example. refused.hoster.example. servfail.hoster.example. ns.hoster.example.
1 PTR one.example.
$ZONE 4.18.198.in-addr.arpa. lame.hoster.example.
1 PTR one.example.
$ZONE 5.18.198.in-addr.arpa. refused.hoster.example.
1 PTR one.example.
$ZONE 6.18.198.in-addr.arpa. servfail.hoster.example.
1 PTR one.example.
$ZONE 7.18.198.in-addr.arpa. up.hoster.example.
1 PTR one.example.
$ZONE 8.18.198.in-addr.arpa. tc.hoster.example.
1 PTR one.example.
$ZONE 9.18.198.in-addr.arpa. noedns.hoster.example.
1 PTR one.example.
$ZONE 10.18.198.in-addr.arpa. dropedns.hoster.example.
1 PTR one.example.
$ZONE 11.18.198.in-addr.arpa. flood.hoster.example.
1 PTR one.example.
$ZONE 12.18.198.in-addr.arpa. first.hoster.example.
1 PTR one.example.
$ZONE 13.18.198.in-addr.arpa. good.then.hoster.example.
1 PTR one.example.
$ZONE 14.18.198.in-addr.arpa. mal.hoster.example.
1 PTR one.example.
$ZONE 15.18.198.in-addr.arpa. dead.hoster.example.
1 PTR one.example.
$ZONE b.example. ns.c.test.
$ZONE test. ns.example.
$ZONE c.test. ns.b.example.
$ZONE 16.18.198.in-addr.arpa. ns.b.example.
1 PTR one.example.
)";

struct Expected {
  std::string name;
  dns::Type type;
  Status status;
  std::vector<std::string> records;
  std::size_t aliases;
};
using enum dns::Type;

TEST(BulkIterate, finds_its_way_through_a_small_internet) {
  const Served served(internet);
  std::vector<Expected> rows{
      {"mail.example.", a, Status::noerror, {"198.18.1.1"}, 0},
      {"mail.example.", aaaa, Status::nodata, {}, 0},
      {"none.example.", a, Status::nxdomain, {}, 0},
      {"alias.example.", a, Status::noerror, {"198.18.1.1"}, 1},
      {"outside.example.", a, Status::noerror, {"198.18.1.2"}, 1},
      {"outside.example.", aaaa, Status::noerror, {"2001:db8::2"}, 1},
      {"ring.example.", a, Status::loop, {}, 3},
      {"mail.old.hoster.example.", a, Status::noerror, {"198.18.1.1"}, 1},
      {"any.wild.hoster.example.", a, Status::noerror, {"198.18.1.3"}, 0},
      {reverse("201.1.18.198"), ptr, Status::noerror, {"one.example."}, 1},
      {reverse("202.1.18.198"), ptr, Status::noerror, {"two.example."}, 1},
      {reverse("250.1.18.198"), ptr, Status::nxdomain, {}, 0},
      {reverse("1.18.198"), ptr, Status::nodata, {}, 0},
      {reverse("1.2.18.198"), ptr, Status::noerror, {"one.example."}, 0},
      {reverse("1.3.18.198"), ptr, Status::noerror, {"one.example."}, 0},
      {reverse("1.4.18.198"), ptr, Status::lame, {}, 0},
      {reverse("1.5.18.198"), ptr, Status::refused, {}, 0},
      {reverse("1.6.18.198"), ptr, Status::servfail, {}, 0},
      {reverse("1.7.18.198"), ptr, Status::lame, {}, 0},
      {reverse("1.8.18.198"), ptr, Status::noerror, {"one.example."}, 0},
      {reverse("1.9.18.198"), ptr, Status::noerror, {"one.example."}, 0},
      {reverse("1.10.18.198"), ptr, Status::noerror, {"one.example."}, 0},
      {reverse("1.11.18.198"), ptr, Status::noerror, {"one.example."}, 0},
      {reverse("1.12.18.198"), ptr, Status::noerror, {"one.example."}, 0},
      {reverse("1.13.18.198"), ptr, Status::noerror, {"one.example."}, 0},
      {reverse("1.14.18.198"), ptr, Status::malformed, {}, 0},
      {reverse("1.15.18.198"), ptr, Status::timeout, {}, 0},
      {reverse("1.16.18.198"), ptr, Status::servfail, {}, 0},
      {reverse("1.99.18.198"), ptr, Status::nxdomain, {}, 0},
  };
  for (int i = 1; i <= 200; ++i)
    rows.push_back({reverse(std::to_string(i) + ".1.18.198"), ptr, Status::noerror, {"host-" + std::to_string(i) + ".example."}, 0});
  std::vector<Asked> asked;
  for (const auto& row : rows) asked.push_back({row.name, row.type});
  const auto bulk = resolver::make_bulk_iterate(options_for(served.port())).value();
  const auto ended = ask_all(*bulk, asked);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& [name, type, status, records, aliases] = rows[i];
    EXPECT_EQ(ended[i].times, 1U) << name;
    EXPECT_EQ(dns::to_word(ended[i].status), dns::to_word(status)) << name << " " << dns::to_text(type);
    EXPECT_EQ(ended[i].records, records) << name;
    EXPECT_EQ(ended[i].aliases, aliases) << name;
  }
  EXPECT_TRUE(bulk->idle());
  const auto counts = bulk->counts();
  EXPECT_EQ(counts.questions, rows.size());
  EXPECT_GE(counts.tcp, 1U);
  // The way down is learned once for all: the root hears of arpa and example, and little more.
  std::uint64_t at_root = 0;
  for (const auto& server : bulk->health(100))
    if (server.server.address.text() == "127.82.0.1") at_root = server.sent;
  EXPECT_GE(at_root, 2U);
  EXPECT_LE(at_root, 4U);
}

// ---- servers that do their worst -------------------------------------------------------------------------------------

/// What a server at an address says to a question; nothing: silence.
using Says = std::function<std::optional<dns::Message>(const dns::Message& query)>;

dns::Message reply_to(const dns::Message& query, bool authoritative) {
  dns::Message reply;
  reply.id = query.id;
  reply.response = true;
  reply.authoritative = authoritative;
  reply.questions = query.questions;
  return reply;
}
dns::Record record(const std::string& owner, dns::Type type, const std::string& data, std::uint32_t ttl = 3600) {
  return {dns::Name::parse(owner).value(), type, dns::Class::in, ttl, dns::parse_rdata(type, data, {}).value()};
}
/// "zone NS server address": who refers to whom; without an address there is no glue.
struct Referral {
  std::string zone, server, address;
};
Says refers(std::vector<Referral> to) {
  return [to = std::move(to)](const dns::Message& query) {
    auto reply = reply_to(query, false);
    for (const auto& [zone, server, address] : to) {
      reply.authority.push_back(record(zone, dns::Type::ns, server));
      if (!address.empty()) reply.additional.push_back(record(server, dns::Type::a, address));
    }
    return std::optional(reply);
  };
}
Says answers(const std::string& data) {
  return [data](const dns::Message& query) {
    auto reply = reply_to(query, true);
    const auto& question = query.questions.front();
    if (question.type == dns::Type::ptr)
      reply.answers.push_back({question.name, dns::Type::ptr, dns::Class::in, 60, dns::Name::parse(data).value()});
    else
      reply.authority.push_back(record(".", dns::Type::soa, "a. b. 1 2 3 4 5"));
    return std::optional(reply);
  };
}

/// Servers on loopback addresses, each with what it says; counts what it was asked.
class Odd {
 public:
  explicit Odd(std::map<std::string, Says> servers) {
    for (int tries = 0; tries < 10 && port_ == 0; ++tries) {
      const auto wanted = static_cast<std::uint16_t>(20000 + base::secure_random().below(10000));
      listeners_ = std::make_unique<authority::Listeners>();
      bool all = true;
      for (const auto& [address, says] : servers)
        all = all && listeners_->add({net::Address::parse(address).value(), wanted},
                                     [this, says](base::OctetView octets, authority::Transport transport, const authority::Reply& reply) {
                                       const auto query = dns::read_message(octets);
                                       if (!query || query->questions.empty()) return;
                                       ++asked_;
                                       if (const auto said = says(*query)) reply(dns::write_message(*said, transport == authority::Transport::udp ? 1232 : 65535));
                                     }).has_value();
      if (all) port_ = wanted;
    }
    EXPECT_NE(port_, 0);
    thread_ = std::jthread([this] { listeners_->run(); });
  }
  ~Odd() { listeners_->stop(); }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] unsigned asked() const { return asked_; }

 private:
  std::unique_ptr<authority::Listeners> listeners_;
  std::atomic<unsigned> asked_ = 0;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

struct Hostile {
  std::string story;
  std::map<std::string, Says> servers;  ///< the root is 127.82.0.1
  Status status;
  std::string name = {};                ///< what the PTR says, if it does
  unsigned at_most = 12;                ///< packets for this one question
};
class HostileServers : public testing::TestWithParam<Hostile> {};

constexpr const char *zone = "18.198.in-addr.arpa.", *below = "1.18.198.in-addr.arpa.", *right = "127.82.0.2", *other = "127.82.0.3";

std::vector<Referral> thousand_servers() {
  std::vector<Referral> all;
  for (int i = 0; i < 1000; ++i) all.push_back({zone, "ns" + std::to_string(i) + ".victim" + std::to_string(i) + ".test.", ""});
  return all;
}
/// The root of an attack: everything below test leads to still more servers without glue.
Says nxns() {
  return [](const dns::Message& query) {
    const auto& name = query.questions.front().name;
    if (!name.is_within(dns::Name::parse("test.").value())) return refers(thousand_servers())(query);
    std::vector<Referral> more;
    for (int i = 0; i < 20; ++i) more.push_back({name.ancestor(2).text(), "ns" + std::to_string(i) + ".more-" + std::string(name.label(0)) + ".test.", ""});
    return refers(more)(query);
  };
}
std::optional<dns::Message> ring(const dns::Message& query) {
  auto reply = reply_to(query, true);
  const auto& name = query.questions.front().name;
  const bool first = name.label(0) == "1";
  reply.answers.push_back({name, dns::Type::cname, dns::Class::in, 60, first ? dns::Name::parse("2.1.18.198.in-addr.arpa.").value() : dns::Name::parse("1.1.18.198.in-addr.arpa.").value()});
  return reply;
}
/// Always one name further: a chain without an end.
std::optional<dns::Message> chain(const dns::Message& query) {
  auto reply = reply_to(query, true);
  const auto& name = query.questions.front().name;
  reply.answers.push_back({name, dns::Type::cname, dns::Class::in, 60, name.parent().prepend("x" + std::string(name.label(0))).value()});
  return reply;
}
std::optional<dns::Message> absent(const dns::Message& query) {
  auto reply = reply_to(query, true);
  reply.rcode = dns::Rcode::nxdomain;
  reply.authority.push_back(record(zone, dns::Type::soa, "a. b. 1 2 3 4 5"));
  return reply;
}
Says without_aa(Says says) {
  return [says](const dns::Message& query) {
    auto reply = says(query);
    reply->authoritative = false;
    return reply;
  };
}
Says other_question(Says says) {
  return [says](dns::Message query) {
    query.questions.front().name = dns::Name::parse("9.1.18.198.in-addr.arpa.").value();
    return says(query);
  };
}
/// A label deeper with each question, down to the name, for ever the same server.
std::optional<dns::Message> deeper(const dns::Message& query) {
  static std::atomic<std::size_t> labels;  // 2 the first time
  const auto& name = query.questions.front().name;
  const auto depth = std::min(name.label_count(), 2 + labels++);
  return refers({{name.ancestor(depth).text(), "ns.example.", ""}, {name.ancestor(depth).text(), "ns." + name.ancestor(depth).text(), "127.82.0.1"}})(query);
}
/// Says of example's host what only example may say; the true address answers well.
Says glue_from_outside() {
  return [](const dns::Message& query) {
    if (query.questions.front().name.is_within(dns::Name::parse("example.").value())) return refers({{"example.", "ns.example.", right}})(query);
    return refers({{zone, "ns.example.", ""}, {zone, "ns.18.198.in-addr.arpa.", other}})(query);
  };
}

const std::vector<Hostile> hostile{
    {"an answer", {{"127.82.0.1", refers({{zone, "ns.example.", right}})}, {right, answers("good.example.")}}, Status::noerror, "good.example.", 2},
    {"a referral to itself", {{"127.82.0.1", refers({{zone, "ns.example.", right}})}, {right, refers({{zone, "ns.example.", right}})}}, Status::lame},
    {"a referral to the parent", {{"127.82.0.1", refers({{zone, "ns.example.", right}})}, {right, refers({{"in-addr.arpa.", "a.root.", "127.82.0.1"}})}}, Status::lame},
    {"a referral to the root", {{"127.82.0.1", refers({{zone, "ns.example.", right}})}, {right, refers({{".", "a.root.", "127.82.0.1"}})}}, Status::lame},
    {"a referral sideways", {{"127.82.0.1", refers({{zone, "ns.example.", right}})}, {right, refers({{"2.18.198.in-addr.arpa.", "ns.example.", other}})}, {other, answers("bad.example.")}}, Status::lame},
    {"one server lame, one well", {{"127.82.0.1", refers({{zone, "ns1.example.", right}, {zone, "ns2.example.", other}})}, {right, refers({{".", "a.root.", "127.82.0.1"}})}, {other, answers("good.example.")}}, Status::noerror, "good.example.", 4},
    {"a server named in its own zone without glue", {{"127.82.0.1", refers({{zone, "ns.18.198.in-addr.arpa.", ""}})}}, Status::servfail},
    {"the next zone's server named in it without glue", {{"127.82.0.1", refers({{zone, "ns.example.", right}})}, {right, refers({{below, "ns.1.18.198.in-addr.arpa.", ""}})}}, Status::servfail},
    {"a server that does not exist", {{"127.82.0.1", [](const dns::Message& query) {
       if (query.questions.front().type == dns::Type::ptr) return refers({{zone, "ns.none.test.", ""}})(query);
       auto reply = reply_to(query, true);
       reply.rcode = dns::Rcode::nxdomain;
       reply.authority.push_back(record(".", dns::Type::soa, "a. b. 1 2 3 4 5"));
       return std::optional(reply);
     }}}, Status::servfail},
    {"a thousand servers, none with an address", {{"127.82.0.1", nxns()}}, Status::servfail, "", 40},
    {"glue of a name that is not the referrer's to say", {{"127.82.0.1", refers({{"in-addr.arpa.", "ns.in-addr.arpa.", "127.82.0.4"}})},
                                                          {"127.82.0.4", refers({{zone, "ns.example.", other}})}, {other, answers("bad.example.")}}, Status::servfail},
    {"glue of the root for a name below it counts", {{"127.82.0.1", glue_from_outside()}, {right, answers("good.example.")}, {other, answers("good.example.")}}, Status::noerror, "good.example."},
    {"a ring of aliases", {{"127.82.0.1", refers({{zone, "ns.example.", right}})}, {right, ring}}, Status::loop},
    {"aliases without an end", {{"127.82.0.1", refers({{zone, "ns.example.", right}})}, {right, chain}}, Status::loop, "", 24},
    {"the answer to another question", {{"127.82.0.1", refers({{zone, "ns.example.", right}})}, {right, other_question(answers("bad.example."))}}, Status::malformed},
    {"records without AA count when there is nothing else", {{"127.82.0.1", refers({{zone, "ns.example.", right}})}, {right, without_aa(answers("cached.example."))}}, Status::noerror, "cached.example."},
    {"who has authority says more than who has records without", {{"127.82.0.1", refers({{zone, "ns1.example.", right}, {zone, "ns2.example.", other}})}, {right, without_aa(answers("bad.example."))}, {other, answers("good.example.")}}, Status::noerror, "good.example.", 3},
    {"an absence without AA proves nothing", {{"127.82.0.1", refers({{zone, "ns.example.", right}})}, {right, without_aa(absent)}}, Status::lame},
    {"TC, and TC over TCP", {{"127.82.0.1", refers({{zone, "ns.example.", right}})}, {right, [](const dns::Message& query) { auto reply = answers("bad.example.")(query); reply->truncated = true; return reply; }}}, Status::malformed},
    {"a zone deeper each time", {{"127.82.0.1", deeper}}, Status::lame, "", 40},
    {"silence", {{"127.82.0.1", refers({{zone, "ns.example.", right}})}, {right, [](const dns::Message&) { return std::optional<dns::Message>(); }}}, Status::timeout, "", 6},
    {"a silent root", {{"127.82.0.1", [](const dns::Message&) { return std::optional<dns::Message>(); }}}, Status::timeout, "", 5},
    {"addresses where no server can be", {{"127.82.0.1", refers({{zone, "ns1.example.", "0.0.0.0"}, {zone, "ns2.example.", "224.0.0.1"}, {zone, "ns3.example.", "255.255.255.255"}})}}, Status::servfail},
};

TEST_P(HostileServers, end_as_what_they_are) {
  const auto& [story, servers, status, name, at_most] = GetParam();
  const Odd odd(servers);
  const auto bulk = resolver::make_bulk_iterate(options_for(odd.port())).value();
  const auto ended = ask_all(*bulk, {{reverse("1.1.18.198"), ptr}});
  EXPECT_EQ(ended[0].times, 1U);
  EXPECT_EQ(dns::to_word(ended[0].status), dns::to_word(status));
  EXPECT_EQ(ended[0].records, name.empty() ? std::vector<std::string>() : std::vector{name});
  EXPECT_LE(bulk->counts().packets, at_most);
}
INSTANTIATE_TEST_SUITE_P(BulkIterate, HostileServers, testing::ValuesIn(hostile), [](const auto& param) {
  std::string name;
  for (const char c : param.param.story) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
});

/// However many questions, the same few look-ups: what a zone's servers cost is paid once.
TEST(BulkIterate, an_attack_by_referral_is_paid_for_once) {
  const Odd odd({{"127.82.0.1", nxns()}});
  std::vector<Asked> asked;
  for (int i = 0; i < 2000; ++i) asked.push_back({reverse(std::to_string(i % 250) + "." + std::to_string(i / 250) + ".18.198"), ptr});
  const auto bulk = resolver::make_bulk_iterate(options_for(odd.port())).value();
  for (const auto& ended : ask_all(*bulk, asked)) EXPECT_EQ(dns::to_word(ended.status), "servfail");
  EXPECT_LE(bulk->counts().packets, 200U);
}

/// It gets no more packets than it may, however many questions there are, and who asks another server is not held up.
TEST(BulkIterate, a_slow_servers_turn_is_waited_for) {
  const Odd odd({{"127.82.0.1", refers({{below, "ns.example.", right}})}, {right, answers("good.example.")}});
  auto options = options_for(odd.port());
  options.server_rate = 100;
  options.window = 64;
  const auto bulk = resolver::make_bulk_iterate(options).value();
  std::vector<Asked> asked;
  for (int i = 0; i < 100; ++i) asked.push_back({reverse(std::to_string(i) + ".1.18.198"), ptr});
  const auto begun = bulk->now();
  for (const auto& ended : ask_all(*bulk, asked)) EXPECT_EQ(dns::to_word(ended.status), "noerror");
  EXPECT_GE(bulk->now() - begun, base::Milliseconds{900});  // 100 packets at 100 a second: no less, however fast the machine
  EXPECT_EQ(bulk->counts().retries, 0U);
}

/// More of them than there are connections: they wait for one, and nobody is asked again.
TEST(BulkIterate, truncated_replies_wait_for_a_connection) {
  const Served served(internet);
  std::vector<Asked> asked;
  for (int i = 1; i < 250; ++i) asked.push_back({reverse(std::to_string(i) + ".8.18.198"), ptr});
  auto options = options_for(served.port());
  options.patience = base::Milliseconds{1500};
  const auto bulk = resolver::make_bulk_iterate(options).value();
  for (const auto& ended : ask_all(*bulk, asked)) EXPECT_TRUE(dns::is_definite(ended.status)) << dns::to_word(ended.status);
  EXPECT_GE(bulk->counts().tcp, asked.size());
  EXPECT_EQ(bulk->counts().retries, 0U);
}

/// A caller that stays away for longer than any patience, or a machine that stands still: what came meanwhile was in time.
TEST(BulkIterate, time_in_which_nobody_listened_is_nobodys_silence) {
  const Odd odd({{"127.82.0.1", refers({{"in-addr.arpa.", "ns1.example.", right}})}, {right, refers({{below, "ns.in-addr.arpa.", other}})}, {other, answers("good.example.")}});
  auto options = options_for(odd.port());
  options.patience = base::Milliseconds{40};
  const auto bulk = resolver::make_bulk_iterate(options).value();
  for (int i = 0; i < 40; ++i) {
    const auto name = dns::Name::parse(reverse(std::to_string(i) + ".1.18.198")).value();
    bulk->ask({name, ptr}, static_cast<std::uint64_t>(i), bulk->now() + options.patience);
  }
  std::vector<std::string> ended;
  const auto deliver = [&](std::uint64_t, dns::Reply& reply) { ended.emplace_back(dns::to_word(reply.status)); };
  while (!bulk->idle()) {
    bulk->turn(deliver);
    for (const auto back = base::steady_now() + options.patience * 2; base::steady_now() < back;) std::this_thread::yield();
  }
  EXPECT_EQ(ended, std::vector<std::string>(40, "noerror"));
  EXPECT_EQ(bulk->counts().retries, 0U);
}

/// Who stands behind another has waited for what that one waits for, but only as long as it stood there.
TEST(BulkIterate, nobody_has_waited_for_longer_than_it_was_there) {
  const Odd odd({{"127.82.0.1", refers({{below, "ns.example.", right}})}, {right, answers("good.example.")}});
  auto options = options_for(odd.port());
  options.server_rate = 50;
  const auto bulk = resolver::make_bulk_iterate(options).value();
  std::vector<base::SteadyTime> asked;
  const auto ask = [&](const std::string& name) {
    asked.push_back(bulk->now());
    bulk->ask({dns::Name::parse(reverse(name + ".1.18.198")).value(), ptr}, asked.size() - 1, bulk->now() + base::Seconds{10});
  };
  std::size_t ended = 0;
  const auto deliver = [&](std::uint64_t token, dns::Reply& reply) {
    ++ended;
    EXPECT_EQ(dns::to_word(reply.status), "noerror");
    EXPECT_LE(bulk->waited(), bulk->now() - asked[token]) << token;
  };
  for (int i = 0; i < 40; ++i) ask(std::to_string(i));
  ask("first.deeper");  // it comes last, and leads the way to "deeper"
  while (ended < 30) bulk->turn(deliver);
  for (int i = 0; i < 5; ++i) ask(std::to_string(i) + ".deeper");
  while (!bulk->idle()) bulk->turn(deliver);
  EXPECT_EQ(ended, 46U);
}

TEST(BulkIterate, who_asks_another_server_is_not_held_up) {
  const Odd odd({{"127.82.0.1", [](const dns::Message& query) {
                    const bool first = query.questions.front().name.is_within(dns::Name::parse(below).value());
                    return first ? refers({{below, "ns.example.", right}})(query) : refers({{"2.18.198.in-addr.arpa.", "ns2.example.", other}})(query);
                  }}, {right, answers("good.example.")}, {other, answers("good.example.")}});
  auto options = options_for(odd.port());
  options.server_rate = 50;
  options.window = 64;
  const auto bulk = resolver::make_bulk_iterate(options).value();
  const auto ask = [&](int number, const char* block) {
    bulk->ask({dns::Name::parse(reverse(std::to_string(number) + block)).value(), ptr}, static_cast<std::uint64_t>(number), bulk->now() + base::Seconds{10});
  };
  std::vector<std::uint64_t> order;
  const auto deliver = [&](std::uint64_t token, dns::Reply&) { order.push_back(token); };
  int next = 0;
  while (next < 110 && order.size() < 30) {
    for (; next < 110 && bulk->room() > 0; ++next) ask(next, next < 100 ? ".1.18.198" : ".2.18.198");
    bulk->turn(deliver);
  }
  while (!bulk->idle()) bulk->turn(deliver);
  ASSERT_EQ(order.size(), 110U);
  // More wait for the slow one than a window holds; the last ten, for the other, are among the first all the same.
  const auto last = std::ranges::find_if(order.rbegin(), order.rend(), [](auto token) { return token >= 100; });
  EXPECT_LT(order.rend() - last, 60);
}

}  // namespace
}  // namespace fcrdns
