#include "fcrdns/bounce/classify.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "fcrdns/base/data_files.hpp"
#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/receiver_catalogue.hpp"
#include "fcrdns/bounce/code_words.hpp"

namespace fcrdns::bounce {
namespace {

/// The sample as each program would show it. Wrapped at 64 octets, as Gmail and most others do.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const auto word : base::words(text)) {
    if (!lines.back().empty() && lines.back().size() + word.size() > 64) lines.emplace_back();
    if (!lines.back().empty()) lines.back() += ' ';
    lines.back() += word;
  }
  return lines;
}

enum class Form { lines, glued, folded, escaped, torn };
constexpr Form forms[] = {Form::lines, Form::glued, Form::folded, Form::escaped, Form::torn};

std::string shown(const std::string& code, const std::string& enhanced, const std::string& text, Form form) {
  const auto lines = lines_of(text);
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool last = i + 1 == lines.size();
    auto head = code.empty() ? "" : code + (last ? " " : "-") + (enhanced.empty() ? "" : enhanced + " ");
    if (form == Form::torn && i > 0) head = enhanced.empty() ? "" : enhanced + " ";  // OpenSMTPD: nothing between the lines
    if (form == Form::folded) head = i == 0 ? "smtp; " + head : "    " + head;
    out += head + lines[i];
    if (last) break;
    if (form == Form::lines) out += "\r\n";
    if (form == Form::glued) out += ' ';
    if (form == Form::folded) out += '\n';
    if (form == Form::escaped) out += "\\n";
  }
  return out;
}

std::set<Cause> allowed(const std::string& cause, const std::string& text) {
  static const std::map<std::string, Cause> words{
      {"dynamic_ip", Cause::generic_ptr}, {"auth", Cause::authentication}, {"spf_like", Cause::authentication},
      {"rate", Cause::reputation}, {"spam", Cause::reputation}, {"dnsbl", Cause::reputation}, {"greylist", Cause::other},
      {"recipient", Cause::other}, {"recipient_dns", Cause::other}, {"sender_domain", Cause::other}, {"policy", Cause::other}};
  if (cause == "no_ptr|fcrdns_mismatch") return {Cause::no_ptr_or_mismatch};
  if (cause == "relay") {
    if (text.find("possibly forged") != text.npos) return {Cause::fcrdns_mismatch};
    return {Cause::no_ptr, Cause::dns_tempfail};
  }
  std::set<Cause> out;
  for (const auto part : base::split(cause, '|')) {
    const auto word = words.find(std::string(part));
    out.insert(word != words.end() ? word->second : parse_cause(part).value());
  }
  if (out.contains(Cause::no_ptr) && out.contains(Cause::fcrdns_mismatch)) out.insert(Cause::no_ptr_or_mismatch);
  return out;
}

nlohmann::json catalogue_rows() {
  std::ifstream in(FCRDNS_SOURCE_DIR "/tests/bounce/receivers_rows.json");
  return nlohmann::json::parse(in);
}
std::string text_of(const nlohmann::json& row, const char* key) { return row[key].is_null() ? "" : row[key].get<std::string>(); }

