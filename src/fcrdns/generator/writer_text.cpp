#include "fcrdns/generator/writer_text.hpp"

#include "fcrdns/base/text.hpp"

namespace fcrdns::generator {
namespace {

/// How an octet of a label is written: as it is, behind a backslash, as \DDD. The same as dns::Name::text() has it.
enum class Spelling : std::uint8_t { plain, guarded, decimal };
constexpr auto spellings = [] {
  std::array<Spelling, 256> table{};
  for (std::size_t i = 0; i < 256; ++i) table[i] = i <= 0x20 || i >= 0x7f ? Spelling::decimal : Spelling::plain;
  for (const char c : std::string_view(".\\\"();@$")) table[static_cast<unsigned char>(c)] = Spelling::guarded;
  return table;
}();

/// Labels from wire[at] up to `end`, a dot behind each; where the text ends.
char* put_labels(base::OctetView wire, std::size_t end, char* to) {
  for (std::size_t at = 0; at < end;) {
    for (const auto stop = at + wire[at]; at < stop;) {
      const auto octet = wire[++at];
      const auto spelling = spellings[octet];
      if (spelling == Spelling::decimal) {
        *to++ = '\\';
        *to++ = static_cast<char>('0' + octet / 100);
        *to++ = static_cast<char>('0' + octet / 10 % 10);
        *to++ = static_cast<char>('0' + octet % 10);
        continue;
      }
      if (spelling == Spelling::guarded) *to++ = '\\';
      *to++ = static_cast<char>(octet);
    }
    ++at;
    *to++ = '.';
  }
  return to;
}

}  // namespace

void TextOut::flush() {
  if (size_ > 0 && !stopped_) stopped_ = !sink_({buffer_->data(), size_});
  size_ = 0;
}

TextOut& TextOut::put_slowly(std::string_view text) {
  while (!text.empty()) {
    if (size_ == buffer_->size()) flush();
    const auto part = text.substr(0, buffer_->size() - size_);
    std::memcpy(buffer_->data() + size_, part.data(), part.size());
    size_ += part.size();
    text.remove_prefix(part.size());
  }
  return *this;
}

std::string_view NameText::absolute(const dns::Name& name) {
  if (name.is_root()) return ".";
  const auto wire = name.wire();
  const auto end = put_labels(wire, wire.size() - 1, text_.data());
  return {text_.data(), static_cast<std::size_t>(end - text_.data())};
}

std::string_view NameText::relative(const dns::Name& name, const dns::Name& apex) {
  if (apex.is_root() || !name.is_within(apex)) return absolute(name);
  const auto above = name.wire().size() - apex.wire().size();
  if (above == 0) return "@";
  const auto end = put_labels(name.wire(), above, text_.data()) - 1;  // without the last dot
  return {text_.data(), static_cast<std::size_t>(end - text_.data())};
}

std::string_view NameText::data(const dns::Record& record) {
  if (const auto* name = std::get_if<dns::Name>(&record.data)) return absolute(*name);
  other_ = dns::to_text(record.type, record.data);
  return other_;
}

dns::Soa complete_soa(const Zone& zone) {
  auto soa = zone.soa;
  if (soa.mname.is_root() && !zone.nameservers.empty()) soa.mname = zone.nameservers.front();
  if (soa.rname.is_root()) soa.rname = soa.mname.parent().prepend("hostmaster").value_or(soa.mname);
  // RIPE-203 (small and stable zones), but for the negative TTL: an hour, so that a PTR that was missing is soon seen.
  if (soa.serial == 0) soa.serial = 1;
  if (soa.refresh == 0) soa.refresh = 86400;
  if (soa.retry == 0) soa.retry = 7200;
  if (soa.expire == 0) soa.expire = 3600000;
  if (soa.minimum == 0) soa.minimum = 3600;
  return soa;
}

void ZoneWriter::write_soa() {
  if (whole()) record({.owner = zone_.apex, .type = dns::Type::soa, .ttl = zone_.ttl, .data = complete_soa(zone_)});
}

void ZoneWriter::write_nameservers() {
  for (const auto& server : zone_.nameservers)
    record({.owner = zone_.apex, .type = dns::Type::ns, .ttl = zone_.ttl, .data = server});
}

void ZoneWriter::write_comment(std::string_view mark) {
  if (!zone_.comment.empty()) out_ << mark << ' ' << base::escape(zone_.comment) << '\n';
}

void SetWriter::record(const dns::Record& record) {
  if (!holding_) {
    held_ = record;
    holding_ = true;
    before_ = Neighbour::none;
    return;
  }
  const bool same_name = held_.owner == record.owner;
  const auto between = !same_name ? Neighbour::none : held_.type == record.type ? Neighbour::same_set : Neighbour::same_name;
  put(held_, before_, between);
  held_ = record;
  before_ = between;
}

void SetWriter::put_last() {
  if (holding_) put(held_, before_, Neighbour::none);
  holding_ = false;
}

}  // namespace fcrdns::generator
