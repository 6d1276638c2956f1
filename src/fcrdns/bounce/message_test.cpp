#include "fcrdns/bounce/message.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "fcrdns/bounce/claim_rows_test.hpp"
#include "fcrdns/base/text.hpp"

namespace fcrdns::bounce {
namespace {

using test::contents;
using test::Kept;

const std::string folder = FCRDNS_SOURCE_DIR "/tests/bounce/";

struct Row {
  std::string claim;  // as row_of writes it
  std::string text;   // of the reply, escaped
};

/// "FILE <tab> row <tab> text of the reply" each, or "FILE <tab> none".
std::map<std::string, std::vector<Row>> read_table(const std::string& path) {
  std::map<std::string, std::vector<Row>> table;
  const auto text = contents(path);
  for (const auto line : base::split(text, '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    const auto first = line.find('\t'), last = line.rfind('\t');
    auto& rows = table[std::string(line.substr(0, first))];
    if (first != last) rows.push_back({std::string(line.substr(first + 1, last - first - 1)), std::string(line.substr(last + 1))});
  }
  return table;
}

void expect_rows(const std::string& file, const std::vector<Row>& rows, const Kept& kept) {
  SCOPED_TRACE(file);
  std::string wanted, got;
  for (const auto& row : rows) wanted += row.claim + "\n";
  for (const auto& claim : kept.claims) got += test::row_of(claim) + "\n";
  EXPECT_EQ(got, wanted);
  for (std::size_t i = 0; i < std::min(rows.size(), kept.claims.size()); ++i) {
    const auto text = base::escape(kept.claims[i].reply.text, mail::max_reply);
    EXPECT_EQ(text, rows[i].text);
    EXPECT_EQ(text.find("5.9.9"), std::string::npos) << "what the returned mail said is no reply";
  }
}

Kept read_file_as(const std::string& path, void (*read)(std::string_view, const Place&, const Options&, Sink&)) {
  Kept kept;
  const std::string source = std::filesystem::path(path).filename();
  read(contents(path), {source, 7}, {}, kept);
  return kept;
}

void expect_folder(const std::string& name, void (*read)(std::string_view, const Place&, const Options&, Sink&)) {
  const auto table = read_table(folder + name + ".tsv");
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder + name)) {
    ++files;
    const std::string file = entry.path().filename();
    const auto rows = table.find(file);
    ASSERT_NE(rows, table.end()) << file << " has no row in " << name << ".tsv";
    const auto kept = read_file_as(entry.path(), read);
    expect_rows(file, rows->second, kept);
    EXPECT_TRUE(kept.notes.empty()) << file << ": " << kept.notes.front();
    // The two pages teach what does not help, and that is told (advice.hpp).
    EXPECT_EQ(kept.advised_of, file.starts_with("page-on-") ? 1U : 0U) << file;
    for (const auto& claim : kept.claims) EXPECT_EQ(claim.source, file);
  }
  EXPECT_EQ(files, table.size());
}

TEST(Messages, H068_H070_EveryFormGivesItsClaims) { expect_folder("messages", read_message); }

TEST(Messages, ClaimsStandWhereTheMessageBegins) {
  const auto kept = read_file_as(folder + "messages/list-of-bounces.eml", read_message);
  ASSERT_FALSE(kept.claims.empty());
  for (const auto& claim : kept.claims) EXPECT_EQ(claim.line, 7U);
}

TEST(Pasted, EveryTextGivesItsClaims) { expect_folder("pasted", read_pasted); }

TEST(Messages, SameClaimsWithEitherLineEnd) {
  for (const auto& entry : std::filesystem::directory_iterator(folder + "messages")) {
    auto text = contents(entry.path());
    std::erase(text, '\r');
    std::string crlf;
    for (const char c : text) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
    Kept lf_kept, crlf_kept;
    read_message(text, {"a", 1}, {}, lf_kept);
    read_message(crlf, {"a", 1}, {}, crlf_kept);
    ASSERT_EQ(lf_kept.claims.size(), crlf_kept.claims.size()) << entry.path();
    for (std::size_t i = 0; i < lf_kept.claims.size(); ++i) {
      EXPECT_EQ(test::row_of(lf_kept.claims[i]), test::row_of(crlf_kept.claims[i])) << entry.path();
      EXPECT_EQ(lf_kept.claims[i].reply.text, crlf_kept.claims[i].reply.text) << entry.path();
    }
  }
}

}  // namespace
}  // namespace fcrdns::bounce
