#include "fcrdns/dns/tsig.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

#include "fcrdns/dns/record.hpp"

namespace fcrdns::dns {
namespace {

constexpr std::size_t header_size = 12, additional_count_at = 10;
constexpr std::uint64_t max_time = (std::uint64_t{1} << 48) - 1;

struct Digest {
  const char* name;
  std::size_t size;  // octets
};
constexpr std::array<Digest, 3> digests = {{{"SHA256", 32}, {"SHA384", 48}, {"SHA512", 64}}};  // by TsigAlgorithm
const Digest& digest_of(const TsigKey& key) { return digests[static_cast<std::size_t>(key.algorithm)]; }

Name algorithm_name(TsigAlgorithm algorithm) { return *Name::parse(to_word(algorithm)); }

/// The data of a TSIG record, RFC 8945 4.2.
struct Tsig {
  Name key_name, algorithm;
  std::uint64_t time = 0;  ///< seconds since 1970, 48 bits
  std::uint16_t fudge = 0;
  base::OctetView mac;
  std::uint16_t original_id = 0, error = 0;
  base::OctetView other;
};

std::uint64_t seconds_of(base::WallTime time) {
  return static_cast<std::uint64_t>(std::chrono::floor<base::Seconds>(time.time_since_epoch()).count()) & max_time;
}
base::WallTime wall_time(std::uint64_t seconds) { return base::WallTime(base::Seconds(static_cast<std::int64_t>(seconds))); }

void put_u48(base::Octets& out, std::uint64_t v) {
  base::put_u16(out, static_cast<std::uint16_t>(v >> 32));
  base::put_u32(out, static_cast<std::uint32_t>(v));
}
std::optional<std::uint64_t> u48(base::Cursor& in) {
  if (in.left() < 6) return std::nullopt;
  const std::uint64_t high = *in.u16();
  return high << 32 | *in.u32();
}

/// RFC 8945 4.3: the request's MAC with its length, the message as it was before the record was added, the variables.
base::Octets mac_of(base::OctetView message, const Tsig& tsig, const TsigKey& key, base::OctetView request_mac) {
  base::Octets data;
  data.reserve(message.size() + request_mac.size() + 600);
  if (!request_mac.empty()) {
    base::put_u16(data, static_cast<std::uint16_t>(request_mac.size()));
    base::put(data, request_mac);
  }
  base::put(data, message);
  base::put(data, tsig.key_name.lowered().wire());
  base::put_u16(data, static_cast<std::uint16_t>(Class::any));
  base::put_u32(data, 0);  // TTL
  base::put(data, tsig.algorithm.lowered().wire());
  put_u48(data, tsig.time);
  base::put_u16(data, tsig.fudge);
  base::put_u16(data, tsig.error);
  base::put_u16(data, static_cast<std::uint16_t>(tsig.other.size()));
  base::put(data, tsig.other);

  base::Octets mac(EVP_MAX_MD_SIZE);
  std::size_t size = 0;
  if (EVP_Q_mac(nullptr, "HMAC", nullptr, digest_of(key).name, nullptr, key.secret.data(), key.secret.size(), data.data(),
                data.size(), mac.data(), mac.size(), &size) == nullptr)
    throw std::runtime_error("libcrypto cannot make an HMAC");
  mac.resize(size);
  return mac;
}

// ---- finding the record in a message ---------------------------------------------------------------------------------

/// Where the last record of a message begins, and what it is when that is a TSIG record.
struct Last {
  std::size_t begin = 0;
  std::optional<Tsig> tsig{};
};

std::optional<Tsig> read_tsig(const Name& owner, std::uint32_t ttl, std::uint16_t klass, base::Cursor& cursor, std::size_t length) {
  const auto end = cursor.position() + length;
  if (klass != static_cast<std::uint16_t>(Class::any) || ttl != 0) return std::nullopt;
  const auto algorithm = Name::read(cursor);
  if (!algorithm || cursor.position() > end) return std::nullopt;
  base::Cursor in(cursor.all().subspan(cursor.position(), end - cursor.position()));
  Tsig out{.key_name = owner, .algorithm = *algorithm};
  const auto time = u48(in);
  const auto fudge = in.u16(), mac_size = in.u16();
  if (!time || !fudge || !mac_size) return std::nullopt;
  const auto mac = in.take(*mac_size);
  if (!mac) return std::nullopt;
  const auto original_id = in.u16(), error = in.u16(), other_size = in.u16();
  if (!original_id || !error || !other_size) return std::nullopt;
  const auto other = in.take(*other_size);
  if (!other || in.left() > 0) return std::nullopt;
  out.time = *time, out.fudge = *fudge, out.mac = *mac, out.original_id = *original_id, out.error = *error, out.other = *other;
  return out;
}

/// Empty: the message cannot be read, or a TSIG record stands where none may (RFC 8945 5.1).
std::optional<Last> read_last(base::OctetView message) {
  base::Cursor cursor(message);
  std::array<std::uint16_t, 6> header{};
  for (auto& field : header) {
    const auto value = cursor.u16();
    if (!value) return std::nullopt;
    field = *value;
  }
  for (std::size_t i = 0; i < header[2]; ++i)
    if (!Name::read(cursor) || !cursor.take(4)) return std::nullopt;
  Last last;
  const std::size_t records = std::size_t{header[3]} + header[4] + header[5];
  for (std::size_t i = 0; i < records; ++i) {
    last.begin = cursor.position();
    const auto owner = Name::read(cursor);
    const auto type = cursor.u16(), klass = cursor.u16();
    const auto ttl = cursor.u32();
    const auto length = cursor.u16();
    if (!owner || !type || !klass || !ttl || !length || cursor.left() < *length) return std::nullopt;
    base::Cursor data = cursor;
    cursor.take(*length);
    if (*type != static_cast<std::uint16_t>(Type::tsig)) continue;
    if (i + 1 != records || header[5] == 0) return std::nullopt;
    last.tsig = read_tsig(*owner, *ttl, *klass, data, *length);
    if (!last.tsig) return std::nullopt;
  }
  return cursor.left() == 0 ? std::optional(last) : std::nullopt;
}

/// The message without its last record and with the ID that was signed.
base::Octets before_signing(base::OctetView message, const Last& last) {
  base::Octets out(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(last.begin));
  const auto count = static_cast<std::uint16_t>((message[additional_count_at] << 8 | message[additional_count_at + 1]) - 1);
  out[0] = static_cast<std::uint8_t>(last.tsig->original_id >> 8), out[1] = static_cast<std::uint8_t>(last.tsig->original_id);
  out[additional_count_at] = static_cast<std::uint8_t>(count >> 8), out[additional_count_at + 1] = static_cast<std::uint8_t>(count);
  return out;
}

}  // namespace

SignedMessage sign(base::OctetView message, const TsigKey& key, base::WallTime now, base::OctetView request_mac, std::uint16_t fudge) {
  if (message.size() < header_size) throw std::invalid_argument("not a DNS message");
  Tsig tsig{.key_name = key.name.lowered(), .algorithm = algorithm_name(key.algorithm), .time = seconds_of(now), .fudge = fudge,
            .original_id = static_cast<std::uint16_t>(message[0] << 8 | message[1])};
  SignedMessage out{{message.begin(), message.end()}, mac_of(message, tsig, key, request_mac)};
  auto& octets = out.octets;
  base::put(octets, tsig.key_name.wire());
  base::put_u16(octets, static_cast<std::uint16_t>(Type::tsig));
  base::put_u16(octets, static_cast<std::uint16_t>(Class::any));
  base::put_u32(octets, 0);
  const auto algorithm = tsig.algorithm.wire();
  base::put_u16(octets, static_cast<std::uint16_t>(algorithm.size() + 16 + out.mac.size()));
  base::put(octets, algorithm);
  put_u48(octets, tsig.time);
  base::put_u16(octets, fudge);
  base::put_u16(octets, static_cast<std::uint16_t>(out.mac.size()));
  base::put(octets, out.mac);
  base::put_u16(octets, tsig.original_id);
  base::put_u16(octets, 0);  // error
  base::put_u16(octets, 0);  // other data
  const auto count = static_cast<std::uint16_t>((octets[additional_count_at] << 8 | octets[additional_count_at + 1]) + 1);
  octets[additional_count_at] = static_cast<std::uint8_t>(count >> 8), octets[additional_count_at + 1] = static_cast<std::uint8_t>(count);
  return out;
}

TsigCheck verify(base::OctetView response, const TsigKey& key, base::OctetView request_mac, base::WallTime now) {
  const auto last = read_last(response);
  if (!last) return {TsigVerdict::malformed};
  if (!last->tsig) return {TsigVerdict::not_signed};
  const auto& tsig = *last->tsig;
  TsigCheck out{TsigVerdict::good, static_cast<TsigError>(tsig.error)};
  const auto say = [&](TsigVerdict verdict) { return out.verdict = verdict, out; };
  // RFC 8945 5.2.1, 5.2.2: a server that did not like the key or the MAC has nothing to sign with.
  if (tsig.mac.empty()) return say(TsigVerdict::not_signed);
  if (tsig.key_name != key.name || tsig.algorithm != algorithm_name(key.algorithm)) return say(TsigVerdict::wrong_key);
  const auto expected = mac_of(before_signing(response, *last), tsig, key, request_mac);
  if (tsig.mac.size() > expected.size()) return say(TsigVerdict::malformed);
  if (tsig.mac.size() < expected.size()) return say(TsigVerdict::truncated_mac);
  if (CRYPTO_memcmp(tsig.mac.data(), expected.data(), expected.size()) != 0) return say(TsigVerdict::bad_mac);
  if (out.error == TsigError::badtime && tsig.other.size() == 6) {  // RFC 8945 5.2.3
    base::Cursor other(tsig.other);
    out.server_time = wall_time(*u48(other));
  }
  const auto difference = static_cast<std::int64_t>(seconds_of(now)) - static_cast<std::int64_t>(tsig.time);
  if (std::abs(difference) > tsig.fudge) {
    if (!out.server_time) out.server_time = wall_time(tsig.time);
    return say(TsigVerdict::bad_time);
  }
  return out;
}

}  // namespace fcrdns::dns
