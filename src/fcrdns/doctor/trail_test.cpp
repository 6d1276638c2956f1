// One mail's trail through each mail server's log: what was tried, in order, and whether it is over.
#include "fcrdns/doctor/trail.hpp"

#include <gtest/gtest.h>

#include <string>

namespace fcrdns::doctor {
namespace {

struct Case {
  std::string_view what;
  host::Kind kind;
  std::vector<std::string_view> lines;
  std::vector<std::string> attempts;  ///< "OUTCOME RELAY ADDRESS from SOURCE quoted ADDRESS"
  bool over = true;
};

const Case cases[] = {
    {"Postfix: sent", host::Kind::postfix,
     {"4XyZ1: message-id=<fcrdns-1@mail.example.com>", "4Other: to=<you@example.net>, relay=mx.other.example[192.0.2.9]:25, status=sent (250 ok)",
      "4XyZ1: to=<you@example.net>, relay=mx.example.net[2001:db8:ffff::25]:25, delay=0.1, dsn=2.0.0, status=sent (250 2.0.0 Ok)"},
     {"sent mx.example.net 2001:db8:ffff::25"}},
    {"Postfix: put off over one family, bounced over the other", host::Kind::postfix,
     {"4XyZ1: message-id=<fcrdns-1@mail.example.com>", "4XyZ1: host mx.example.net[192.0.2.25] said: 450 4.7.1 try later (in reply to RCPT TO command)",
      "4XyZ1: to=<you@example.net>, relay=mx.example.net[2001:db8:ffff::25]:25, dsn=5.7.25, status=bounced (host mx.example.net[2001:db8:ffff::25] said: "
      "550 5.7.25 [2001:db8:1::1] has no PTR (in reply to RCPT TO command))"},
     {"deferred mx.example.net 192.0.2.25", "bounced mx.example.net 2001:db8:ffff::25 quoted 2001:db8:1::1"}},
    {"Postfix: nobody listens over IPv6, put off over IPv4", host::Kind::postfix,
     {"4XyZ1: message-id=<fcrdns-1@mail.example.com>", "connect to mx.example.net[2001:db8:ffff::25]:25: Connection refused",
      "4XyZ1: to=<you@example.net>, relay=mx.example.net[192.0.2.25]:25, dsn=4.7.1, status=deferred (host mx.example.net[192.0.2.25] said: 450 later)"},
     {"no connection mx.example.net 2001:db8:ffff::25", "deferred mx.example.net 192.0.2.25"}},
    {"Postfix: no server at all", host::Kind::postfix,
     {"4XyZ1: message-id=<fcrdns-1@mail.example.com>", "connect to mx.example.net[192.0.2.25]:25: Connection timed out",
      "4XyZ1: to=<you@example.net>, relay=none, delay=30, dsn=4.4.1, status=deferred (connect to mx.example.net[192.0.2.25]:25: Connection timed out)"},
     {"no connection mx.example.net 192.0.2.25"}},
    {"Postfix: through a content filter, which is no attempt", host::Kind::postfix,
     {"4XyZ1: message-id=<fcrdns-1@mail.example.com>", "4XyZ1: to=<you@example.net>, relay=127.0.0.1[127.0.0.1]:10024, status=sent (250 queued as 4Second)",
      "4Second: message-id=<fcrdns-1@mail.example.com>", "4Second: to=<you@example.net>, relay=mx.example.net[192.0.2.25]:25, status=sent (250 ok)"},
     {"sent mx.example.net 192.0.2.25"}},
    {"Postfix: connections before the mail are none of its", host::Kind::postfix, {"connect to mx.example.net[192.0.2.25]:25: Connection refused"}, {}, false},
    {"Exim: sent", host::Kind::exim,
     {"2026-11-21 13:02:00 1tE0aB-0001Xy-2Z <= root@mail.example.com U=root P=local S=400 id=fcrdns-1@mail.example.com",
      "2026-11-21 13:02:01 1tE0aB-0001Xy-2Z => you@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.25] C=\"250 2.0.0 Ok\""},
     {"sent mx.example.net 192.0.2.25"}},
    {"Exim: put off over IPv6, then over IPv4", host::Kind::exim,
     {"1tE0aB-0001Xy-2Z <= root@mail.example.com id=fcrdns-1@mail.example.com",
      "1tE0aB-0001Xy-2Z H=mx.example.net [2001:db8:ffff::25]: SMTP error from remote mail server after RCPT TO:<you@example.net>: 450 later",
      "1tE0aB-0001Xy-2Z ** you@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.25]: SMTP error from remote mail server: 550 5.7.25 [203.0.113.5] no PTR"},
     {"deferred mx.example.net 2001:db8:ffff::25", "bounced mx.example.net 192.0.2.25 quoted 203.0.113.5"}},
    {"OpenSMTPD: the log tells the source", host::Kind::opensmtpd,
     {"a1b2 mta delivery evpid=0123456789abcdef from=<x@mail.example.com> to=<you@example.net> rcpt=<-> source=\"203.0.113.5\" "
      "relay=\"192.0.2.25 (mx.example.net)\" delay=0s result=\"Ok\" stat=\"250 2.0.0: queued\""},
     {"sent mx.example.net 192.0.2.25 from 203.0.113.5"}},
    {"Sendmail: handed to its own daemon first", host::Kind::sendmail,
     {"4ALD2: from=root, size=300, class=0, nrcpts=1, msgid=<fcrdns-1@mail.example.com>, relay=root@localhost",
      "4ALD2: to=you@example.net, ctladdr=root, delay=00:00:00, mailer=relay, relay=[127.0.0.1] [127.0.0.1], dsn=2.0.0, stat=Sent (4ALD3 Message accepted)",
      "4ALD3: from=<root@mail.example.com>, size=500, nrcpts=1, msgid=<fcrdns-1@mail.example.com>, proto=ESMTP",
      "4ALD3: to=<you@example.net>, delay=00:00:01, mailer=esmtp, relay=mx.example.net. [192.0.2.25], dsn=2.0.0, stat=Sent (ok)"},
     {"sent mx.example.net 192.0.2.25"}},
};

TEST(Trail, TellsEachAttempt) {
  for (const auto& one : cases) {
    SCOPED_TRACE(one.what);
    Trail trail(one.kind, "fcrdns-1", "you@example.net");
    for (const auto line : one.lines) trail.read(line);
    std::vector<std::string> attempts;
    for (const auto& attempt : trail.attempts()) {
      auto& line = attempts.emplace_back(attempt.outcome + " " + attempt.relay);
      if (attempt.to) line += " " + attempt.to->text();
      if (attempt.source) line += " from " + attempt.source->text();
      if (attempt.quoted && attempt.quoted != attempt.to) line += " quoted " + attempt.quoted->text();
    }
    EXPECT_EQ(attempts, one.attempts);
    EXPECT_EQ(trail.is_over(), one.over);
  }
}

TEST(Trail, BoundsWhatItKeeps) {
  Trail trail(host::Kind::postfix, "fcrdns-1", "you@example.net");
  trail.read("4XyZ1: message-id=<fcrdns-1@x>");
  for (int i = 0; i < 10'000; ++i) trail.read("connect to mx.example.net[192.0.2.25]:25: " + std::string(10'000, '\x1b'));
  EXPECT_LE(trail.attempts().size(), 50U);
  EXPECT_LE(trail.attempts().front().reply.size(), 1'000U);
}

}  // namespace
}  // namespace fcrdns::doctor
