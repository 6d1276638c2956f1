#include "fcrdns/ptr/words.hpp"

#include <fmt/core.h>

#include "fcrdns/base/text.hpp"
#include "fcrdns/net/reverse_zone.hpp"
#include "fcrdns/subject/subject.hpp"

namespace fcrdns::ptr {
namespace {

std::uint8_t full_length(const net::Address& address) { return address.is_v4() ? 32 : 128; }

/// A host name goes to `hosts`; all else is the block.
base::Expected<bool> read_word(std::string_view word, Words& out) {
  const auto is_block = [&](Kind kind, const net::Prefix& block) { return out.kind = kind, out.block = block, out.text = word, true; };
  if (net::looks_like_reverse_name(word)) {
    const auto zone = net::parse_reverse_zone(word);
    if (!zone) return std::unexpected(zone.error());
    return is_block(zone->length == full_length(zone->base) ? Kind::reverse_name : Kind::zone_name, *zone);
  }
  if (word.find('/') != word.npos) {
    const auto prefix = net::Prefix::parse(word);
    if (!prefix) return std::unexpected(prefix.error());
    return is_block(Kind::prefix, *prefix);
  }
  const auto subject = subject::parse(word);
  if (!subject) return std::unexpected(subject.error());
  if (!subject->note.empty()) out.notes.push_back(fmt::format("\"{}\": {}", base::escape(word, 80), subject->note));
  if (subject->kind == subject::Kind::address) return is_block(Kind::address, {*subject->address, full_length(*subject->address)});
  if (subject->kind == subject::Kind::domain) return base::fault(fmt::format("\"{}\": a mail address; give the host name", base::escape(word, 80)));
  return out.hosts.push_back(subject->host), false;
}

}  // namespace

base::Expected<Words> read_words(std::span<const std::string> words) {
  Words out;
  bool seen = false;
  for (const auto& word : words) {
    const auto block = read_word(base::trim(word), out);
    if (!block) return std::unexpected(block.error());
    if (*block && seen) return base::fault(fmt::format("\"{}\": one address or prefix at a time", base::escape(word, 80)));
    seen = seen || *block;
  }
  if (!seen) return base::fault("give an address, a prefix or a reverse name; see fcrdns ptr --help");
  return out;
}

}  // namespace fcrdns::ptr