// All 133 replies that were collected, in every form they are seen in.
TEST(Classify, every_collected_reply) {
  std::map<std::string, std::pair<int, int>> right;  // of how many, by cause
  int neighbours = 0, wrong_neighbours = 0, positives = 0, positives_right = 0;
  for (const auto& row : catalogue_rows()) {
    const auto text = text_of(row, "sample_text"), cause = text_of(row, "cause");
    const bool neighbour = text_of(row, "evidence") == "neighbour";
    bool all_right = true;
    for (const auto form : forms) {
      // Without a code between them, torn lines lose a blank; a phrase that stood over two lines cannot be found.
      if (form == Form::torn && text_of(row, "enhanced").empty()) continue;
      const auto reply = mail::parse_reply(shown(text_of(row, "code"), text_of(row, "enhanced"), text, form));
      const auto meaning = classify(reply);
      std::string joined;
      for (const auto word : base::words(text)) joined += (joined.empty() ? "" : " ") + std::string(word);
      EXPECT_EQ(reply.text, joined);
      const bool ok = neighbour ? !meaning.reverse_dns() : allowed(cause, text).contains(meaning.cause());
      EXPECT_TRUE(ok) << static_cast<int>(form) << ' ' << reply.text << " -> " << to_word(meaning.cause()) << " not " << cause;
      if (neighbour) {
        EXPECT_TRUE(allowed(cause, text).contains(meaning.cause())) << text << " -> " << to_word(meaning.cause());
      }
      all_right &= ok;
      if (row["quotes_sending_ip"] == true) {
        EXPECT_TRUE(reply.address) << reply.text;
      }
    }
    if (neighbour) ++neighbours, wrong_neighbours += all_right ? 0 : 1;
    else ++positives, positives_right += all_right ? 1 : 0, ++right[cause].second, right[cause].first += all_right ? 1 : 0;
  }
  for (const auto& [cause, of] : right) std::printf("  %-36s %d of %d\n", cause.c_str(), of.first, of.second);
  std::printf("  all %d of %d; neighbours taken for reverse DNS: %d of %d\n", positives_right, positives, wrong_neighbours, neighbours);
  EXPECT_EQ(positives, 108);
  EXPECT_GE(positives_right * 100, positives * 95);
  EXPECT_EQ(neighbours, 25);
  EXPECT_EQ(wrong_neighbours, 0);
}

