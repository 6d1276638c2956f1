#include "fcrdns/host/place.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>
#include <utility>

#include "fcrdns/host/place_containers.hpp"
#include "fcrdns/host/place_processes.hpp"
#include "fcrdns/host/place_projects.hpp"
#include "fcrdns/host/played_kernel.hpp"

namespace fcrdns::host {
namespace {

namespace fs = std::filesystem;
const std::string id = "4f1c0dec0de5" + std::string(52, '0');

TEST(ControlGroups, TellTheContainer) {
  const std::pair<std::string, GroupName> rows[] = {
      {"", {}},
      {"0::/system.slice/postfix@-.service\n", {}},
      {"0::/user.slice/user-1000.slice/session-2.scope\n", {}},
      {"0::/system.slice/docker-" + id + ".scope\n", {id, ""}},
      {"12:pids:/docker/" + id + "\n11:cpu:/docker/" + id + "\n", {id, ""}},
      {"0::/machine.slice/libpod-" + id + ".scope/container\n", {id, ""}},
      {"0::/machine.slice/libpod-conmon-" + id + ".scope\n", {}},
      {"0::/kubepods.slice/kubepods-besteffort.slice/cri-containerd-" + id + ".scope\n", {id, ""}},
      {"0::/lxc.payload.mail/system.slice/postfix.service\n", {"", "mail"}},
      {"4:cpu:/lxc/mail/init.scope\n", {"", "mail"}},
      {"0::/machine.slice/machine-mail.scope/payload\n", {"", "mail"}},
      {"0::/machine.slice/systemd-nspawn@mail.service/payload\n", {"", "mail"}},
      {"0::/lxc.payload.\x1b[2J/x\n", {"", "\\027[2J"}},
      {"0::/docker-" + id.substr(1) + ".scope\n", {}},
  };
  for (const auto& [text, name] : rows) EXPECT_EQ(parse_group(text), name) << text;
}

TEST(Containers, AsTheDaemonTells) {
  const auto told = parse_containers(R"([{"Id":")" + id + R"(","Names":["/mail-postfix-1","/x/y"],"Labels":{"com.docker.compose.service":"postfix",
      "com.docker.compose.project.working_dir":"/opt/mail"}},{"Id":"short"},{"Id":7},3,{"Id":")" + id + R"(","Names":[7],"Labels":null}])");
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0], (Container{id, "mail-postfix-1", "postfix", "/opt/mail", ""}));
  EXPECT_EQ(told[1], (Container{id, "", "", "", ""}));
  for (const auto& text : {std::string(), std::string("{}"), std::string("nonsense"), std::string(100'000, '[')}) EXPECT_TRUE(parse_containers(text).empty());

  const std::pair<const char*, bool> words[] = {{"mail-postfix-1", true}, {"postfix", true}, {"4f1c0dec0de5", true}, {"4f1", true},
                                                {"4f", false}, {"mail", false}, {"", false}, {"4f1c0dec0de6", false}};
  for (const auto& [word, called] : words) EXPECT_EQ(is_called(told[0], word), called) << word;
}

TEST(Containers, FirstProcess) {
  const std::pair<const char*, std::optional<int>> rows[] = {{R"({"State":{"Pid":4711}})", 4711}, {R"({"State":{"Pid":0}})", std::nullopt},
                                                             {R"({"State":{"Pid":-1}})", std::nullopt}, {R"({"State":{"Pid":99999999999}})", std::nullopt},
                                                             {R"({"State":7})", std::nullopt}, {R"({})", std::nullopt}, {R"([])", std::nullopt}};
  for (const auto& [text, pid] : rows) EXPECT_EQ(parse_first_process(text), pid) << text;
}

TEST(MailServers, ByNameAndCommandLine) {
  struct Row {
    const char* name;
    std::vector<std::string_view> arguments;
    bool is;
  };
  const Row rows[] = {
      {"master", {"/usr/lib/postfix/sbin/master", "-w"}, true},
      {"master", {"/usr/bin/salt-master"}, false},
      {"exim4", {"/usr/sbin/exim4", "-bd", "-q30m"}, true},
      {"smtpd", {"/usr/sbin/smtpd"}, true},
      {"sendmail-mta", {"sendmail: MTA: accepting connections"}, true},
      {"sendmail", {"/usr/sbin/sendmail", "-t"}, false},
      {"node", {"/usr/bin/node", "/usr/bin/haraka", "-c", "/etc/haraka"}, true},
      {"node", {"/usr/bin/node", "server.js"}, false},
      {"stalwart", {"/usr/local/bin/stalwart"}, true},
      {"smtp", {"smtp", "-t", "unix"}, false},
      {"exim4", {}, false},
  };
  for (const auto& row : rows) EXPECT_EQ(is_mail_server(row.name, row.arguments), row.is) << row.name;
}

TEST(Projects, Settings) {
  const auto values = parse_environment("# x=1\nA=1\r\n B = 'two' \nC=\"three\"\nA=4\n=5\nnothing\n");
  const std::map<std::string, std::string, std::less<>> expected{{"A", "4"}, {"B", "two"}, {"C", "three"}, {"", "5"}};
  EXPECT_EQ(values, expected);
  const char* compose = "services:\n  mailserver:\n    image: ghcr.io/docker-mailserver/docker-mailserver:latest\n    volumes:\n"
                        "      - ./docker-data/dms/mail-state/:/var/mail-state/\n      - \"./dms/config/:/tmp/docker-mailserver/:ro\"\n";
  EXPECT_TRUE(uses_image(compose, "docker-mailserver"));
  EXPECT_FALSE(uses_image("# image: docker-mailserver\n", "docker-mailserver"));
  EXPECT_EQ(mounted_at(compose, "/tmp/docker-mailserver"), "./dms/config/");
  EXPECT_EQ(mounted_at(compose, "/tmp/docker"), "");
}

/// A machine of files: its root, and a /proc beside it.
class Played : public testing::Test {
 protected:
  void write(const std::string& path, const std::string& text) {
    fs::create_directories(fs::path(top_ + path).parent_path());
    std::ofstream(top_ + path) << text;
  }
  struct Spaces {
    std::string net = "1", mnt = "1", pids = "1";
  };
  void process(const std::string& pid, const std::string& name, const std::string& line, const Spaces& spaces, const std::string& group = "0::/\n",
               const std::string& parent = "1") {
    const auto at = "/proc/" + pid;
    write(at + "/comm", name + "\n");
    write(at + "/cmdline", line);
    write(at + "/status", "Name:\t" + name + "\nPPid:\t" + parent + "\n");
    write(at + "/cgroup", group);
    fs::create_directories(top_ + at + "/ns");
    if (spaces.net.empty()) return;
    fs::create_symlink("net:[" + spaces.net + "]", top_ + at + "/ns/net");
    fs::create_symlink("mnt:[" + spaces.mnt + "]", top_ + at + "/ns/mnt");
    fs::create_symlink("pid:[" + spaces.pids + "]", top_ + at + "/ns/pid");
  }
  void SetUp() override {
    process("self", "doctor", "doctor", {});
    fs::create_directories(root());
  }
  void TearDown() override { fs::remove_all(top_); }
  [[nodiscard]] std::string proc() const { return top_ + "/proc"; }
  [[nodiscard]] std::string root() const { return top_ + "/root"; }
  [[nodiscard]] std::vector<Place> places() const { return find_places(proc(), root()); }

  std::string top_ = testing::TempDir() + "fcrdns-place-" + std::to_string(::getpid());
};

TEST_F(Played, NothingIsThere) { EXPECT_TRUE(places().empty()); }

TEST_F(Played, OnlyAConfiguration) {
  write("/root/etc/postfix/main.cf", "");
  EXPECT_EQ(places(), (std::vector<Place>{{.root = root()}}));
}

TEST_F(Played, OnTheMachineWithAMountNamespaceOfItsOwn) {  // PrivateTmp=
  process("20", "master", "/usr/lib/postfix/sbin/master", {.mnt = "7"}, "0::/system.slice/postfix.service\n");
  process("21", "smtpd", "smtpd", {.mnt = "7"}, "0::/system.slice/postfix.service\n", "20");  // its child
  process("30", "exim4", "/usr/sbin/exim4", {});
  EXPECT_EQ(places(), (std::vector<Place>{{.pid = 20, .root = root()}}));
}

TEST_F(Played, InAContainerThatNobodyNames) {
  process("40", "master", "/usr/lib/postfix/sbin/master", {"2", "2", "2"}, "0::/system.slice/docker-" + id + ".scope\n");
  process("41", "master", "/usr/lib/postfix/sbin/master", {"2", "2", "2"}, "0::/system.slice/docker-" + id + ".scope\n");
  EXPECT_EQ(places(), (std::vector<Place>{{.container = "4f1c0dec0de5", .pid = 40, .own_network = true, .root = proc() + "/40/root"}}));
}

TEST_F(Played, InAContainerWithTheNetworkOfTheMachine) {
  process("40", "exim", "exim -bd", {"1", "2", "2"}, "0::/system.slice/docker-" + id + ".scope\n");
  const auto found = places();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].container, "4f1c0dec0de5");
  EXPECT_FALSE(found[0].own_network);
}

TEST_F(Played, WhatThisUserMayNotLookAt) {
  process("20", "master", "/usr/lib/postfix/sbin/master", {"", "", ""}, "0::/system.slice/postfix.service\n");
  process("40", "master", "/usr/lib/postfix/sbin/master", {"", "", ""}, "0::/lxc.payload.mail/x\n");
  const auto found = places();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_TRUE(found[0].assumed && !found[0].hidden && found[0].container.empty());
  EXPECT_TRUE(found[1].hidden && !found[1].assumed);
  EXPECT_EQ(found[1].container, "mail");
}

TEST_F(Played, ContainersByWhatPeopleCallThem) {
  process("39", "sh", "sh", {"2", "2", "2"}, "0::/system.slice/docker-" + id + ".scope\n");
  process("40", "master", "/usr/lib/postfix/sbin/master", {"2", "2", "2"}, "0::/system.slice/docker-" + id + ".scope\n");
  process("50", "sh", "sh", {"3", "3", "3"}, "0::/lxc.payload.other/x\n");
  const std::pair<const char*, int> rows[] = {{"4f1c0dec0de5", 40}, {"4f1c", 40}, {"39", 40}, {"other", 50}, {"50", 50}};
  for (const auto& [word, pid] : rows) {
    const auto place = find_container(word, proc(), root());
    ASSERT_TRUE(place) << word << place.error().message;
    EXPECT_EQ(place->pid, pid) << word;
  }
  const auto none = find_container("a\x1b[2J", proc(), root());
  ASSERT_FALSE(none);
  EXPECT_TRUE(none.error().message.starts_with("no container called a\\027[2J is running")) << none.error().message;
}

/// A daemon that answers what it is told to, until its end.
class Daemon {
 public:
  Daemon(const std::string& path, std::map<std::string, std::string> answers) : answers_(std::move(answers)), fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(fd_, 8) != 0) std::abort();
    thread_ = std::jthread([this] { serve(); });
  }
  ~Daemon() { ::shutdown(fd_, SHUT_RDWR), thread_.join(), ::close(fd_); }

 private:
  void serve() {
    for (int one = 0; (one = ::accept(fd_, nullptr, nullptr)) >= 0; ::close(one)) {
      std::string request(4096, '\0');
      request.resize(static_cast<std::size_t>(std::max<ssize_t>(::recv(one, request.data(), request.size(), 0), 0)));
      const auto target = request.substr(4, request.find(' ', 4) - 4);
      const auto found = answers_.find(target);
      const auto body = found == answers_.end() ? "{}" : found->second;
      const auto reply = std::string("HTTP/1.1 ") + (found == answers_.end() ? "404 Not Found" : "200 OK") +
                         "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
      (void)!::send(one, reply.data(), reply.size(), MSG_NOSIGNAL);
    }
  }
  std::map<std::string, std::string> answers_;
  int fd_;
  std::jthread thread_;
};

