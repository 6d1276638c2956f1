// Writes a Postfix log of a given size to standard output, the same for the same size: 32 mails at a time, their lines
// interleaved. Of all lines 0.5 % are refusals with the texts of refusals.tsv, 5 % deferrals (three of five a connection
// that timed out, the others greylisting); the rest is smtpd, cleanup, qmgr and mails that were taken.
//
//   mail_log REFUSALS.tsv OCTETS > mail.log
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

struct Refusal {
  std::string host, code, enhanced, text;
};

std::vector<Refusal> read_refusals(const char* path) {
  std::ifstream in(path);
  std::vector<Refusal> all;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::string cells[4];
    std::size_t at = 0;
    for (auto& cell : cells) {
      const auto end = std::min(line.find('\t', at), line.size());
      cell = line.substr(at, end - at);
      at = std::min(end + 1, line.size());
    }
    all.push_back({cells[0], cells[1], cells[2], cells[3]});
  }
  return all;
}

class Random {
 public:
  std::uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }

 private:
  std::uint64_t state_ = 0x9e3779b97f4a7c15;
};

constexpr const char* domains[] = {"gmail.com", "outlook.com", "gmx.net", "example.org", "web.de", "yahoo.com", "university.example", "company.example"};
constexpr const char* hosts[] = {"gmail-smtp-in.l.google.com", "outlook-com.olc.protection.outlook.com", "mx00.emig.gmx.net", "mail.example.org",
                                 "mx-ha02.web.de", "mta5.am0.yahoodns.net", "mx1.university.example", "mail.company.example"};
constexpr const char* people[] = {"alice", "bob", "carol.smith", "dave", "erin", "newsletter", "info", "support", "jan.novak", "office"};

enum class Fate { taken, refused, greylisted, timed_out };

struct Mail {
  std::string id, sender, recipient;
  std::size_t domain = 0;
  Fate fate = Fate::taken;
  int step = 0;
};

class Writer {
 public:
  explicit Writer(std::vector<Refusal> refusals) : refusals_(std::move(refusals)), mails_(32) {
    for (auto& mail : mails_) mail = fresh();
  }

  void line(std::string& out) {
    if (random_.below(40) == 0) ++second_;
    auto& mail = mails_[random_.below(mails_.size())];
    const auto day = second_ / 86400 % 28 + 1, hour = second_ / 3600 % 24, minute = second_ / 60 % 60;
    fmt::format_to(std::back_inserter(out), "Nov {:2} {:02}:{:02}:{:02} mail postfix/", day, hour, minute, second_ % 60);
    body(mail, out);
    out += '\n';
    ++lines_;
  }

