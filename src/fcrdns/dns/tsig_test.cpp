// Replays tests/apply/dns/tsig_rows.tsv, which another implementation has signed; and what follows from the rows.
#include "fcrdns/dns/tsig.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <fstream>
#include <stdexcept>

#include "fcrdns/base/text.hpp"
#include "fcrdns/dns/message.hpp"

namespace fcrdns::dns {
namespace {

constexpr std::string_view verdict_words[] = {"good", "not_signed", "wrong_key", "bad_mac", "truncated_mac", "bad_time", "malformed"};

struct Row {
  std::string id, verdict, error, server_time, key;
  base::WallTime now;
  base::Octets request_mac, octets;
  [[nodiscard]] TsigCheck check(base::OctetView message) const { return verify(message, *parse_tsig_key(key), request_mac, now); }
};

base::Octets from_hex(std::string_view hex) {
  base::Octets out;
  for (std::size_t i = 0; hex != "-" && i + 1 < hex.size(); i += 2) out.push_back(static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return out;
}

std::vector<Row> rows() {
  std::ifstream file(FCRDNS_SOURCE_DIR "/tests/apply/dns/tsig_rows.tsv");
  std::vector<Row> out;
  std::string line;
  std::getline(file, line);  // the header
  while (std::getline(file, line)) {
    const auto column = base::split(line, '\t');
    if (column.size() != 8) throw std::runtime_error("tsig_rows.tsv: not eight columns: " + line);
    const auto text = [&](std::size_t i) { return std::string(column[i]); };
    out.push_back({text(0), text(1), text(2), text(3), text(5), base::WallTime(base::Seconds(std::stoll(text(4)))), from_hex(column[6]), from_hex(column[7])});
  }
  return out;
}

TEST(TsigRows, say_what_another_implementation_meant) {
  std::size_t count = 0;
  for (const auto& row : rows()) {
    const auto check = row.check(row.octets);
    EXPECT_EQ(verdict_words[static_cast<std::size_t>(check.verdict)], row.verdict) << row.id;
    EXPECT_EQ(std::to_string(static_cast<unsigned>(check.error)), row.error) << row.id;
    const auto time = check.server_time ? std::to_string(check.server_time->time_since_epoch().count() / 1000) : "-";
    EXPECT_EQ(time, row.server_time) << row.id;
    ++count;
  }
  EXPECT_GE(count, 40U);
}

/// The ID is the original one whatever the header says, and the two names have no case: such a change is none.
class Unsigned {
 public:
  explicit Unsigned(const Row& row) : octets_(row.octets) {
    const auto record = read_message(row.octets)->additional.back();
    key_size_ = record.owner.wire().size();
    const auto data_size = to_wire(record.data).size();
    begin_ = octets_.size() - data_size - 10 - key_size_;
    algorithm_size_ = std::string_view("hmac-sha256").size() + 1;
  }
  [[nodiscard]] bool holds(std::size_t at, unsigned bit) const {
    if (at < 2) return true;
    const bool named = (at >= begin_ && at < begin_ + key_size_) || (at >= begin_ + key_size_ + 10 && at < begin_ + key_size_ + 10 + algorithm_size_);
    return named && bit == 5 && std::isalpha(octets_[at]) != 0;
  }

 private:
  const base::Octets& octets_;
  std::size_t begin_ = 0, key_size_ = 0, algorithm_size_ = 0;
};

TEST(TsigRows, H085_one_bit_off_is_never_good) {
  for (const auto& row : rows()) {
    if (row.verdict != "good") continue;
    const Unsigned is_unsigned(row);
    for (std::size_t i = 0; i < row.octets.size() * 8; ++i) {
      const auto [at, bit] = std::pair(i / 8, static_cast<unsigned>(i % 8));
      auto flipped = row.octets;
      flipped[at] ^= static_cast<std::uint8_t>(1U << bit);
      const bool good = row.check(flipped).verdict == TsigVerdict::good;
      EXPECT_EQ(good, is_unsigned.holds(at, bit)) << row.id << " octet " << at << " bit " << bit;
    }
  }
}

TEST(TsigRows, H085_cut_short_is_never_good) {
  for (const auto& row : rows())
    for (std::size_t size = 0; row.verdict == "good" && size < row.octets.size(); ++size)
      EXPECT_NE(row.check(base::OctetView(row.octets).first(size)).verdict, TsigVerdict::good) << row.id << ' ' << size;
}

TEST(TsigSign, is_what_verify_and_the_codec_read) {
  const auto now = base::WallTime(base::Seconds(1'800'000'000));
  for (const auto* algorithm : {"hmac-sha256", "hmac-sha384", "hmac-sha512"}) {
    const auto key = *parse_tsig_key(std::string(algorithm) + ":Key.Example:c2VjcmV0");
    const Message message{.id = 7, .questions = {{*Name::parse("example.com."), Type::soa}}};
    const auto request = sign(write_message(message), key, now);
    const auto read = read_message(request.octets);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->additional.back().type, Type::tsig);
    const auto response = sign(write_message(message), key, now, request.mac);
    EXPECT_EQ(verify(response.octets, key, request.mac, now).verdict, TsigVerdict::good) << algorithm;
    EXPECT_EQ(verify(response.octets, key, {}, now).verdict, TsigVerdict::bad_mac) << algorithm;
  }
}

// ---- keys ----------------------------------------------------------------------------------------------------------

constexpr std::string_view secret = "c2VjcmV0LXNlY3JldA==";

struct KeyRow {
  std::string_view text;
  std::string_view result;  ///< "algorithm name", or a part of the Fault
};
const KeyRow key_rows[] = {
    {"hmac-sha256:k.example:c2VjcmV0LXNlY3JldA==", "hmac-sha256 k.example."},
    {"HMAC-SHA512:k.example.:c2VjcmV0LXNlY3JldA==", "hmac-sha512 k.example."},
    {"k.example:c2VjcmV0LXNlY3JldA==", "hmac-sha256 k.example."},
    {"key \"k.example\" {\n\talgorithm hmac-sha384;\n\tsecret \"c2VjcmV0LXNlY3JldA==\";\n};", "hmac-sha384 k.example."},
    {"key k.example{algorithm \"hmac-sha256\";secret c2VjcmV0LXNlY3JldA==;};", "hmac-sha256 k.example."},
    {"# Start of rndc.conf\nkey \"rndc-key\" { /* } */ algorithm hmac-sha256; // no\n secret \"c2VjcmV0LXNlY3JldA==\"; };\noptions { default-key \"rndc-key\"; };", "hmac-sha256 rndc-key."},
    {"# hmac-sha256:k.example:c2VjcmV0LXNlY3JldA==\nkey:\n  - id: k.example\n    algorithm: hmac-sha256\n    secret: c2VjcmV0LXNlY3JldA==", "hmac-sha256 k.example."},
    {"acl:\n  - id: a\n    address: 192.0.2.1\nkey:\n  - id: \"k.example.\"\n    algorithm: hmac-sha512 # long\n    secret: 'c2VjcmV0LXNlY3JldA=='", "hmac-sha512 k.example."},
    {"k.example. IN KEY 512 3 163 c2VjcmV0 LXNlY3JldA==", "hmac-sha256 k.example."},
    {"; a comment\nk.example. 3600 IN KEY 0 3 165 c2VjcmV0LXNlY3JldA==", "hmac-sha512 k.example."},
    // refused
    {"hmac-md5:k:c2VjcmV0LXNlY3JldA==", "hmac-md5 is not used here"},
    {"hmac-sha1:k:c2VjcmV0LXNlY3JldA==", "hmac-sha1 is not used here"},
    {"hmac-sha224:k:c2VjcmV0LXNlY3JldA==", "hmac-sha224 is not used here"},
    {"hmac-md5.sig-alg.reg.int.:k:c2VjcmV0LXNlY3JldA==", "hmac-md5.sig-alg.reg.int is not used here"},
    {"k.example. IN KEY 512 3 157 c2VjcmV0LXNlY3JldA==", "hmac-md5 is not used here"},
    {"c2VjcmV0LXNlY3JldA==:k:hmac-sha256", "unknown algorithm"},
    {"hmac-sha256:k:c2VjcmV0LXNlY3JldA=", "not base64"},
    {"hmac-sha256:k:c2VjcmV0LXNlY3JldB==", "not base64"},  // bits that say nothing are set
    {"hmac-sha256:k:c2Vj=mV0", "not base64"},
    {"hmac-sha256:k:c2Vjc!V0", "not base64"},
    {"hmac-sha256:k:", "no secret"},
    {"hmac-sha256::c2VjcmV0", "no name"},
    {"hmac-sha256:.:c2VjcmV0", "no domain name"},
    {"hmac-sha256:a..b:c2VjcmV0", "no domain name"},
    {"key \"k\" { algorithm hmac-sha256; };", "no secret"},
    {"key \"a\" { algorithm hmac-sha256; secret \"c2VjcmV0\"; };\nkey \"b\" { algorithm hmac-sha256; secret \"c2VjcmV0\"; };", "2 keys"},
    {"Private-key-format: v1.3\nAlgorithm: 163 (HMAC_SHA256)\nKey: c2VjcmV0LXNlY3JldA==", ".key file beside it"},
    {"", "none found"},
    {"a word or two", "none found"},
    {"key \"unfinished", "none found"},
};

TEST(TsigKey, is_read_in_the_forms_people_have) {
  for (const auto& row : key_rows) {
    const auto key = parse_tsig_key(row.text);
    const auto got = key ? std::string(to_word(key->algorithm)) + " " + key->name.text() : key.error().message;
    EXPECT_NE(got.find(row.result), std::string::npos) << row.text << "\n  -> " << got;
    EXPECT_TRUE(!key || std::string(key->secret.begin(), key->secret.end()) == "secret-secret") << row.text;
  }
}

TEST(TsigKey, H088_no_fault_tells_the_secret) {
  for (const auto& row : key_rows) {
    const auto key = parse_tsig_key(row.text);
    EXPECT_TRUE(key || key.error().message.find(secret.substr(0, 6)) == std::string::npos) << key.error().message;
  }
}

}  // namespace
}  // namespace fcrdns::dns
