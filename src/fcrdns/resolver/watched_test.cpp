// Who answers when the root servers can, cannot, or can almost not be reached.
#include "fcrdns/resolver/watched.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "fcrdns/resolver/odd_server_test.hpp"
#include "fcrdns/resolver/options.hpp"

namespace fcrdns::resolver {
namespace {

using base::Milliseconds;
using dns::Status;
using Authority = Resolver::Authority;

dns::Question ptr_question() { return {*dns::Name::parse("5.113.0.203.in-addr.arpa."), dns::Type::ptr}; }
std::vector<Said> good(const Heard& h) {
  return {say(h, reply_to(h, {"5.113.0.203.in-addr.arpa. 3600 PTR mail.example.com."}))};
}
std::vector<Said> silent(const Heard&) { return {}; }
std::vector<Said> refuses(const Heard& h) { return {say(h, reply_to(h, dns::Rcode::refused))}; }
std::vector<Said> root(const Heard& h) {
  auto reply = reply_to(h, {". 60 NS a.root-servers.net."});
  reply.authoritative = true;
  return {say(h, reply)};
}
std::vector<Said> not_authoritative(const Heard& h) { return {say(h, reply_to(h, {". 60 NS a.root-servers.net."}))}; }
Script late(Script script, Milliseconds after) {
  return [=](const Heard& h) {
    auto replies = script(h);
    for (auto& said : replies) said.after = after;
    return replies;
  };
}

/// The part of recursion is played by a given resolver: only its outcome matters here.
struct Row {
  const char* name;
  Script recursion;
  std::vector<Script> roots;                  // an empty one: nobody there
  Script system;                              // empty: no system resolver
  Status status;
  Authority authority;
  Milliseconds deadline{400};
  std::string detail{};
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

const std::vector<Row>& rows() {
  static const std::vector<Row> table{
      {"recursion_answers", good, {root}, refuses, Status::noerror, Authority::reachable},
      {"recursion_answers_before_the_probe", good, {silent}, refuses, Status::noerror, Authority::reachable},
      {"slow_recursion_while_a_root_answers", late(good, Milliseconds{100}), {root, silent}, refuses,
       Status::noerror, Authority::reachable},
      {"trouble_while_roots_answer", refuses, {silent, root}, good, Status::refused, Authority::reachable},
      {"port_53_is_caught_by_one_who_refuses", silent, {refuses, refuses}, good,
       Status::noerror, Authority::unreachable},
      {"port_53_is_caught_by_a_resolver", silent, {not_authoritative}, good, Status::noerror, Authority::unreachable},
      {"all_roots_silent", silent, {silent, silent}, good, Status::noerror, Authority::unreachable},
      {"all_roots_gone", silent, {Script(), Script()}, good, Status::noerror, Authority::unreachable},
      {"recursion_in_trouble_before_the_probe_ends", refuses, {silent}, good, Status::noerror, Authority::unreachable},
      {"no_roots", silent, {}, good, Status::noerror, Authority::unreachable},
      {"system_in_trouble_too", silent, {silent}, refuses, Status::refused, Authority::unreachable},
      {"no_system_resolver", silent, {silent}, Script(),
       Status::unreachable, Authority::unreachable, Milliseconds{400}, "names no resolver"},
      {"nobody_answers_in_time", silent, {root}, good, Status::timeout, Authority::reachable, Milliseconds{100}},
  };
  return table;
}

class Watching : public testing::TestWithParam<Row> {};

TEST_P(Watching, ends_as_it_should) {
  const auto& row = GetParam();
  transport::Loop loop;
  std::vector<std::unique_ptr<OddServer>> servers;
  const auto endpoint = [&](const Script& script) {
    if (!script) return nobody();
    return servers.emplace_back(std::make_unique<OddServer>(loop, script))->endpoint();
  };
  const auto resolver = [&](const Script& script) {
    return std::make_unique<Given>(loop, script ? std::vector{endpoint(script)} : std::vector<net::Endpoint>());
  };
  std::vector<net::Endpoint> roots;
  for (const auto& script : row.roots) roots.push_back(endpoint(script));
  Watched watched(loop, {.recursion = resolver(row.recursion), .roots = roots, .system = resolver(row.system)});
  EXPECT_EQ(watched.authority(), Authority::not_asked);

  std::vector<Answer> answers;
  // The second question is asked when the first is answered: it finds the matter settled.
  watched.ask(ptr_question(), loop.now() + row.deadline, [&](Answer a) {
    answers.push_back(std::move(a));
    watched.ask(ptr_question(), loop.now() + row.deadline, [&](Answer b) { answers.push_back(std::move(b)); });
  });
  while (answers.size() < 2) ASSERT_TRUE(watched.wait(Milliseconds{2000}));
  EXPECT_EQ(watched.authority(), row.authority);
  for (const auto& answer : answers) {
    EXPECT_EQ(dns::to_word(answer.status), dns::to_word(row.status));
    EXPECT_NE(answer.detail.find(row.detail), std::string::npos) << answer.detail;
    EXPECT_LE(answer.answered - answer.asked, row.deadline + Milliseconds{1000});
  }
}

INSTANTIATE_TEST_SUITE_P(resolver, Watching, testing::ValuesIn(rows()),
                         [](const auto& param) { return std::string(param.param.name); });

TEST(Watched, the_trace_shows_the_recursion_that_was_given_up) {
  transport::Loop loop;
  OddServer root(loop, silent), system(loop, good);
  Watched watched(loop, {.recursion = std::make_unique<Given>(loop, std::vector{root.endpoint()}),
                         .roots = {root.endpoint()},
                         .system = std::make_unique<Given>(loop, std::vector{system.endpoint()})});
  std::optional<Answer> answer;
  watched.ask(ptr_question(), loop.now() + Milliseconds{200}, [&](Answer a) { answer = std::move(a); });
  ASSERT_TRUE(watched.wait(Milliseconds{1000}));
  ASSERT_EQ(answer->attempts.size(), 2U);
  EXPECT_EQ(answer->attempts[0].server, "built-in recursion");
  EXPECT_EQ(answer->attempts[0].outcome, "given up");
  EXPECT_EQ(answer->attempts[1].outcome, "noerror");
}

TEST(ResolvConf, names_up_to_three_resolvers) {
  const auto* text =
      "# nameserver 192.0.2.1\nsearch example.com\n nameserver\t192.0.2.2\nnameserver fe80::1%eth0\n"
      "nameserver 2001:db8::53\noptions edns0\nnameserver\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n";
  const auto texts = [&](std::optional<net::Family> family) {
    std::string all;
    for (const auto& endpoint : parse_resolv_conf(text, family)) all += endpoint.text() + " ";
    return all;
  };
  EXPECT_EQ(texts({}), "192.0.2.2:53 [2001:db8::53]:53 192.0.2.3:53 ");
  EXPECT_EQ(texts(net::Family::v6), "[2001:db8::53]:53 ");
  EXPECT_TRUE(parse_resolv_conf("", {}).empty());
}

TEST(ChooseRoots, takes_three_of_each_family) {
  std::vector<net::Address> servers;
  for (std::uint8_t i = 0; i < 13; ++i) {
    servers.push_back(net::Address::v4({192, 0, 2, i}));
    servers.push_back(net::Address::v6({0x20, 1, 0xd, 0xb8, i}));
  }
  EXPECT_EQ(choose_roots(servers, {}, base::secure_random()).size(), 6U);
  EXPECT_EQ(choose_roots(servers, net::Family::v6, base::secure_random()).size(), 3U);
  EXPECT_EQ(choose_roots({servers[0]}, {}, base::secure_random()).size(), 1U);
}

// ---- make_resolver -------------------------------------------------------------------------------------------------

TEST(MakeResolver, takes_what_the_options_say_or_says_why_not) {
  Options options;
  transport::Loop loop;
  options.resolvers = {nobody()};
  const auto given = make_resolver(options, loop);
  ASSERT_TRUE(given);
  std::optional<Answer> answer;
  (*given)->ask(ptr_question(), (*given)->now() + Milliseconds{500}, [&](Answer a) { answer = std::move(a); });
  ASSERT_TRUE((*given)->wait(Milliseconds{1000}));
  EXPECT_EQ(answer->status, Status::unreachable);
  EXPECT_EQ((*given)->authority(), Authority::not_asked);

  options.transport = net::Family::v6;
  EXPECT_FALSE(make_resolver(options, loop));
  Options hints;
  hints.root_hints = "/nonexistent/hints";
  const auto failed = make_resolver(hints, loop);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("/nonexistent/hints"), std::string::npos);
}

TEST(MakeResolver, built_in_recursion_gives_way_where_no_root_can_be_reached) {
  // A root that no packet can be sent to.
  const std::string folder = testing::TempDir();
  const auto hints = folder + "fcrdns_hints", resolv_conf = folder + "fcrdns_resolv_conf";
  std::ofstream(hints) << ". 60 NS a.\na. 60 A 255.255.255.255\n";
  std::ofstream(resolv_conf) << "search example.com\n";
  Options options;
  options.root_hints = hints;
  options.resolv_conf = resolv_conf;
  transport::Loop loop;
  const auto resolver = make_resolver(options, loop);
  ASSERT_TRUE(resolver) << resolver.error().message;
  std::optional<Answer> answer;
  (*resolver)->ask(ptr_question(), (*resolver)->now() + Milliseconds{2000}, [&](Answer a) { answer = std::move(a); });
  ASSERT_TRUE((*resolver)->wait(Milliseconds{3000}));
  EXPECT_EQ(answer->status, Status::unreachable);
  EXPECT_EQ((*resolver)->authority(), Authority::unreachable);
  for (const auto& file : {hints, resolv_conf}) std::filesystem::remove(file);
}

}  // namespace
}  // namespace fcrdns::resolver