struct Variant {
  std::string_view given;
  Cause cause;
  std::string_view receiver;
};
// Other addresses, ids, codes and line ends than those that were collected; and texts that nobody collected.
const Variant variants[] = {
    {"550-5.7.25 [2a01:4f8:c17:1::1] The IP address sending this message does not have a 550-5.7.25 PTR record setup, or the corresponding forward DNS entry does not 550-5.7.25 match the sending IP. ffacd0b85a97d-3a1.12 - gsmtp", Cause::no_ptr_or_mismatch, "google"},
    {"421 4.7.23 [198.51.100.9] The sending IP address for this message doesn't have a", Cause::no_ptr_or_mismatch, "google"},
    {"550 5.7.25 [198.51.100.9] The IP address sending this message does not have a", Cause::no_ptr_or_mismatch, "google"},
    {"550-5.7.1 [2001:db8::9] Our system has detected that this message does not meet IPv6\n550-5.7.1 sending guidelines regarding PTR records and authentication.\n550 5.7.1 z1si1.3 - gsmtp", Cause::ipv6_policy, "google"},
    {"550 5.7.25 [198.51.100.9] The sending IP does not match the IP address of the hostname specified in the pointer (PTR) record.", Cause::fcrdns_mismatch, "google"},
    {"450 4.7.25 Service unavailable, sending IPv6 address [2603:10a6::7] must have reverse DNS record. [DB5EUR01FT012.eop-EUR01.prod.protection.outlook.com]", Cause::no_ptr, "microsoft"},
    {"554 5.7.1 <x@y.example>: Client host rejected: cannot find your reverse hostname, [198.51.100.9]", Cause::no_ptr, "postfix"},
    {"450 4.7.1 Client host rejected: cannot find your reverse hostname, [2001:db8::9]", Cause::no_ptr, "postfix"},
    {"450 4.7.25 <vps1.example.net[198.51.100.9]>: Client host rejected: cannot find your hostname", Cause::no_ptr_or_mismatch, "postfix"},
    {"550 5.7.25 Client host rejected: cannot find your hostname, [198.51.100.9]", Cause::no_ptr_or_mismatch, "postfix"},
    {"554-web.de (mxweb109) Nemesis ESMTP Service not available\n554-No SMTP service\n554-Bad DNS PTR resource record.\n554 For explanation visit https://postmaster.web.de/en/error-messages?ip=198.51.100.9&c=rdns", Cause::no_ptr, "gmx"},
    {"554 kundenserver.de (mxeue009) Nemesis ESMTP Service not available No SMTP service invalid DNS PTR resource record, IP=198.51.100.9", Cause::no_ptr, "gmx"},
    {"554 resimta-po-33v.sys.comcast.net resimta-po-33v.sys.comcast.net 198.51.100.9 Comcast requires that all mail servers must have a PTR record with a valid Reverse DNS entry.", Cause::no_ptr, "comcast"},
    {"421 198.51.100.9 DNS check failure - try again later", Cause::dns_tempfail, "cox"},
    {"554 198.51.100.9 rejected - no rDNS", Cause::no_ptr, "cox"},
    {"421 Temporarily rejected. Reverse DNS for 198.51.100.9 failed. IB108", Cause::no_ptr, "godaddy"},
    {"554 5.7.1 Fix reverse DNS for 198.51.100.9", Cause::no_ptr, "sendmail"},
    {"550 5.7.1 <u@example.org>... Relaying denied. IP name lookup failed [198.51.100.9]", Cause::no_ptr, "sendmail"},
    {"550 5.7.1 Possibly forged hostname for 198.51.100.9", Cause::fcrdns_mismatch, "sendmail"},
    {"421 Refused. Your reverse DNS entry does not resolve.", Cause::fcrdns_mismatch, "spamdyke"},
    {"421 Refused. Your reverse DNS entry does not resolve to an IP.", Cause::fcrdns_mismatch, "free"},
    {"554 IP=198.51.100.9 - Dialup/transient IP not allowed. Use a mailgateway or contact tosa@rx.t-online.de if obsolete. (DIAL)", Cause::generic_ptr, "t_online"},
    {"550-Your message was rejected by this system and was not delivered.\n550-Reason: This system will not accept messages from servers/devices with no reverse DNS. IP=[198.51.100.9]\n550 x", Cause::no_ptr, "magicmail"},
    {"554 5.7.1 The sending mail server at 198.51.100.9 does not have a reverse (address-to-name) DNS entry cf x", Cause::no_ptr, "linkedin"},
    {"550 client [198.51.100.9] rejected; no rDNS", Cause::no_ptr, "haraka"},
    {"550 client [198.51.100.9] rDNS lookup error (ETIMEOUT)", Cause::dns_tempfail, "haraka"},
    {"550 5.7.25 Reverse DNS validation failed.", Cause::no_ptr_or_mismatch, "stalwart"},
    {"550 Sorry, we do not accept mail from hosts with dynamic IP or generic DNS PTR-records. Please get a custom reverse DNS name from your ISP for your host 198.51.100.9", Cause::generic_ptr, "mail_ru"},
    {"550 SC-001 (BAY004-MC1F1) x DY-001 Mail rejected by Outlook.com for policy reasons", Cause::generic_ptr, "outlook_com"},
    {"554 5.7.1 : (DNS:NR) https://postmaster.aol.com/error-codes#554dnsnr", Cause::no_ptr, "aol"},
    {"550 5.1.0 sender rejected. AUP#In-1130", Cause::no_ptr_or_mismatch, "charter"},
    {"550 5.7.25 Rejected", Cause::no_ptr_or_mismatch, ""},
    {"450 4.7.25 Try later", Cause::no_ptr_or_mismatch, ""},
    {"550 5.7.1 Your mail server has no PTR record", Cause::no_ptr, ""},
    {"550 No PTR for 198.51.100.9 found, mail refused", Cause::no_ptr, ""},
    {"554 Your IP 198.51.100.9 has no reverse DNS, fix it", Cause::no_ptr, ""},
    {"550 Missing PTR record for your host", Cause::no_ptr, ""},
    {"554 rDNS missing", Cause::no_ptr, ""},
    {"550 Reverse DNS of your server does not match its forward DNS", Cause::fcrdns_mismatch, ""},
    {"550 PTR record mismatch: mail.example.com", Cause::fcrdns_mismatch, ""},
    {"550 5.7.1 reverse lookup failed for 198.51.100.9", Cause::no_ptr_or_mismatch, ""},
    {"550 Access denied: invalid rDNS", Cause::no_ptr_or_mismatch, ""},
    {"554 5.7.1 Generic rDNS, mail refused: 198-51-100-9.dyn.example.net", Cause::generic_ptr, ""},
    {"550 Your hostname looks like a dynamic IP, use your ISP's relay", Cause::generic_ptr, ""},
    {"550 PTR record is generic", Cause::generic_ptr, ""},
    {"451 Temporary failure: rDNS lookup timed out, try again later", Cause::dns_tempfail, ""},
    {"451 4.7.1 reverse DNS lookup timeout", Cause::dns_tempfail, ""},
    {"550 Kein PTR-Eintrag: kein reverse DNS fuer 198.51.100.9", Cause::no_ptr, ""},
    {"550 5.7.1 Reverse-DNS-Eintrag fehlt", Cause::no_ptr, ""},
    {"550 PTR-Record stimmt nicht mit der IP ueberein", Cause::fcrdns_mismatch, ""},
    {"550 Pas de reverse DNS pour votre adresse IP", Cause::no_ptr, ""},
    {"550 Votre serveur n'a pas d'enregistrement PTR, DNS inverse manquant", Cause::no_ptr, ""},
    {"550 La IP 198.51.100.9 no tiene registro PTR", Cause::no_ptr, ""},
    {"550 Sin DNS inverso para 198.51.100.9", Cause::no_ptr, ""},
    {"550 Manca il record PTR: DNS inverso mancante", Cause::no_ptr, ""},
    {"550 gyakubiki error: 198.51.100.9", Cause::no_ptr_or_mismatch, ""},
    {"550 Your IP address does not resolve to a hostname, no reverse record", Cause::no_ptr, ""},
    {"554 5.7.1 Unresolvable IP address", Cause::no_ptr, ""},
    {"550 forward-confirmed reverse DNS required", Cause::no_ptr, ""},
    {"550 FCrDNS check failed for 198.51.100.9", Cause::no_ptr_or_mismatch, ""},
    {"550 5.7.1 in-addr.arpa entry missing for your host", Cause::no_ptr, ""},
    {"554 5.7.1 No PTR record. Please also check your SPF and DKIM records.", Cause::no_ptr, ""},
    {"550 Your host's PTR name does not resolve back to 198.51.100.9", Cause::fcrdns_mismatch, ""},
    {"550 IP 198.51.100.9: pointer record required by our policy", Cause::no_ptr, ""},
    {"550 full-circle DNS check failed", Cause::no_ptr_or_mismatch, ""},
};
TEST(Classify, variants) {
  for (const auto& row : variants) {
    const auto meaning = classify(mail::parse_reply(row.given));
    EXPECT_EQ(to_word(meaning.cause()), to_word(row.cause)) << row.given;
    EXPECT_EQ(meaning.receiver, row.receiver) << row.given;
  }
}

