#include "fcrdns/bounce/read.hpp"

#include <gtest/gtest.h>
#include <isa-l/igzip_lib.h>
#include <lzma.h>
#include <unistd.h>
#include <zstd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

namespace fcrdns::bounce {
namespace {

namespace fs = std::filesystem;

class Kept : public Sink {
 public:
  void claim(const Claim& claim) override {
    places.push_back(fs::path(claim.source).filename().string() + ":" + std::to_string(claim.line));
    queue_ids.push_back(claim.queue_id);
    senders.push_back(claim.sender);
    ++claims;
  }
  void note(std::string line) override { notes.push_back(std::move(line)); }
  void progress(std::uint64_t octets, std::uint64_t total) override { read = octets, all = total; }
  std::vector<std::string> places, notes, queue_ids, senders;
  std::atomic<std::size_t> claims = 0;
  std::uint64_t read = 0, all = 0;
};

/// A folder of its own, gone with the test.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("fcrdns-read-" + std::to_string(getpid()) + "-" + std::to_string(++count_))) { fs::create_directories(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string put(const std::string& name, std::string_view octets, bool append = false) const {
    const auto path = path_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, append ? std::ios::binary | std::ios::app : std::ios::binary) << octets;
    return path.string();
  }
  [[nodiscard]] std::string path(const std::string& name = "") const { return (path_ / name).string(); }

 private:
  static inline int count_ = 0;
  fs::path path_;
};

std::string refusal(const std::string& id) {
  return "Nov 21 19:10:52 out postfix/smtp[1]: " + id +
         ": to=<a@b.test>, relay=mx.b.test[203.0.113.1]:25, delay=1, dsn=5.0.0, status=bounced (host mx.b.test[203.0.113.1] said: 550 no (in reply to RCPT TO command))\n";
}
const std::string other = "Nov 21 19:10:52 out postfix/qmgr[9]: 9A2B3C4D5E: removed\n";

