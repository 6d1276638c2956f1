// What does SPF say of a client that uses a domain's name? check_host() of RFC 7208, on whatever way of asking it is given.
//
//     Query  ->  the domain's record (4.4, 4.5)  ->  its terms, left to right (4.6)  ->  Outcome, with the trace of each term
//
// Everything it reads is hostile: look-ups, void look-ups, names per mx and ptr, the length of a record and the depth of
// includes are bounded (4.6.4), and what leaves here is escaped where it says so.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/dns/message.hpp"
#include "fcrdns/net/address.hpp"
#include "fcrdns/resolver/resolver.hpp"

namespace fcrdns::spf {

/// RFC 7208 2.6.
enum class Result { none, neutral, pass, fail, softfail, temperror, permerror };
[[nodiscard]] std::string_view to_word(Result result);
[[nodiscard]] std::optional<Result> parse_result(std::string_view word);

/// RFC 7208 2.3, 2.4.
enum class Identity { mailfrom, helo };
[[nodiscard]] std::string_view to_word(Identity identity);
[[nodiscard]] std::optional<Identity> parse_identity(std::string_view word);

struct Query {
  Identity identity = Identity::mailfrom;
  net::Address client;              ///< a v4-mapped address was unmapped() before
  /// "local@domain" as given, the domain in A-labels (RFC 8616 4); empty: the null reverse-path, postmaster@helo stands
  /// for it (2.4).
  std::string mail_from;
  std::string helo;                 ///< as given; empty: not known
  std::string receiver = "unknown"; ///< %{r} (7.3)
  base::WallTime time{};            ///< %{t} (7.3)
};

/// RFC 7208 4.6.4. The defaults are the RFC's.
struct Limits {
  unsigned terms = 10;        ///< that cause a look-up
  unsigned void_lookups = 2;
  unsigned names = 10;        ///< address look-ups of one mx; PTR names of one ptr
  std::size_t record = 16'384;  ///< octets of a record; a longer one is a permerror (ours: 3.4 asks for 450 at most)
};

/// One term as it was evaluated, for --trace and for who wants to know why.
struct Term {
  unsigned depth = 0;         ///< 0: of the domain's own record; include and redirect lead deeper
  std::string domain;         ///< whose record it stands in, escaped
  std::string text;           ///< as written, escaped
  std::string outcome;        ///< "match", "no match", "void", "timeout", ...: a word or two
  unsigned lookups = 0;       ///< what it counts against the limit of 10, those below an include too
  unsigned void_lookups = 0;
  friend bool operator==(const Term&, const Term&) = default;
};

struct Outcome {
  Identity identity = Identity::mailfrom;
  std::string domain;         ///< whose policy was asked, escaped
  Result result = Result::none;
  /// That decided, without its qualifier, escaped: "ip4:203.0.113.0/24", "all"; "default"; of an error, where it arose;
  /// empty: none did.
  std::string mechanism;
  std::string through;        ///< the include or redirect at depth 0 that led there, escaped; empty: the record's own term
  std::optional<std::string> explanation;  ///< of a fail (6.2), escaped
  std::string problem;        ///< what a temperror or permerror is about, in a few words, escaped
  std::string record;         ///< the domain's own record, escaped; empty: none
  unsigned lookups = 0, void_lookups = 0;
  std::vector<Term> trace;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Puts one question; the answer comes later, or at once.
using Ask = std::function<void(dns::Question, std::move_only_function<void(resolver::Answer)>)>;

/// One evaluation under way. `done` is called exactly once, perhaps from inside the constructor; never after the
/// Evaluation is gone (answers that come later fall on deaf ears).
class Evaluation {
 public:
  Evaluation(Query query, Ask ask, std::move_only_function<void(Outcome)> done, Limits limits = {});
  ~Evaluation();
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

/// "ip4:203.0.113.5", "ip6:2001:db8::5": the term that lets this address send.
[[nodiscard]] std::string term_for(const net::Address& address);
/// The record with that term put where it takes effect: before the first term that would decide otherwise ("all", "redirect=").
/// Empty when the text is no SPF record.
[[nodiscard]] std::optional<std::string> with_term(std::string_view record, const net::Address& address);

}  // namespace fcrdns::spf