const std::string_view other_reasons[] = {
    "552 5.2.2 Mailbox full",
    "452 4.2.2 The email account that you tried to reach is over quota",
    "550 5.1.1 The email account that you tried to reach does not exist",
    "550 5.1.1 <a@example.com>: Recipient address rejected: User unknown in local recipient table",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient a@example.com not found by SMTP address lookup",
    "550 No such user here",
    "550 5.7.23 SPF fail: 198.51.100.9 is not allowed to send for example.com",
    "550 5.7.1 SPF check failed",
    "550-5.7.26 This mail has been blocked because the sender is unauthenticated. DKIM = did not pass",
    "550 5.7.26 DMARC policy reject",
    "550 5.7.20 No passing DKIM signature found",
    "550 DKIM signature invalid, check your DNS record",
    "550 SPF record missing. Make sure that SPF, DKIM and PTR are right",
    "554 5.7.1 Please check your SPF, DKIM, PTR and HELO settings; message looks like spam",
    "554 5.7.1 Service unavailable; Client host [198.51.100.9] blocked using bl.spamcop.net; Blocked",
    "554 5.7.1 Client host [198.51.100.9] blocked using noptr.spamrats.com; SPAMRATS IP Addresses without reverse DNS",
    "550 5.7.1 Rejected: 198.51.100.9 listed at b.barracudacentral.org",
    "550 Your IP is on our blacklist. Check that rDNS is set and ask for removal",
    "550 5.7.1 mail from dynamic IP space listed by PBL, see https://www.spamhaus.org/pbl",
    "554 5.7.1 Your host is blocked by dnsbl.example",
    "451 4.7.1 Greylisting in action, please come back later",
    "450 4.2.0 <a@example.com>: Recipient address rejected: Greylisted for 300 seconds",
    "451 4.7.1 Please try again later (TEMPFAIL)",
    "554 5.7.1 <a@example.net>: Relay access denied",
    "550 5.7.1 Relaying denied",
    "550 5.7.1 Unable to relay for a@example.com",
    "530 5.7.0 Must issue a STARTTLS command first",
    "530 5.7.0 Authentication required",
    "535 5.7.8 Error: authentication failed: no mechanism available",
    "454 4.7.0 TLS not available due to local problem",
    "550 5.7.10 Encryption needed",
    "552 5.3.4 Message size exceeds fixed limit",
    "552-5.7.0 This message was blocked because its content presents a potential\n552 5.7.0 security issue. - gsmtp",
    "554 5.7.1 Message contains a virus",
    "550 5.6.0 Lone CR or LF in headers",
    "550-5.7.1 Our system has detected that this message is\n550-5.7.1 likely unsolicited mail. - gsmtp",
    "421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP address. - gsmtp",
    "450 4.7.1 Error: too many mails from 198.51.100.9",
    "421 4.7.0 Too many connections from your host, try again later",
    "452 4.5.3 Too many recipients",
    "550 5.7.1 Helo command rejected: need fully-qualified hostname",
    "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname",
    "550 HELO name does not resolve",
    "550 Bad HELO: your HELO must be a resolvable host name and match PTR",
    "550 5.7.1 EHLO argument does not match reverse DNS",
    "501 5.5.4 Invalid domain name in HELO",
    "553 5.1.8 Domain of sender address a@example.org does not exist",
    "451 4.1.8 Domain of sender address a@example.org does not resolve",
    "450 4.1.8 <a@example.org>: Sender address rejected: Domain not found",
    "550 5.1.2 Recipient domain not found, DNS lookup failed",
    "554 5.4.4 Unable to lookup DNS for example.org",
    "451 4.4.3 temporary lookup failure",
    "450 4.1.2 <a@example.org>: Recipient address rejected: Domain not found",
    "550 5.4.310 DNS domain example.org does not exist [Message=InfoDomainNonexistent]",
    "550 5.7.1 Message rejected due to content restrictions",
    "554 5.7.1 Spam message rejected",
    "550 5.7.350 Remote server returned message detected as spam",
    "554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes",
    "550 5.7.606 Access denied, banned sending IP [198.51.100.9]. To request removal visit https://sender.office.com",
    "550 5.7.1 Unfortunately, messages from [198.51.100.9] weren't sent. Please contact your ISP since part of their network is on our block list (S3140).",
    "550 5.4.1 Recipient address rejected: Access denied",
    "554-gmx.net (mxgmx116) Nemesis ESMTP Service not available\n554-No SMTP service\n554-IP address is block listed.\n554 For explanation visit https://postmaster.gmx.net/en/error-messages?ip=198.51.100.9&c=bl",
    "554 IP=198.51.100.9 - None/bad reputation. Ask your postmaster for help or to contact tobr@rx.t-online.de (NOWL)",
    "550 5.7.1 Sender ID (PRA) Not Permitted",
    "550 Administrative prohibition",
    "421 Service not available, closing transmission channel",
    "550 5.2.1 The email account that you tried to reach is inactive",
    "550 Message was not accepted -- invalid mailbox. Local mailbox a@example.com is unavailable: user not found",
    "550 5.7.515 Access denied, sending domain example.com doesn't meet the required authentication level",
    "554 Message refused. PTR mail.example.com, HELO mail.example.com, score 12: spam",
};
TEST(Classify, other_reasons_are_not_taken_for_reverse_dns) {
  for (const auto given : other_reasons) {
    const auto meaning = classify(mail::parse_reply(given));
    EXPECT_FALSE(meaning.reverse_dns()) << given << " -> " << to_word(meaning.cause());
    EXPECT_NE(explain_code(mail::parse_reply(given)), nullptr) << given;
  }
}