std::string gzip(std::string_view text) {
  isal_zstream stream;
  isal_deflate_init(&stream);
  stream.gzip_flag = IGZIP_GZIP;
  stream.end_of_stream = 1;
  std::string out(text.size() + text.size() / 8 + 4096, '\0');
  stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<std::uint32_t>(text.size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = static_cast<std::uint32_t>(out.size());
  EXPECT_EQ(isal_deflate(&stream), COMP_OK);
  EXPECT_EQ(stream.internal_state.state, ZSTATE_END);
  out.resize(stream.total_out);
  return out;
}
std::string xz(std::string_view text) {
  std::string out(text.size() + 4096, '\0');
  std::size_t size = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC32, nullptr, reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                                    reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size()),
            LZMA_OK);
  out.resize(size);
  return out;
}
std::string zstd(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

base::Expected<bool> read_all(const std::vector<std::string>& paths, Kept& kept, bool follow = false, const std::function<bool()>& stop = [] { return false; }) {
  const Options options{.now = base::parse_rfc3339("2026-11-22T08:00:00Z").value(), .follow = follow};
  return read(paths, options, kept, stop);
}

std::string many(std::size_t lines) {
  std::string text;
  for (std::size_t i = 1; i <= lines; ++i) text += i % 1000 == 0 ? refusal("1A2B3C4D5E") : other;
  return text;
}

TEST(Read, EveryPackingAndSeveralPartsInARow) {
  const auto text = many(20'000);
  const std::pair<const char*, std::string> rows[] = {
      {"plain", text},
      {"gzip", gzip(text)},
      {"gzip, two members", gzip(text.substr(0, 500'000)) + gzip(text.substr(500'000))},
      {"gzip, many members", gzip(text.substr(0, 10)) + gzip("") + gzip(text.substr(10))},
      {"gzip, padded", gzip(text) + std::string(512, '\0')},
      {"xz", xz(text)},
      {"xz, two streams", xz(text.substr(0, 500'000)) + xz(text.substr(500'000))},
      {"zstd", zstd(text)},
      {"zstd, two frames", zstd(text.substr(0, 500'000)) + zstd(text.substr(500'000))},
      {"without the last line's end", text.substr(0, text.size() - 1)},
  };
  for (const auto& [name, octets] : rows) {
    const Folder folder;
    Kept kept;
    const auto path = folder.put("mail.log", octets);  // the name does not tell the packing
    EXPECT_TRUE(read_all({path}, kept)) << name;
    ASSERT_EQ(kept.claims, 20U) << name;
    for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(kept.places[i], "mail.log:" + std::to_string((i + 1) * 1000)) << name;
    EXPECT_EQ(kept.read, octets.size()) << name;
    EXPECT_EQ(kept.all, octets.size()) << name;
    EXPECT_TRUE(kept.notes.empty()) << name << kept.notes.front();
  }
}

TEST(Read, H069_DamagedPackingHandsOutWhatIsThere) {
  const auto text = many(20'000);
  for (const auto& [name, whole] : {std::pair{"gzip", gzip(text)}, {"xz", xz(text)}, {"zstd", zstd(text)}}) {
    const Folder folder;
    Kept cut, broken;
    const auto done = read_all({folder.put("cut", whole.substr(0, whole.size() * 9 / 10))}, cut);
    ASSERT_FALSE(done) << name;
    EXPECT_NE(done.error().message.find("cut: cannot be unpacked to its end: "), std::string::npos) << done.error().message;
    EXPECT_LT(cut.claims, 20U) << name;
    EXPECT_GT(cut.claims, name == std::string("zstd") ? 0U : 5U) << name;  // zstd hands out whole blocks only
    auto flipped = whole;
    for (std::size_t i = whole.size() / 2; i < whole.size() / 2 + 8; ++i) flipped[i] = static_cast<char>(~flipped[i]);
    EXPECT_FALSE(read_all({folder.put("broken", flipped)}, broken)) << name;
  }
}

TEST(Read, APathThatCannotBeReadIsToldAfterTheOthersWereRead) {
  const Folder folder;
  Kept kept;
  const auto done = read_all({folder.path("absent"), folder.put("mail.log", refusal("1A2B3C4D5E"))}, kept);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("absent: No such file or directory"), std::string::npos) << done.error().message;
  EXPECT_EQ(kept.claims, 1U);
}

TEST(Read, RotatedSetsOldestFirstHoweverNamed) {
  const Folder folder;
  const std::string sender = "Nov 21 19:10:50 out postfix/qmgr[9]: 5E2B3C4D5E: from=<s@shop.test>, size=1, nrcpt=1 (queue active)\n";
  folder.put("mail.log", refusal("5E2B3C4D5E"));
  folder.put("mail.log.1", other + refusal("4E2B3C4D5E") + sender);
  folder.put("mail.log.2.gz", gzip(refusal("3E2B3C4D5E")));
  folder.put("mail.log.10.xz", xz(refusal("1E2B3C4D5E")));
  folder.put("mail.log.9.zst", zstd(refusal("2E2B3C4D5E")));
  folder.put("syslog", refusal("5E2B3C4D5E"));  // says the same once more
  const std::vector<std::string> ids = {"1E2B3C4D5E", "2E2B3C4D5E", "3E2B3C4D5E", "4E2B3C4D5E", "5E2B3C4D5E"};
  Kept by_folder, by_name;
  EXPECT_TRUE(read_all({folder.path()}, by_folder));
  EXPECT_EQ(by_folder.queue_ids, ids);
  EXPECT_EQ(by_folder.senders.back(), "s@shop.test") << "the parts are one log";
  EXPECT_TRUE(read_all({folder.path("mail.log"), folder.path("mail.log.1"), folder.path("mail.log.10.xz"), folder.path("mail.log.2.gz"), folder.path("mail.log.9.zst")}, by_name));
  EXPECT_EQ(by_name.queue_ids, ids);

  const Folder dated;
  dated.put("maillog-20261114.gz", gzip(refusal("1E2B3C4D5E")));
  dated.put("maillog-20261121", refusal("2E2B3C4D5E"));
  dated.put("maillog", refusal("3E2B3C4D5E"));
  Kept by_date;
  EXPECT_TRUE(read_all({dated.path()}, by_date));
  EXPECT_EQ(by_date.queue_ids, (std::vector<std::string>{"1E2B3C4D5E", "2E2B3C4D5E", "3E2B3C4D5E"}));
}

TEST(Read, H069_ALineOf100MBIsCutWithANote) {
  const Folder folder;
  Kept kept;
  std::string octets = other + refusal("1A2B3C4D5E") + "Nov 21 19:10:52 out postfix/smtp[1]: " + std::string(100'000'000, 'x') + "\n" + refusal("2A2B3C4D5E");
  EXPECT_TRUE(read_all({folder.put("mail.log", octets)}, kept));
  EXPECT_EQ(kept.places, (std::vector<std::string>{"mail.log:2", "mail.log:4"}));
  ASSERT_EQ(kept.notes.size(), 1U);
  EXPECT_NE(kept.notes[0].find("mail.log: line 3 is longer than 256 KiB"), std::string::npos) << kept.notes[0];
}

TEST(Read, H069_AGzipBombEndsEarly) {
  const Folder folder;
  const auto members = [](char octet) {  // 384 MiB
    const auto one = gzip(std::string(64 << 20, octet));
    return one + one + one + one + one + one;
  };
  Kept of_zeros;
  EXPECT_TRUE(read_all({folder.put("bomb.gz", members('\0'))}, of_zeros));
  ASSERT_EQ(of_zeros.notes.size(), 1U);
  EXPECT_NE(of_zeros.notes[0].find("bomb.gz: not a bounce, message or log"), std::string::npos) << of_zeros.notes[0];

  Kept of_one_line;
  const auto line = gzip(other + refusal("1A2B3C4D5E") + "Nov 21 19:10:52 out ") + members('x');
  EXPECT_TRUE(read_all({folder.put("line.gz", line)}, of_one_line));
  EXPECT_EQ(of_one_line.claims, 1U);
  ASSERT_EQ(of_one_line.notes.size(), 2U);
  EXPECT_NE(of_one_line.notes[1].find("does not end within 256 MiB"), std::string::npos) << of_one_line.notes[1];
}

TEST(Read, WhatIsNeitherIsSaid) {
  const Folder folder;
  const std::pair<std::string, bool> rows[] = {
      {std::string("\x7f" "ELF\x02\x01\x01\0\0\0\0", 11), true},
      {std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16), true},
      {std::string(1000, '\x01'), true},
      {"", false},
      {"hello, I have a question\n", false},
  };
  for (const auto& [octets, binary] : rows) {
    Kept kept;
    EXPECT_TRUE(read_all({folder.put("file", octets)}, kept));
    EXPECT_EQ(kept.notes.size(), binary ? 1U : 0U) << octets;
    EXPECT_EQ(kept.claims, 0U);
  }
}

/// Waits for what another thread does; fails after ten seconds.
template <typename Condition>
bool soon(Condition condition) {
  for (int i = 0; i < 1000 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return condition();
}

TEST(Read, FollowsThroughRotations) {
  const Folder folder;
  const auto path = folder.put("mail.log", other + refusal("1A2B3C4D5E"));
  Kept kept;
  std::atomic<bool> stop = false;
  std::jthread reading([&] { EXPECT_TRUE(read_all({path}, kept, true, [&] { return stop.load(); })); });
  EXPECT_TRUE(soon([&] { return kept.claims == 1; }));
  const auto second = refusal("2A2B3C4D5E");
  folder.put("mail.log", second.substr(0, 50), true);  // half a line
  folder.put("mail.log", second.substr(50), true);
  EXPECT_TRUE(soon([&] { return kept.claims == 2; }));
  fs::rename(path, folder.path("mail.log.1"));
  folder.put("mail.log.1", refusal("3A2B3C4D5E"), true);  // into the old one, as a daemon that still holds it
  EXPECT_TRUE(soon([&] { return kept.claims == 3; }));
  folder.put("mail.log", refusal("4A2B3C4D5E"));  // created anew
  EXPECT_TRUE(soon([&] { return kept.claims == 4; }));
  fs::resize_file(path, 0);  // copytruncate
  folder.put("mail.log", refusal("5"), true);
  EXPECT_TRUE(soon([&] { return kept.claims == 5; }));
  stop = true;
  reading.join();
  EXPECT_EQ(kept.claims, 5U);
}

}  // namespace
}  // namespace fcrdns::bounce
