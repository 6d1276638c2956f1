#include "fcrdns/host/mta_in_test.hpp"

namespace fcrdns::host {
namespace {

/// A sendmail.cf in short, with these lines in it.
Tree cf(const std::string& lines, const Tree& more = {}) {
  Tree tree = more;
  tree["/etc/mail/sendmail.cf"] = "V10/Berkeley\nCwlocalhost\n" + lines +
                                  "\nDZ8.17.1.9/Debian-2+deb12u2\n#O ClientPortOptions=Family=inet, Address=0.0.0.0\nO QueueDirectory=/var/spool/mqueue\nSparse1\n"
                                  "R$* < @$* > $*\t\t$#esmtp $@ $2 $: $1 < @ $2 > $3\tuser@host.domain\n"
                                  "Mlocal,\t\tP=/usr/sbin/sensible-mda, F=lsDFMAw5,\n\t\tA=sensible-mda $g $u\n"
                                  "Mesmtp,\t\tP=[IPC], F=mDFMuXa,\n\t\tT=DNS/RFC822/SMTP,\n\t\tA=TCP $h\nMrelay,\t\tP=[IPC], F=mDFMuXa8,\n\t\tA=TCP $h 2525\n";
  return tree;
}
const std::string locals = "to localhost -> stays\nto out.example.org -> stays\n";

TEST(Sendmail, Options) {
  const std::string head = "sendmail out.example.org of out.example.org\n", plain = "esmtp: both, v6 first HELO out.example.org\n";
  const Tree table{{"/etc/mail/mailertable", "a.test\tesmtp:[relay.example.com]\n.b.test relay:hub.example.com # hub\nc.test error:nohost no\nd.test local:user\n. esmtp:[192.0.2.9]\n"}};
  struct Case {
    const char* what;
    Tree tree;
    std::string read;
  };
  const Case cases[] = {
      {"nothing set", cf(""), head + plain + locals + "all -> esmtp\n"},
      {"its name", cf("Djm.example.net"), "sendmail m.example.net of m.example.net\nesmtp: both, v6 first HELO m.example.net\nto localhost -> stays\nto m.example.net -> stays\n"
                                          "to out.example.org -> stays\nall -> esmtp\n"},
      {"its name by parts", cf("Dj$w.foo.$m"), "sendmail out.foo.example.org of out.foo.example.org\nesmtp: both, v6 first HELO out.foo.example.org\nto localhost -> stays\n"
                                               "to out.foo.example.org -> stays\nto out.example.org -> stays\nall -> esmtp\n"},
      {"a masquerade", cf("DMExample.ORG"), "sendmail out.example.org of example.org\n" + plain + locals + "all -> esmtp\n"},
      {"a name for HELO", cf("O HeloName=h.example.org"), head + "esmtp: both, v6 first HELO h.example.org\n" + locals + "all -> esmtp\n"},
      {"sources", cf("O ClientPortOptions=Family=inet, Addr=192.0.2.2\nO ClientPortOptions=Family=inet6, A=IPv6:2001:db8::2"),
       head + "esmtp: both, v6 first [192.0.2.2] [2001:db8::2] HELO out.example.org\n" + locals + "all -> esmtp\n"},
      {"the last one of a family counts", cf("O ClientPortOptions=Addr=192.0.2.1\nO ClientPortOptions=Family=inet, Address=192.0.2.2"),
       head + "esmtp: both, v6 first [192.0.2.2] HELO out.example.org\n" + locals + "all -> esmtp\n"},
      {"Family=inet does not end IPv6", cf("O ClientPortOptions=Family=inet"), head + plain + locals + "all -> esmtp\n"},
      {"a mapped address does", cf("O ClientPortOptions=Family=inet6, Addr=IPv6:::ffff:0.0.0.0"), head + "esmtp: v4, v6 first HELO out.example.org\n" + locals + "all -> esmtp\n"},
      {"by the source's name", cf("O ClientPortOptions=Family=inet6, M=h"),
       head + "esmtp: both, v6 first HELO (the name of the source address, else out.example.org)\n" + locals + "all -> esmtp\n"},
      {"a source that is a name", cf("O ClientPortOptions=Addr=out2"),
       head + plain + locals + "all -> esmtp\n! /etc/mail/sendmail.cf:3: the source address is a name, out2: not looked up\n"},
      {"a smart host", cf("DSesmtp:[relay.example.com]"), head + plain + locals + "all -> esmtp via relay.example.com:25\n"},
      {"a smart host's MX, another mailer", cf("DSrelay.example.com"), head + "relay: both, v6 first HELO out.example.org\n" + locals + "all -> relay via relay.example.com:2525 by MX\n"},
      {"a mailertable", cf("Kmailertable hash -o /etc/mail/mailertable.db", table),
       head + plain + "relay: both, v6 first HELO out.example.org\n" + locals + "to a.test -> esmtp via relay.example.com:25\nto .b.test -> relay via hub.example.com:2525 by MX\n"
       "to c.test -> stays\nto d.test -> stays\nall -> esmtp via 192.0.2.9:25\n"},
      {"names of its own", cf("Fw/etc/mail/local-host-names", {{"/etc/mail/local-host-names", "# mine\nx.test\n"}}),
       head + plain + "to localhost -> stays\nto x.test -> stays\nto out.example.org -> stays\nall -> esmtp\n"},
      {"local programs elsewhere", cf("", {{"/etc/mail/submit.cf", "D{MTAHost}[relay.example.com]\n"}}),
       head + plain + locals + "all -> esmtp\n! /etc/mail/submit.cf:1: mail of local programs goes to [relay.example.com], another way than what is looked at here\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const Machine machine(c.tree);
    auto files = machine.files();
    EXPECT_EQ(as_text(read_sendmail(files, names_in_test)), c.read);
  }
}

TEST(Sendmail, WhereAPersonEdits) {
  const Machine machine(cf("Djm.example.net", {{"/etc/mail/sendmail.mc", "dnl define(`confDOMAIN_NAME', `m.example.net')\ndefine(`confDOMAIN_NAME', `m.example.net')dnl\n"}}));
  auto files = machine.files();
  const auto mta = read_sendmail(files, names_in_test);
  EXPECT_EQ(mta->version, "8.17.1.9");
  EXPECT_EQ(at(mta->clients.at(0).helo.origin), "/etc/mail/sendmail.mc:2: define(`confDOMAIN_NAME', `m.example.net')dnl");
}

TEST(Sendmail, Changes) {
  const Tree mc{{"/etc/mail/sendmail.mc", "OSTYPE(`debian')dnl\nCLIENT_OPTIONS(`Family=inet, Addr=192.0.2.1')dnl\nMAILER(`smtp')dnl\n"}};
  auto make = mc;
  make["/etc/mail/Makefile"] = "";
  const std::string bound = "O ClientPortOptions=Family=inet, Addr=192.0.2.1";
  const ChangeCase cases[] = {
      {"IPv4 only", cf(bound, make), {Wish::What::v4_only}, "/etc/mail/sendmail.mc\n+CLIENT_OPTIONS(`Family=inet6, Addr=IPv6:::ffff:0.0.0.0')dnl\n"},
      {"without make, in both", cf(bound, mc), {Wish::What::say_helo, "new.test"},
       "/etc/mail/sendmail.mc\n+define(`confHELO_NAME', `new.test')dnl\n/etc/mail/sendmail.cf\n+O HeloName=new.test\n"},
      {"without .mc", cf(bound), {Wish::What::bind_source, "", address("192.0.2.2")},
       "/etc/mail/sendmail.cf\n-O ClientPortOptions=Family=inet, Addr=192.0.2.1\n+O ClientPortOptions=Family=inet, Addr=192.0.2.2\n"},
      {"no source", cf(bound, make), {Wish::What::unbind, "", address("192.0.2.1")}, "/etc/mail/sendmail.mc\n-CLIENT_OPTIONS(`Family=inet, Addr=192.0.2.1')dnl\n"},
      {"as it is", cf(bound), {Wish::What::bind_source, "", address("192.0.2.1")}, "none\n"},
      {"HELO that is none", cf(bound), {Wish::What::say_helo, "x')dnl"}, "none\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const Machine machine(c.tree);
    auto files = machine.files();
    const auto mta = read_sendmail(files, names_in_test);
    ASSERT_TRUE(mta);
    EXPECT_EQ(as_text(change_sendmail(*mta, c.wish, files, {})), c.change);
  }
}

}  // namespace
}  // namespace fcrdns::host
