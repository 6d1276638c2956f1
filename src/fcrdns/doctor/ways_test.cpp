// From answers to destinations, from paths to ways, and what receivers see of each.
#include "fcrdns/doctor/ways.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "fcrdns/host/played_kernel.hpp"

namespace fcrdns::doctor {
namespace {

using dns::Status;
using dns::Type;

net::Address address(std::string_view text) { return net::Address::parse(text).value(); }
dns::Name name(std::string_view text) { return dns::Name::parse(text).value(); }

struct Row {
  std::string_view owner;
  Type type;
  std::vector<std::string_view> data;  ///< "10 mx.example.net." or addresses; empty: nothing there
  Status status = Status::noerror;
};

Answers answers_of(const std::vector<Row>& rows) {
  Answers out;
  for (const auto& row : rows) {
    resolver::Answer answer;
    answer.status = row.status == Status::noerror && row.data.empty() ? Status::nodata : row.status;
    for (const auto data : row.data) answer.records.push_back({name(row.owner), row.type, dns::Class::in, 60, dns::parse_rdata(row.type, data, {}).value()});
    out.emplace(key_of(name(row.owner), row.type), std::move(answer));
  }
  return out;
}

host::Mta mta(std::optional<host::Relay> relay = {}) {
  host::Mta out;
  out.hostname = out.domain = "mail.example.com";
  host::Client client{.name = "smtp"};
  client.helo.value = "mail.example.com";
  out.clients = {client};
  out.routes = {{host::Route::Of::recipient, "local.example", "", {}, {}}, {.client = "smtp", .relay = std::move(relay)}};
  return out;
}

std::string line(const host::Destination& destination) {
  std::string out = destination.domain + ":";
  for (const auto& exchange : destination.exchanges) {
    out += " " + (exchange.stands_in ? "any" : exchange.name) + "/" + std::to_string(exchange.preference);
    for (const auto& one : exchange.addresses) out += "," + (exchange.stands_in ? std::string(host::to_text(one.family())) : one.text());
  }
  return destination.trouble.empty() ? out : out + " " + destination.trouble;
}

struct Case {
  std::string_view domain;
  std::optional<host::Relay> relay;
  std::string_view destination;
};

const Case cases[] = {
    {"plain.example", {}, "plain.example: mx1.plain.example/10,2001:db8::1,192.0.2.1 mx2.plain.example/20,192.0.2.2"},
    {"nomx.example", {}, "nomx.example: nomx.example/0,192.0.2.3"},
    {"null.example", {}, "null.example: it takes no mail (null MX, RFC 7505)"},
    {"open.example", {}, "open.example: any/0,IPv6 any/0,IPv4 its MX could not be asked (timeout)"},
    {"half.example", {}, "half.example: mx.half.example/10,192.0.2.4 any/10,IPv6 its AAAA could not be asked (servfail)"},
    {"gone.example", {}, "gone.example: there is no such name (nxdomain)"},
    {"empty.example", {}, "empty.example: it has neither MX nor address"},
    {"local.example", host::Relay{"[relay.example]", 25, false}, "local.example:"},
    {"gone.example", host::Relay{"[relay.example]", 587, false}, "gone.example: relay.example/0,198.51.100.7"},
    {"gone.example", host::Relay{"plain.example", 25, true}, "gone.example: mx1.plain.example/10,2001:db8::1,192.0.2.1 mx2.plain.example/20,192.0.2.2"},
    {"gone.example", host::Relay{"[192.0.2.99]", 25, false}, "gone.example: 192.0.2.99/0,192.0.2.99"},
    {"gone.example", host::Relay{"inner", 25, false}, "gone.example: inner/0,10.0.0.7"},
};

const std::vector<Row> world = {
    {"plain.example", Type::mx, {"20 mx2.plain.example.", "10 mx1.plain.example."}},
    {"mx1.plain.example", Type::a, {"192.0.2.1"}}, {"mx1.plain.example", Type::aaaa, {"2001:db8::1"}},
    {"mx2.plain.example", Type::a, {"192.0.2.2"}}, {"mx2.plain.example", Type::aaaa, {}},
    {"nomx.example", Type::mx, {}}, {"nomx.example", Type::a, {"192.0.2.3"}}, {"nomx.example", Type::aaaa, {}},
    {"null.example", Type::mx, {"0 ."}},
    {"open.example", Type::mx, {}, Status::timeout},
    {"half.example", Type::mx, {"10 mx.half.example."}},
    {"mx.half.example", Type::a, {"192.0.2.4"}}, {"mx.half.example", Type::aaaa, {}, Status::servfail},
    {"gone.example", Type::mx, {}, Status::nxdomain}, {"gone.example", Type::a, {}, Status::nxdomain}, {"gone.example", Type::aaaa, {}, Status::nxdomain},
    {"empty.example", Type::mx, {}}, {"empty.example", Type::a, {}}, {"empty.example", Type::aaaa, {}},
    {"relay.example", Type::a, {"198.51.100.7"}}, {"relay.example", Type::aaaa, {}},
    {"inner", Type::a, {}, Status::nxdomain}, {"inner", Type::aaaa, {}, Status::nxdomain},
    {"mail.example.com", Type::a, {"203.0.113.5"}}, {"mail.example.com", Type::aaaa, {"2001:db8:1::1"}},
};

TEST(Destinations, AreWhatTheAnswersSay) {
  host::LocalNames local;
  local.hosts = {{address("10.0.0.7"), {"inner"}, 4}};
  const auto all = answers_of(world);
  for (const auto& one : cases) {
    SCOPED_TRACE(one.destination);
    Answers answers;
    const AskAll ask = [&](const std::vector<dns::Question>& questions, Answers& to) {
      for (const auto& question : questions) {
        const auto found = all.find(key_of(question.name, question.type));
        ASSERT_NE(found, all.end()) << question.name.text();
        to.insert(*found);
      }
    };
    const auto destinations = destinations_of(mta(one.relay), "", {std::string(one.domain)}, local, ask, answers);
    EXPECT_EQ(line(destinations.front()), one.destination);
  }
}

constexpr std::string_view kernel_text = R"(
address eth0 172.22.1.253/24
address eth0 2001:db8:1::2/64
source 0.0.0.0/0 172.22.1.253 eth0
source ::/0 2001:db8:1::2 eth0
)";

/// The two ways of a host with a private IPv4 source and a public IPv6 one.
std::vector<WayOut> two_ways() {
  const auto kernel = host::parse_played_kernel(kernel_text);
  const host::Destination a{.domain = "a.example", .exchanges = {{"mx.a.example", 10, {address("192.0.2.1"), address("2001:db8::1")}}}};
  auto b = a;
  b.domain = "b.example";
  std::vector<WayOut> ways;
  join(ways, host::predict(mta(), **kernel, {a, b}), 0);
  return ways;
}

TEST(Ways, ThatDifferInTheDestinationAloneAreOne) {
  const auto ways = two_ways();
  ASSERT_EQ(ways.size(), 2U);
  for (const auto& way : ways) EXPECT_EQ(way.destinations, (std::vector<std::string>{"a.example", "b.example"}));
}

TEST(Ways, WhatReceiversSeeComesFromTheSurestSource) {
  struct Seen {
    std::string_view what;
    std::vector<std::string_view> given, quoted;
    bool dns = true;
    std::string_view v6, v4;
    std::string_view translated = "";
  };
  const Seen rows[] = {
      {"assumed by HELO", {}, {}, true, "2001:db8:1::2 interface", "203.0.113.5 helo"},
      {"not known", {}, {}, false, "2001:db8:1::2 interface", "- none"},
      {"quoted in bounces", {}, {"203.0.113.77"}, true, "2001:db8:1::2 interface", "203.0.113.77 bounces"},
      {"a quoted private address says nothing", {}, {"10.1.2.3"}, true, "2001:db8:1::2 interface", "203.0.113.5 helo"},
      {"translated by this host", {}, {}, true, "2001:db8:1::2 interface", "203.0.113.66 nat", "203.0.113.66"},
      {"translated, to what yet another will translate", {}, {}, true, "2001:db8:1::2 interface", "203.0.113.5 helo", "192.168.1.2"},
      {"bounces have seen it", {}, {"203.0.113.77"}, true, "2001:db8:1::2 interface", "203.0.113.77 bounces", "203.0.113.66"},
      {"a public source, translated all the same", {}, {}, true, "2001:db8:1::3 nat", "203.0.113.5 helo", "2001:db8:1::3"},
      {"given", {"203.0.113.88", "2001:db8:9::9"}, {"203.0.113.77"}, true, "2001:db8:9::9 option", "203.0.113.88 option"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    Machine machine;
    std::vector<net::Address> given;
    for (const auto text : row.given) given.push_back(address(text));
    for (const auto text : row.quoted) machine.quoted.push_back({address(text), 41, base::WallTime{}});
    auto ways = two_ways();
    std::vector<std::string> lines;
    for (auto& way : ways) {
      if (!row.translated.empty() && address(row.translated).family() == way.path.family) way.translated = address(row.translated);
      look_from_outside(way, machine, given, row.dns ? answers_of(world) : Answers());
      lines.push_back((way.outside ? way.outside->text() : "-") + " " + std::string(finding::to_word(way.known_from)));
    }
    EXPECT_EQ(lines, (std::vector<std::string>{std::string(row.v6), std::string(row.v4)}));
  }
}

TEST(Ways, HostsFileIsHeldAgainstTheDns) {
  Machine machine;
  machine.senders = {mta()};
  machine.local.hosts_written_by = "cloud-init";
  machine.local.hosts = {{address("127.0.1.1"), {"mail.example.com", "mail"}, 3}, {address("2001:db8:1::1"), {"mail.example.com"}, 4}};
  const auto found = contradictions(machine, two_ways(), answers_of(world), {});
  ASSERT_EQ(found.size(), 1U);  // the second line is right
  EXPECT_EQ(found[0], (finding::Contradiction{"mail.example.com", {"127.0.1.1"}, {"203.0.113.5"}, "/etc/hosts:3, written by cloud-init"}));
}

TEST(Ways, TheSystemsResolverIsHeldAgainstTheDns) {
  Machine machine;
  machine.senders = {mta()};
  machine.local.resolvers = {{address("192.0.2.53"), 53}};
  machine.local.resolvers_line = 2;
  const auto lines = [&](std::vector<std::string_view> a, Status status = Status::noerror) {
    std::string out;
    for (const auto& one : contradictions(machine, two_ways(), answers_of(world), {}, answers_of({{"mail.example.com", Type::a, std::move(a), status}})))
      out += one.name + " " + (one.local.empty() ? "none" : one.local.front()) + " by " + one.where;
    return out;
  };
  EXPECT_EQ(lines({"203.0.113.5"}), "");
  EXPECT_EQ(lines({"10.0.0.5"}), "mail.example.com 10.0.0.5 by the resolver 192.0.2.53 (/etc/resolv.conf:2)");
  EXPECT_EQ(lines({}), "mail.example.com none by the resolver 192.0.2.53 (/etc/resolv.conf:2)");
  EXPECT_EQ(lines({}, Status::servfail), "");  // trouble contradicts nobody
}

TEST(Ways, MailFromIsTheDomainThatCanHaveAPolicy) {
  auto sender = mta();
  EXPECT_EQ(mail_from_of(sender, "me@example.org"), "me@example.org");
  EXPECT_EQ(mail_from_of(sender, ""), "postmaster@mail.example.com");
  sender.domain = "localhost";
  EXPECT_EQ(mail_from_of(sender, ""), "postmaster@mail.example.com");
  sender.hostname = "mail";
  EXPECT_EQ(mail_from_of(sender, ""), "");
}

}  // namespace
}  // namespace fcrdns::doctor
