#include "fcrdns/host/mta_in_test.hpp"

namespace fcrdns::host {
namespace {

const std::string head = "opensmtpd out.example.org of out.example.org\n";
const std::string stays = "to out.example.org -> stays\nto localhost -> stays\n";

Tree conf(const std::string& text, const Tree& more = {}) {
  Tree tree = more;
  tree["/etc/smtpd.conf"] = text;
  return tree;
}
/// One relay action with these options.
Tree relay(const std::string& options, const std::string& before = "", const Tree& more = {}) {
  return conf(before + "action \"out\" relay " + options + "\nmatch for any action \"out\"\n", more);
}

TEST(OpenSmtpd, Actions) {
  const Tree tables{{"/etc/src", "192.0.2.1 # one\n\n2001:db8::1\n"}, {"/etc/names", "192.0.2.2\tfour.example.org\n"}};
  const Tree family{{"/etc/resolv.conf", "nameserver 192.0.2.53\nfamily inet4 inet6\n"}};
  struct Case {
    const char* what;
    Tree tree;
    std::string read;
  };
  const Case cases[] = {
      {"nothing set", relay(""), "out: both, v6 first HELO out.example.org\nall -> out\n"},
      {"an order of the resolver", relay("", "", family), "out: both, v4 first HELO out.example.org\nall -> out\n"},
      {"IPv4 only", relay("", "mta limit inet4\n"), "out: v4, v6 first HELO out.example.org\nall -> out\n"},
      {"the last limit counts", relay("", "mta limit inet4 max-conn-per-host 3\nmta limit inet6\n"), "out: v6, v6 first HELO out.example.org\nall -> out\n"},
      {"a limit for one domain", relay("", "mta limit for domain a.test inet4\n"),
       "out: both, v6 first HELO out.example.org\nall -> out\n! /etc/smtpd.conf:1: a limit for one domain is not looked at\n"},
      {"a source rules the other family out", relay("src 192.0.2.2"), "out: v4, v6 first [192.0.2.2] HELO out.example.org\nall -> out\n"},
      {"by a macro", relay("src $s", "s = \"2001:db8::2\"\n"), "out: v6, v6 first [2001:db8::2] HELO out.example.org\nall -> out\n"},
      {"sources take turns", relay("src { 192.0.2.1 \"192.0.2.2\" }"), "out: v4, v6 first [192.0.2.1] [192.0.2.2] by turns HELO out.example.org\nall -> out\n"},
      {"of both families, in a file", relay("src <s>", "table s file:/etc/src\n", tables),
       "out: both, random [192.0.2.1] [2001:db8::1] by turns HELO out.example.org\nall -> out\n"},
      {"in a database", relay("src <s>", "table s db:/etc/src.db\n"),
       "out: both, v6 first HELO out.example.org\nall -> out\n! /etc/smtpd.conf:2: the source addresses of action out are in a table that is not read\n"},
      {"a name for HELO", relay("helo h.example.org"), "out: both, v6 first HELO h.example.org\nall -> out\n"},
      {"by source", relay("src 192.0.2.2 helo-src <n>", "table n \"/etc/names\"\n", tables), "out: v4, v6 first [192.0.2.2] HELO four.example.org\nall -> out\n"},
      {"by source, which the kernel chooses", relay("helo-src <n>", "table n { 192.0.2.2 = a.test }\n"),
       "out: both, v6 first HELO (helo-src, by source address; 192.0.2.2 a.test)\nall -> out\n"},
      {"the name outranks it", relay("helo-src { 192.0.2.2 = a.test } helo b.test"), "out: both, v6 first HELO b.test\nall -> out\n"},
      {"the server's name", relay("", "", {{"/etc/mailname", "x"}}), "out: both, v6 first HELO out.example.org\nall -> out\n"},
      {"a relay", relay("host smtp+tls://label@relay.example.com:587 auth <secrets>"), "out: both, v6 first HELO out.example.org\nall -> out via relay.example.com:587\n"},
      {"a relay's standard port", relay("host \"smtps://[2001:db8::9]\""), "out: both, v6 first HELO out.example.org\nall -> out via 2001:db8::9:465\n"},
      {"a bare host", relay("host relay.example.com"), "out: both, v6 first HELO out.example.org\nall -> out via relay.example.com:25\n"},
      {"relays by domain", relay("domain { a.test = \"smtp://one.test\", b.test = two.test }"),
       "out: both, v6 first HELO out.example.org\nto a.test -> out via one.test:25\nto b.test -> out via two.test:25\nall -> stays\n"},
      {"a comment goes on with its line", conf("action \"out\" relay # helo x \\\n helo y\nmatch for any action out"), "out: both, v6 first HELO out.example.org\nall -> out\n"},
      {"lines that go on", conf("action \"out\" \\\n relay \\\n helo h.test\nmatch for any \\\n action out"), "out: both, v6 first HELO h.test\nall -> out\n"},
      {"an inclusion", conf("include \"/etc/more\"\nmatch for any action out\n", {{"/etc/more", "action out relay helo inc.test\n"}}),
       "out: both, v6 first HELO inc.test\nall -> out\n"},
      {"nothing leaves", conf("action l mbox\nmatch for local action l\n"), stays + "all -> stays\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const Machine machine(c.tree);
    auto files = machine.files();
    EXPECT_EQ(as_text(read_opensmtpd(files, names_in_test)), head + c.read);
  }
}

TEST(OpenSmtpd, Rules) {
  const std::string two = "action l maildir\naction a relay\naction b relay src 192.0.2.9\n";
  const std::string clients = "a: both, v6 first HELO out.example.org\nb: v4, v6 first [192.0.2.9] HELO out.example.org\n";
  struct Case {
    const char *what, *rules;
    std::string routes;
  };
  const Case cases[] = {
      {"as it is packed", "match for local action l\nmatch from local for any action a\n", stays + "all -> a\n"},
      {"the first that takes all", "match for any action b\nmatch for any action a\n", "all -> b\n"},
      {"by domain", "match from any for domain { \"x.test\", \"*.y.test\" } action b\nmatch for any action a\n", "to x.test -> b\nto .y.test -> b\nall -> a\n"},
      {"by sender", "match from any mail-from \"@news.test\" for any action b\nmatch for any action a\n", "from @news.test -> b\nall -> a\n"},
      {"by recipient", "match for any rcpt-to \"@x.test\" action b\nmatch for any action a\n", "to x.test -> b\nall -> a\n"},
      {"a table of domains", "table d { x.test }\nmatch for domain <d> action l\nmatch for any action a\n", "to x.test -> stays\nall -> a\n"},
      {"who may send, not which way", "match auth from any for any action a\n", "all -> a\n"},
      {"from some hosts only", "match from src 203.0.113.0/24 for any action b\nmatch for any action a\n", "all -> a\n"},
      {"nothing else is for all", "match tag DKIM for any action b\n", "all -> b\n"},
      {"what is not read", "match for domain regex \"x\" action b\nmatch !for domain x.test action b\nmatch for any action nobody\nmatch for any action a\n",
       "all -> a\n! /etc/smtpd.conf:4: left out: a regular expression\n! /etc/smtpd.conf:5: left out: a negation\n! /etc/smtpd.conf:6: there is no action nobody\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const Machine machine(conf(two + c.rules));
    auto files = machine.files();
    EXPECT_EQ(as_text(read_opensmtpd(files, names_in_test)), head + clients + c.routes);
  }
}

TEST(OpenSmtpd, Changes) {
  const std::string file = "/etc/smtpd.conf\n";
  const ChangeCase cases[] = {
      {"IPv4 only", relay(""), {Wish::What::v4_only}, "/etc/smtpd.conf\n+mta limit inet4\n"},
      {"IPv4 only in place of IPv6 only", relay("", "mta limit inet6\n"), {Wish::What::v4_only}, "/etc/smtpd.conf\n-mta limit inet6\n+mta limit inet4\n"},
      {"IPv4 only as it is", relay("src 192.0.2.1"), {Wish::What::v4_only}, "none\n"},
      {"HELO", relay("src 192.0.2.1"), {Wish::What::say_helo, "new.test"},
       "/etc/smtpd.conf\n-action \"out\" relay src 192.0.2.1\n+action \"out\" relay helo \"new.test\" src 192.0.2.1\n"},
      {"another HELO", relay("helo old.test tls"), {Wish::What::say_helo, "new.test"},
       "/etc/smtpd.conf\n-action \"out\" relay helo old.test tls\n+action \"out\" relay helo \"new.test\" tls\n"},
      {"HELO that is none", relay(""), {Wish::What::say_helo, "x\" host evil"}, "none\n"},
      {"a source", relay("tls"), {Wish::What::bind_source, "", address("192.0.2.2")},
       "/etc/smtpd.conf\n-action \"out\" relay tls\n+action \"out\" relay src \"192.0.2.2\" tls\n"},
      {"a source beside the other family's", relay("src { 192.0.2.1, \"2001:db8::1\" } tls"), {Wish::What::bind_source, "", address("2001:db8::2")},
       "/etc/smtpd.conf\n-action \"out\" relay src { 192.0.2.1, \"2001:db8::1\" } tls\n+action \"out\" relay src { \"192.0.2.1\", \"2001:db8::2\" } tls\n"},
      {"no source", relay("helo a.test src 192.0.2.1"), {Wish::What::unbind, "", address("192.0.2.1")},
       "/etc/smtpd.conf\n-action \"out\" relay helo a.test src 192.0.2.1\n+action \"out\" relay helo a.test\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const Machine machine(c.tree);
    auto files = machine.files();
    const auto mta = read_opensmtpd(files, names_in_test);
    ASSERT_TRUE(mta);
    EXPECT_EQ(as_text(change_opensmtpd(*mta, c.wish, files, {})), c.change);
  }
}

}  // namespace
}  // namespace fcrdns::host