// The same bare code, by whose it is.
TEST(Classify, bare_codes) {
  struct Row {
    std::string_view given, server, receiver;
    Cause cause;
    Certainty certainty;
  };
  for (const auto& row : {Row{"421 4.7.23", "gmail-smtp-in.l.google.com", "google", Cause::no_ptr_or_mismatch, Certainty::code},
                          Row{"421 4.7.23", "mx.example.net", "", Cause::authentication, Certainty::code},
                          Row{"421 4.7.23", "notgoogle.com", "", Cause::authentication, Certainty::code},
                          Row{"550 5.7.25", "x.olc.protection.outlook.com.", "outlook_com", Cause::no_ptr_or_mismatch, Certainty::code},
                          Row{"550 5.7.510", "x.mail.protection.outlook.com", "microsoft", Cause::ipv6_policy, Certainty::code},
                          Row{"550 5.7.25 x", "198.51.100.1", "", Cause::no_ptr_or_mismatch, Certainty::code},
                          Row{"450 4.7.25 Client host rejected: cannot find your hostname", "MX00.EMIG.GMX.NET", "gmx", Cause::no_ptr_or_mismatch, Certainty::literal},
                          Row{"550 no PTR here", "mx.example", "", Cause::no_ptr, Certainty::words},
                          Row{"554 gmx.net (mxgmx116) Nemesis ESMTP Service not available", "", "gmx", Cause::no_ptr, Certainty::words},
                          Row{"", "", "", Cause::other, Certainty::code}}) {
    const auto meaning = classify(mail::parse_reply(row.given), row.server);
    EXPECT_EQ(meaning.receiver, row.receiver) << row.given << row.server;
    EXPECT_EQ(to_word(meaning.cause()), to_word(row.cause)) << row.given << row.server;
    EXPECT_EQ(to_word(meaning.certainty), to_word(row.certainty)) << row.given << row.server;
  }
}

