// Replays tests/wire/replies.tsv: octets in, the outcome its columns `expected` and `detail` name out.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "fcrdns/base/text.hpp"
#include "fcrdns/dns/reply.hpp"

namespace fcrdns::dns {
namespace {

struct Row {
  std::string id;
  Question question;
  std::uint16_t query_id = 0;
  std::vector<std::string> expected;  // any of these
  std::string detail;
  base::Octets octets;
};

base::Octets from_hex(std::string_view hex) {
  base::Octets out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out.push_back(static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return out;
}

std::vector<Row> rows() {
  std::ifstream file(FCRDNS_SOURCE_DIR "/tests/wire/replies.tsv");
  std::vector<Row> out;
  std::string line;
  std::getline(file, line);  // the header
  while (std::getline(file, line)) {
    const auto column = base::split(line, '\t');
    if (column.size() != 10) throw std::runtime_error("replies.tsv: not ten columns: " + line);
    Row row{std::string(column[0]), {*Name::parse(column[2]), *parse_type(column[3])}, 0, {}, std::string(column[6]),
            from_hex(column[9])};
    row.query_id = static_cast<std::uint16_t>(std::stoi(std::string(column[4]), nullptr, 16));
    for (const auto word : base::split(column[5], '|')) row.expected.emplace_back(word);
    out.push_back(std::move(row));
  }
  return out;
}

/// Letters, digits and inner hyphens (RFC 1123 2.1).
bool is_host_name(const Name& name) {
  const auto is_alnum = [](char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'); };
  for (std::size_t i = 0; i < name.label_count(); ++i) {
    const auto label = name.label(i);
    if (!std::ranges::all_of(label, [&](char c) { return c == '-' || is_alnum(c); })) return false;
    if (label.front() == '-' || label.back() == '-') return false;
  }
  return !name.is_root();
}

struct Outcome {
  std::string word;
  Reply reply;
};

Outcome outcome_of(const Row& row) {
  const auto message = read_message(row.octets);
  if (!message) return {"reject", {}};
  if (!answers_question(*message, row.query_id, row.question)) return {"discard", {}};
  auto reply = interpret(*message, row.question, Source::recursive);
  std::string word = reply.open_chain                      ? "follow"
                     : reply.status == Status::noerror     ? "answer"
                     : is_trouble(reply.status)            ? "temperror"
                                                           : std::string(to_word(reply.status));
  return {word, std::move(reply)};
}

/// The words of `detail` before a remark begin with the data expected: "mail.example.com. only", "192.0.2.1 (...)".
std::vector<std::string> data_in(const std::string& detail) {
  std::vector<std::string> out;
  for (auto word : base::words(detail)) {
    if (word == "only" || word.starts_with('(')) break;
    const bool last = word.ends_with(';');
    if (last) word.remove_suffix(1);
    out.emplace_back(word);
    if (last) break;
  }
  std::ranges::sort(out);
  return out;
}

void check_answer(const Row& row, const Reply& reply) {
  std::vector<std::string> data;
  for (const auto& record : reply.records) data.push_back(to_text(record.type, record.data));
  std::ranges::sort(data);
  const auto& detail = row.detail;
  if (detail.find("hostname_valid=no") != std::string::npos || detail == "invalid") {
    ASSERT_EQ(reply.records.size(), 1U);
    EXPECT_FALSE(is_host_name(std::get<Name>(reply.records[0].data)));
    constexpr std::string_view key = "presentation=";
    const auto at = detail.find(key);
    if (at != std::string::npos && detail.substr(at + key.size()) != "-") {
      EXPECT_EQ(data[0], detail.substr(at + key.size()));
    }
    EXPECT_EQ(*Name::parse(data[0]), std::get<Name>(reply.records[0].data)) << "lossless";
  } else if (detail == "255 octets, 127 labels, valid") {
    ASSERT_EQ(reply.records.size(), 1U);
    const auto& name = std::get<Name>(reply.records[0].data);
    EXPECT_EQ(name.wire().size(), 255U);
    EXPECT_EQ(name.label_count(), 127U);
    EXPECT_TRUE(is_host_name(name));
  } else {
    EXPECT_EQ(data, data_in(detail));
  }
}

TEST(Replies, EveryRowOfTheTable) {
  const auto table = rows();
  ASSERT_EQ(table.size(), 34U);
  for (const auto& row : table) {
    SCOPED_TRACE(row.id);
    const auto [word, reply] = outcome_of(row);
    EXPECT_NE(std::ranges::find(row.expected, word), row.expected.end()) << "came out as " << word;
    if (word == "answer") check_answer(row, reply);
    if (word == "follow") {
      EXPECT_EQ(reply.via.back().text(), row.detail);
    }
    if (word == "nxdomain") {
      EXPECT_EQ("neg_ttl=" + (reply.soa ? std::to_string(negative_ttl(*reply.soa)) : "none"), row.detail);
    }
  }
}

/// A reply cut anywhere is no message: a header alone could pass as an answer only if its counts were zero (H002).
TEST(Replies, H002_EveryPrefixOfAGoodReplyIsRefused) {
  for (const auto& row : rows()) {
    if (!read_message(row.octets)) continue;
    for (std::size_t size = 0; size < row.octets.size(); ++size)
      EXPECT_FALSE(read_message({row.octets.data(), size})) << row.id << " cut at " << size;
  }
}

}  // namespace
}  // namespace fcrdns::dns
