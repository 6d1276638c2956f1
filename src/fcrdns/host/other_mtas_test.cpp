// Haraka and Stalwart, of which files tell only a part.
#include "fcrdns/host/mta_in_test.hpp"

namespace fcrdns::host {
namespace {

Tree haraka(const Tree& more) {
  Tree tree{{"/etc/haraka/config/smtp.ini", ""}, {"/etc/haraka/config/plugins", ""}};
  for (const auto& [name, content] : more) tree["/etc/haraka/config/" + name] = content;
  return tree;
}
Tree stalwart(const char* text) { return {{"/opt/stalwart/etc/config.toml", text}}; }
const std::string unseen = "! Stalwart keeps settings in its database, too: what stands there was not seen\n";

TEST(Haraka, Files) {
  const ReadCase cases[] = {
      {"nothing set", haraka({}), "haraka out of out\noutbound: both, as resolved HELO out\nall -> outbound\n"},
      {"its name, its domains, a family first", haraka({{"me", "h.example.org\n"}, {"host_list", "# mine\nexample.org\n"}, {"outbound.ini", "; x\ninet_prefer=v4\n"}}),
       "haraka h.example.org of h.example.org\noutbound: both, v4 first HELO h.example.org\nto example.org -> stays\nall -> outbound\n"},
      {"AAAA first", haraka({{"outbound.ini", "ipv6_enabled=true\n"}}), "haraka out of out\noutbound: both, v6 first HELO out\nall -> outbound\n"},
      {"everything to another", haraka({{"plugins", "queue/smtp_forward\n"}, {"smtp_forward.ini", "enable_outbound=true\nhost=relay.example.com\nport=587\n"}}),
       "haraka out of out\noutbound: both, as resolved HELO out\nall -> outbound via relay.example.com:587\n"},
      {"some domains to another", haraka({{"plugins", "relay\n"}, {"relay_dest_domains.ini", "[domains]\na.test={\"action\":\"continue\",\"nexthop\":\"127.0.0.2:2525\"}\n"}}),
       "haraka out of out\noutbound: both, as resolved HELO out\nto a.test -> outbound via 127.0.0.2:2525\nall -> outbound\n"},
      {"a plugin that may choose", haraka({{"plugins", "\nmy_outbound_ip\n"}}),
       "haraka out of out\noutbound: both, as resolved HELO out\nall -> outbound\n"
       "! /etc/haraka/config/plugins:2: the plugin my_outbound_ip may choose source address and HELO for each mail: not read\n"},
      {"not there", {{"/etc/haraka/config/me", "x"}}, "none\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const Machine machine(c.tree);
    auto files = machine.files();
    EXPECT_EQ(as_text(read_haraka(files, names_in_test)), c.read);
  }
}

TEST(Stalwart, File) {
  struct Case {
    const char *what, *text;
    std::string read;
  };
  const Case cases[] = {
      {"nothing set", "", "stalwart out.example.org of out.example.org\ndefault: both, v4 first HELO out.example.org\nall -> default\n" + unseen},
      {"up to 0.12", "[server]\nhostname = \"m.example.org\"\n[queue.outbound]\nip-strategy = \"ipv4_only\"\nnext-hop = \"'out'\"\n[queue.outbound.source-ip]\nv4 = [\"192.0.2.1\", \"192.0.2.2\"]\n"
                     "[remote.out]\naddress = \"relay.example.com\"\nport = 587\n",
       "stalwart m.example.org of m.example.org\ndefault: v4, v4 first [192.0.2.1] [192.0.2.2] by turns HELO m.example.org\nall -> default via relay.example.com:587\n" + unseen},
      {"from 0.13 on", "server.hostname = \"m.example.org\"\nqueue.strategy.connection = \"'bulk'\"\n[queue.connection.bulk]\nehlo-hostname = \"b.example.org\"\nsource-ips = [\"2001:db8::1\"]\n",
       "stalwart m.example.org of m.example.org\ndefault: both, v4 first HELO m.example.org\nbulk: both, v4 first [2001:db8::1] HELO b.example.org\nall -> bulk\n" + unseen},
      {"by an expression", "[queue.outbound]\nip-strategy = [ { if = \"retry_num == 0\", then = \"ipv6_only\" }, { else = \"ipv4_only\" } ]\n",
       "stalwart out.example.org of out.example.org\ndefault: both, v4 first HELO out.example.org\nall -> default\n"
       "! /opt/stalwart/etc/config.toml:2: queue.outbound.ip-strategy is chosen for each mail: not read\n" + unseen},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const Machine machine(stalwart(c.text));
    auto files = machine.files();
    EXPECT_EQ(as_text(read_stalwart(files, names_in_test)), c.read);
  }
  const Machine broken(stalwart("[server\nx = "));
  auto files = broken.files();
  const auto mta = read_stalwart(files, names_in_test);
  ASSERT_TRUE(mta && mta->problems.size() == 1);
  EXPECT_TRUE(mta->problems[0].starts_with("/opt/stalwart/etc/config.toml:1: ")) << mta->problems[0];
}

}  // namespace
}  // namespace fcrdns::host
