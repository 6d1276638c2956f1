#include "fcrdns/lease/server_list.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>

namespace fcrdns::lease {
namespace {

TEST(ServerList, urls) {
  struct Case {
    const char* text;
    std::vector<std::string> urls;
    bool tls;
  };
  const Case cases[] = {
      {"nats://queue.example.net", {"nats://queue.example.net:4222"}, false},
      {"queue.example.net:5222", {"nats://queue.example.net:5222"}, false},
      {"tls://queue.example.net/", {"tls://queue.example.net:4222"}, true},
      {"nats://192.0.2.1:1, nats://192.0.2.2:2,192.0.2.3", {"nats://192.0.2.1:1", "nats://192.0.2.2:2", "nats://192.0.2.3:4222"}, false},
      {"nats://[2001:db8::1]:4223", {"nats://[2001:db8::1]:4223"}, false},
      {"2001:db8::1", {"nats://[2001:db8::1]:4222"}, false},
  };
  for (const auto& row : cases) {
    const auto list = parse_server_list(row.text);
    ASSERT_TRUE(list) << row.text;
    EXPECT_EQ(list->urls, row.urls) << row.text;
    EXPECT_EQ(list->tls, row.tls) << row.text;
  }
  for (const auto* text : {"", ",", "http://queue.example.net", "nats://", "nats://a b", "a:0", "a:70000", "a:", "nats://a,", "nats://a/path", "a\nb"})
    EXPECT_FALSE(parse_server_list(text)) << text;
}

TEST(ServerList, a_secret_is_refused_and_not_repeated) {
  for (const auto* text : {"nats://user:wordly@host", "nats://wordly@host:4222", "nats://a,nats://user:wordly@b"}) {
    const auto list = parse_server_list(text);
    ASSERT_FALSE(list);
    EXPECT_EQ(list.error().message.find("wordly"), std::string::npos);
    EXPECT_NE(list.error().message.find("--nats-creds FILE"), std::string::npos);
  }
}

TEST(Credentials, H088_only_what_is_the_users_own_is_read) {
  const std::string file = testing::TempDir() + "lease_credentials";
  const auto write = [&](std::string_view text, mode_t mode) {
    std::ofstream(file) << text;
    ::chmod(file.c_str(), mode);
  };
  write("user:pass:word\n", 0600);
  auto read = read_credentials(file);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, Credentials::Kind::user);
  EXPECT_EQ(read->first, "user");
  EXPECT_EQ(read->second, "pass:word");
  write("token-of-some-length", 0600);
  EXPECT_EQ(read_credentials(file)->kind, Credentials::Kind::token);
  write("-----BEGIN NATS USER JWT-----\nx\n", 0600);
  EXPECT_EQ(read_credentials(file)->kind, Credentials::Kind::file);
  write("user:wordly\n", 0644);
  ASSERT_FALSE(read_credentials(file));
  EXPECT_NE(read_credentials(file).error().message.find("chmod 600"), std::string::npos);
  for (const auto* text : {"", "\n", "a\nb\n"}) {
    write(text, 0600);
    EXPECT_FALSE(read_credentials(file)) << text;
  }
  std::remove(file.c_str());
  EXPECT_FALSE(read_credentials(file));
  EXPECT_EQ(read_credentials("")->kind, Credentials::Kind::none);
}

}  // namespace
}  // namespace fcrdns::lease
