// The wire codec: header and sections (RFC 1035 4.1), OPT (RFC 6891 6.1), UPDATE's empty data (RFC 2136 2.4).
#include "fcrdns/dns/message.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "fcrdns/dns/wire.hpp"

namespace fcrdns::dns {
namespace {

// Header flag bits, RFC 1035 4.1.1 and RFC 4035 3.1.6, 3.2.2.
constexpr std::uint16_t qr = 0x8000, aa = 0x0400, tc = 0x0200, rd = 0x0100, ra = 0x0080, ad = 0x0020, cd = 0x0010;
constexpr std::uint16_t dnssec_ok_bit = 0x8000;  // in the low half of OPT's TTL, RFC 6891 6.1.4

constexpr std::size_t header_size = 12;
constexpr std::size_t least_question = 5;  // root, type, class
constexpr std::size_t least_record = 11;   // root, type, class, TTL, RDLENGTH
constexpr std::uint16_t extended_error_code = 15;  // RFC 8914 2

// ---- reading -------------------------------------------------------------------------------------------------------

Refusal read_question(base::Cursor& cursor, Question& out) {
  if (const auto why = read_name(cursor, out.name)) return why;
  const auto fixed = cursor.take(4);
  if (!fixed) return "question cut short";
  base::Cursor in(*fixed);
  out.type = static_cast<Type>(*in.u16());
  out.klass = static_cast<Class>(*in.u16());
  return nullptr;
}

/// What stands between a record's owner and its data.
struct Head {
  Type type{};
  std::uint16_t klass = 0;
  std::uint32_t ttl = 0;
  std::uint16_t length = 0;
};

Refusal read_head(base::Cursor& cursor, Head& out) {
  const auto fixed = cursor.take(10);
  if (!fixed) return "record cut short";
  base::Cursor in(*fixed);
  out.type = static_cast<Type>(*in.u16());
  out.klass = *in.u16();
  out.ttl = *in.u32();
  out.length = *in.u16();
  if (cursor.left() < out.length) return "RDLENGTH runs past the end of the message";
  return nullptr;
}

/// Whether the octets here are the root's and OPT's type. An OPT with another owner is found, and refused, later.
bool is_at_opt(const base::Cursor& cursor) {
  const auto rest = cursor.all().subspan(cursor.position());
  return rest.size() >= 3 && rest[0] == 0 && (rest[1] << 8 | rest[2]) == static_cast<int>(Type::opt);
}

/// RFC 6891 6.1.2: the class is the payload size; the TTL holds extended RCODE, version and flags.
Refusal read_opt(base::Cursor& cursor, Message& message) {
  if (message.edns) return "more than one OPT record";
  Head head;
  cursor.u8();  // the root
  if (const auto why = read_head(cursor, head)) return why;
  auto& edns = message.edns.emplace();
  edns.udp_payload = head.klass;
  edns.version = static_cast<std::uint8_t>(head.ttl >> 16);
  edns.dnssec_ok = (head.ttl & dnssec_ok_bit) != 0;
  message.rcode = static_cast<Rcode>((head.ttl >> 24) << 4 | static_cast<unsigned>(message.rcode));
  base::Cursor in(*cursor.take(head.length));
  while (in.left() > 0) {
    const auto code = in.u16(), length = in.u16();
    if (!code || !length) return "EDNS option cut short";
    const auto data = in.take(*length);
    if (!data) return "EDNS option cut short";
    edns.options.push_back({*code, {data->begin(), data->end()}});
  }
  return nullptr;
}

Refusal read_record(base::Cursor& cursor, Record& out) {
  Head head;
  if (const auto why = read_name(cursor, out.owner)) return why;
  if (const auto why = read_head(cursor, head)) return why;
  if (head.type == Type::opt) return "OPT record with an owner that is not the root";
  out.type = head.type;
  out.klass = static_cast<Class>(head.klass);
  out.ttl = head.ttl > INT32_MAX ? 0 : head.ttl;  // RFC 2181 8
  // An UPDATE leaves the data out where it names a whole RRset (RFC 2136 2.4.1, 2.5.2).
  if (head.length == 0 && (out.klass == Class::any || out.klass == Class::none)) return nullptr;
  return read_rdata(out.type, cursor, head.length, out.data);
}

Refusal read_section(base::Cursor& cursor, std::size_t count, std::vector<Record>& out, Message& message) {
  for (; count > 0; --count) {
    if (is_at_opt(cursor)) {
      if (&out != &message.additional) return "OPT record outside the additional section";
      if (const auto why = read_opt(cursor, message)) return why;
      continue;
    }
    if (out.empty()) out.reserve(std::min(count, cursor.left() / least_record + 1));
    // Given its first member, the rest is not set to zero before it is set to its defaults.
    if (const auto why = read_record(cursor, out.emplace_back(Name()))) return why;
  }
  return nullptr;
}

Refusal read_sections(base::Cursor& cursor, const std::array<std::size_t, 4>& counts, Message& message) {
  message.questions.reserve(std::min(counts[0], cursor.left() / least_question));
  for (std::size_t i = 0; i < counts[0]; ++i)
    if (const auto why = read_question(cursor, message.questions.emplace_back(Name()))) return why;
  if (const auto why = read_section(cursor, counts[1], message.answers, message)) return why;
  if (const auto why = read_section(cursor, counts[2], message.authority, message)) return why;
  if (const auto why = read_section(cursor, counts[3], message.additional, message)) return why;
  return cursor.left() > 0 ? "octets behind the last record" : nullptr;
}

void read_flags(std::uint16_t flags, Message& message) {
  message.response = flags & qr;
  message.opcode = static_cast<Opcode>(flags >> 11 & 0xf);
  message.authoritative = flags & aa;
  message.truncated = flags & tc;
  message.recursion_desired = flags & rd;
  message.recursion_available = flags & ra;
  message.authentic = flags & ad;
  message.checking_disabled = flags & cd;
  message.rcode = static_cast<Rcode>(flags & 0xf);
}

// ---- writing -------------------------------------------------------------------------------------------------------

std::uint16_t flags_of(const Message& m) {
  return static_cast<std::uint16_t>(
      (m.response ? qr : 0) | (static_cast<unsigned>(m.opcode) & 0xf) << 11 | (m.authoritative ? aa : 0) |
      (m.truncated ? tc : 0) | (m.recursion_desired ? rd : 0) | (m.recursion_available ? ra : 0) |
      (m.authentic ? ad : 0) | (m.checking_disabled ? cd : 0) | (static_cast<unsigned>(m.rcode) & 0xf));
}

/// Puts names, each suffix written before as a pointer. Only a suffix in the same case is used, so that what is read
/// back is what was written (a resolver's 0x20 bits among it).
class Compressor {
 public:
  explicit Compressor(base::Octets& out) : out_(out) {}

