#include "fcrdns/generator/forward_master.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

#include "fcrdns/base/text.hpp"
#include "fcrdns/generator/forward_rows.hpp"

namespace fcrdns::generator {
namespace {

/// Types that are registered, besides those that dns::parse_type knows: a word that is none of them is no record.
constexpr std::string_view other_types[] = {
    "A6", "AFSDB", "ALIAS", "AMTRELAY", "ANAME", "APL", "AVC", "CAA", "CDNSKEY", "CDS", "CERT", "CSYNC", "DHCID", "DLV", "EID", "EUI48",
    "EUI64", "GID", "GPOS", "HHIT", "HINFO", "HIP", "HTTPS", "IPSECKEY", "ISDN", "KEY", "KX", "L32", "L64", "LOC", "LP", "LUA", "MB",
    "MD", "MF", "MG", "MINFO", "MR", "NAPTR", "NID", "NIMLOC", "NINFO", "NSAP", "NSAP-PTR", "NULL", "NXT", "OPENPGPKEY", "PX", "RESINFO",
    "RKEY", "RP", "RT", "SIG", "SMIMEA", "SPF", "SSHFP", "SVCB", "TA", "TALINK", "TLSA", "UID", "UINFO", "UNSPEC", "URI", "WALLET",
    "WKS", "X25", "ZONEMD"};

bool is_type(std::string_view word) {
  if (word.empty() || word.size() > 10) return false;
  if (base::equals_ignoring_case(word, "A") || base::equals_ignoring_case(word, "AAAA")) return true;  // nearly all there are
  return dns::parse_type(word).has_value() ||
         std::ranges::any_of(other_types, [&](auto type) { return base::equals_ignoring_case(type, word); });
}

/// IN, another class, or no class at all.
std::optional<bool> is_internet(std::string_view word) {
  if (base::equals_ignoring_case(word, "IN")) return true;
  for (const std::string_view other : {"CH", "HS", "CS", "CHAOS", "HESIOD"})
    if (base::equals_ignoring_case(word, other)) return false;
  if (word.size() > 5 && base::equals_ignoring_case(word.substr(0, 5), "CLASS") &&
      std::ranges::all_of(word.substr(5), [](char c) { return c >= '0' && c <= '9'; }))
    return word == "CLASS1" || word == "class1";
  return std::nullopt;
}

bool is_absolute(std::string_view text) {
  if (!text.ends_with('.')) return false;
  std::size_t guards = 0;
  while (guards + 1 < text.size() && text[text.size() - 2 - guards] == '\\') ++guards;
  return guards % 2 == 0;
}

constexpr std::size_t most_lines = 500;  // of an entry in parentheses
constexpr std::size_t most_generated_line = 65'536, most_generated = 4'194'304;

}  // namespace

/// The words of an entry: the first ones are kept, all are counted.
struct MasterReader::Words {
  /// `depth`: parentheses that are open where the text begins.
  explicit Words(std::string_view text, int open = 0) : depth(open) {
    blank_owner = text.starts_with(' ') || text.starts_with('\t');
    for (std::size_t at = 0; at < text.size();) {
      const char c = text[at];
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        ++at;
      } else if (c == ';') {
        const auto end = std::min(text.find('\n', at), text.size());
        opted_out = opted_out || opts_out(text.substr(at, end - at));
        at = end;
      } else if (c == '(' || c == ')') {
        depth += c == '(' ? 1 : -1;
        if (depth < 0) why = "a closing parenthesis without its opening one";
        ++at;
      } else {
        at = word(text, at);
      }
      if (why) return;
    }
  }

  std::array<std::string_view, 8> kept;
  std::size_t count = 0;
  int depth;  // parentheses that are open at the end
  bool blank_owner = false, opted_out = false;
  const char* why = nullptr;  // it cannot be read

 private:
  /// The word that begins here; behind it.
  std::size_t word(std::string_view text, std::size_t at) {
    const auto begin = at;
    const bool quoted = text[at] == '"';
    if (quoted) ++at;
    for (; at < text.size(); ++at) {
      const char c = text[at];
      if (c == '\\') ++at;
      else if (quoted ? c == '"' : c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ';' || c == '(' || c == ')' || c == '"') break;
      else if (quoted && c == '\n') break;
    }
    at = std::min(at, text.size());
    if (quoted) {
      if (at == text.size() || text[at] != '"') {
        why = "a quoted text has no closing quote";
        return text.size();
      }
      ++at;
    }
    if (count < kept.size()) kept[count] = text.substr(begin, at - begin);
    ++count;
    return at;
  }
};

const char* parse_master_name(std::string_view text, const std::optional<dns::Name>& origin, dns::Name& out) {
  constexpr auto no_origin = "a name without its final dot, and no $ORIGIN says in which zone; add one, or give the zone's name";
  if (text == "@") {
    if (!origin) return no_origin;
    out = *origin;
    return nullptr;
  }
  auto name = dns::Name::parse(text);
  if (!name) return "not a domain name";
  if (!is_absolute(text)) {
    if (!origin) return no_origin;
    name = name->with_suffix(dns::Name(), *origin);
    if (!name) return "the name would be longer than 255 octets";
  }
  out = *std::move(name);
  return nullptr;
}

MasterReader::MasterReader(std::istream& in, const std::optional<dns::Name>& origin, Take take, Refuse refuse)
    : lines_(in), take_(std::move(take)), refuse_(std::move(refuse)), origin_(origin) {}

void MasterReader::read() {
  for (std::string_view line; lines_.next(line);) {
    if (lines_.number() == 1 && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);  // a byte order mark
    if (lines_.too_long())
      refuse_(lines_.number(), line, "longer than 64 KiB");
    else if (line.find('(') != std::string_view::npos)
      join(line);
    else
      whole_entry(line, lines_.number());
  }
}

