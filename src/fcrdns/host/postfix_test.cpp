#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "fcrdns/host/change.hpp"
#include "fcrdns/host/mta.hpp"
#include "fcrdns/host/postfix_edit.hpp"
#include "fcrdns/host/postfix_lines.hpp"
#include "fcrdns/host/postfix_table.hpp"

namespace fs = std::filesystem;

namespace fcrdns::host {
namespace {

constexpr const char* services = "smtp unix - - n - - smtp\nrelay unix - - n - - smtp\nlocal unix - n n - - local\n";

class PostfixFiles : public ::testing::Test {
 protected:
  PostfixFiles() { put("/var/log/mail.log", ""); }
  ~PostfixFiles() override { fs::remove_all(root_); }
  void put(const std::string& path, const std::string& text) const {
    fs::create_directories(fs::path(root_ + path).parent_path());
    std::ofstream(root_ + path) << text;
  }
  Mta read(const std::string& main, const std::string& master = services) {
    put("/etc/postfix/main.cf", main);
    put("/etc/postfix/master.cf", master);
    auto all = read_postfix(files_, names_);
    return all.empty() ? Mta{} : all.front();
  }
  static bool tells(const Mta& mta, std::string_view words) {
    return std::ranges::any_of(mta.problems, [&](const std::string& p) { return p.find(words) != std::string::npos; });
  }
  static std::string new_root() {
    std::string name = fs::temp_directory_path() / "fcrdns-postfix-XXXXXX";
    return ::mkdtemp(name.data());
  }

