#include <gtest/gtest.h>

#include "fcrdns/mail/reply.hpp"

namespace fcrdns::mail {
namespace {

struct Row {
  std::string_view name, given;
  int code;
  std::string_view enhanced, text, address;
};

const std::string_view gmail =
    "[192.0.2.25] The IP address sending this message does not have a PTR record setup, or the corresponding forward DNS entry "
    "does not match the sending IP. As a policy, Gmail does not accept messages from IPs with missing PTR records. For more "
    "information, go to https://support.google.com/a?p=sender-guidelines-ip To learn more about Gmail requirements for bulk "
    "senders, visit https://support.google.com/a?p=sender-guidelines. 5b1f17b1804b1-test.216 - gsmtp";
const std::string_view magic =
    "Your message was rejected by this system and was not delivered. Reason: This system will not accept messages from "
    "servers/devices with no reverse DNS. IP=[192.0.2.25] Protection provided by: MagicMail version 2.0 For more information, "
    "please visit the URL: http://www.linuxmagic.com/best_practices/check_ip_reverse_dns.html 7d39d529-9584-f4be-161127e61f5f54002";
const std::string_view gmx =
    "gmx.net (mxgmx116) Nemesis ESMTP Service not available No SMTP service Bad DNS PTR resource record. For explanation visit "
    "https://postmaster.gmx.net/en/error-messages?ip=192.0.2.25&c=rdns";

const Row rows[] = {
    // Several lines, as the server sent them.
    {"lines", "550-5.7.25 [192.0.2.25] The IP address sending this message does not have a\r\n550-5.7.25 PTR record setup, or the corresponding forward DNS entry does not\r\n550-5.7.25 match the sending IP. As a policy, Gmail does not accept messages\r\n550-5.7.25 from IPs with missing PTR records. For more information, go to\r\n550-5.7.25  https://support.google.com/a?p=sender-guidelines-ip\r\n550-5.7.25 To learn more about Gmail requirements for bulk senders, visit\r\n550 5.7.25  https://support.google.com/a?p=sender-guidelines. 5b1f17b1804b1-test.216 - gsmtp\r\n", 550, "5.7.25", gmail, "192.0.2.25"},
    {"exim log", R"(550-5.7.25 [192.0.2.25] The IP address sending this message does not have a\n550-5.7.25 PTR record setup, or the corresponding forward DNS entry does not\n550-5.7.25 match the sending IP. As a policy, Gmail does not accept messages\n550-5.7.25 from IPs with missing PTR records. For more information, go to\n550-5.7.25  https://support.google.com/a?p=sender-guidelines-ip\n550-5.7.25 To learn more about Gmail requirements for bulk senders, visit\n550 5.7.25  https://support.google.com/a?p=sender-guidelines. 5b1f17b1804b1-test.216 - gsmtp)", 550, "5.7.25", gmail, "192.0.2.25"},
    {"postfix log", "550-5.7.25 [192.0.2.25] The IP address sending this message does not have a 550-5.7.25 PTR record setup, or the corresponding forward DNS entry does not 550-5.7.25 match the sending IP. As a policy, Gmail does not accept messages 550-5.7.25 from IPs with missing PTR records. For more information, go to 550-5.7.25  https://support.google.com/a?p=sender-guidelines-ip 550-5.7.25 To learn more about Gmail requirements for bulk senders, visit 550 5.7.25  https://support.google.com/a?p=sender-guidelines. 5b1f17b1804b1-test.216 - gsmtp (in reply to end of DATA command)", 550, "5.7.25", gmail, "192.0.2.25"},
    {"postfix dsn", "smtp; 550-5.7.25 [192.0.2.25] The IP address sending this\n    message does not have a 550-5.7.25 PTR record setup, or the corresponding\n    forward DNS entry does not 550-5.7.25 match the sending IP. As a policy,\n    Gmail does not accept messages 550-5.7.25 from IPs with missing PTR\n    records. For more information, go to 550-5.7.25\n    https://support.google.com/a?p=sender-guidelines-ip 550-5.7.25 To learn\n    more about Gmail requirements for bulk senders, visit 550 5.7.25\n    https://support.google.com/a?p=sender-guidelines. 5b1f17b1804b1-test.216 -\n    gsmtp\n", 550, "5.7.25", gmail, "192.0.2.25"},
    {"postfix dsn body", "550-5.7.25\n    [192.0.2.25] The IP address sending this message does not have a 550-5.7.25\n    PTR record setup, or the corresponding forward DNS entry does not\n    550-5.7.25 match the sending IP. As a policy, Gmail does not accept\n    messages 550-5.7.25 from IPs with missing PTR records. For more\n    information, go to 550-5.7.25\n    https://support.google.com/a?p=sender-guidelines-ip 550-5.7.25 To learn\n    more about Gmail requirements for bulk senders, visit 550 5.7.25\n    https://support.google.com/a?p=sender-guidelines. 5b1f17b1804b1-test.216 -\n    gsmtp (in reply to end of DATA command)\n", 550, "5.7.25", gmail, "192.0.2.25"},
    {"opensmtpd log", "550-5.7.25 [192.0.2.25] The IP address sending this message does not have a5.7.25 PTR record setup, or the corresponding forward DNS entry does not5.7.25 match the sending IP. As a policy, Gmail does not accept messages5.7.25 from IPs with missing PTR records. For more information, go to5.7.25  https://support.google.com/a?p=sender-guidelines-ip5.7.25 To learn more about Gmail requirements for bulk senders, visit5.7.25  https://support.google.com/a?p=sender-guidelines. 5b1f17b1804b1-test.216 - gsmtp", 550, "5.7.25", gmail, "192.0.2.25"},
    {"opensmtpd, no enhanced code", "550-Your message was rejected by this system and was not delivered.Reason: This system will not accept messages from servers/devices with no reverse DNS. IP=[192.0.2.25]Protection provided by: MagicMail version 2.0For more information, please visit the URL:http://www.linuxmagic.com/best_practices/check_ip_reverse_dns.html7d39d529-9584-f4be-161127e61f5f54002", 550, "", "Your message was rejected by this system and was not delivered.Reason: This system will not accept messages from servers/devices with no reverse DNS. IP=[192.0.2.25]Protection provided by: MagicMail version 2.0For more information, please visit the URL:http://www.linuxmagic.com/best_practices/check_ip_reverse_dns.html7d39d529-9584-f4be-161127e61f5f54002", "192.0.2.25"},
    {"postfix log, no enhanced code", "550-Your message was rejected by this system and was not delivered. 550-Reason: This system will not accept messages from servers/devices with no reverse DNS. IP=[192.0.2.25] 550-Protection provided by: MagicMail version 2.0 550-For more information, please visit the URL: 550-http://www.linuxmagic.com/best_practices/check_ip_reverse_dns.html 550 7d39d529-9584-f4be-161127e61f5f54002", 550, "", magic, "192.0.2.25"},
    {"exim log, no enhanced code", R"(550-Your message was rejected by this system and was not delivered.\n550-Reason: This system will not accept messages from servers/devices with no reverse DNS. IP=[192.0.2.25]\n550-Protection provided by: MagicMail version 2.0\n550-For more information, please visit the URL:\n550-http://www.linuxmagic.com/best_practices/check_ip_reverse_dns.html\n550 7d39d529-9584-f4be-161127e61f5f54002)", 550, "", magic, "192.0.2.25"},
    {"banner", "554-gmx.net (mxgmx116) Nemesis ESMTP Service not available 554-No SMTP service 554-Bad DNS PTR resource record. 554 For explanation visit https://postmaster.gmx.net/en/error-messages?ip=192.0.2.25&c=rdns", 554, "", gmx, "192.0.2.25"},
    {"banner, rsyslog", "554-gmx.net (mxgmx116) Nemesis ESMTP Service not available#015#012554-No SMTP service#012554-Bad DNS PTR resource record.#012554 For explanation visit https://postmaster.gmx.net/en/error-messages?ip=192.0.2.25&c=rdns#015#012", 554, "", gmx, "192.0.2.25"},
    {"banner, transcript", "<<< 554-gmx.net (mxgmx116) Nemesis ESMTP Service not available\n<<< 554-No SMTP service\n<<< 554-Bad DNS PTR resource record.\n<<< 554 For explanation visit https://postmaster.gmx.net/en/error-messages?ip=192.0.2.25&c=rdns\n", 554, "", gmx, "192.0.2.25"},
    {"banner, quoted", "> 554-gmx.net (mxgmx116) Nemesis ESMTP Service not available\n> 554-No SMTP service\n> > 554-Bad DNS PTR resource record.\n> 554 For explanation visit https://postmaster.gmx.net/en/error-messages?ip=192.0.2.25&c=rdns\n", 554, "", gmx, "192.0.2.25"},
    {"banner, HTML", "<p>554-gmx.net (mxgmx116) Nemesis&nbsp;ESMTP Service not available<br />554-No SMTP <b>service</b><br>554-Bad DNS PTR resource record.<BR>554 For explanation visit <a href=\"https://postmaster.gmx.net/\">https://postmaster.gmx.net/en/error-messages?ip=192.0.2.25&amp;c=rdns</a></p>", 554, "", gmx, "192.0.2.25"},
    // What the two documents show.
    {"folded v6", "smtp; 550-5.7.25 [f293:a083:1c13:b38d:d8bb:8073:a0a7:cb15] The IP\n    address sending this 550-5.7.25 message does not have a PTR record setup,\n    or the corresponding 550-5.7.25 forward DNS entry does not point to the\n    sending IP.\n", 550, "5.7.25", "[f293:a083:1c13:b38d:d8bb:8073:a0a7:cb15] The IP address sending this message does not have a PTR record setup, or the corresponding forward DNS entry does not point to the sending IP.", "f293:a083:1c13:b38d:d8bb:8073:a0a7:cb15"},
    {"sloppy", "550-5.7.25 [203.0.113.5] The IP address sending this message does not have a 550-5.7.25 PTR record setup, or the corresponding forward DNS entry does not 550 5.7.25 point to the sending IP. For more information, go to ...", 550, "5.7.25", "[203.0.113.5] The IP address sending this message does not have a PTR record setup, or the corresponding forward DNS entry does not point to the sending IP. For more information, go to ...", "203.0.113.5"},
    // Frames.
    {"exchange", "Remote Server returned '550 5.7.25 [203.0.113.5] No PTR record'", 550, "5.7.25", "[203.0.113.5] No PTR record", "203.0.113.5"},
    {"exchange, marks", "#< #5.7.25 smtp;550 5.7.25 Access denied, the sending IPv6 address [2a01:111:f200:2004::240] must have a reverse DNS record> #SMTP#", 550, "5.7.25", "Access denied, the sending IPv6 address [2a01:111:f200:2004::240] must have a reverse DNS record", "2a01:111:f200:2004::240"},
    {"exchange, old", "#550 5.7.25 Reverse DNS failed.#SMTP#", 550, "5.7.25", "Reverse DNS failed.", ""},
    {"exchange, angle", "<mx.example.net #5.7.25 smtp; no>", 0, "", "<mx.example.net #5.7.25 smtp; no>", ""},
    {"type", "SMTP; 554 5.7.1 [C14] Missing reverse DNS for 203.0.113.2", 554, "5.7.1", "[C14] Missing reverse DNS for 203.0.113.2", "203.0.113.2"},
    {"other type", "x-unix; 550 no PTR", 550, "", "no PTR", ""},
    {"reason", "(reason: 450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.25])", 450, "4.7.25", "Client host rejected: cannot find your hostname, [192.0.2.25]", "192.0.2.25"},
    {"hash", "550 #5.7.1 Your access is denied", 550, "5.7.1", "Your access is denied", ""},
    {"qmail", "550 sorry, no mailbox here by that name. (#5.1.1)", 550, "5.1.1", "sorry, no mailbox here by that name. (#5.1.1)", ""},
    // What is a code, and what is not.
    {"another class", "550 4.7.1 Try later", 550, "4.7.1", "Try later", ""},
    {"no code", "Client host rejected: cannot find your hostname, [192.0.2.25]", 0, "", "Client host rejected: cannot find your hostname, [192.0.2.25]", "192.0.2.25"},
    {"enhanced only", "5.7.25 No PTR", 0, "5.7.25", "No PTR", ""},
    {"code only", "571", 571, "", "", ""},
    {"address with a code inside", "550 5.7.25 No PTR for 35.7.25.1", 550, "5.7.25", "No PTR for 35.7.25.1", "35.7.25.1"},
    {"code mentioned", "550 5.7.25 see what 5.7.25 means", 550, "5.7.25", "see what 5.7.25 means", ""},
    {"version", "550 5.7.1 Mailer 5.7.1.2 rejected", 550, "5.7.1", "Mailer 5.7.1.2 rejected", ""},
    {"number as the code", "550-Limit is 550 MB\n550 Bye", 550, "", "Limit is 550 MB Bye", ""},
    {"four digits", "5501 is no code", 0, "", "5501 is no code", ""},
    {"port", "465 is no refusal", 465, "", "is no refusal", ""},
    {"empty", "", 0, "", "", ""},
    {"lines of codes only", "550-\r\n550-\r\n550 5.7.25 x", 550, "", "x", ""},
    {"glued codes", "550-Service not available550-No PTR record", 550, "", "Service not available No PTR record", ""},
    {"v6 broken by the fold", "550 5.7.25 Address 2001:db8::\n 25 has no PTR", 550, "5.7.25", "Address 2001:db8::25 has no PTR", "2001:db8::25"},
    {"v6 broken in brackets", "550 5.7.25 [IPv6:2001:db8:\n 1::25] has no PTR", 550, "5.7.25", "[IPv6:2001:db8:1::25] has no PTR", "2001:db8:1::25"},
    {"sentence end before a fold", "550 no PTR for 192.0.2.25.\n 3 tries left", 550, "", "no PTR for 192.0.2.25. 3 tries left", "192.0.2.25"},
    {"user name stays", "550 5.7.1 <b@example.com>: <br@example.com> Access denied", 550, "5.7.1", "<b@example.com>: <br@example.com> Access denied", ""},
};

TEST(Reply, as_found_in_the_wild) {
  for (const auto& row : rows) {
    const auto reply = parse_reply(row.given);
    EXPECT_EQ(reply.code, row.code) << row.name;
    EXPECT_EQ(reply.enhanced ? reply.enhanced->text() : "", row.enhanced) << row.name;
    EXPECT_EQ(reply.text, row.text) << row.name;
    EXPECT_EQ(reply.address ? reply.address->text() : "", row.address) << row.name;
  }
}

struct AddressRow {
  std::string_view given, address;
};
const AddressRow address_rows[] = {
    {"[192.0.2.25] x", "192.0.2.25"},
    {"IP=[192.0.2.25]Protection", "192.0.2.25"},
    {"IP=192.0.2.25 - Dialup", "192.0.2.25"},
    {"visit https://x.example/e?ip=192.0.2.25&c=rdns", "192.0.2.25"},
    {"[IPv6:2001:DB8::25]", "2001:db8::25"},
    {"IPv6:2001:db8::25", "2001:db8::25"},
    {"[::ffff:192.0.2.25]", "192.0.2.25"},
    {"mail server at 2001:db8:0:1::25 does not", "2001:db8:0:1::25"},
    {"[2001:db8::\n 25]", "2001:db8::25"},
    {"[2001:db8::25      19]", "2001:db8::25"},
    {"[192.0.2.2       7]", "192.0.2.2"},
    {"[192.0.2.\n 25]", "192.0.2.25"},
    {"2001:db8::\n 25 has", "2001:db8::25"},
    {"IP 192.0.2.25.For more", "192.0.2.25"},
    {"host 192.0.2.25Protection", "192.0.2.25"},
    {"client host[192.0.2.25]: x", "192.0.2.25"},
    {"(203.0.113.2).", "203.0.113.2"},
    {"host relay.example.com[127.0.0.12] said: no PTR for 192.0.2.25", "192.0.2.25"},
    {"mail.example.com resolves to 198.51.100.7, not to your IP 203.0.113.5", "203.0.113.5"},
    {"[2001:db8::1] has exceeded permitted limits within 2001:db8::/64 range", "2001:db8::1"},
    {"[TSS04] Messages from 192.0.2.25 temporarily deferred - 4.16.55.1; see x", "192.0.2.25"},
    {"[TSS04] temporarily deferred - 4.16.55.1; see x", ""},
    {"MagicSpam 2.1-9.2", ""},
    {"5.7.25.1 is no address here", ""},
    {"No PTR for 5.9.1.2", "5.9.1.2"},
    {"Exim 4.96.1.2-rc1", ""},
    {"version v1.2.3.4", ""},
    {"25.2.0.192.zen.example.org listed", ""},
    {"5.113.0.203.in-addr.arpa", ""},
    {"at 19:11:39 today", ""},
    {"Net::SMTP::FEED and a::b::c", ""},
    {"1.2.3.4.5", ""},
    {"300.1.2.3", ""},
    {"010.1.2.3", ""},
    {"", ""},
};
// H071: broken by a fold, padded, mapped, beside other addresses.
TEST(QuotedAddress, the_senders_own) {
  for (const auto& row : address_rows) {
    const auto address = quoted_address(row.given);
    EXPECT_EQ(address ? address->text() : "", row.address) << row.given;
  }
}

TEST(EnhancedCode, text_and_back) {
  for (const auto text : {"5.7.25", "4.0.0", "2.1.999", "5.7.515"}) EXPECT_EQ(parse_enhanced_code(text).value().text(), text);
  for (const auto text : {"", "5.7", "3.1.1", "5.7.25.1", "5.7.1000", "5..1", "5.7.25 ", "35.7.25", "5.7.25x", "5.7."})
    EXPECT_FALSE(parse_enhanced_code(text)) << text;
}

struct FindRow {
  std::string_view name, given;
  std::vector<std::string_view> found;  ///< code, enhanced code and text of each
};
const FindRow find_rows[] = {
    {"prose without any", "Port 465 and 587 are open since 2025. We sent 550 mails at 4.2.1 speed.", {}},
    {"header", "Status: 5.7.25\nRemote-MTA: dns; mx.example\nDiagnostic-Code: smtp; 550-5.7.25 [203.0.113.5] The IP\n    address sending this 550-5.7.25 message does not\n\nThe Solution\n", {"550 5.7.25 [203.0.113.5] The IP address sending this message does not"}},
    {"next header", "Diagnostic-Code: smtp; 550 5.7.25 no PTR\nLast-Attempt-Date: x\n", {"550 5.7.25 no PTR"}},
    {"said", "<a@b.example>: host mx.example[127.0.0.11] said: 550-5.7.25\n    [192.0.2.25] The IP has no 550-5.7.25\n    PTR (in reply to end of DATA command)\n\n--x", {"550 5.7.25 [192.0.2.25] The IP has no PTR"}},
    {"exim body", "  a@gmail.test\n    host mx [127.0.0.11]\n    SMTP error from remote mail server after end of data:\n    550-5.7.25 [192.0.2.25] The\n    550 5.7.25  IP\n\n--1\n", {"550 5.7.25 [192.0.2.25] The IP"}},
    {"transcript", "    (reason: 554-gmx.net Nemesis)\n\n<<< 554-gmx.net Nemesis\n<<< 554-Bad DNS PTR resource record.\n<<< 554 For ip=192.0.2.25\n554 5.0.0 Service unavailable\n", {"554  gmx.net Nemesis", "554  gmx.net Nemesis Bad DNS PTR resource record. For ip=192.0.2.25", "554 5.0.0 Service unavailable"}},
    {"opensmtpd", "ab mta delivery evpid=1 stat=\"450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.25]\"\n", {"450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.25]"}},
    {"opensmtpd banner", "ab mta error reason=BANNER rejected: 421 Refused. Your reverse DNS entry does not resolve to an IP.\n", {"421  Refused. Your reverse DNS entry does not resolve to an IP."}},
    {"exim log", R"(x: SMTP error from remote mail server after initial connection: 554-gmx.net x\n554-Bad DNS PTR\n554 For y)", {"554  gmx.net x Bad DNS PTR For y"}},
    {"sendmail log", "dsn=5.1.1, reply=550-Your message was rejected by this system and was not delivered., stat=User unknown", {"550  Your message was rejected by this system and was not delivered., stat=User unknown"}},
    {"two titles", "550 5.7.25 critical\n550 5.7.25 Reverse DNS / PTR Record Failure\nThe receiving server rejects", {"550 5.7.25 critical", "550 5.7.25 Reverse DNS / PTR Record Failure"}},
    {"wrapped by hand", "550 5.7.25 [203.0.113.5] The IP address sending this message does not\nhave a PTR record setup.\n\nBye", {"550 5.7.25 [203.0.113.5] The IP address sending this message does not have a PTR record setup."}},
    {"prose with both codes", "We got 550 5.7.25 no PTR from them", {"550 5.7.25 no PTR from them"}},
    {"exchange", "Remote Server returned '550 5.7.25 it's no PTR'\n", {"550 5.7.25 it's no PTR"}},
    {"list", "- 421 4.7.0 Try again\n* 450 greylisted\n", {"421 4.7.0 Try again", "450  greylisted"}},
};
TEST(FindReply, in_other_text) {
  for (const auto& row : find_rows) {
    std::vector<std::string> found;
    for (auto at = find_reply(row.given); at; at = find_reply(row.given, at->end)) {
      const auto& reply = at->reply;
      found.push_back(std::to_string(reply.code) + ' ' + (reply.enhanced ? reply.enhanced->text() : "") + ' ' + reply.text);
      ASSERT_LT(at->begin, at->end) << row.name;
    }
    EXPECT_EQ(found, std::vector<std::string>(row.found.begin(), row.found.end())) << row.name;
  }
}

}  // namespace
}  // namespace fcrdns::mail
