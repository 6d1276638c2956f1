// The replies of tests/wire/replies.tsv and others of hostile hands, as the answers to a scan on loopback: each makes the
// row that it has to, the same as when the address is asked about on its own, and never one with another host's name.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "fcrdns/base/text.hpp"
#include "fcrdns/resolver/bulk_over_test.hpp"
#include "fcrdns/resolver/given.hpp"
#include "fcrdns/resolver/odd_server_test.hpp"
#include "fcrdns/sweep/sweep.hpp"

namespace fcrdns {
namespace {

using base::Milliseconds;
using resolver::Heard;
using resolver::OddServer;
using resolver::Said;

const auto client = *net::Address::parse("192.0.2.1");
const auto client6 = *net::Address::parse("2001:db8::1");
const auto other = *net::Address::parse("192.0.2.2");

class Listed final : public sweep::Targets {
 public:
  explicit Listed(std::vector<net::Address> addresses) : addresses_(std::move(addresses)) {}
  Next next(sweep::Target& target) override {
    if (at_ == addresses_.size()) return Next::end;
    target = {.address = addresses_[at_++]};
    return Next::target;
  }

 private:
  std::vector<net::Address> addresses_;
  std::size_t at_ = 0;
};

using Rows = std::map<std::string, std::string>;  // address -> TSV behind it

Rows scan(resolver::Bulk& bulk, const std::vector<net::Address>& addresses, Milliseconds patience, const std::function<void()>& serve) {
  Rows out;
  Listed targets(addresses);
  sweep::Sweep sweep(bulk, targets, {.patience = patience}, [&](const sweep::Row& row, const sweep::Place&) {
    std::string line;
    sweep::write_row(line, row, sweep::Format::tsv);
    line.pop_back();
    const auto tab = line.find('\t');
    EXPECT_TRUE(out.emplace(line.substr(0, tab), line.substr(tab + 1)).second);
  });
  while (sweep.turn()) serve();
  return out;
}

/// As `fcrdns scan --resolver` asks.
Rows scan_in_bulk(const resolver::Script& script, const std::vector<net::Address>& addresses, Milliseconds patience) {
  transport::Loop loop;
  OddServer server(loop, script);
  auto bulk = resolver::make_bulk_given({.servers = {server.endpoint()}, .tries = 2, .patience = Milliseconds{80}});
  if (!bulk) throw std::runtime_error(bulk.error().message);
  return scan(**bulk, addresses, patience, [&] { while (loop.run_one(Milliseconds{0})) {} });
}

/// The same walk, asked as `fcrdns check --resolver` does.
Rows scan_one_by_one(const resolver::Script& script, const std::vector<net::Address>& addresses, Milliseconds patience) {
  transport::Loop loop;
  OddServer server(loop, script);
  resolver::Given given(loop, {server.endpoint()});
  resolver::BulkOver bulk(given);
  return scan(bulk, addresses, patience, [] {});
}

base::Octets from_hex(std::string_view hex) {
  base::Octets out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out.push_back(static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return out;
}

struct Reply {
  std::string id;
  dns::Question question;
  std::uint16_t query_id = 0;
  std::string expected, detail;
  base::Octets octets;
};

std::vector<Reply> replies() {
  std::ifstream file(FCRDNS_SOURCE_DIR "/tests/wire/replies.tsv");
  std::vector<Reply> out;
  std::string line;
  std::getline(file, line);  // the header
  while (std::getline(file, line)) {
    const auto column = base::split(line, '\t');
    out.push_back({std::string(column.at(0)), {*dns::Name::parse(column.at(2)), *dns::parse_type(column.at(3))},
                   static_cast<std::uint16_t>(std::stoi(std::string(column.at(4)), nullptr, 16)),
                   std::string(column.at(5)), std::string(column.at(6)), from_hex(column.at(9))});
  }
  return out;
}

/// The octets of the row as the reply to this query: an ID that was the query's is so again, one that was not is not.
Said say(const Heard& heard, const Reply& row) {
  auto octets = row.octets;
  const auto change = static_cast<std::uint16_t>(row.query_id ^ heard.query.id);
  if (octets.size() > 1) octets[0] ^= static_cast<std::uint8_t>(change >> 8), octets[1] ^= static_cast<std::uint8_t>(change);
  if (heard.tcp) octets.insert(octets.begin(), {static_cast<std::uint8_t>(octets.size() >> 8), static_cast<std::uint8_t>(octets.size())});
  return {std::move(octets)};
}

/// Names that lead anywhere at all lead to the client: whoever takes a damaged name for one sees a pass.
std::vector<Said> answer(const Heard& heard, const Reply& row) {
  const auto& question = heard.query.questions.at(0);
  if (question == row.question) return {say(heard, row)};
  const auto name = question.name.text();
  const auto record = [&]() -> std::string {
    if (question.type == dns::Type::a) return name == "other.example.com." ? "192.0.2.2" : "192.0.2.1";
    if (question.type == dns::Type::aaaa) return "2001:db8::1";
    return name == "2.2.0.192.in-addr.arpa." ? "other.example.com." : "mail.example.com.";
  };
  return {resolver::say(heard, resolver::reply_to(heard, {name + " 60 " + to_text(question.type) + " " + record()}))};
}

/// How the row may begin.
std::vector<std::string> may_begin(const Reply& row) {
  const bool forward = row.question.type != dns::Type::ptr;
  const auto unreadable = [&](const char* detail) { return forward ? fmt::format("temperror\t-\tmail.example.com.\tforward_{}\t", detail) : fmt::format("temperror\t-\t-\t{}\t", detail); };
  std::vector<std::string> out;
  for (const auto word : base::split(row.expected, '|')) {
    if (word == "answer" && (row.detail.starts_with("hostname_valid=no") || row.detail == "invalid")) out.emplace_back("fail\t-\t");
    else if (word == "answer" || word == "follow") out.emplace_back("pass\t");
    else if (word == "nxdomain") out.emplace_back("permerror\t-\t-\tnxdomain\t");
    else if (word == "temperror") out.emplace_back("temperror\t-\t-\t");
    else out.insert(out.end(), {unreadable("malformed"), unreadable("timeout")});
  }
  return out;
}

}  // namespace

TEST(ScanWire, every_reply_of_the_table) {
  const auto table = replies();
  ASSERT_EQ(table.size(), 34U);
  for (const auto& row : table) {
    SCOPED_TRACE(row.id);
    const auto script = [&](const Heard& heard) { return answer(heard, row); };
    const auto looked_at = row.question.type == dns::Type::aaaa ? client6 : client;
    constexpr Milliseconds patience{700};
    const auto rows = scan_in_bulk(script, {looked_at, other}, patience);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows.at(other.text()), "pass\tother.example.com.\tother.example.com.\t-\t-") << "next to a damaged reply";
    const auto& got = rows.at(looked_at.text());
    EXPECT_TRUE(std::ranges::any_of(may_begin(row), [&](const auto& begin) { return got.starts_with(begin); })) << got;
    EXPECT_EQ(got.find("other"), got.npos);
    const auto alone = scan_one_by_one(script, {looked_at}, patience).at(looked_at.text());
    const auto names_and_word = [](const std::string& line) {
      const auto cells = base::split(line, '\t');
      return fmt::format("{} {} {}", cells[0], cells[1], cells[2]);
    };
    EXPECT_EQ(names_and_word(got), names_and_word(alone));
    if (got != alone) fmt::print("{}: in bulk {}, alone {}\n", row.id, got, alone);
  }
}

/// As many PTRs as 64 KiB hold, over TCP; those of the neighbours come as ever.
TEST(ScanWire, thousands_of_names_in_one_answer) {
  const auto script = [](const Heard& heard) -> std::vector<Said> {
    const auto& question = heard.query.questions.at(0);
    const auto name = question.name.text();
    if (name != "1.2.0.192.in-addr.arpa.")
      return {resolver::say(heard, resolver::reply_to(heard, {name + " 60 " + to_text(question.type) + (question.type == dns::Type::ptr ? " other.example.com." : " 192.0.2.2")}))};
    auto reply = resolver::reply_to(heard);
    if (!heard.tcp) {
      reply.truncated = true;
      return {resolver::say(heard, reply)};
    }
    for (int i = 0; i < 10'000; ++i)
      reply.answers.push_back({question.name, dns::Type::ptr, dns::Class::in, 60, *dns::Name::parse(fmt::format("{:04}.example.com", i))});
    auto octets = dns::write_message(reply, 65'535);
    octets[2] &= static_cast<std::uint8_t>(~2U);  // what did not fit is left out, and it says that it is whole
    octets.insert(octets.begin(), {static_cast<std::uint8_t>(octets.size() >> 8), static_cast<std::uint8_t>(octets.size())});
    return {{std::move(octets)}};
  };
  const auto rows = scan_in_bulk(script, {client, other}, Milliseconds{5000});
  EXPECT_EQ(rows.at("192.0.2.2"), "pass\tother.example.com.\tother.example.com.\t-\t-");
  EXPECT_TRUE(rows.at("192.0.2.1").starts_with("fail\t-\t0000.example.com.,0001.example.com.,")) << rows.at("192.0.2.1").substr(0, 100);
  EXPECT_GT(std::ranges::count(rows.at("192.0.2.1"), ','), 2000);
}

}  // namespace fcrdns