  std::string root_ = new_root();
  Files files_{root_};
  Names names_{"mail.example.com", "", ""};
};

TEST_F(PostfixFiles, NoneIsThere) { EXPECT_TRUE(read_postfix(files_, names_).empty()); }

TEST_F(PostfixFiles, SilentFilesMeanPostfixsOwnValues) {
  const auto mta = read("");
  EXPECT_EQ(mta.problems, std::vector<std::string>{});
  EXPECT_EQ(mta.hostname, "mail.example.com");
  EXPECT_EQ(mta.domain, "mail.example.com");
  EXPECT_EQ(mta.logs, std::vector<std::string>{"/var/log/mail.log"});
  ASSERT_EQ(mta.clients.size(), 2U);
  Client smtp;
  smtp.name = "smtp/unix";
  smtp.helo.value = "mail.example.com";
  EXPECT_EQ(mta.clients.front(), smtp);
  ASSERT_FALSE(mta.routes.empty());
  EXPECT_EQ(mta.routes.back(), (Route{Route::Of::all, "", "smtp/unix", std::nullopt, std::nullopt}));
  EXPECT_EQ(route_for(mta, "mail.example.com", "")->client, "");  // mydestination
}

/// One setting, and what comes of it in the service smtp.
struct ClientRow {
  const char *main, *option;
  Families families;
  Order order;
  const char *v4, *v6;
  IfAbsent if_absent;
  const char* helo;
  std::size_t helo_line;  // 0: by default; of main.cf, or of master.cf with `option`
};
constexpr auto both = Families::both;
constexpr auto any = Order::random;
constexpr auto leaves = IfAbsent::leaves_unbound;
constexpr const char* host = "mail.example.com";
const ClientRow client_rows[] = {
    {"", "", both, any, "", "", leaves, host, 0},
    {"inet_protocols = ipv4", "", Families::v4, any, "", "", leaves, host, 0},
    {"inet_protocols = ipv4, IPV6", "", both, any, "", "", leaves, host, 0},
    {"inet_protocols = ipv6", "", Families::v6, any, "", "", leaves, host, 0},
    {"inet_protocols = ipv4", "inet_protocols=all", both, any, "", "", leaves, host, 0},
    {"", "inet_protocols=ipv4", Families::v4, any, "", "", leaves, host, 0},
    {"smtp_address_preference = ipv4", "", both, Order::v4_first, "", "", leaves, host, 0},
    {"smtp_address_preference = ipv6", "smtp_address_preference=any", both, any, "", "", leaves, host, 0},
    {"smtp_randomize_addresses = no", "", both, Order::v4_first, "", "", leaves, host, 0},
    {"smtp_randomize_addresses = no\nsmtp_host_lookup = native", "", both, Order::as_resolved, "", "", leaves, host, 0},
    {"smtp_bind_address = 192.0.2.1\nsmtp_bind_address6=2001:db8::1", "", both, any, "192.0.2.1", "2001:db8::1", leaves, host, 0},
    {"smtp_bind_address = 192.0.2.1\nsmtp_bind_address_enforce = yes", "", both, any, "192.0.2.1", "", IfAbsent::fails, host, 0},
    {"smtp_bind_address = 192.0.2.1", "smtp_bind_address=192.0.2.2", both, any, "192.0.2.2", "", leaves, host, 0},
    {"smtp_bind_address = 192.0.2.1", "smtp_bind_address=", both, any, "", "", leaves, host, 0},
    {"smtp_bind_address6 = 192.0.2.1", "", both, any, "", "", leaves, host, 0},
    {"inet_interfaces = 192.0.2.1", "", both, any, "192.0.2.1", "", IfAbsent::stops, host, 0},
    {"inet_interfaces = 127.0.0.1, [::1]", "", both, any, "", "", leaves, host, 0},
    {"inet_interfaces = 192.0.2.1, 192.0.2.2, 2001:db8::1", "", both, any, "", "2001:db8::1", IfAbsent::stops, host, 0},
    {"inet_interfaces = loopback-only", "", both, any, "", "", leaves, host, 0},
    {"inet_interfaces = 192.0.2.1\nsmtp_bind_address = 192.0.2.7", "", both, any, "192.0.2.7", "", leaves, host, 0},
    {"\nsmtp_helo_name = out.example.org", "", both, any, "", "", leaves, "out.example.org", 2},
    {"myhostname = a.example.net\nx = y", "", both, any, "", "", leaves, "a.example.net", 1},
    {"myhostname = a.example.net", "myhostname=b.example.net", both, any, "", "", leaves, "b.example.net", 1},
    {"", "smtp_helo_name=x.$mydomain", both, any, "", "", leaves, "x.example.com", 1},
};

TEST_F(PostfixFiles, ClientsAsSet) {
  for (const auto& row : client_rows) {
    const std::string option = row.option;
    const auto mta = read(row.main, "smtp unix - - n - - smtp" + (option.empty() ? "" : " -o " + option) + "\n");
    ASSERT_EQ(mta.clients.size(), 1U) << row.main;
    const auto& client = mta.clients.front();
    const auto shown = std::string(row.main) + " | " + option;
    EXPECT_EQ(client.families.value, row.families) << shown;
    EXPECT_EQ(client.order.value, row.order) << shown;
    std::string v4, v6;
    for (const auto& bind : client.bind) (bind.value.is_v4() ? v4 : v6) = bind.value.text();
    EXPECT_EQ(v4, row.v4) << shown;
    EXPECT_EQ(v6, row.v6) << shown;
    EXPECT_EQ(client.if_absent, row.if_absent) << shown;
    EXPECT_EQ(client.helo.value, row.helo) << shown;
    EXPECT_EQ(client.helo.origin ? client.helo.origin->line : 0, row.helo_line) << shown;
  }
}

TEST_F(PostfixFiles, OptionsAreTakenFromTheLineTheyStandOn) {
  const auto mta = read("", "smtp unix - - n - - smtp\n  -o syslog_name=x\n# -o inet_protocols=all\n\n  -o inet_protocols=ipv4\n");
  const auto* const client = mta.client("smtp/unix");
  ASSERT_NE(client, nullptr);
  EXPECT_EQ(client->families.origin, (Origin{"/etc/postfix/master.cf", 5, "-o inet_protocols=ipv4"}));
}

TEST_F(PostfixFiles, BrokenFilesAreToldByLineAndTheRestIsUsed) {
  struct Row {
    const char *main, *master, *told;
  };
  const Row rows[] = {
      {"a = b\nsmtp_helo_name\n", services, "/etc/postfix/main.cf:2: is not \"name = value\""},
      {" a = b\n", services, "/etc/postfix/main.cf:1: continues no line before it"},
      {"", "smtp unix - - n - - smtp\nbroken unix smtp\n", "/etc/postfix/master.cf:2: is no service"},
      {"", "smtp unix - - n - - smtp\n -o inet_protocols\n", "/etc/postfix/master.cf:2: -o needs name=value"},
      {"", "smtp unix - - n - - smtp -o", "/etc/postfix/master.cf:1: -o without name=value"},
      {"\ninet_protocols = ipv4 # no remark\n", services, "/etc/postfix/main.cf:2: inet_protocols knows no \"#\""},
      {"smtp_bind_address = mail.example.com\n", services, "/etc/postfix/main.cf:1: this is no address"},
      {"smtp_bind_address = 2001:db8::1\n", services, "/etc/postfix/main.cf:1: 2001:db8::1 is of the other family"},
      {"smtp_helo_name = ${x\n", services, "/etc/postfix/main.cf:1: smtp_helo_name: a bracket is not closed"},
      {"smtp_helo_name = $smtp_helo_name\n", services, "leads to itself"},
      {"smtp_helo_name =\n", services, "/etc/postfix/main.cf:1: smtp_helo_name is empty"},
      {"default_transport = slow\n", services, "names the transport \"slow\", which master.cf does not have"},
      {"transport_maps = mysql:/etc/postfix/t.cf\n", services, "/etc/postfix/main.cf:1: mysql:/etc/postfix/t.cf is not read: what is in it no file tells"},
      {"transport_maps = proxy:hash:/etc/postfix/absent\n", services, "/etc/postfix/main.cf:1: proxy:hash:/etc/postfix/absent is not read: its text is missing"},
      {"transport_maps = relative\n", services, "is not read"},
      {"transport_maps = inline:{a}\n", services, "it needs inline:{name=value}"},
      {"fallback_relay = [f.example.net]\nsmtp_fallback_relay = $fallback_relay\n", services, "/etc/postfix/main.cf:2: what cannot be delivered leaves through"},
      {"maillog_file = /dev/stdout\n", services, "names no log file"},
  };
  for (const auto& row : rows) {
    const auto mta = read(row.main, row.master);
    EXPECT_TRUE(tells(mta, row.told)) << row.told << " is not among: " << ::testing::PrintToString(mta.problems);
    EXPECT_NE(mta.client("smtp/unix"), nullptr) << row.told;
    EXPECT_FALSE(mta.routes.empty()) << row.told;
  }
}

TEST_F(PostfixFiles, WhatIsMissingOrHostileIsTold) {
  put("/etc/postfix/main.cf", "myhostname = \x1b[31mred\nmyorigin = /etc/mailname\n");
  put("/etc/mailname", "example.org\nsecond\n");
  const auto all = read_postfix(files_, names_);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all.front().hostname, "\\027[31mred");
  EXPECT_EQ(all.front().domain, "example.org");
  EXPECT_TRUE(tells(all.front(), "/etc/postfix/master.cf is missing"));
  ASSERT_EQ(all.front().clients.size(), 1U);
  EXPECT_EQ(all.front().clients.front().helo.value, "\\027[31mred");
}

TEST_F(PostfixFiles, InstancesAreReadWhereTheyAreSwitchedOn) {
  put("/etc/postfix-out/main.cf", "multi_instance_name = postfix-out\nmulti_instance_enable = yes\nmyhostname = out.example.com\n");
  put("/etc/postfix-out/master.cf", services);
  put("/etc/postfix-off/main.cf", "multi_instance_name = postfix-off\n");
  const auto first = read("multi_instance_directories = /etc/postfix-out, /etc/postfix-off /etc/postfix-none\n");
  const auto all = read_postfix(files_, names_);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].instance, "");
  EXPECT_EQ(all[1].instance, "postfix-out");
  EXPECT_EQ(all[1].config, "/etc/postfix-out");
  EXPECT_EQ(all[1].clients.front().helo.value, "out.example.com");
  EXPECT_TRUE(tells(first, "/etc/postfix-off is switched off"));
  EXPECT_TRUE(tells(first, "/etc/postfix-none holds no main.cf"));
  EXPECT_EQ(read_postfix(files_, names_, "/etc/postfix-out/main.cf").front().instance, "postfix-out");
}