TEST_F(Played, AContainerThatADaemonNames) {
  const auto other = std::string(64, 'a');
  process("40", "master", "/usr/lib/postfix/sbin/master", {"2", "2", "2"});  // a control group namespace hides the id
  process("50", "sh", "sh", {"3", "3", "3"});
  write("/root/opt/mail/mailcow.conf", "MAILCOW_HOSTNAME=mail.example.com\nENABLE_IPV6=true\nSNAT6_TO_SOURCE=2001:db8::2\n");
  fs::create_directories(root() + "/run");
  const Daemon docker(root() + "/run/docker.sock",
                      {{"/containers/json", R"([{"Id":")" + other + R"(","Names":["/web"]},{"Id":")" + id +
                                                R"(","Names":["/mail-postfix-1"],"Labels":{"com.docker.compose.service":"postfix","com.docker.compose.project.working_dir":"/opt/mail"}}])"},
                       {"/containers/" + id + "/json", R"({"State":{"Pid":40}})"},
                       {"/containers/" + other + "/json", R"({"State":{"Pid":50}})"}});
  const auto found = places();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].container, "mail-postfix-1");
  ASSERT_TRUE(found[0].project);
  EXPECT_EQ(found[0].project->name, "mailcow");
  EXPECT_EQ(found[0].project->v4_only, "ENABLE_IPV6=false");
  EXPECT_EQ(found[0].project->v4_only_file, "/opt/mail/mailcow.conf");
  EXPECT_EQ(found[0].project->sources, std::vector{net::Address::parse("2001:db8::2").value()});
  for (const auto* word : {"mail-postfix-1", "postfix", "4f1c0d"}) EXPECT_EQ(find_container(word, proc(), root()).value(), found[0]) << word;
  EXPECT_EQ(find_container("web", proc(), root()).value().pid, 50);
}

