#include "fcrdns/bounce/reply_memo.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "fcrdns/bounce/classify.hpp"

namespace fcrdns::bounce {
namespace {

/// What stands at 16 octets, a bit for each: most words are short, so one look passes over two or three of them.
struct Glance {
  unsigned blanks = 0, at_signs = 0, brackets = 0, digits = 0, dots = 0, colons = 0;
  explicit Glance(const char* octets);
};
#if defined(__SSE2__)
Glance::Glance(const char* octets) {
  const auto all = _mm_loadu_si128(reinterpret_cast<const __m128i*>(octets));
  const auto where = [&](char c) { return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(all, _mm_set1_epi8(c)))); };
  blanks = where(' '), at_signs = where('@'), brackets = where('['), dots = where('.'), colons = where(':');
  const auto above = _mm_cmpgt_epi8(all, _mm_set1_epi8('0' - 1)), below = _mm_cmplt_epi8(all, _mm_set1_epi8('9' + 1));
  digits = static_cast<unsigned>(_mm_movemask_epi8(_mm_and_si128(above, below)));
}
#else
Glance::Glance(const char* octets) {
  for (unsigned i = 0; i < 16; ++i) {
    const unsigned bit = 1U << i;
    const char c = octets[i];
    blanks |= c == ' ' ? bit : 0, at_signs |= c == '@' ? bit : 0, brackets |= c == '[' ? bit : 0;
    dots |= c == '.' ? bit : 0, colons |= c == ':' ? bit : 0, digits |= c >= '0' && c <= '9' ? bit : 0;
  }
}
#endif

struct Hash {
  std::uint64_t key = 0x9e3779b97f4a7c15, check = 0xc2b2ae3d27d4eb4f;
  void add(std::uint64_t value) {
    key = (key ^ value) * 0xff51afd7ed558ccd;
    key ^= key >> 32;
    check = (check + value) * 0xc4ceb9fe1a85ec53;
    check ^= check >> 29;
  }
  void add(std::string_view text) {
    std::uint64_t piece = 0;
    for (; text.size() >= 8; text.remove_prefix(8)) {
      std::memcpy(&piece, text.data(), 8);
      add(piece);
    }
    piece = text.size() + 1;  // the length, so that two words are not one
    for (const char c : text) piece = piece << 8 | static_cast<unsigned char>(c);
    add(piece);
  }
};

/// A reply without what differs from mail to mail: words with "@" in them, and ids (16 octets and more with a digit, no
/// name and no URL) become one octet each.
class Outline {
 public:
  explicit Outline(std::string_view raw) {
    for (std::size_t at = 0; at < raw.size();) {
      std::array<char, 16> tail;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled
      const auto left = raw.size() - at;
      if (left < tail.size()) {
        tail.fill(' ');
        std::memcpy(tail.data(), raw.data() + at, left);
      }
      const Glance glance(left < tail.size() ? tail.data() : raw.data() + at);
      look_for_addresses(glance);
      if (glance.at_signs != 0) {
        const auto sign = static_cast<unsigned>(std::countr_zero(glance.at_signs));
        const auto before = glance.blanks & ((1U << sign) - 1);
        const auto begin = at + (before == 0 ? 0 : static_cast<unsigned>(std::bit_width(before)));
        at = leave_out(raw, begin, "\1");
      } else if (glance.blanks == 0) {
        at = long_word(raw, at);
      } else {
        at += static_cast<unsigned>(std::bit_width(glance.blanks));
      }
    }
    if (kept_ < raw.size()) add(raw.substr(kept_));
    finish();
  }
  [[nodiscard]] const Hash& hash() const { return hash_; }
  void add(std::string_view text) {
    while (!text.empty()) {
      const auto count = std::min(text.size(), buffer_.size() - used_);
      std::memcpy(buffer_.data() + used_, text.data(), count);
      used_ += count;
      text.remove_prefix(count);
      if (used_ == buffer_.size()) finish();
    }
  }
  void finish() {
    hash_.add(std::string_view(buffer_.data(), used_));
    used_ = 0;
  }
  /// Whether an address may stand in it.
  bool addresses = false;

