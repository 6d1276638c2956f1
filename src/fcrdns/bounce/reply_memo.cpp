#include "fcrdns/bounce/reply_memo.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "fcrdns/bounce/classify.hpp"

namespace fcrdns::bounce {
namespace {

constexpr std::size_t long_id = 16;  // octets of a word with digits in it that no receiver means anything by

enum Trait : std::uint8_t { digit = 1, at_sign = 2, dot = 4, colon = 8, slash = 16, ends = 32 };
constexpr auto traits = [] {
  std::array<std::uint8_t, 256> all{};
  for (int c = '0'; c <= '9'; ++c) all[static_cast<std::size_t>(c)] = digit;
  all['@'] = at_sign;
  all['.'] = dot;
  all[':'] = colon;
  all['/'] = slash;
  all[' '] = ends;
  return all;
}();

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

/// A reply without what differs from mail to mail: words with "@" in them and long ids become one octet each.
class Outline {
 public:
  explicit Outline(std::string_view raw) {
    std::size_t kept = 0;  // what stands from here on is yet to be taken over
    for (std::size_t at = 0; at < raw.size();) {
      unsigned seen = 0;
      auto end = at;
      for (; end < raw.size(); ++end) {
        const auto trait = traits[static_cast<unsigned char>(raw[end])];
        if (trait == ends) break;
        seen |= trait;
      }
      if (const auto instead = marker(raw.substr(at, end - at), seen); !instead.empty()) {
        add(raw.substr(kept, at - kept));
        add(instead);
        kept = end;
      }
      at = end + 1;
    }
    add(raw.substr(kept));
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
  /// What stands for a word; empty: the word itself.
  std::string_view marker(std::string_view word, unsigned seen) {
    if (seen == 0) return {};
    if ((seen & at_sign) != 0) {
      addresses |= word.find('[') != std::string_view::npos;
      return "\1";
    }
    if ((seen & (digit | dot)) == (digit | dot)) addresses |= std::ranges::count(word, '.') >= 3;
    if ((seen & colon) != 0) addresses |= std::ranges::count(word, ':') >= 2;
    return (seen & digit) != 0 && (seen & (slash | colon | dot)) == 0 && word.size() >= long_id ? "\2" : std::string_view{};
  }

  std::array<char, 512> buffer_;  // NOLINT(cppcoreguidelines-pro-type-member-init): the first used_ octets are
  std::size_t used_ = 0;
  Hash hash_;
};

/// A single line with its code in front: then the text follows as it is. Without branches, for the vectors' sake.
bool is_simple(std::string_view raw) {
  unsigned odd = 0;
  for (const char octet : raw) {
    const auto c = static_cast<unsigned char>(octet);
    odd |= static_cast<unsigned>(c < 32) | static_cast<unsigned>(c > 126) | static_cast<unsigned>(c == '\\') | static_cast<unsigned>(c == '#') |
           static_cast<unsigned>(c == '&');
  }
  for (std::size_t i = 1; i < raw.size(); ++i) odd |= static_cast<unsigned>(raw[i] == ' ') & static_cast<unsigned>(raw[i - 1] == ' ');
  return odd == 0;
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