TEST_F(Played, ProjectsByTheirFiles) {
  write("/root/opt/mailcow-dockerized/mailcow.conf", "MAILCOW_HOSTNAME=mail.example.com\n");
  write("/root/srv/dms/compose.yaml", "services:\n  m:\n    image: mailserver/docker-mailserver:12\n");
  write("/root/mailu/mailu.env", "HOSTNAMES=mail.example.com\n");
  write("/root/mailu/overrides/postfix/x", "");
  write("/root/srv/web/compose.yaml", "services:\n  m:\n    image: nginx\n");
  struct Row {
    const char *folder, *name, *v4_only, *file;
  };
  const Row rows[] = {
      {"", "mailcow", "inet_protocols = ipv4", "/opt/mailcow-dockerized/data/conf/postfix/extra.cf"},  // before 2025-09
      {"/srv/dms/", "docker-mailserver", "smtp/unix/inet_protocols=ipv4", "/srv/dms/docker-data/dms/config/postfix-master.cf"},
      {"/mailu", "Mailu", "inet_protocols = ipv4", "/mailu/overrides/postfix/postfix.cf"},
  };
  Files files(root());
  for (const auto& row : rows) {
    const auto project = find_project(files, row.folder);
    ASSERT_TRUE(project) << row.folder;
    EXPECT_EQ(project->name, row.name);
    EXPECT_EQ(project->v4_only, row.v4_only);
    EXPECT_EQ(project->v4_only_file, row.file);
  }
  EXPECT_FALSE(find_project(files, "/srv/web"));
}