/// Parentheses let an entry go on over lines (RFC 1035 5.1). What is never closed ends at 64 KiB.
void MasterReader::join(std::string_view first) {
  const auto begin = lines_.number();
  joined_ = first;
  int depth = 0;
  for (std::string_view line = first;;) {
    const Words words(line, depth);  // no word goes over a line's end
    depth = words.depth;
    if (words.why || depth == 0) return whole_entry(joined_, begin);
    if (!lines_.next(line)) return refuse_(begin, joined_, "an opening parenthesis is never closed");
    if (lines_.too_long() || joined_.size() + line.size() > most_line || lines_.number() - begin > most_lines)
      return refuse_(begin, joined_, "an opening parenthesis is not closed within 500 lines and 64 KiB");
    (joined_ += '\n') += line;
  }
}

void MasterReader::whole_entry(std::string_view text, std::size_t line) {
  const Words words(text);
  const char* why = words.why;
  if (!why && words.count > 0) {
    if (words.depth != 0) why = "a closing parenthesis without its opening one";
    else if (!words.blank_owner && words.kept[0].starts_with('$')) why = directive(words, line);
    else why = record(words, 0, line);
  }
  if (why) refuse_(line, text, why);
}

const char* MasterReader::directive(const Words& words, std::size_t line) {
  const auto is = [&](std::string_view word) { return base::equals_ignoring_case(words.kept[0], word); };
  if (is("$INCLUDE")) return "$INCLUDE is not followed: no file is read because another one says so; give that file as well";
  if (is("$GENERATE")) return generate(words, line);
  if (is("$ORIGIN")) {
    dns::Name origin;
    if (words.count < 2) return "$ORIGIN needs a name";
    if (const auto* why = parse_master_name(words.kept[1], origin_, origin)) return why;
    origin_ = origin;
    return nullptr;
  }
  if (!is("$TTL")) return "no such directive";
  const auto ttl = words.count < 2 ? std::nullopt : parse_ttl(words.kept[1]);
  if (!ttl) return "$TTL needs seconds, or a time like 1h30m";
  default_ttl_ = ttl;
  return nullptr;
}

/// [OWNER] [TTL] [CLASS] TYPE DATA, TTL and class in either order, from words.kept[at] on.
const char* MasterReader::record(const Words& words, std::size_t at, std::size_t line) {
  if (!words.blank_owner) {
    dns::Name owner;
    if (const auto* why = parse_master_name(words.kept[at++], origin_, owner)) return why;
    owner_ = owner;
  } else if (!owner_) {
    return "the line begins with a blank, which stands for the owner of the line before, and there is none";
  }
  const auto word = [&] { return at < std::min(words.count, words.kept.size()) ? words.kept[at] : std::string_view{}; };
  std::optional<std::uint32_t> ttl;
  std::optional<bool> internet;
  for (;; ++at) {
    const bool digit = !word().empty() && word()[0] >= '0' && word()[0] <= '9';
    if (digit && !ttl && (ttl = parse_ttl(word()))) continue;
    if (!digit && !internet && (internet = is_internet(word()))) continue;
    break;
  }
  if (!is_type(word())) return word().empty() ? "there is no type and no data" : "this is no line of a master file: there is no record type where one belongs";
  if (ttl) last_ttl_ = ttl;
  entry_ = {.owner = *owner_,
            .type = internet.value_or(true) ? word() : std::string_view{},
            .ttl = ttl ? ttl : default_ttl_ ? default_ttl_ : last_ttl_,
            .words = words.count - at - 1,
            .origin = origin_.value_or(dns::Name()),
            .line = line,
            .opted_out = words.opted_out};
  ++at;
  entry_.data = word();
  take_(entry_);
  return nullptr;
}

/// $GENERATE START-STOP[/STEP] OWNER [TTL] [CLASS] TYPE DATA
const char* MasterReader::generate(const Words& words, std::size_t line) {
  constexpr auto form = "$GENERATE needs START-STOP[/STEP], an owner, a type and one word of data";
  if (words.count < 5 || words.count > 7) return form;
  std::uint32_t numbers[3] = {0, 0, 1};
  const auto range = words.kept[1];
  const auto dash = range.find('-'), slash = range.find('/');
  if (dash == std::string_view::npos || (slash != std::string_view::npos && slash < dash)) return form;
  const std::string_view parts[] = {range.substr(0, dash), range.substr(dash + 1, slash == std::string_view::npos ? slash : slash - dash - 1),
                                    slash == std::string_view::npos ? std::string_view("1") : range.substr(slash + 1)};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto [end, error] = std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), numbers[i]);
    if (error != std::errc{} || end != parts[i].data() + parts[i].size()) return form;
  }
  const auto [start, stop, step] = std::tie(numbers[0], numbers[1], numbers[2]);
  if (start > stop || step == 0) return form;
  const auto count = (stop - start) / step + 1ULL;
  if (count > most_generated_line || (generated_ += count) > most_generated)
    return "$GENERATE makes too many records: at most 65536 in a line and 4194304 in all";
  auto one = words;
  const auto last = words.count - 1;
  for (std::uint64_t number = start; number <= stop; number += step) {
    const auto owner = put_number(words.kept[2], static_cast<std::uint32_t>(number));
    const auto data = put_number(words.kept[last], static_cast<std::uint32_t>(number));
    if (!owner || !data) return "$GENERATE takes $ and ${OFFSET,WIDTH,BASE} in its owner and data";
    one.kept[2] = *owner;
    one.kept[last] = *data;
    if (const auto* why = record(one, 2, line)) return why;
  }
  return nullptr;
}

}  // namespace fcrdns::generator
