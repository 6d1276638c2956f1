#include "fcrdns/host/mta_in_test.hpp"

namespace fcrdns::host {
namespace {

/// A small configuration: options of the main part, of the router, of the transport.
Tree small(const std::string& main, const std::string& router, const std::string& transport) {
  return {{"/etc/exim4/exim4.conf", "domainlist local_domains = @ : example.org\n" + main + "\nbegin routers\nout:\n  driver = dnslookup\n"
                                    "  domains = ! +local_domains\n  transport = smtp\n" + router + "home:\n  driver = accept\n  transport = box\n"
                                    "begin transports\nsmtp:\n  driver = smtp\n" + transport + "box:\n  driver = appendfile\n"}};
}
constexpr const char* local_routes = "to out.example.org -> stays\nto example.org -> stays\n";

TEST(Exim, OptionsOfTheWayOut) {
  struct Case {
    const char *what, *main, *router, *transport, *client;
  };
  const Case cases[] = {
      {"nothing set", "", "", "", "smtp: both, v6 first HELO out.example.org"},
      {"primary_hostname", "primary_hostname = a.example.net", "", "", "smtp: both, v6 first HELO a.example.net"},
      {"a name for HELO", "", "", "  helo_data = h.example.org\n", "smtp: both, v6 first HELO h.example.org"},
      {"in quotes", "", "", "  helo_data = \"h.example.org\"\n", "smtp: both, v6 first HELO h.example.org"},
      {"of a variable", "primary_hostname = a.example.net", "", "  helo_data = x.${primary_hostname}\n", "smtp: both, v6 first HELO x.a.example.net"},
      {"of the active host name", "smtp_active_hostname = act.example.org", "", "  helo_data = $smtp_active_hostname\n", "smtp: both, v6 first HELO act.example.org"},
      {"of the source", "", "", "  helo_data = ${lookup dnsdb{ptr=$sending_ip_address}}\n",
       "smtp: both, v6 first HELO (${lookup dnsdb{ptr=$sending_ip_address}})"},
      {"nothing at all in HELO", "", "", "  helo_data =\n", "smtp: both, v6 first HELO (an empty helo_data)"},
      {"one interface", "", "", "  interface = 192.0.2.2\n", "smtp: both, v6 first [192.0.2.2] HELO out.example.org"},
      {"colons doubled", "", "", "  interface = 192.0.2.2 : 2001::db8::::2\n", "smtp: both, v6 first [192.0.2.2] [2001:db8::2] HELO out.example.org"},
      {"another separator", "", "", "  interface = <; 192.0.2.2 ; 2001:db8::2\n", "smtp: both, v6 first [192.0.2.2] [2001:db8::2] HELO out.example.org"},
      {"no IPv6", "disable_ipv6 = true", "", "", "smtp: v4, v6 first HELO out.example.org"},
      {"no IPv6, a switch", "disable_ipv6", "", "", "smtp: v4, v6 first HELO out.example.org"},
      {"IPv6, a switch", "no_disable_ipv6", "", "", "smtp: both, v6 first HELO out.example.org"},
      {"no AAAA", "dns_ipv4_lookup = *", "", "", "smtp: v4, v6 first HELO out.example.org"},
      {"no AAAA of some", "dns_ipv4_lookup = *.example.net", "", "", "smtp: both, v6 first HELO out.example.org"},
      {"router: A only", "", "  ipv4_only = true\n", "", "smtp: v4, v6 first HELO out.example.org"},
      {"router: A only, not", "", "  ipv4_only = no\n", "", "smtp: both, v6 first HELO out.example.org"},
      {"router: A first", "", "  ipv4_prefer = 1\n", "", "smtp: both, v4 first HELO out.example.org"},
      {"router: no IPv6", "", "  ignore_target_hosts = <; 127.0.0.1 ; ::/0\n", "", "smtp: v4, v6 first HELO out.example.org"},
      {"router: no IPv4", "", "  ignore_target_hosts = 0.0.0.0/0\n", "", "smtp: v6, v6 first HELO out.example.org"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const Machine machine(small(c.main, c.router, c.transport));
    auto files = machine.files();
    const auto mta = read_exim(files, names_in_test);
    ASSERT_TRUE(mta);
    const auto name = mta->hostname;
    auto routes = std::string(local_routes);
    routes.replace(3, 15, name);
    EXPECT_EQ(as_text(mta), fmt::format("exim {0} of {0}\n{1}\n{2}all -> smtp\n", name, c.client, routes));
  }
}

TEST(Exim, LinesMacrosAndConditions) {
  const ReadCase cases[] = {
      {"a macro, changed, in another's text",
       small("A = h.example.org\nB = x.A\nA == g.example.org", "", "  helo_data = B\n"),
       "exim out.example.org of out.example.org\nsmtp: both, v6 first HELO x.h.example.org\nto out.example.org -> stays\nto example.org -> stays\nall -> smtp\n"},
      {"conditions, one in another",
       small("X = 1\n.ifdef X\n.ifdef Y\nprimary_hostname = a.test\n.elifndef Z\nprimary_hostname = b.test\n.else\nprimary_hostname = c.test\n.endif\n.endif\n"
             ".ifndef X\nprimary_hostname = d.test\n.else\nqualify_domain = e.test\n.endif", "", ""),
       "exim b.test of e.test\nsmtp: both, v6 first HELO b.test\nto b.test -> stays\nto example.org -> stays\nall -> smtp\n"},
      {"a line that goes on over a comment", small("primary_hostname = a.\\\n   # comment\n   test", "", ""),
       "exim a.test of a.test\nsmtp: both, v6 first HELO a.test\nto a.test -> stays\nto example.org -> stays\nall -> smtp\n"},
      {"inclusions", [] {
         auto tree = small(".include /etc/exim4/more\n.include_if_exists /etc/exim4/none\n.include /etc/exim4/gone", "", "");
         tree["/etc/exim4/more"] = "primary_hostname = more.test\n";
         return tree;
       }(),
       "exim more.test of more.test\nsmtp: both, v6 first HELO more.test\nto more.test -> stays\nto example.org -> stays\nall -> smtp\n"
       "! /etc/exim4/exim4.conf:4: /etc/exim4/gone is missing\n"},
      {"what is broken", small("A = 1\nA = 2\nB == 3\n.endif\n.ifdef A", "", ""),
       "exim out.example.org of out.example.org\nsmtp: both, v6 first HELO out.example.org\nto out.example.org -> stays\nto example.org -> stays\nall -> smtp\n"
       "! /etc/exim4/exim4.conf:3: the macro A is there already\n! /etc/exim4/exim4.conf:4: there is no macro B to change\n"
       "! /etc/exim4/exim4.conf:5: .endif without .ifdef\n! /etc/exim4/exim4.conf:6: .ifdef without .endif\n"},
      {"macros that grow for ever", [] {
         std::string text = "M10 = xxxxxxxxxxxxxxxx\n";
         for (int i = 11; i < 50; ++i) text += fmt::format("M{0} = M{1}_M{1}\n", i, i - 1);
         return small("Z = M\n" + text, "", "");
       }(),
       "exim out.example.org of out.example.org\nall -> stays\n! /etc/exim4/exim4.conf:15: macros make it too long; nothing behind it is read\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const Machine machine(c.tree);
    auto files = machine.files();
    EXPECT_EQ(as_text(read_exim(files, names_in_test)), c.read);
  }
}

Tree routed(const std::string& routers) {
  return {{"/etc/exim4/exim4.conf", "domainlist local_domains = example.org\nbegin routers\n" + routers +
                                    "begin transports\nsmtp:\n  driver = smtp\nother:\n  driver = smtp\n  interface = 192.0.2.9\nbox:\n  driver = appendfile\n"
                                    "hub:\n  driver = smtp\n  hosts = hub.example.com\n  port = 2525\n"}};
}
const std::string dns = "dns:\n  driver = dnslookup\n  domains = ! +local_domains\n  transport = smtp\n  no_more\n";
const std::string box = "box:\n  driver = accept\n  transport = box\n";

TEST(Exim, Routers) {
  const std::string head = "exim out.example.org of out.example.org\n", one = "smtp: both, v6 first HELO out.example.org\n";
  struct Case {
    const char* what;
    std::string routers, routes;
  };
  const Case cases[] = {
      {"a smart host", "s:\n  driver = manualroute\n  domains = ! +local_domains\n  transport = smtp\n  route_list = * relay.example.com::587 byname\n" + box,
       one + "to example.org -> stays\nall -> smtp via relay.example.com:587\n"},
      {"its MX", "s:\n  driver = manualroute\n  transport = smtp\n  route_list = * example.com/mx\n", one + "all -> smtp via example.com:25 by MX\n"},
      {"an address", "s:\n  driver = manualroute\n  transport = smtp\n  route_list = * \"</ [2001:db8::9]:26\"\n", one + "all -> smtp via 2001:db8::9:26\n"},
      {"by domain", "s:\n  driver = manualroute\n  transport = smtp\n  route_list = a.test one.test ; *.b.test two.test bydns other\n" + dns + box,
       "smtp: both, v6 first HELO out.example.org\nother: both, v6 first [192.0.2.9] HELO out.example.org\n"
       "to a.test -> smtp via one.test:25\nto .b.test -> other via two.test:25\nto example.org -> stays\nall -> smtp\n"},
      {"by sender", "s:\n  driver = manualroute\n  domains = ! +local_domains\n  senders = *@news.test : x@y.test\n  transport = other\n  route_list = * relay.test\n" + dns + box,
       "other: both, v6 first [192.0.2.9] HELO out.example.org\nsmtp: both, v6 first HELO out.example.org\nto example.org -> stays\n"
       "from @news.test -> other via relay.test:25\nfrom x@y.test -> other via relay.test:25\nall -> smtp\n"},
      {"A only for one", "v4:\n  driver = dnslookup\n  domains = g.test\n  ipv4_only = yes\n  transport = smtp\n" + dns + box,
       "smtp: v4, v6 first HELO out.example.org\nsmtp (dns): both, v6 first HELO out.example.org\nto g.test -> smtp\nto example.org -> stays\nall -> smtp (dns)\n"},
      {"hosts of the transport", "h:\n  driver = accept\n  domains = ! +local_domains\n  transport = hub\n" + box,
       "hub: both, v6 first HELO out.example.org\nto example.org -> stays\nall -> hub via hub.example.com:2525\n"},
      {"remote mail is not sent", "n:\n  driver = redirect\n  domains = ! +local_domains\n  data = :fail: no\n" + box,
       "smtp: both, v6 first HELO out.example.org\nother: both, v6 first [192.0.2.9] HELO out.example.org\nhub: both, v6 first HELO out.example.org\n"
       "to example.org -> stays\nall -> stays\n"},
      {"what no file decides", "c:\n  driver = dnslookup\n  condition = ${if eq{$h_x:}{1}}\n  transport = other\n" + dns,
       "other: both, v6 first [192.0.2.9] HELO out.example.org\n" + one + "to example.org -> stays\nall -> smtp\n! /etc/exim4/exim4.conf:3: router c is left out: its condition is not read\n"},
      {"a list that ends without \"all\"", "r:\n  driver = dnslookup\n  domains = ! +local_domains : relayed.test\n  transport = other\n" + dns,
       "other: both, v6 first [192.0.2.9] HELO out.example.org\nsmtp: both, v6 first HELO out.example.org\nto example.org -> stays\n"
       "to relayed.test -> other\nall -> smtp\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const Machine machine(routed(c.routers));
    auto files = machine.files();
    EXPECT_EQ(as_text(read_exim(files, names_in_test)), head + c.routes);
  }
}

/// As Debian packs it, in short.
Tree debian(const std::string& answers, const std::string& macros, bool split = false) {
  const std::string main = "CONFDIR = /etc/exim4\nUPEX4CmacrosUPEX4C = 1\ndomainlist local_domains = MAIN_LOCAL_DOMAINS\nqualify_domain = ETC_MAILNAME\n"
                           ".ifdef MAIN_HARDCODE_PRIMARY_HOSTNAME\nprimary_hostname = MAIN_HARDCODE_PRIMARY_HOSTNAME\n.endif\n";
  const std::string router = "begin routers\nhubbed_hosts:\n  driver = manualroute\n  domains = \"${if exists{CONFDIR/hubbed_hosts}\\\n"
                             "        {partial-lsearch;CONFDIR/hubbed_hosts}\\\n        fail}\"\n  route_data = ${lookup{$domain}partial-lsearch{CONFDIR/hubbed_hosts}}\n"
                             "  transport = remote_smtp\n.ifdef DCconfig_internet\ndnslookup:\n  driver = dnslookup\n  domains = ! +local_domains\n  transport = remote_smtp\n.endif\n"
                             ".ifdef DCconfig_smarthost DCconfig_satellite\nsmarthost:\n  driver = manualroute\n  domains = ! +local_domains\n"
                             "  transport = remote_smtp_smarthost\n  route_list = * DCsmarthost byname\n.endif\nlocal_user:\n  driver = accept\n  domains = +local_domains\n"
                             "  check_local_user\n  transport = LOCAL_DELIVERY\n";
  const std::string transport = "begin transports\nmail_spool:\n  driver = appendfile\nremote_smtp:\n  driver = smtp\n.ifdef REMOTE_SMTP_HELO_DATA\n"
                                "  helo_data=REMOTE_SMTP_HELO_DATA\n.endif\n.ifdef REMOTE_SMTP_INTERFACE\n  interface = REMOTE_SMTP_INTERFACE\n.endif\n"
                                "remote_smtp_smarthost:\n  driver = smtp\n.ifdef REMOTE_SMTP_HELO_DATA\n  helo_data=REMOTE_SMTP_HELO_DATA\n.endif\n";
  Tree tree{{"/etc/exim4/update-exim4.conf.conf", "dc_other_hostnames='example.org'\ndc_use_split_config='" + std::string(split ? "true" : "false") + "'\n" + answers}};
  if (split) {
    tree["/etc/exim4/conf.d/main/01_main"] = main;
    tree["/etc/exim4/conf.d/main/000_localmacros"] = macros;
    tree["/etc/exim4/conf.d/main/02.bak"] = "primary_hostname = not.read\n";
    tree["/etc/exim4/conf.d/router/100_r"] = router;
    tree["/etc/exim4/conf.d/transport/30_t"] = transport;
  } else {
    tree["/etc/exim4/exim4.conf.template"] = main + router + transport;
    if (!macros.empty()) tree["/etc/exim4/exim4.conf.localmacros"] = macros;
  }
  return tree;
}
const Names named{"out", "out.example.org", "mailname.example.org"};

TEST(Exim, Debian) {
  const ReadCase cases[] = {
      {"internet", debian("dc_eximconfig_configtype='internet'\n", "REMOTE_SMTP_INTERFACE = <; 192.0.2.2 ; 2001:db8::2\nREMOTE_SMTP_HELO_DATA = h.example.org\n"),
       "exim out.example.org of mailname.example.org\nremote_smtp: both, v6 first [192.0.2.2] [2001:db8::2] HELO h.example.org\n"
       "to out.example.org -> stays\nto localhost -> stays\nto example.org -> stays\nall -> remote_smtp\n"},
      {"smart host, split", debian("dc_eximconfig_configtype='smarthost'\ndc_smarthost='relay.example.com::587'\n", "MAIN_HARDCODE_PRIMARY_HOSTNAME = m.example.org\n", true),
       "exim m.example.org of mailname.example.org\nremote_smtp_smarthost: both, v6 first HELO m.example.org\n"
       "to m.example.org -> stays\nto localhost -> stays\nto example.org -> stays\nall -> remote_smtp_smarthost via relay.example.com:587\n"},
      {"hubbed hosts", [] {
         auto tree = debian("dc_eximconfig_configtype='internet'\n", "");
         tree["/etc/exim4/hubbed_hosts"] = "# comment\n*.in.test: hub.in.test::26\nplain.test hub.plain.test\n";
         return tree;
       }(),
       "exim out.example.org of mailname.example.org\nremote_smtp: both, v6 first HELO out.example.org\nto in.test -> remote_smtp via hub.in.test:26\n"
       "to .in.test -> remote_smtp via hub.in.test:26\nto plain.test -> remote_smtp via hub.plain.test:25\n"
       "to out.example.org -> stays\nto localhost -> stays\nto example.org -> stays\nall -> remote_smtp\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const Machine machine(c.tree);
    auto files = machine.files();
    const auto mta = read_exim(files, named);
    EXPECT_EQ(as_text(mta), c.read);
    EXPECT_EQ(mta->generated_by, "update-exim4.conf");
  }
}

TEST(Exim, WhereAPersonEdits) {
  auto tree = debian("dc_eximconfig_configtype='smarthost'\ndc_smarthost='relay.example.com'\n", "# mine\nREMOTE_SMTP_HELO_DATA = h.example.org\n");
  const Machine machine(tree);
  auto files = machine.files();
  const auto mta = read_exim(files, named);
  EXPECT_EQ(at(mta->clients.at(0).helo.origin), "/etc/exim4/exim4.conf.localmacros:2: REMOTE_SMTP_HELO_DATA = h.example.org");
  EXPECT_EQ(at(mta->routes.back().origin), "/etc/exim4/update-exim4.conf.conf:4: dc_smarthost='relay.example.com'");

  tree["/var/lib/exim4/config.autogenerated"] = small("", "", "").at("/etc/exim4/exim4.conf");  // made of something else
  const Machine stale(tree);
  auto other = stale.files();
  const auto in_force = read_exim(other, named);
  EXPECT_EQ(in_force->clients.at(0).helo.value, "out.example.org");
  ASSERT_EQ(in_force->problems.size(), 1U);
  EXPECT_NE(in_force->problems[0].find("has not been run since"), std::string::npos);
}

TEST(Exim, Changes) {
  const auto plain = small("", "  ignore_target_hosts = 127.0.0.0/8\n", "  interface = 192.0.2.2\n  helo_data = old.\\\n    example.org\n");
  const auto packed = debian("dc_eximconfig_configtype='internet'\n", "REMOTE_SMTP_HELO_DATA = old.example.org\n");
  const auto bare = debian("dc_eximconfig_configtype='smarthost'\ndc_smarthost='relay.example.com'\n", "");
  const ChangeCase cases[] = {
      {"IPv4 only", plain, {Wish::What::v4_only}, "/etc/exim4/exim4.conf\n+  ipv4_only = true\n"},
      {"HELO", plain, {Wish::What::say_helo, "new.example.org"}, "/etc/exim4/exim4.conf\n-  helo_data = old.\\\n-    example.org\n+  helo_data = new.example.org\n"},
      {"HELO as it is", plain, {Wish::What::say_helo, "old.example.org"}, "none\n"},
      {"HELO that is none", plain, {Wish::What::say_helo, "a b\n"}, "none\n"},
      {"the other source", plain, {Wish::What::bind_source, "", address("2001:db8::2")}, "/etc/exim4/exim4.conf\n-  interface = 192.0.2.2\n+  interface = <; 192.0.2.2 ; 2001:db8::2\n"},
      {"no source", plain, {Wish::What::unbind, "", address("192.0.2.2")}, "/etc/exim4/exim4.conf\n-  interface = 192.0.2.2\n"},
      {"no source that is not there", plain, {Wish::What::unbind, "", address("192.0.2.3")}, "none\n"},
      {"Debian: HELO, a macro", packed, {Wish::What::say_helo, "new.example.org"},
       "/etc/exim4/exim4.conf.localmacros\n-REMOTE_SMTP_HELO_DATA = old.example.org\n+REMOTE_SMTP_HELO_DATA = new.example.org\n"},
      {"Debian: a source, a new macro", packed, {Wish::What::bind_source, "", address("192.0.2.2")}, "/etc/exim4/exim4.conf.localmacros\n+REMOTE_SMTP_INTERFACE = <; 192.0.2.2\n"},
      {"Debian: no file for macros", bare, {Wish::What::say_helo, "new.example.org"}, "/etc/exim4/exim4.conf.template\n+  helo_data = new.example.org\n"},
      {"Debian: smart host over IPv4", bare, {Wish::What::v4_only}, "/etc/exim4/exim4.conf.template\n+  ignore_target_hosts = <; ::/0\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const Machine machine(c.tree);
    auto files = machine.files();
    const auto mta = read_exim(files, named);
    ASSERT_TRUE(mta);
    EXPECT_EQ(as_text(change_exim(*mta, c.wish, files, {})), c.change);
  }
}

TEST(Exim, IsNotThere) {
  const Machine removed({{"/usr/sbin/postfix", ""}, {"/etc/exim4/exim4.conf", "begin routers\n"}});  // its package is gone, its settings stay
  auto files = removed.files();
  EXPECT_FALSE(read_exim(files, names_in_test));
  EXPECT_TRUE(read_exim(files, names_in_test, "/etc/exim4/exim4.conf"));
  EXPECT_FALSE(read_exim(files, names_in_test, "/etc/postfix"));
}

}  // namespace
}  // namespace fcrdns::host