 private:
  /// One octet stands for the word that begins there; where the next one begins.
  std::size_t leave_out(std::string_view raw, std::size_t begin, std::string_view instead) {
    const auto end = std::min(raw.find(' ', begin), raw.size());
    addresses |= raw.substr(begin, end - begin).find('[') != std::string_view::npos;
    add(raw.substr(kept_, begin - kept_));
    add(instead);
    kept_ = end;
    return end + 1;
  }
  /// A word of 16 octets or more: an id, a URL, a host name, an address.
  std::size_t long_word(std::string_view raw, std::size_t begin) {
    const auto end = std::min(raw.find(' ', begin), raw.size());
    const auto word = raw.substr(begin, end - begin);
    if (word.find('@') != std::string_view::npos) return leave_out(raw, begin, "\1");
    unsigned digits = 0, dots = 0, colons = 0, slashes = 0;  // counted at once: find_first_of would call memchr for each octet
    for (const char c : word) {
      digits += static_cast<unsigned>(c >= '0' && c <= '9');
      dots += static_cast<unsigned>(c == '.'), colons += static_cast<unsigned>(c == ':'), slashes += static_cast<unsigned>(c == '/');
    }
    if (dots + colons + slashes == 0) return digits > 0 ? leave_out(raw, begin, "\2") : end + 1;
    addresses |= (digits > 0 && dots >= 3) || colons >= 2;
    return end + 1;
  }
  /// Short words: a bracket and a digit, three dots between digits, or colons beside each other or digits may be an address.
  void look_for_addresses(const Glance& glance) {
    const auto behind_digit = glance.digits << 1, dotted = glance.dots & behind_digit & glance.digits >> 1;
    addresses |= (glance.brackets << 1 & glance.digits) != 0 || std::popcount(dotted) >= 3 ||
                 std::popcount(glance.colons & (behind_digit | glance.colons << 1 | glance.colons >> 1)) >= 2;
  }

  std::size_t kept_ = 0;  // what stands from here on is yet to be taken over
  std::array<char, 512> buffer_;  // NOLINT(cppcoreguidelines-pro-type-member-init): the first used_ octets are
  std::size_t used_ = 0;
  Hash hash_;
};

bool is_odd(char octet) { return octet < 32 || octet == 127 || octet == '\\' || octet == '#' || octet == '&'; }

/// A single line with its code in front: then the text follows as it is. No control octets, nothing beyond ASCII, no
/// marks of escapes and entities, no two blanks in a row.
bool is_simple(std::string_view raw) {
  std::size_t at = 0;
#if defined(__SSE2__)
  auto odd = _mm_setzero_si128();
  for (; raw.size() - at > 16; at += 16) {
    const auto here = _mm_loadu_si128(reinterpret_cast<const __m128i*>(raw.data() + at));
    const auto next = _mm_loadu_si128(reinterpret_cast<const __m128i*>(raw.data() + at + 1));
    const auto is = [&](char c) { return _mm_cmpeq_epi8(here, _mm_set1_epi8(c)); };
    const auto blanks = _mm_and_si128(is(' '), _mm_cmpeq_epi8(next, _mm_set1_epi8(' ')));
    odd = _mm_or_si128(odd, _mm_or_si128(_mm_cmplt_epi8(here, _mm_set1_epi8(32)), _mm_or_si128(is(127), blanks)));
    odd = _mm_or_si128(odd, _mm_or_si128(is('\\'), _mm_or_si128(is('#'), is('&'))));
  }
  if (_mm_movemask_epi8(odd) != 0) return false;
#endif
  for (; at < raw.size(); ++at)
    if (is_odd(raw[at]) || (raw[at] == ' ' && at + 1 < raw.size() && raw[at + 1] == ' ')) return false;
  return true;
}

}  // namespace

void ReplyMemo::read(std::string_view raw, std::string_view remote_mta, mail::Reply& reply, Meaning& meaning) {
  Outline outline(raw);
  outline.add(remote_mta);
  outline.finish();
  const auto& hash = outline.hash();
  const bool addresses = outline.addresses;
  auto& entry = entries_[hash.key % entries_.size()];
  const bool known = entry.key == hash.key && entry.check == hash.check && !entry.meaning.causes.empty();
  if (known && entry.plain && is_simple(raw)) {
    reply.code = entry.code;
    reply.enhanced = entry.enhanced;
    reply.text.assign(raw.substr(entry.text_at));
    reply.address = addresses ? mail::quoted_address(reply.text) : std::nullopt;
    meaning = entry.meaning;
    return;
  }
  reply = mail::parse_reply(raw);
  if (known) {
    meaning = entry.meaning;
    return;
  }
  meaning = classify(reply, remote_mta);
  const auto text_at = raw.size() - std::min(raw.size(), reply.text.size());
  entry = {hash.key,
           hash.check,
           is_simple(raw) && raw.substr(text_at) == reply.text && raw.find(' ') < text_at && reply.address == mail::quoted_address(reply.text) && (addresses || !reply.address),
           reply.code,
           reply.enhanced,
           text_at,
           meaning};
}

}  // namespace fcrdns::bounce