TEST_F(Played, WhatTranslates) {
  auto kernel = std::move(parse_played_kernel("source 0.0.0.0/0 203.0.113.5 eth0\nsource ::/0 2001:db8:12:34::1 eth0\n"
                                              "nat 172.22.1.0/24 203.0.113.9 eth1\nnat 172.22.1.0/24 masquerade\n"
                                              "nat 172.23.0.0/16 masquerade conditional\nnat fd4d::/64 2001:db8:12:34::2\n").value());
  write("/root/.dockerenv", "");
  write("/root/proc/net/ip_tables_names", "filter\nnat\n");
  Files files(root());
  const auto outside = look_outside(files, *kernel);
  EXPECT_TRUE(outside.in_container);
  EXPECT_EQ(outside.translations.size(), 4U);
  EXPECT_EQ(outside.nat.size(), 5U);
  EXPECT_EQ(outside.nat.back(), "a nat table of iptables-legacy, whose rules are not read here");

  struct Row {
    const char *source, *to, *seen;
  };
  const Row rows[] = {
      {"172.22.1.253", "192.0.2.1", "203.0.113.5"},   // the first rule is of another interface
      {"172.23.0.2", "192.0.2.1", ""},                // under conditions: not told
      {"10.0.0.2", "192.0.2.1", ""},
      {"fd4d::fe", "2001:db8:ffff::1", "2001:db8:12:34::2"},
  };
  for (const auto& row : rows) {
    const auto seen = translate(outside.translations, *kernel, *net::Address::parse(row.source), *net::Address::parse(row.to));
    EXPECT_EQ(seen ? seen->address.text() : "", row.seen) << row.source;
  }
}

TEST_F(Played, TranslationThatMayNotBeSeen) {
  auto kernel = std::move(parse_played_kernel("nat hidden\n").value());
  Files files(root());
  const auto outside = look_outside(files, *kernel);
  EXPECT_FALSE(outside.in_container);
  EXPECT_EQ(outside.nat_unseen, "NAT is told to root only: sudo");
}

}  // namespace
}  // namespace fcrdns::host
