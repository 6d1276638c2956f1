// What does the DNS answer, and how sure is that. Every outcome is a value; trouble never reads as "no such record".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/dns/message.hpp"
#include "fcrdns/dns/reply.hpp"
#include "fcrdns/dns/status.hpp"

namespace fcrdns::resolver {

/// What is known about the DNSSEC state of an answer.
enum class Dnssec { unknown, insecure, secure, bogus };
[[nodiscard]] std::string_view to_word(Dnssec state);
[[nodiscard]] std::optional<Dnssec> parse_dnssec(std::string_view word);

/// One packet (or one built-in recursion) on the way to an answer, for --trace.
struct Attempt {
  std::string server;        ///< "192.0.2.53:53", or "built-in recursion"
  std::string transport;     ///< "udp", "tcp", "-"
  base::SteadyTime sent{};
  base::Milliseconds took{};  ///< until its outcome, or until it was given up
  std::string outcome;        ///< a status word, or "truncated", "wrong id", ...
  friend bool operator==(const Attempt&, const Attempt&) = default;
};

struct Answer {
  dns::Status status = dns::Status::timeout;
  std::vector<dns::Record> records;   ///< of the asked type at the end of the CNAME chain; empty unless noerror
  std::vector<dns::Name> via;         ///< names the CNAMEs led through, in order
  std::optional<dns::Record> soa;     ///< of a negative answer
  Dnssec dnssec = Dnssec::unknown;
  std::string detail;                 ///< why it is trouble, as far as known (EDE, validator's reason); untrusted text
  std::size_t size = 0;               ///< octets of the whole reply message; 0 when unknown
  bool over_tcp = false;
  base::SteadyTime asked{}, answered{};
  std::vector<Attempt> attempts;
  friend bool operator==(const Answer&, const Answer&) = default;
};

using Done = std::move_only_function<void(Answer)>;

/// How one packet is worded, for who wants to know about just that.
struct Wording {
  bool edns = true;         ///< with a buffer of 1232 octets
  bool dnssec_ok = false;   ///< DO (RFC 3225); needs edns
  bool mixed_case = false;  ///< 0x20: a reply that does not repeat the letter case is `malformed`
  friend bool operator==(const Wording&, const Wording&) = default;
};

/// A question put to one server itself, without recursion (RD=0).
struct ServerQuestion {
  net::Endpoint server;
  dns::Question question;
  bool tcp = false;                                  ///< over TCP only; else over UDP, and a TC reply over TCP
  dns::Source source = dns::Source::authoritative;   ///< recursive: a cache is probed, AA is not asked for
  /// One packet, worded so and not asked again (a TC reply still leads to TCP); empty: whatever leads to an answer.
  std::optional<Wording> once{};
};
struct ServerAnswer {
  Answer answer;
  std::optional<dns::Message> message;  ///< the whole reply, for who reads referrals; empty when none came
  bool no_route = false;                ///< unreachable: nothing could be sent there from here
};
using ServerDone = std::move_only_function<void(ServerAnswer)>;

class Resolver {
 public:
  virtual ~Resolver() = default;
  Resolver() = default;
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  /// Starts one question. `done` is called exactly once, from inside wait(), at `deadline` at the latest (status
  /// timeout, or a better-informed trouble). Questions run side by side; CNAME chains are followed.
  virtual void ask(dns::Question question, base::SteadyTime deadline, Done done) = 0;
  /// Waits for and delivers what is due, at most `longest`. False when nothing was delivered.
  virtual bool wait(base::Milliseconds longest) = 0;
  /// Asks one server, two tries, over one transport. `done` as above. A resolver that cannot says `unreachable` at
  /// once; its roots() and caches() are empty.
  virtual void ask_server(ServerQuestion question, base::SteadyTime deadline, ServerDone done);
  /// Calls back at that time, from inside wait(): for who spreads questions. A resolver that cannot calls at once.
  virtual void at(base::SteadyTime when, std::move_only_function<void()> call);
  /// Where walks begin; empty: none can be made.
  [[nodiscard]] virtual std::vector<net::Endpoint> roots() const { return {}; }
  /// The family that alone may carry queries; empty: both.
  [[nodiscard]] virtual std::optional<net::Family> only_family() const { return {}; }
  /// The recursive resolvers asked, for who probes their caches; empty: recursion inside the process.
  [[nodiscard]] virtual std::vector<net::Endpoint> caches() const { return {}; }
  /// This resolver's clock: real, or the scripted world's.
  [[nodiscard]] virtual base::SteadyTime now() const = 0;
  /// Whether the zone's authority could be reached from here; known after the first answers.
  enum class Authority { not_asked, reachable, unreachable };
  [[nodiscard]] virtual Authority authority() const { return Authority::not_asked; }
};

/// Which of two outcomes of the same question says more: definite before trouble; among troubles the more telling
/// (bogus, servfail, refused, formerr, malformed, lame, loop before timeout before unreachable).
[[nodiscard]] bool says_more(dns::Status a, dns::Status b);

}  // namespace fcrdns::resolver