TEST(ExplainCode, as_it_is_written) {
  struct Row {
    std::string_view given, code;
  };
  for (const auto& row : {Row{"5.7.26", "5.7.26"}, Row{"550 5.7.26", "5.7.26"}, Row{"550-5.7.26", "5.7.26"}, Row{"4.7.26", "4.7.26"},
                          Row{"4.7.24", "5.7.24"}, Row{"5.7.610", "5.7.606-5.7.649"}, Row{"5.4.99", "5.4.x"}, Row{"(S3140)", "S3140"},
                          Row{"s3150", "S3150"}, Row{"550 (S3150)", "S3150"}, Row{"AUP#In-1100", "AUP#In-1100"}, Row{"(DNS:NR)", "DNS:NR"},
                          Row{"421", "421"}, Row{"#5.7.1", "5.7.1"}, Row{"5.7.25.1", ""}, Row{"hello", ""}, Row{"", ""}, Row{"9.9.9", ""}}) {
    const auto* word = explain_code(row.given);
    EXPECT_EQ(word ? word->code : "", row.code) << row.given;
  }
  EXPECT_EQ(explain_code(mail::parse_reply("550 5.7.1 part of their network is on our block list (S3150)."))->code, "S3150");
  for (const auto& code : known_codes()) EXPECT_NE(explain_code(code), nullptr) << code;
}

TEST(ReceiverFile, what_is_compiled_in_can_be_read) {
  const auto file = parse_receivers(base::data_file("receivers.json").value());
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_TRUE(ReceiverCatalogue::make(*file));
  const auto codes = CodeCatalogue::parse(base::data_file("codes.json").value());
  ASSERT_TRUE(codes) << codes.error().message;
  EXPECT_EQ(find_receiver("google")->name, "Gmail");
  EXPECT_EQ(find_receiver("nobody"), nullptr);
  EXPECT_EQ(receiver_catalogue().by_server("mx1.free.fr")->id, "free");
}

TEST(ReceiverFile, says_what_is_wrong) {
  struct Row {
    std::string_view json, fault;
  };
  for (const auto& row : {Row{"", "is no JSON"}, Row{"[]", "the file: must be an object"}, Row{"{}", "the file: lacks \"receivers\""},
                          Row{R"({"receivers":[{"id":"A"}]})", "receivers[0].id: must be a-z, 0-9 and _ only"},
                          Row{R"({"receivers":[{"id":"a","name":"A","x":1}]})", "receivers[0]: has an unknown field \"x\""},
                          Row{R"({"receivers":[],"texts":[{"says":["no ptr"],"means":["nonsense"]}]})", "texts[0].means[0]: is no cause"},
                          Row{R"({"receivers":[],"texts":[{"says":["no"],"means":["no_ptr"]}]})", "texts[0].says[0]: is too short to tell anything"},
                          Row{R"({"receivers":[{"id":"a","name":"A"},{"id":"a","name":"A"}]})", "receivers[1]: its id stands there twice"}}) {
    const auto file = parse_receivers(row.json);
    ASSERT_FALSE(file) << row.json;
    EXPECT_EQ(file.error().message, row.fault) << row.json;
  }
}

}  // namespace
}  // namespace fcrdns::bounce