TEST_F(PostfixFiles, VersionLogsAndWhoWroteIt) {
  put("/var/lib/dpkg/status", "Package: postfix-doc\nVersion: 9\n\nPackage: postfix\nStatus: x\nVersion: 3.7.11-0+deb12u1\n\nPackage: z\nVersion: 1\n");
  put("/var/log/mail.log.2.gz", "");
  put("/var/log/mail.log.1", "");
  const auto mta = read("# Ansible managed\nmyhostname = a.example.com\n");
  EXPECT_EQ(mta.version, "3.7.11");
  EXPECT_EQ(mta.generated_by, "Ansible");
  EXPECT_EQ(mta.logs, (std::vector<std::string>{"/var/log/mail.log", "/var/log/mail.log.1", "/var/log/mail.log.2.gz"}));
  const auto change = change_for(mta, {Wish::What::v4_only, {}, {}}, files_);
  ASSERT_TRUE(change);
  EXPECT_TRUE(change->edits.empty());
  EXPECT_TRUE(change->commands.empty());
  EXPECT_NE(change->instead.find("written anew by Ansible"), std::string::npos) << change->instead;
}

TEST_F(PostfixFiles, TablesThatPostmapDidNotFollow) {
  put("/etc/postfix/transport", "example.net smtp:[a.example]\n");
  EXPECT_TRUE(tells(read("transport_maps = hash:/etc/postfix/transport\n"), "has no /etc/postfix/transport.db"));
  put("/etc/postfix/transport.db", "");
  fs::last_write_time(root_ + "/etc/postfix/transport.db", fs::file_time_type::clock::now() - std::chrono::hours(1));
  EXPECT_TRUE(tells(read("transport_maps = hash:/etc/postfix/transport\n"), "was changed after postmap was run"));
  fs::last_write_time(root_ + "/etc/postfix/transport.db", fs::file_time_type::clock::now() + std::chrono::hours(1));
  const auto mta = read("transport_maps = hash:/etc/postfix/transport\n");
  EXPECT_EQ(mta.problems, std::vector<std::string>{});
  const auto* const route = route_for(mta, "example.net", "");
  ASSERT_TRUE(route != nullptr && route->relay);
  EXPECT_EQ(*route->relay, (Relay{"a.example", 25, false}));
  EXPECT_EQ(route->origin, (Origin{"/etc/postfix/transport", 1, "example.net smtp:[a.example]"}));
}