  void put(const Name& name) {
    const auto octets = name.wire();
    std::string_view rest(reinterpret_cast<const char*>(octets.data()), octets.size());
    while (rest.size() > 1) {
      if (const auto found = suffixes_.find(rest); found != suffixes_.end()) {
        base::put_u16(out_, static_cast<std::uint16_t>(0xc000 | found->second));
        return;
      }
      if (out_.size() < 0x4000) suffixes_.emplace(rest, static_cast<std::uint16_t>(out_.size()));
      const auto label = rest.substr(0, 1U + static_cast<unsigned char>(rest[0]));
      base::put(out_, base::octets_of(label));
      rest.remove_prefix(label.size());
    }
    base::put_u8(out_, 0);
  }

 private:
  base::Octets& out_;
  std::unordered_map<std::string_view, std::uint16_t> suffixes_;  // borrows the names of the message being written
};

bool may_compress(Type type) {  // RFC 3597 4
  return type == Type::ns || type == Type::cname || type == Type::soa || type == Type::ptr || type == Type::mx;
}

void put_rdata(base::Octets& out, Compressor& names, const Record& record) {
  if (!may_compress(record.type)) return base::put(out, to_wire(record.data));
  if (const auto* name = std::get_if<Name>(&record.data)) return names.put(*name);
  if (const auto* mx = std::get_if<Mx>(&record.data)) {
    base::put_u16(out, mx->preference);
    return names.put(mx->exchange);
  }
  if (const auto* soa = std::get_if<Soa>(&record.data)) {
    names.put(soa->mname);
    names.put(soa->rname);
    for (const auto number : {soa->serial, soa->refresh, soa->retry, soa->expire, soa->minimum})
      base::put_u32(out, number);
    return;
  }
  base::put(out, to_wire(record.data));
}

void put_record(base::Octets& out, Compressor& names, const Record& record) {
  names.put(record.owner);
  base::put_u16(out, static_cast<std::uint16_t>(record.type));
  base::put_u16(out, static_cast<std::uint16_t>(record.klass));
  base::put_u32(out, record.ttl);
  const auto length_at = out.size();
  base::put_u16(out, 0);
  put_rdata(out, names, record);
  const auto length = out.size() - length_at - 2;
  out[length_at] = static_cast<std::uint8_t>(length >> 8);
  out[length_at + 1] = static_cast<std::uint8_t>(length);
}

void put_opt(base::Octets& out, const Edns& edns, Rcode rcode) {
  base::put_u8(out, 0);
  base::put_u16(out, static_cast<std::uint16_t>(Type::opt));
  base::put_u16(out, edns.udp_payload);
  base::put_u32(out, static_cast<std::uint32_t>(static_cast<unsigned>(rcode) >> 4) << 24 |
                         static_cast<std::uint32_t>(edns.version) << 16 | (edns.dnssec_ok ? dnssec_ok_bit : 0U));
  std::size_t length = 0;
  for (const auto& option : edns.options) length += 4 + option.data.size();
  base::put_u16(out, static_cast<std::uint16_t>(length));
  for (const auto& option : edns.options) {
    base::put_u16(out, option.code);
    base::put_u16(out, static_cast<std::uint16_t>(option.data.size()));
    base::put(out, option.data);
  }
}

/// Puts items one by one until one would pass `limit`; that one is taken back. The count of what stands.
template <typename Item, typename Put>
std::uint16_t put_while_it_fits(base::Octets& out, std::span<const Item> items, std::size_t limit, const Put& put) {
  std::uint16_t count = 0;
  for (const auto& item : items) {
    const auto before = out.size();
    put(item);
    if (out.size() > limit) {
      out.resize(before);
      break;
    }
    ++count;
  }
  return count;
}

}  // namespace

base::Expected<void> read_message(base::OctetView octets, Message& message) {
  if (octets.size() < header_size) return base::fault("header cut short");
  base::Cursor cursor(octets);
  message.id = *cursor.u16();
  read_flags(*cursor.u16(), message);
  std::array<std::size_t, 4> counts;
  for (auto& count : counts) count = *cursor.u16();
  message.questions.clear();
  message.answers.clear();
  message.authority.clear();
  message.additional.clear();
  message.edns.reset();
  if (const auto why = read_sections(cursor, counts, message)) return base::fault(why);
  return {};
}

base::Expected<Message> read_message(base::OctetView octets) {
  base::Expected<Message> message;
  if (auto read = read_message(octets, *message); !read) message = std::unexpected(std::move(read.error()));
  return message;
}

base::Octets write_message(const Message& message, std::size_t limit) {
  base::Octets opt;
  if (message.edns) put_opt(opt, *message.edns, message.rcode);
  limit = std::min<std::size_t>(limit, 65535);
  limit -= std::min(limit, opt.size());  // OPT always has its place (RFC 6891 7)

  base::Octets out(header_size);
  out.reserve(512);
  Compressor names(out);
  bool all_fit = true;
  const auto put_section = [&]<typename Item>(const std::vector<Item>& items, const auto& put) {
    // Behind the first item left out nothing more is written: suffixes it noted would point to nowhere.
    const auto count = all_fit ? put_while_it_fits<Item>(out, items, limit, put) : std::uint16_t{0};
    all_fit = all_fit && count == items.size();
    return count;
  };
  const auto put_one = [&](const Record& record) { put_record(out, names, record); };
  std::uint16_t counts[4] = {
      put_section(message.questions,
                  [&](const Question& question) {
                    names.put(question.name);
                    base::put_u16(out, static_cast<std::uint16_t>(question.type));
                    base::put_u16(out, static_cast<std::uint16_t>(question.klass));
                  }),
      put_section(message.answers, put_one), put_section(message.authority, put_one),
      put_section(message.additional, put_one)};
  if (message.edns) ++counts[3];
  base::put(out, opt);

  base::Octets header;
  base::put_u16(header, message.id);
  base::put_u16(header, flags_of(message) | (all_fit ? 0 : tc));
  for (const auto count : counts) base::put_u16(header, count);
  std::ranges::copy(header, out.begin());
  return out;
}

std::optional<ExtendedError> extended_error(const Message& message) {
  if (!message.edns) return std::nullopt;
  for (const auto& option : message.edns->options) {
    if (option.code != extended_error_code || option.data.size() < 2) continue;
    return ExtendedError{static_cast<std::uint16_t>(option.data[0] << 8 | option.data[1]),
                         {option.data.begin() + 2, option.data.end()}};
  }
  return std::nullopt;
}

}  // namespace fcrdns::dns
