#include "fcrdns/bounce/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "fcrdns/bounce/canonical.hpp"

namespace fcrdns::bounce {
namespace {

/// What a word adds to the picture.
enum class Role {
  reverse,         // it is about reverse DNS, if something is wrong with it
  missing, mismatch, invalid, temporary, generic,  // what is wrong: counts near a word of reverse DNS
  says_missing, says_mismatch, says_either, says_generic, says_undecided,  // says it all by itself
  helo, authentication,  // another reason, if it comes first or stands in a list with reverse DNS
  listed,          // a block list: another reason wherever it stands
  reputation, other,
};

struct Word {
  std::string_view text;
  Role role;
};

/// A blank at either end: there a word must begin or end. All in canonical form; a phrase that holds another counts beside it.
constexpr std::array table{
    // English, and what other languages took from it.
    Word{"reverse dns", Role::reverse}, Word{" rdns", Role::reverse}, Word{" ptr ", Role::reverse}, Word{"reverse-dns", Role::reverse},
    Word{"ptr record", Role::reverse}, Word{"ptr-record", Role::reverse}, Word{"ptr entry", Role::reverse}, Word{"ptr resource", Role::reverse},
    Word{"reverse lookup", Role::reverse}, Word{"reverse look-up", Role::reverse}, Word{"reverse-lookup", Role::reverse},
    Word{"reverse name", Role::reverse}, Word{"reverse hostname", Role::reverse}, Word{"reverse host name", Role::reverse},
    Word{"reverse mapping", Role::reverse}, Word{"reverse resolution", Role::reverse}, Word{"reverse resolve", Role::reverse},
    Word{"reverse record", Role::reverse}, Word{"reverse entry", Role::reverse}, Word{"reverse ip", Role::reverse},
    Word{"reverse zone", Role::reverse}, Word{"reverse domain", Role::reverse}, Word{"pointer record", Role::reverse},
    Word{"in-addr.arpa", Role::reverse}, Word{"ip6.arpa", Role::reverse}, Word{"fcrdns", Role::reverse},
    Word{"forward-confirmed", Role::reverse}, Word{"forward confirmed", Role::reverse}, Word{"full circle dns", Role::reverse},
    Word{"full-circle dns", Role::reverse}, Word{"iprev", Role::reverse}, Word{"revdns", Role::reverse}, Word{"address to name", Role::reverse},
    Word{"address-to-name", Role::reverse},
    // Other languages (octets as they are in UTF-8).
    Word{"r\xc3\xbc""ckw\xc3\xa4rtsaufl\xc3\xb6sung", Role::reverse}, Word{"rueckwaertsaufloesung", Role::reverse},
    Word{"dns inverse", Role::reverse}, Word{"dns inverso", Role::reverse}, Word{"dns inversa", Role::reverse}, Word{"dns reverso", Role::reverse},
    Word{"resolution inverse", Role::reverse}, Word{"r\xc3\xa9solution inverse", Role::reverse}, Word{"resolucion inversa", Role::reverse},
    Word{"resoluci\xc3\xb3n inversa", Role::reverse}, Word{"risoluzione inversa", Role::reverse}, Word{"gyakubiki", Role::reverse},
    Word{"\xe9\x80\x86\xe5\xbc\x95\xe3\x81\x8d", Role::reverse}, Word{"\xe5\x8f\x8d\xe5\x90\x91\xe8\xa7\xa3\xe6\x9e\x90", Role::reverse},
    // Nothing there.
    Word{" no ", Role::missing}, Word{"missing", Role::missing}, Word{"not have", Role::missing}, Word{"n't have", Role::missing},
    Word{"without", Role::missing}, Word{"lack", Role::missing}, Word{"not found", Role::missing}, Word{"not exist", Role::missing},
    Word{"nonexistent", Role::missing}, Word{"non-existent", Role::missing}, Word{"nxdomain", Role::missing}, Word{"required", Role::missing},
    Word{"requires", Role::missing}, Word{"must have", Role::missing}, Word{"not set", Role::missing}, Word{"not configured", Role::missing},
    Word{"not defined", Role::missing}, Word{"absent", Role::missing}, Word{" none ", Role::missing}, Word{"cannot find", Role::missing},
    Word{"can't find", Role::missing}, Word{"could not find", Role::missing}, Word{"unable to find", Role::missing}, Word{"has no", Role::missing},
    Word{" fix ", Role::missing}, Word{"unknown", Role::missing}, Word{"not available", Role::missing}, Word{" kein", Role::missing},
    Word{"fehl", Role::missing}, Word{"pas de ", Role::missing}, Word{"aucun", Role::missing}, Word{"manqu", Role::missing},
    Word{" sin ", Role::missing}, Word{"no tiene", Role::missing}, Word{"falta", Role::missing}, Word{"no existe", Role::missing},
    Word{"senza", Role::missing}, Word{"mancante", Role::missing}, Word{" brak ", Role::missing}, Word{" sem ", Role::missing}, Word{" nashi ", Role::missing},
    // There, but it does not lead back.
    Word{"not match", Role::mismatch}, Word{"n't match", Role::mismatch}, Word{"mismatch", Role::mismatch}, Word{"not resolve", Role::mismatch},
    Word{"n't resolve", Role::mismatch}, Word{"not point", Role::mismatch}, Word{"n't point", Role::mismatch}, Word{"not correspond", Role::mismatch},
    Word{"forged", Role::mismatch}, Word{"not verif", Role::mismatch}, Word{"unverif", Role::mismatch}, Word{"inconsistent", Role::mismatch},
    Word{"not confirm", Role::mismatch}, Word{"not agree", Role::mismatch}, Word{"stimmt nicht", Role::mismatch}, Word{"correspond pas", Role::mismatch},
    Word{"no coincide", Role::mismatch}, Word{"non corrisponde", Role::mismatch}, Word{"n\xc3\xa3o corresponde", Role::mismatch}, Word{"not equal", Role::mismatch},
    // Something.
    Word{"invalid", Role::invalid}, Word{" bad ", Role::invalid}, Word{"fail", Role::invalid}, Word{"broken", Role::invalid},
    Word{"incorrect", Role::invalid}, Word{"improper", Role::invalid}, Word{"misconfigur", Role::invalid}, Word{"not valid", Role::invalid},
    Word{"not proper", Role::invalid}, Word{"wrong", Role::invalid}, Word{"unacceptable", Role::invalid}, Word{"ung\xc3\xbcltig", Role::invalid},
    Word{"ungueltig", Role::invalid}, Word{"invalide", Role::invalid}, Word{"incorrecte", Role::invalid}, Word{"\xc3\xa9""chou", Role::invalid},
    Word{"no v\xc3\xa1lid", Role::invalid}, Word{"non valid", Role::invalid}, Word{"erreur", Role::invalid}, Word{"error", Role::invalid},
    Word{"problem", Role::invalid}, Word{"cannot resolve", Role::invalid}, Word{"could not resolve", Role::invalid}, Word{"check your", Role::invalid},
    Word{"reject", Role::invalid}, Word{"denied", Role::invalid}, Word{"needs", Role::invalid}, Word{"should have", Role::invalid},
    Word{"timeout", Role::temporary}, Word{"timed out", Role::temporary}, Word{"servfail", Role::temporary}, Word{"temporar", Role::temporary},
    Word{"try again", Role::temporary}, Word{"lookup error", Role::temporary},
    Word{"generic", Role::generic}, Word{"dynamic", Role::generic}, Word{"residential", Role::generic}, Word{"dial-up", Role::generic},
    Word{"dialup", Role::generic}, Word{"default name", Role::generic}, Word{"generisch", Role::generic}, Word{"dynamisch", Role::generic},
    Word{"g\xc3\xa9n\xc3\xa9rique", Role::generic}, Word{"dynamique", Role::generic}, Word{"contains your ip", Role::generic}, Word{"contains the ip", Role::generic},
    // Whole sayings.
    Word{"cannot find your hostname", Role::says_either}, Word{"cannot find your host name", Role::says_either},
    Word{"cannot resolve your ip", Role::says_missing}, Word{"unable to resolve your ip", Role::says_missing}, Word{"could not resolve your ip", Role::says_missing},
    Word{"can't resolve your ip", Role::says_missing}, Word{"cannot resolve your address", Role::says_missing}, Word{"your ip does not resolve", Role::says_missing},
    Word{"your ip address does not resolve", Role::says_missing}, Word{"client ip does not resolve", Role::says_missing}, Word{"unresolvable ip", Role::says_missing},
    Word{"sending ip does not resolve", Role::says_missing}, Word{"no hostname for your ip", Role::says_missing}, Word{"no host name for your ip", Role::says_missing},
    Word{"unresolvable client", Role::says_either}, Word{"unverified client host", Role::says_either}, Word{"ip name lookup failed", Role::says_undecided},
    Word{"your hostname does not resolve to your ip", Role::says_mismatch}, Word{"hostname does not resolve to address", Role::says_mismatch},
    Word{"does not resolve back to", Role::says_mismatch}, Word{"doesn't resolve back to", Role::says_mismatch}, Word{"ip name possibly forged", Role::says_mismatch},
    Word{"dynamic ip", Role::says_generic}, Word{"dynamic host", Role::says_generic}, Word{"generic hostname", Role::says_generic},
    Word{"generic host name", Role::says_generic}, Word{"generic rdns", Role::says_generic}, Word{"generic ptr", Role::says_generic},
    Word{"generic reverse", Role::says_generic}, Word{"dynamic hostname", Role::says_generic}, Word{"residential ip", Role::says_generic},
    Word{"looks like a dynamic", Role::says_generic}, Word{"dynamische ip", Role::says_generic}, Word{"ip dynamique", Role::says_generic},
    Word{"ip dinamica", Role::says_generic}, Word{"ip din\xc3\xa1mica", Role::says_generic},
    // Other reasons.
    Word{" helo", Role::helo}, Word{" ehlo", Role::helo},
    Word{" spf ", Role::authentication}, Word{"dkim", Role::authentication}, Word{"dmarc", Role::authentication}, Word{"sender policy framework", Role::authentication},
    Word{"unauthenticated", Role::authentication}, Word{"authentication", Role::authentication}, Word{" arc ", Role::authentication}, Word{"sender id", Role::authentication},
    Word{"blocked using", Role::listed}, Word{"blacklist", Role::listed}, Word{"black list", Role::listed}, Word{"blocklist", Role::listed},
    Word{"block list", Role::listed}, Word{"block-list", Role::listed}, Word{"blocked by", Role::listed}, Word{"listed", Role::listed}, Word{"dnsbl", Role::listed}, Word{" rbl", Role::listed},
    Word{"spamhaus", Role::listed}, Word{"spamcop", Role::listed}, Word{"barracudacentral", Role::listed}, Word{"sorbs", Role::listed}, Word{"spamrats", Role::listed},
    Word{"denylist", Role::listed}, Word{"greylist", Role::other}, Word{"graylist", Role::other}, Word{"grey-list", Role::other},
    Word{"spam", Role::reputation}, Word{"reputation", Role::reputation}, Word{"rate limit", Role::reputation}, Word{"too many", Role::reputation},
    Word{"complaint", Role::reputation}, Word{"unsolicited", Role::reputation}, Word{"virus", Role::reputation}, Word{"banned", Role::reputation}, Word{"throttl", Role::reputation},
    Word{"user unknown", Role::other}, Word{"unknown user", Role::other}, Word{"no such user", Role::other}, Word{"mailbox", Role::other},
    Word{"quota", Role::other}, Word{"no such recipient", Role::other}, Word{"unknown recipient", Role::other}, Word{"relay access denied", Role::other},
    Word{"relaying denied", Role::other}, Word{"relay not permitted", Role::other}, Word{"starttls", Role::other}, Word{" tls ", Role::other},
    Word{"too large", Role::other}, Word{"exceeds", Role::other}, Word{"attachment", Role::other}, Word{"sender address", Role::other},
    Word{"sender domain", Role::other}, Word{"domain of sender", Role::other}, Word{"recipient domain", Role::other}, Word{" mx ", Role::other},
    Word{"does not like recipient", Role::other}, Word{"account", Role::other},
};

constexpr std::size_t near = 56;      ///< octets between a word of reverse DNS and what is wrong with it
constexpr std::size_t in_a_list = 8;  ///< "spf, dkim and ptr": advice that names everything

bool is_word_octet(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

struct Seen {
  Role role = Role::other;
  std::size_t begin = 0, end = 0;
};

std::size_t gap(const Seen& a, const Seen& b) { return a.begin < b.begin ? (b.begin > a.end ? b.begin - a.end : 0) : (a.begin > b.end ? a.begin - b.end : 0); }

bool is_fault(Role role) { return role >= Role::missing && role <= Role::generic; }
bool is_saying(Role role) { return role >= Role::says_missing && role <= Role::says_undecided; }

std::vector<Cause> causes_of(Role saying, bool temporary) {
  switch (saying) {
    case Role::says_missing: return {Cause::no_ptr};
    case Role::says_mismatch: return {Cause::fcrdns_mismatch};
    case Role::says_either: return temporary ? std::vector{Cause::no_ptr_or_mismatch, Cause::dns_tempfail} : std::vector{Cause::no_ptr_or_mismatch};
    case Role::says_generic: return {Cause::generic_ptr};
    default: return {Cause::no_ptr, Cause::dns_tempfail};
  }
}

/// The words of one text, and what they say together.
class Picture {
 public:
  Picture(std::vector<Seen> seen, bool temporary) : seen_(std::move(seen)), temporary_(temporary) {}

  std::vector<Cause> causes() const {
    if (has(Role::listed)) return {Cause::reputation};
    auto reverse = of_reverse_dns();
    const auto at = first_reverse_;
    const auto other = first_other();
    // What is named first is the reason; the rest is advice.
    if (!reverse.empty() && (!other || at <= other->begin)) return reverse;
    if (!other) return weak();
    return {other->role == Role::helo ? Cause::helo : Cause::authentication};
  }

 private:
  [[nodiscard]] bool has(Role role) const {
    return std::ranges::any_of(seen_, [&](const Seen& s) { return s.role == role; });
  }
  [[nodiscard]] std::optional<Seen> first_other() const {
    std::optional<Seen> first;
    for (const auto& s : seen_)
      if ((s.role == Role::helo || s.role == Role::authentication) && (!first || s.begin < first->begin)) first = s;
    return first;
  }
  [[nodiscard]] std::vector<Cause> weak() const {
    if (has(Role::reputation)) return {Cause::reputation};
    if (has(Role::other)) return {Cause::other};
    return {};
  }
  /// A word of reverse DNS beside SPF, DKIM or HELO: a list of all that should be right, unless a fault stands closer.
  [[nodiscard]] bool is_listed(const Seen& word) const {
    return std::ranges::any_of(seen_, [&](const Seen& s) {
      return (s.role == Role::helo || s.role == Role::authentication) && gap(s, word) <= in_a_list;
    });
  }

  [[nodiscard]] std::vector<Cause> of_reverse_dns() const {
    std::array<bool, static_cast<std::size_t>(Role::other) + 1> faults{};
    for (const auto& word : seen_) {
      if (is_saying(word.role)) {
        first_reverse_ = word.begin;
        return causes_of(word.role, temporary_);
      }
      if (word.role != Role::reverse || is_listed(word)) continue;
      for (const auto& fault : seen_)
        if (is_fault(fault.role) && gap(fault, word) <= near) {
          faults[static_cast<std::size_t>(fault.role)] = true;
          first_reverse_ = std::min({first_reverse_, word.begin, fault.begin});
        }
    }
    const auto says = [&](Role role) { return faults[static_cast<std::size_t>(role)]; };
    if (says(Role::generic)) return {Cause::generic_ptr};
    if (says(Role::temporary) && temporary_ && !says(Role::mismatch)) return {Cause::dns_tempfail, Cause::no_ptr};
    if (says(Role::missing) && says(Role::mismatch)) return {Cause::no_ptr_or_mismatch};
    if (says(Role::mismatch)) return {Cause::fcrdns_mismatch};
    if (says(Role::missing)) return {Cause::no_ptr};
    if (says(Role::invalid) || says(Role::temporary)) return {Cause::no_ptr_or_mismatch};
    return {};
  }

  std::vector<Seen> seen_;
  bool temporary_;
  mutable std::size_t first_reverse_ = std::string_view::npos;
};

std::string_view without_blanks(std::string_view text) {
  if (text.starts_with(' ')) text.remove_prefix(1);
  if (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool Vocabulary::add_to(Phrases& phrases) {
  for (std::size_t row = 0; row < table.size(); ++row) {
    Phrases::Id id = 0;
    if (!phrases.add(without_blanks(table[row].text), id)) return false;
    if (word_of_.size() <= id) word_of_.resize(std::size_t{id} + 1, 0xffff);
    word_of_[id] = static_cast<std::uint16_t>(row);
  }
  return true;
}

std::vector<Cause> Vocabulary::guess(std::string_view text, const std::vector<Phrases::Found>& found, bool temporary) const {
  std::vector<Seen> seen;
  for (const auto& f : found) {
    if (f.phrase >= word_of_.size() || word_of_[f.phrase] == 0xffff) continue;
    const auto& word = table[word_of_[f.phrase]];
    if (word.text.starts_with(' ') && f.begin > 0 && is_word_octet(text[f.begin - 1])) continue;
    if (word.text.ends_with(' ') && f.end < text.size() && is_word_octet(text[f.end])) continue;
    seen.push_back({word.role, f.begin, f.end});
  }
  if (seen.empty()) return {};
  return Picture(std::move(seen), temporary).causes();
}

}  // namespace fcrdns::bounce
