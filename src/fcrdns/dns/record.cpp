// The data of records: wire (RFC 1035 3.3, 3.4; RFC 3596 2.2; RFC 6672 2.1), presentation (RFC 1035 5.1, RFC 3597 5).
#include "fcrdns/dns/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/dns/wire.hpp"

namespace fcrdns::dns {
namespace {

constexpr std::array<std::pair<Type, std::string_view>, 20> type_words = {{
    {Type::a, "A"},         {Type::ns, "NS"},         {Type::cname, "CNAME"},   {Type::soa, "SOA"},
    {Type::ptr, "PTR"},     {Type::mx, "MX"},         {Type::txt, "TXT"},       {Type::aaaa, "AAAA"},
    {Type::srv, "SRV"},     {Type::dname, "DNAME"},   {Type::opt, "OPT"},       {Type::ds, "DS"},
    {Type::rrsig, "RRSIG"}, {Type::nsec, "NSEC"},     {Type::dnskey, "DNSKEY"}, {Type::nsec3, "NSEC3"},
    {Type::nsec3param, "NSEC3PARAM"}, {Type::tsig, "TSIG"},
    {Type::axfr, "AXFR"},   {Type::any, "ANY"},
}};

template <typename Number>
bool read_number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

// ---- wire ----------------------------------------------------------------------------------------------------------

constexpr Refusal misfit = "RDLENGTH does not fit the type";

Refusal read_soa(base::Cursor& cursor, Soa& out) {
  if (const auto why = read_name(cursor, out.mname)) return why;
  if (const auto why = read_name(cursor, out.rname)) return why;
  const auto numbers = cursor.take(20);
  if (!numbers) return misfit;
  base::Cursor in(*numbers);
  for (auto* field : {&out.serial, &out.refresh, &out.retry, &out.expire, &out.minimum}) *field = *in.u32();
  return nullptr;
}

Refusal read_mx(base::Cursor& cursor, Mx& out) {
  const auto preference = cursor.u16();
  if (!preference) return misfit;
  out.preference = *preference;
  return read_name(cursor, out.exchange);
}

Refusal read_txt(base::OctetView octets, Txt& out) {
  if (octets.empty()) return misfit;  // one string at least, RFC 1035 3.3.14
  for (base::Cursor in(octets); in.left() > 0;) {
    const auto text = in.take(*in.u8());
    if (!text) return misfit;
    out.strings.emplace_back(text->begin(), text->end());
  }
  return nullptr;
}

net::Address address_of(base::OctetView octets) {
  std::array<std::uint8_t, 4> v4{};
  std::array<std::uint8_t, 16> v6{};
  if (octets.size() == 4) return std::ranges::copy(octets, v4.begin()), net::Address::v4(v4);
  return std::ranges::copy(octets, v6.begin()), net::Address::v6(v6);
}

// ---- presentation --------------------------------------------------------------------------------------------------

std::string in_quotes(std::string_view octets) {
  std::string out = "\"";
  for (const char c : octets) {
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (c >= 0x20 && c < 0x7f)
      out += c;
    else
      out += fmt::format("\\{:03}", static_cast<unsigned char>(c));
  }
  return out += '"';
}

std::string generic(const base::Octets& octets) {
  auto out = fmt::format("\\# {}", octets.size());
  if (!octets.empty()) out += ' ';
  for (const auto octet : octets) out += fmt::format("{:02X}", octet);
  return out;
}

/// One character-string of a TXT (RFC 1035 5.1), quoted or a bare word; `rest` moves behind it and the space after it.
base::Expected<std::string> take_string(std::string_view& rest) {
  const bool in_quotes = rest.front() == '"';
  std::string out;
  std::size_t at = in_quotes ? 1 : 0;
  const auto at_end = [&] { return in_quotes ? rest[at] == '"' : rest[at] == ' ' || rest[at] == '\t'; };
  while (at < rest.size() && !at_end()) {
    if (rest[at] != '\\') {
      out += rest[at++];
      continue;
    }
    unsigned value = 0;
    if (at + 3 < rest.size() && read_number(rest.substr(at + 1, 3), value)) {
      if (value > 255) return base::fault("a \\DDD escape is above 255");
      out += static_cast<char>(value);
      at += 4;
    } else if (at + 1 < rest.size()) {
      out += rest[at + 1];
      at += 2;
    } else {
      return base::fault("a text ends in a lone backslash");
    }
  }
  if (in_quotes && at == rest.size()) return base::fault("a quoted text has no closing quote");
  if (out.size() > 255) return base::fault("a text is longer than 255 octets; split it in several quoted texts");
  rest = base::trim(rest.substr(in_quotes ? at + 1 : at));
  return out;
}

base::Expected<Rdata> parse_txt(std::string_view text) {
  Txt txt;
  for (auto rest = base::trim(text); !rest.empty();) {
    auto one = take_string(rest);
    if (!one) return std::unexpected(one.error());
    txt.strings.push_back(std::move(*one));
  }
  if (txt.strings.empty()) return base::fault("a TXT record needs a text");
  return txt;
}

/// Whether the name ends in a dot that is not escaped.
bool is_absolute(std::string_view text) {
  if (!text.ends_with('.')) return false;
  text.remove_suffix(1);
  const auto last_other = text.find_last_not_of('\\');
  const auto backslashes = last_other == std::string_view::npos ? text.size() : text.size() - 1 - last_other;
  return backslashes % 2 == 0;
}

base::Expected<Name> parse_name(std::string_view text, const Name& origin) {
  if (text == "@") return origin;
  auto name = Name::parse(text);
  if (!name || is_absolute(text)) return name;
  return name->with_suffix(Name(), origin);
}

base::Expected<Rdata> parse_generic(Type type, const std::vector<std::string_view>& words) {
  std::size_t size = 0;
  std::string hex;
  if (words.size() < 2 || !read_number(words[1], size)) return base::fault("\\# needs a length and octets in hex");
  for (std::size_t i = 2; i < words.size(); ++i) hex += words[i];
  if (size > 65535 || hex.size() != 2 * size) return base::fault("the length behind \\# does not match its octets");
  base::Octets octets(size);
  for (std::size_t i = 0; i < size; ++i) {
    const auto pair = std::string_view(hex).substr(2 * i, 2);
    const auto [end, error] = std::from_chars(pair.data(), pair.data() + 2, octets[i], 16);
    if (error != std::errc{} || end != pair.data() + 2) return base::fault("\\# needs octets in hex");
  }
  base::Cursor cursor(octets);
  return read_rdata(type, cursor, size);
}

base::Expected<Rdata> parse_soa(const std::vector<std::string_view>& words, const Name& origin) {
  if (words.size() != 7) return base::fault("a SOA record needs two names and five numbers");
  const auto mname = parse_name(words[0], origin), rname = parse_name(words[1], origin);
  if (!mname) return std::unexpected(mname.error());
  if (!rname) return std::unexpected(rname.error());
  Soa soa{*mname, *rname};
  std::size_t word = 2;
  for (auto* field : {&soa.serial, &soa.refresh, &soa.retry, &soa.expire, &soa.minimum})
    if (!read_number(words[word++], *field)) return base::fault("a SOA record needs five numbers behind its names");
  return soa;
}

base::Expected<Rdata> parse_mx(const std::vector<std::string_view>& words, const Name& origin) {
  std::uint16_t preference = 0;
  if (words.size() != 2 || !read_number(words[0], preference))
    return base::fault("an MX record needs a number and a name");
  auto exchange = parse_name(words[1], origin);
  if (!exchange) return std::unexpected(exchange.error());
  return Mx{preference, std::move(*exchange)};
}

}  // namespace

std::string to_text(Type type) {
  const auto found = std::ranges::find(type_words, type, &decltype(type_words)::value_type::first);
  if (found != type_words.end()) return std::string(found->second);
  return fmt::format("TYPE{}", static_cast<unsigned>(type));
}

base::Expected<Type> parse_type(std::string_view text) {
  for (const auto& [type, word] : type_words)
    if (base::equals_ignoring_case(word, text)) return type;
  std::uint16_t number = 0;
  if (text.size() > 4 && base::equals_ignoring_case(text.substr(0, 4), "TYPE") && read_number(text.substr(4), number))
    return static_cast<Type>(number);
  return base::fault(fmt::format("no such record type: {}", base::escape(text, 40)));
}

Refusal read_rdata(Type type, base::Cursor& cursor, std::size_t length, Rdata& out) {
  if (cursor.left() < length) return "RDLENGTH runs past the end of the message";
  const auto end = cursor.position() + length;
  Refusal why = nullptr;
  switch (type) {
    case Type::a:
    case Type::aaaa:
      if (length != (type == Type::a ? 4U : 16U)) return misfit;
      out = address_of(*cursor.take(length));
      return nullptr;
    case Type::txt: return read_txt(*cursor.take(length), out.emplace<Txt>());
    case Type::ns:
    case Type::cname:
    case Type::ptr:
    case Type::dname:
      if (length == 0) return misfit;
      why = read_name(cursor, out.emplace<Name>());
      break;
    case Type::soa:
      if (length == 0) return misfit;
      why = read_soa(cursor, out.emplace<Soa>());
      break;
    case Type::mx:
      if (length == 0) return misfit;
      why = read_mx(cursor, out.emplace<Mx>());
      break;
    default: {
      const auto octets = *cursor.take(length);
      out.emplace<base::Octets>(octets.begin(), octets.end());
    }
  }
  if (!why && cursor.position() != end) return misfit;
  return why;
}

base::Expected<Rdata> read_rdata(Type type, base::Cursor& cursor, std::size_t length) {
  base::Expected<Rdata> data;
  if (const auto why = read_rdata(type, cursor, length, *data)) return base::fault(why);
  return data;
}

base::Octets to_wire(const Rdata& data) {
  base::Octets out;
  out.reserve(64);
  struct Writer {
    base::Octets& out;
    void operator()(const base::Octets& octets) const { base::put(out, octets); }
    void operator()(const net::Address& address) const { base::put(out, address.octets()); }
    void operator()(const Name& name) const { base::put(out, name.wire()); }
    void operator()(const Soa& soa) const {
      for (const auto* name : {&soa.mname, &soa.rname}) base::put(out, name->wire());
      for (const auto number : {soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum})
        base::put_u32(out, number);
    }
    void operator()(const Mx& mx) const {
      base::put_u16(out, mx.preference);
      base::put(out, mx.exchange.wire());
    }
    void operator()(const Txt& txt) const {
      for (const auto& text : txt.strings) {
        base::put_u8(out, static_cast<std::uint8_t>(text.size()));
        base::put(out, base::octets_of(text));
      }
    }
  };
  std::visit(Writer{out}, data);
  return out;
}

std::string to_text(Type, const Rdata& data) {
  struct Writer {
    std::string operator()(const base::Octets& octets) const { return generic(octets); }
    std::string operator()(const net::Address& address) const { return address.text(); }
    std::string operator()(const Name& name) const { return name.text(); }
    std::string operator()(const Soa& soa) const {
      return fmt::format("{} {} {} {} {} {} {}", soa.mname.text(), soa.rname.text(), soa.serial, soa.refresh, soa.retry,
                         soa.expire, soa.minimum);
    }
    std::string operator()(const Mx& mx) const { return fmt::format("{} {}", mx.preference, mx.exchange.text()); }
    std::string operator()(const Txt& txt) const {
      std::string out;
      for (const auto& text : txt.strings) {
        if (!out.empty()) out += ' ';
        out += in_quotes(text);
      }
      return out;
    }
  };
  return std::visit(Writer{}, data);
}

std::string to_text(const Record& record) {
  const auto number = static_cast<unsigned>(record.klass);
  const auto klass = record.klass == Class::in ? std::string("IN") : fmt::format("CLASS{}", number);
  return fmt::format("{} {} {} {} {}", record.owner.text(), record.ttl, klass, to_text(record.type),
                     to_text(record.type, record.data));
}

base::Expected<Rdata> parse_rdata(Type type, std::string_view text, const Name& origin) {
  const auto words = base::words(text);
  if (!words.empty() && words[0] == "\\#") return parse_generic(type, words);
  if (type == Type::txt) return parse_txt(text);
  if (type == Type::soa) return parse_soa(words, origin);
  if (type == Type::mx) return parse_mx(words, origin);
  if (words.size() != 1) return base::fault(fmt::format("a {} record needs exactly one word", to_text(type)));
  switch (type) {
    case Type::a:
    case Type::aaaa: {
      auto address = net::Address::parse(words[0]);
      if (!address) return std::unexpected(std::move(address.error()));
      if (address->is_v4() != (type == Type::a))
        return base::fault(fmt::format("{} does not fit a {} record", address->text(), to_text(type)));
      return *address;
    }
    case Type::ns:
    case Type::cname:
    case Type::ptr:
    case Type::dname: {
      auto name = parse_name(words[0], origin);
      if (!name) return std::unexpected(std::move(name.error()));
      return std::move(*name);
    }
    default: return base::fault(fmt::format("the data of {} is written as \\# LENGTH HEX", to_text(type)));
  }
}

}  // namespace fcrdns::dns