TEST(PostfixRule, StandsForAddressesOrIsNotGuessed) {
  using Patterns = std::vector<std::string>;
  const std::pair<const char*, Patterns> rows[] = {
      {".*", {"*"}}, {".", {"*"}}, {"^.+$", {"*"}}, {"", {"*"}}, {"@example\\.net$", {"@example.net"}}, {"^.*@Example\\.NET$", {"@example.net"}},
      {"[.@]example\\.net$", {"@example.net", ".example.net"}}, {"@(.*\\.)?example\\.net$", {"@example.net", ".example.net"}},
      {"\\.example\\.net$", {".example.net"}}, {"^user@example\\.net$", {"user@example.net"}}, {"^[^@]+@example\\.net$", {"@example.net"}},
      {"example\\.net$", {}}, {"@example.net$", {}}, {"@example\\.net", {}}, {"@(a|b)\\.example$", {}}, {"^x", {}}, {"@example\\.(net|org)$", {}}, {"$", {"*"}},
      {"\\", {}}, {"@$", {}}, {"@a@b$", {}}, {"^@example\\.net$", {}},
  };
  for (const auto& [expression, patterns] : rows) EXPECT_EQ(postfix::addresses_of(expression), patterns) << expression;
}

TEST(PostfixExpression, EndsHoweverItGrows) {
  const postfix::Lookup doubling = [](std::string_view name) -> std::optional<std::string> {
    const auto next = "$" + std::string(1, static_cast<char>(name.front() + 1));
    return name.front() == 'z' ? "end" : next + next;
  };
  EXPECT_NE(postfix::expand("$a", doubling).trouble, "");
  EXPECT_EQ(postfix::expand("$y", doubling).text, "endend");
  const postfix::Lookup long_one = [](std::string_view) { return std::optional(std::string(40'000, 'x')); };
  EXPECT_NE(postfix::expand("$a$a", long_one).trouble, "");
  const postfix::Lookup itself = [](std::string_view) { return std::optional<std::string>("${{$a}=={$a}?{$a}:{$a}}"); };
  EXPECT_NE(postfix::expand("$a", itself).trouble, "");
}

TEST(PostfixEdit, EveryOtherOctetStays) {
  struct Row {
    const char *before, *name, *value, *after;  // value empty: taken away
  };
  const Row mains[] = {
      {"", "a", "1", "a = 1\n"},
      {"b = 2", "a", "1", "b = 2\na = 1\n"},
      {"# a = 0\na=0\n# after\n", "a", "1", "# a = 0\na = 1\n# after\n"},
      {"a = 0\n  more\n# between\n  still\nb = 2\n", "a", "1", "a = 1\n# between\nb = 2\n"},
      {"a = 0\nb = 2\na = 3", "a", "1", "a = 0\nb = 2\na = 1"},
      {"a = 0\nb = 2\r\na = 3\n", "a", "", "b = 2\r\n"},
      {"ab = 0\n", "a", "", "ab = 0\n"},
  };
  for (const auto& row : mains)
    EXPECT_EQ(postfix::with_parameter(row.before, row.name, *row.value ? std::optional<std::string_view>(row.value) : std::nullopt), row.after) << row.before;
  const Row masters[] = {
      {"s unix - - n - - smtp\nt unix - - n - - smtp\n", "a", "1", "s unix - - n - - smtp\n  -o a=1\nt unix - - n - - smtp\n"},
      {"s unix - - n - - smtp", "a", "1", "s unix - - n - - smtp\n  -o a=1\n"},
      {"s unix - - n - - smtp\n\t-o b=2\n# -o a=0\nt unix - - n - - smtp\n", "a", "1", "s unix - - n - - smtp\n\t-o b=2\n\t-o a=1\n# -o a=0\nt unix - - n - - smtp\n"},
      {"s unix - - n - - smtp -o a=0 -o b=2\n", "a", "1", "s unix - - n - - smtp -o a=1 -o b=2\n"},
      {"s unix - - n - - smtp -o {a = 0}\n", "a", "1 2", "s unix - - n - - smtp -o { a=1 2 }\n"},
      {"s unix - - n - - smtp -o\n a=0\n", "a", "1", "s unix - - n - - smtp -o\n a=0\n -o a=1\n"},
      {"s unix - - n - - smtp\n  -o a=0\n  -o b=2\n", "a", "", "s unix - - n - - smtp\n  -o b=2\n"},
      {"s unix - - n - - smtp -o b=2 -o a=0 -v\n", "a", "", "s unix - - n - - smtp -o b=2 -v\n"},
      {"t unix - - n - - smtp\n", "a", "1", "t unix - - n - - smtp\n"},
  };
  for (const auto& row : masters)
    EXPECT_EQ(postfix::with_option(row.before, "s/unix", row.name, *row.value ? std::optional<std::string_view>(row.value) : std::nullopt), row.after) << row.before;
}

TEST_F(PostfixFiles, ChangesNameWhatToPaste) {
  const auto address = net::Address::parse("192.0.2.1").value();
  struct Row {
    const char* main;
    Wish wish;
    std::vector<std::string> clients;
    const char* command;  // empty: nothing to change
  };
  const Row rows[] = {
      {"", {Wish::What::v4_only, {}, {}}, {}, "postconf -P smtp/unix/inet_protocols=ipv4 relay/unix/inet_protocols=ipv4 && postfix reload"},
      {"smtp_address_preference = ipv4\n", {Wish::What::v4_only, {}, {}}, {"smtp/unix"}, "postconf -P smtp/unix/inet_protocols=ipv4 && postfix reload"},
      {"inet_protocols = ipv4\n", {Wish::What::v4_only, {}, {}}, {}, ""},
      {"", {Wish::What::say_helo, "out.example.com.", {}}, {}, "postconf smtp_helo_name=out.example.com && postfix reload"},
      {"", {Wish::What::say_helo, "mail.example.com", {}}, {}, ""},
      {"", {Wish::What::say_helo, "a;reboot", {}}, {}, ""},
      {"", {Wish::What::bind_source, {}, address}, {"smtp/unix"}, "postconf -P smtp/unix/smtp_bind_address=192.0.2.1 && postfix reload"},
      {"smtp_bind_address = 192.0.2.1\n", {Wish::What::bind_source, {}, address}, {}, ""},
      {"smtp_bind_address = 192.0.2.1\n", {Wish::What::unbind, {}, address}, {}, "postconf -X smtp_bind_address && postfix reload"},
      {"inet_interfaces = 192.0.2.1\n", {Wish::What::unbind, {}, address}, {}, ""},
  };
  for (const auto& row : rows) {
    const auto change = change_for(read(row.main), row.wish, files_, row.clients);
    ASSERT_EQ(change.has_value(), *row.command != '\0') << row.main << row.command;
    if (!change) continue;
    EXPECT_EQ(change->commands, std::vector<std::string>{row.command});
    EXPECT_EQ(change->edits.size(), 1U) << row.command;
    EXPECT_EQ(change->reload, (std::vector<std::string>{"postfix", "reload"}));
  }
}

}  // namespace
}  // namespace fcrdns::host
