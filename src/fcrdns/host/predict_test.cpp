// Ways out by configuration and kernel: each case a kernel as text, one client, and what is to come of it, a line per path.
#include "fcrdns/host/predict.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "fcrdns/host/played_kernel.hpp"

namespace fcrdns::host {
namespace {

net::Address address(std::string_view text) { return net::Address::parse(text).value(); }

constexpr std::string_view both = R"(
address eth0 203.0.113.5/24
address eth0 203.0.113.6/24
address eth0 2001:db8:12:34::1/64
address eth0 2001:db8:12:34::2/64
source 0.0.0.0/0 203.0.113.5 eth0
source ::/0 2001:db8:12:34::2 eth0
)";
constexpr std::string_view only_v4 = "address eth0 203.0.113.5/24\nsource 0.0.0.0/0 203.0.113.5 eth0\n";
constexpr std::string_view unique_local = R"(
address eth0 172.22.1.253/24
address eth0 fd4d:6169::fe/64
source 0.0.0.0/0 172.22.1.253 eth0
source ::/0 fd4d:6169::fe eth0
)";

const Destination receiver{.domain = "receiver.example",
                           .exchanges = {{"mx1.receiver.example", 10, {address("192.0.2.25"), address("2001:db8:ffff::25")}}}};
const Destination v4_before_v6{.domain = "receiver.example", .exchanges = {{"mx1.receiver.example", 10, {address("192.0.2.25")}},
                                                                          {"mx2.receiver.example", 20, {address("2001:db8:ffff::25")}}}};
const Destination no_mail{.domain = "receiver.example", .trouble = "it takes no mail"};

Client client(Order order = Order::random, Families families = Families::both) {
  Client out{.name = "smtp"};
  out.order.value = order;
  out.families.value = families;
  out.families.origin = Origin{"/etc/main.cf", 3, "inet_protocols = x"};
  out.helo.value = "mail.example.com";
  return out;
}
Client bound(std::vector<std::string_view> binds, IfAbsent if_absent = IfAbsent::leaves_unbound, bool by_turns = false) {
  auto out = client();
  for (const auto bind : binds) out.bind.push_back({address(bind), Origin{"/etc/main.cf", 7, "bind"}});
  out.if_absent = if_absent;
  out.bind_by_turns = by_turns;
  return out;
}
Client following(Order order, Follows follows) {
  auto out = client(order);
  out.follows = follows;
  return out;
}

/// "v6 by_chance 2001:db8::2 bound ignored=...", or "v4 never: why"
std::string line(const Path& path) {
  std::string out = (path.family == net::Family::v6 ? "v6 " : "v4 ") + std::string(to_word(path.turn));
  if (path.turn == Turn::never) return out + ": " + path.why_never;
  out += " " + path.source->text();
  if (path.bound) out += " bound";
  if (path.bind_ignored) out += " not " + path.bind_ignored->value.text();
  return out;
}

struct Case {
  std::string_view what, kernel;
  Client client;
  Destination destination;
  std::vector<std::string> paths;
};

const Case cases[] = {
    {"by chance", both, client(), receiver, {"v6 by_chance 2001:db8:12:34::2", "v4 by_chance 203.0.113.5"}},
    {"v4 first", both, client(Order::v4_first), receiver, {"v6 after_refusal 2001:db8:12:34::2", "v4 first 203.0.113.5"}},
    {"v6 first, the other only when unreachable", both, following(Order::v6_first, Follows::no_connection), receiver,
     {"v6 first 2001:db8:12:34::2", "v4 when_unreachable 203.0.113.5"}},
    {"v6 first, and never the other", both, following(Order::v6_first, Follows::never), receiver,
     {"v6 first 2001:db8:12:34::2", "v4 never: the other family comes first, and no other is tried for the same mail"}},
    {"the resolver lists v6 first", both, client(Order::as_resolved), receiver, {"v6 first 2001:db8:12:34::2", "v4 after_refusal 203.0.113.5"}},
    {"but not with a unique local source", unique_local, client(Order::as_resolved), receiver, {"v6 after_refusal fd4d:6169::fe", "v4 first 172.22.1.253"}},
    {"v4 only", both, client(Order::random, Families::v4), receiver, {"v6 never: inet_protocols = x (/etc/main.cf:3)", "v4 always 203.0.113.5"}},
    {"v6 only", both, client(Order::random, Families::v6), receiver, {"v6 always 2001:db8:12:34::2", "v4 never: inet_protocols = x (/etc/main.cf:3)"}},
    {"no IPv6 here", only_v4, client(), receiver, {"v6 never: Network is unreachable", "v4 always 203.0.113.5"}},
    {"the exchanges' preference stands above the family's order", both, client(Order::v6_first), v4_before_v6,
     {"v6 after_refusal 2001:db8:12:34::2", "v4 first 203.0.113.5"}},
    {"takes no mail", both, client(), no_mail, {"v6 never: it takes no mail", "v4 never: it takes no mail"}},
    {"bound", both, bound({"203.0.113.6", "2001:db8:12:34::1"}), receiver, {"v6 by_chance 2001:db8:12:34::1 bound", "v4 by_chance 203.0.113.6 bound"}},
    {"bound in one family", both, bound({"203.0.113.6"}), receiver, {"v6 by_chance 2001:db8:12:34::2", "v4 by_chance 203.0.113.6 bound"}},
    {"bound to what is not there", both, bound({"203.0.113.99"}), receiver, {"v6 by_chance 2001:db8:12:34::2", "v4 by_chance 203.0.113.5 not 203.0.113.99"}},
    {"the same, enforced", both, bound({"203.0.113.99"}, IfAbsent::fails), receiver,
     {"v6 always 2001:db8:12:34::2", "v4 never: its bind address 203.0.113.99 is not on this machine"}},
    {"by turns", both, bound({"203.0.113.6", "203.0.113.5", "203.0.113.99"}, IfAbsent::fails, true), receiver,
     {"v6 by_chance 2001:db8:12:34::2", "v4 by_chance 203.0.113.6 bound", "v4 by_chance 203.0.113.5 bound",
      "v4 never: its bind address 203.0.113.99 is not on this machine"}},
};

TEST(Predict, SaysFamilyTurnAndSource) {
  for (const auto& one : cases) {
    SCOPED_TRACE(one.what);
    const auto kernel = parse_played_kernel(one.kernel);
    ASSERT_TRUE(kernel) << kernel.error().message;
    Mta mta;
    mta.clients = {one.client};
    mta.routes = {{.client = "smtp"}};
    std::vector<std::string> lines;
    for (const auto& path : predict(mta, **kernel, {one.destination})) {
      lines.push_back(line(path));
      EXPECT_EQ(path.helo, "mail.example.com");
    }
    EXPECT_EQ(lines, one.paths);
  }
}

TEST(Predict, FollowsTheRouteOfTheDomain) {
  const auto kernel = parse_played_kernel(both);
  Mta mta;
  mta.clients = {client(), client(Order::v4_first)};
  mta.clients[1].name = "relay";
  mta.routes = {{Route::Of::recipient, "local.example", "", {}, {}},
                {Route::Of::recipient, "receiver.example", "relay", Relay{"relay.example.net", 25, false}, {}},
                {.client = "smtp"}};
  const auto relayed = predict(mta, **kernel, {receiver});
  EXPECT_TRUE(relayed[0].via_relay);
  EXPECT_EQ(relayed[0].client, "relay");
  const auto local = predict(mta, **kernel, {{.domain = "local.example"}});
  EXPECT_EQ(line(local[0]), "v6 never: its mail does not leave this machine");
}

}  // namespace
}  // namespace fcrdns::host