 private:
  /// Retried mails begin at the queue manager, as their arrival was long ago.
  Mail fresh() {
    Mail mail;
    mail.id = fmt::format("{:05X}{:06X}", random_.below(1 << 20), random_.below(1 << 24));
    mail.sender = fmt::format("{}@shop{}.example", people[random_.below(std::size(people))], random_.below(40));
    mail.domain = random_.below(std::size(domains));
    mail.recipient = fmt::format("{}{}@{}", people[random_.below(std::size(people))], random_.below(10'000), domains[mail.domain]);
    if (refused_ * 200 < lines_) {
      mail.fate = Fate::refused;
      ++refused_;
    } else if (deferred_ * 20 < lines_) {
      mail.fate = random_.below(5) < 3 ? Fate::timed_out : Fate::greylisted;
      mail.step = 3;
      ++deferred_;
    }
    return mail;
  }

  void body(Mail& mail, std::string& out) {
    auto to = std::back_inserter(out);
    const auto pid = 1000 + random_.below(30'000);
    const auto client = fmt::format("client{}.shop.example[198.51.100.{}]", random_.below(200), random_.below(250) + 1);
    switch (mail.step++) {
      case 0: fmt::format_to(to, "smtpd[{}]: connect from {}", pid, client); return;
      case 1: fmt::format_to(to, "smtpd[{}]: {}: client={}, sasl_method=PLAIN, sasl_username={}", pid, mail.id, client, mail.sender); return;
      case 2: fmt::format_to(to, "cleanup[{}]: {}: message-id=<{:x}.{:x}@shop.example>", pid, mail.id, random_.next(), random_.below(1 << 20)); return;
      case 3: fmt::format_to(to, "qmgr[812]: {}: from=<{}>, size={}, nrcpt=1 (queue active)", mail.id, mail.sender, random_.below(90'000)); return;
      case 4:
        if (mail.fate != Fate::taken) return last(mail, pid, out);
        fmt::format_to(to, "smtpd[{}]: disconnect from {} ehlo=2 starttls=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8", pid, client);
        return;
      case 5:
        fmt::format_to(to, "smtp[{}]: {}: to=<{}>, relay={}[203.0.113.{}]:25, delay={}.{}, delays=0.1/0.01/0.5/1.1, dsn=2.0.0, status=sent (250 2.0.0 OK  {} {:x} - gsmtp)",
                       pid, mail.id, mail.recipient, hosts[mail.domain], random_.below(250) + 1, random_.below(5), random_.below(100), 1795288249 + second_, random_.next());
        return;
      default:
        fmt::format_to(to, "qmgr[812]: {}: removed", mail.id);
        mail = fresh();
    }
  }

  void last(Mail& mail, std::uint64_t pid, std::string& out) {
    auto to = std::back_inserter(out);
    const auto* const host = hosts[mail.domain];
    const auto octet = random_.below(250) + 1;
    if (mail.fate == Fate::timed_out) {
      fmt::format_to(to, "smtp[{}]: {}: to=<{}>, relay=none, delay={}, delays={}/0.02/30/0, dsn=4.4.1, status=deferred (connect to {}[203.0.113.{}]:25: Connection timed out)",
                     pid, mail.id, mail.recipient, random_.below(90'000), random_.below(90'000), host, octet);
    } else if (mail.fate == Fate::greylisted) {
      fmt::format_to(to,
                     "smtp[{}]: {}: to=<{}>, relay={}[203.0.113.{}]:25, delay=1.2, delays=0.1/0/0.6/0.5, dsn=4.2.0, status=deferred (host {}[203.0.113.{}] said: 450 4.2.0 "
                     "<{}>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/{}.html (in reply to RCPT TO command))",
                     pid, mail.id, mail.recipient, host, octet, host, octet, mail.recipient, domains[mail.domain]);
    } else {
      const auto& refusal = refusals_[random_.below(refusals_.size())];
      const bool temporary = refusal.code[0] == '4';
      fmt::format_to(to, "smtp[{}]: {}: to=<{}>, relay={}[203.0.113.{}]:25, delay=1.1, delays=0.1/0/0.6/0.4, dsn={}, status={} (host {}[203.0.113.{}] said: {} {}{}{} (in reply to RCPT TO command))",
                     pid, mail.id, mail.recipient, refusal.host, octet, refusal.enhanced.empty() ? (temporary ? "4.0.0" : "5.0.0") : refusal.enhanced.c_str(),
                     temporary ? "deferred" : "bounced", refusal.host, octet, refusal.code, refusal.enhanced, refusal.enhanced.empty() ? "" : " ", refusal.text);
    }
    mail = fresh();
  }

  std::vector<Refusal> refusals_;
  std::vector<Mail> mails_;
  Random random_;
  std::uint64_t second_ = 0, lines_ = 0, refused_ = 0, deferred_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const auto refusals = argc == 3 ? read_refusals(argv[1]) : std::vector<Refusal>{};
  const auto octets = argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 0;
  if (refusals.empty() || octets == 0) {
    std::fputs("usage: mail_log REFUSALS.tsv OCTETS > mail.log\n", stderr);
    return 64;
  }
  Writer writer(refusals);
  std::string out;
  for (std::uint64_t written = 0; written < octets;) {
    out.clear();
    while (out.size() < (1 << 20) && written + out.size() < octets) writer.line(out);
    if (std::fwrite(out.data(), 1, out.size(), stdout) != out.size()) return 74;
    written += out.size();
  }
  return 0;
}
