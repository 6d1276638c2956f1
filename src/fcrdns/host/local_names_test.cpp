#include "fcrdns/host/local_names.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <utility>

#include "fcrdns/host/local_names_files.hpp"

namespace fcrdns::host {
namespace {

using Strings = std::vector<std::string>;

net::Address address_of(std::string_view text) { return net::Address::parse(text).value(); }

TEST(Hosts, Lines) {
  struct Row {
    std::string text;
    std::vector<HostsLine> lines;
    Strings problems;
  };
  const Row rows[] = {
      {"", {}, {}},
      {"203.0.113.5 mail.example.com mail\n", {{address_of("203.0.113.5"), {"mail.example.com", "mail"}, 1}}, {}},
      {"203.0.113.5 mail", {{address_of("203.0.113.5"), {"mail"}, 1}}, {}},
      {"\xef\xbb\xbf" "203.0.113.5 mail\r\n", {{address_of("203.0.113.5"), {"mail"}, 1}}, {}},
      {"# comment\n\n  \t203.0.113.5\tMAIL.Example.com # behind\n", {{address_of("203.0.113.5"), {"mail.example.com"}, 3}}, {}},
      {"2001:db8::1 mail\nfe80::1%lo0 link\n", {{address_of("2001:db8::1"), {"mail"}, 1}, {address_of("fe80::1"), {"link"}, 2}}, {}},
      {"203.0.113.5 a\x1b[31m\n", {{address_of("203.0.113.5"), {"a\\027[31m"}, 1}}, {}},
      {"203.0.113.5\n", {}, {"/etc/hosts:1: no name behind 203.0.113.5"}},
      {"\n203.0.113.256 mail\n203.0.113.5 mail\n", {{address_of("203.0.113.5"), {"mail"}, 3}},
       {"/etc/hosts:2: \"203.0.113.256\": each number of an IPv4 address is at most 255"}},
  };
  for (const auto& row : rows) {
    const auto hosts = parse_hosts(row.text);
    EXPECT_EQ(hosts.lines, row.lines) << row.text;
    EXPECT_EQ(hosts.problems, row.problems) << row.text;
  }
}

TEST(Hosts, IsBounded) {
  std::string many, bad;
  for (int i = 0; i < 20'000; ++i) many += "203.0.113.5 a\n", bad += "x\n";
  EXPECT_EQ(parse_hosts(many).lines.size(), 10'000U);
  EXPECT_EQ(parse_hosts(bad).problems.size(), 100U);
  std::string wide = "203.0.113.5";
  for (int i = 0; i < 1000; ++i) wide += " a";
  EXPECT_EQ(parse_hosts(wide).lines.at(0).names.size(), 256U);
}

TEST(Hosts, Writers) {
  const std::pair<const char*, const char*> rows[] = {
      {"127.0.0.1 localhost\n", ""},
      {"# Your system has configured 'manage_etc_hosts' as True.\n127.0.1.1 a\n", "cloud-init (manage_etc_hosts)"},
      {"127.0.0.1 localhost\n# --- BEGIN PVE ---\n192.0.2.1 ct\n# --- END PVE ---\n", "the hypervisor (Proxmox)"},
      {"# Kubernetes-managed hosts file.\n", "Kubernetes"},
  };
  for (const auto& [text, who] : rows) EXPECT_EQ(writer_of_hosts(text), who) << text;
}

TEST(ResolvConf, Servers) {
  struct Row {
    std::string text;
    Strings servers;
    std::size_t line;
    Strings problems;
  };
  const Row rows[] = {
      {"", {}, 0, {}},
      {"# a stub\nnameserver 127.0.0.53\noptions edns0 trust-ad\nsearch example.com\n", {"127.0.0.53:53"}, 2, {}},
      {"nameserver 192.0.2.53\r\nnameserver 2001:db8::53\nnameserver fe80::1%eth0\n", {"192.0.2.53:53", "[2001:db8::53]:53", "[fe80::1]:53"}, 1, {}},
      {"; comment\nnameserver 192.0.2.1 # behind\n", {"192.0.2.1:53"}, 2, {}},
      {"nameserver\n", {}, 0, {"/etc/resolv.conf:1: no address behind nameserver"}},
      {"nameservers 192.0.2.1\n", {}, 0, {}},
  };
  for (const auto& row : rows) {
    const auto resolvers = parse_resolv_conf(row.text);
    Strings servers;
    for (const auto& server : resolvers.servers) servers.push_back(server.text());
    EXPECT_EQ(servers, row.servers) << row.text;
    EXPECT_EQ(resolvers.line, row.line) << row.text;
    EXPECT_EQ(resolvers.problems, row.problems) << row.text;
  }
}

TEST(Nsswitch, WhetherFilesComeFirst) {
  const std::pair<const char*, bool> rows[] = {
      {"", true},
      {"passwd: files\n", true},
      {"hosts: files dns\n", true},
      {"hosts:files dns\n", true},
      {"hosts:          files mdns4_minimal [NOTFOUND=return] dns\n", true},
      {"hosts: mdns4_minimal files dns\n", true},
      {"hosts: dns files\n", false},
      {"hosts: resolve [!UNAVAIL=return] files dns\n", false},
      {"hosts: mymachines files myhostname\n", true},
      {"hosts: dns\n", false},
      {"# hosts: dns\nhosts: files\n", true},
  };
  for (const auto& [text, first] : rows) EXPECT_EQ(asks_files_first(text), first) << text;
}

TEST(CloudConfig, WhetherItManagesHosts) {
  const std::pair<const char*, bool> rows[] = {{"manage_etc_hosts: true\n", true}, {"manage_etc_hosts: localhost\n", true}, {"manage_etc_hosts: false\n", false},
                                               {"# manage_etc_hosts: true\n", false}, {"preserve_hostname: true\n", false}};
  for (const auto& [text, managed] : rows) EXPECT_EQ(manages_hosts(text), managed) << text;
}

/// Files below a folder of its own, gone at the end.
class LocalNamesOf : public testing::Test {
 protected:
  LocalNames read(const std::map<std::string, std::string>& files, std::string_view hostname) {
    for (const auto& [path, text] : files) {
      const auto full = root_ + path;
      std::filesystem::create_directories(std::filesystem::path(full).parent_path());
      std::ofstream(full) << text;
    }
    Files below(root_);
    return read_local_names(below, hostname);
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  std::string root_ = testing::TempDir() + "fcrdns-local-names-" + std::to_string(::getpid());
};

TEST_F(LocalNamesOf, AMachine) {
  const auto local = read({{"/etc/hosts", "127.0.0.1 localhost\n127.0.1.1 mail.example.com mail\n203.0.113.5 mail.example.com\nx\n"},
                           {"/etc/resolv.conf", "nameserver 192.0.2.53\n"},
                           {"/etc/nsswitch.conf", "hosts: dns files\n"},
                           {"/etc/mailname", "example.com\n"}},
                          "mail");
  EXPECT_EQ(local.names.hostname, "mail");
  EXPECT_EQ(local.names.fqdn, "mail.example.com");
  EXPECT_EQ(local.names.mailname, "example.com");
  EXPECT_FALSE(local.hosts_before_dns);
  EXPECT_EQ(local.resolvers_line, 1U);
  EXPECT_EQ(local.problems.size(), 1U);
  EXPECT_EQ(lines_about(local, "MAIL.example.com.").size(), 2U);
  EXPECT_EQ(lines_about(local, "other.example.com").size(), 0U);
  ASSERT_EQ(lines_about(local, address_of("203.0.113.5")).size(), 1U);
  EXPECT_EQ(lines_about(local, address_of("203.0.113.5"))[0].line, 3U);
  EXPECT_EQ(local.hosts_written_by, "");
}

TEST_F(LocalNamesOf, AMachineWithoutFiles) {
  const auto local = read({}, "mail");
  EXPECT_EQ(local.names.fqdn, "");
  EXPECT_TRUE(local.hosts_before_dns);
  EXPECT_TRUE(local.hosts.empty() && local.resolvers.empty() && local.problems.empty());
}

TEST_F(LocalNamesOf, WhoWritesHosts) {
  EXPECT_EQ(read({{"/etc/hosts", "127.0.0.1 localhost\n"}, {"/etc/cloud/cloud.cfg", "manage_etc_hosts: true\n"}}, "mail").hosts_written_by,
            "cloud-init (manage_etc_hosts)");
  EXPECT_EQ(read({{"/etc/cloud/cloud.cfg.d/99-mine.cfg", "manage_etc_hosts: false\n"}}, "mail").hosts_written_by, "");
  EXPECT_EQ(read({{"/.dockerenv", ""}}, "mail").hosts_written_by, "docker");
}

}  // namespace
}  // namespace fcrdns::host
