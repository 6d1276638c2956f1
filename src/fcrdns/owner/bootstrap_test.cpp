#include "fcrdns/owner/bootstrap.hpp"

#include <gtest/gtest.h>

#include "fcrdns/base/data_files.hpp"

namespace fcrdns::owner {
namespace {

std::string services(const std::string& list) { return R"({"version":"1.0","services":[)" + list + "]}"; }

const auto rfc9224 = services(R"(
  [["198.51.100.0/24","192.0.0.0/8"],["https://rir1.example.com/myrdap/"]],
  [["203.0.113.0/24","192.0.2.0/24"],["https://example.org/"]],
  [["203.0.113.0/28"],["http://example.net/rdaprir2/","https://example.net/rdaprir2/"]],
  [["2001:db8::/34"],["https://rir2.example.com/myrdap/"]],
  [["2001:db8:4000::/36","2001:db8:ffff::/48"],["https://example.org"]],
  [["2001:db8:1000::/36"],["https://example.net/rdaprir2/"]])");

std::string server(const Bootstrap& bootstrap, const char* address) {
  const auto* url = bootstrap.server_for(*net::Address::parse(address));
  return url ? *url : "-";
}

TEST(Bootstrap, TheLongestPrefixAndHttpsWin) {
  const auto bootstrap = Bootstrap::parse(rfc9224);
  ASSERT_TRUE(bootstrap) << bootstrap.error().message;
  struct Case {
    const char *address, *url;
  };
  constexpr Case table[] = {
      {"192.0.2.1", "https://example.org/"},
      {"198.51.100.7", "https://rir1.example.com/myrdap/"},
      {"192.9.9.9", "https://rir1.example.com/myrdap/"},
      {"203.0.113.5", "https://example.net/rdaprir2/"},
      {"203.0.113.99", "https://example.org/"},
      {"8.8.8.8", "-"},
      {"2001:db8:1000::", "https://example.net/rdaprir2/"},
      {"2001:db8::1", "https://rir2.example.com/myrdap/"},
      {"2001:db8:4001::1", "https://example.org/"},
      {"2001:db8:ffff::1", "https://example.org/"},
      {"2001:db8:8000::1", "-"},
  };
  for (const auto& row : table) EXPECT_EQ(server(*bootstrap, row.address), row.url) << row.address;
}

TEST(Bootstrap, H082_ADefaultEntryTakesNothingFromOthers) {
  const auto bootstrap = Bootstrap::parse(services(R"([["0.0.0.0/0"],["https://default.example/"]],
      [["203.0.113.0/24"],["https://right.example/"]])"));
  ASSERT_TRUE(bootstrap);
  EXPECT_EQ(server(*bootstrap, "203.0.113.5"), "https://right.example/");
  EXPECT_EQ(server(*bootstrap, "198.51.100.5"), "https://default.example/");
}

TEST(Bootstrap, H082_BrokenFilesAreRefusedAsAWhole) {
  struct Case {
    const char* what;
    std::string json;
    const char* message;
  };
  const Case table[] = {
      {"empty", "", "it is no JSON"},
      {"truncated", rfc9224.substr(0, rfc9224.size() / 2), "it is no JSON"},
      {"too deep", std::string(100, '[') + std::string(100, ']'), "nested deeper than 64"},
      {"too large", rfc9224 + std::string(1 << 20, ' '), "larger than 1 MB"},
      {"no services", R"({"version":"1.0"})", "no list of services"},
      {"services of nobody", services(""), "names no server"},
      {"another version", R"({"version":"2.0","services":[]})", "version \"2.0\""},
      {"arrays swapped", services(R"([["https://example.org/"],["203.0.113.0/24"]])"), "where prefixes stand"},
      {"one array swapped among good ones",
       services(R"([["203.0.113.0/24"],["https://example.org/"]],[["https://example.org/"],["198.51.100.0/24"]])"), "where prefixes stand"},
      {"prefix of numbers", services(R"([[64496],["https://example.org/"]])"), "where prefixes stand"},
      {"bits behind the prefix", services(R"([["203.0.113.1/24"],["https://example.org/"]])"), "bits are set behind"},
      {"a service is an object", services(R"({"a":1})"), "a service is not"},
      {"a service of one array", services(R"([["203.0.113.0/24"]])"), "a service is not"},
      {"URL of a number", services(R"([["203.0.113.0/24"],[7]])"), "a URL is no text"},
      {"nothing but other schemes", services(R"([["203.0.113.0/24"],["file:///etc/passwd"]])"), "names no server"},
      {"autonomous systems", services(R"([["64496-64511"],["https://example.org/"]])"), "where prefixes stand"},
  };
  for (const auto& row : table) {
    const auto bootstrap = Bootstrap::parse(row.json);
    ASSERT_FALSE(bootstrap) << row.what;
    EXPECT_NE(bootstrap.error().message.find(row.message), std::string::npos) << row.what << ": " << bootstrap.error().message;
  }
}

TEST(Bootstrap, TheCopiesCompiledInAreReadAndKnowTheirAge) {
  struct Case {
    const char *file, *published, *address, *url;
  };
  constexpr Case table[] = {
      {"rdap/ipv4.json", "2015-08-11", "193.0.6.139", "https://rdap.db.ripe.net/"},
      {"rdap/ipv4.json", "2015-08-11", "203.119.1.1", "https://rdap.apnic.net/"},
      {"rdap/ipv6.json", "2016-", "2001:67c:2e8::1", "https://rdap.db.ripe.net/"},
  };
  for (const auto& row : table) {
    const auto bootstrap = Bootstrap::parse(base::data_file(row.file).value());
    ASSERT_TRUE(bootstrap) << row.file << ": " << bootstrap.error().message;
    EXPECT_TRUE(bootstrap->publication.starts_with(row.published)) << bootstrap->publication;
    EXPECT_EQ(server(*bootstrap, row.address), row.url);
  }
}

}  // namespace
}  // namespace fcrdns::owner
