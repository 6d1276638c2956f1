// Which copy of the bootstrap serves, against a server of the test's own on the loopback.
#include "fcrdns/owner/bootstrap_source.hpp"

#include <sys/stat.h>

#include <chrono>

#include "fcrdns/transport/http_server_test.hpp"

namespace fcrdns::owner {
namespace {

using base::Milliseconds;
using base::Seconds;
using net::Family;
using transport::HttpServer;
using transport::TestFolder;

std::string list(const std::string& server) {
  return R"({"version":"1.0","publication":"2024-01-07T10:11:12Z","services":[[["203.0.113.0/24"],["https://)" + server + R"(/"]]]})";
}

class Source {
 public:
  /// `served` below which nothing is, when null.
  Source(const TestFolder& cache, const HttpServer* served)
      : options_{.cache_folder = cache.path(), .bootstrap_url = served ? served->url("files/") : "http://127.0.0.1:1/"},
        client_(loop_, {.allow_private = true}), source_(client_, options_, std::nullopt) {}

  BootstrapSource::Copy get(Family family) {
    bool ready = false;
    const auto* copy = source_.get(family, loop_.now(), [&] { ready = true; });
    while (!copy && !ready) loop_.run_one(Milliseconds{1000});
    if (!copy) copy = source_.get(family, loop_.now(), [] { FAIL(); });
    return copy ? *copy : BootstrapSource::Copy{};
  }
  /// Who is asked about 203.0.113.5.
  std::string server() {
    const auto copy = get(Family::v4);
    const auto* url = copy.bootstrap.server_for(net::Address::v4({203, 0, 113, 5}));
    return url ? *url : "-";
  }
  std::string caveat() { return get(Family::v4).caveat; }

 private:
  RdapOptions options_;
  transport::Loop loop_;
  transport::HttpClient client_;
  BootstrapSource source_;
};

void expires_in(const TestFolder& cache, Seconds from_now) {
  const auto at = std::chrono::duration_cast<Seconds>(base::wall_now().time_since_epoch() + from_now).count();
  const timespec times[] = {{.tv_sec = at, .tv_nsec = 0}, {.tv_sec = at, .tv_nsec = 0}};
  EXPECT_EQ(::utimensat(AT_FDCWD, cache.path("rdap-ipv4.json").c_str(), times, 0), 0);
}
std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}
Seconds lasts(const TestFolder& cache) {
  struct stat status {};
  EXPECT_EQ(::stat(cache.path("rdap-ipv4.json").c_str(), &status), 0);
  return std::chrono::floor<Seconds>(base::WallTime{Seconds{status.st_mtim.tv_sec}} - base::wall_now());
}

TEST(BootstrapSource, FetchedOnceAndKeptForADay) {
  const TestFolder cache, served;
  served.write("ipv4.json", list("fetched.example"));
  HttpServer server({"--files", served.path()});
  Source first(cache, &server);
  EXPECT_EQ(first.server(), "https://fetched.example/");
  EXPECT_EQ(first.caveat(), "");
  EXPECT_EQ(server.requests(), 1);
  EXPECT_EQ(content(cache.path("rdap-ipv4.json")), list("fetched.example"));
  EXPECT_NEAR(static_cast<double>(lasts(cache).count()), 24 * 3600, 60);

  served.write("ipv4.json", list("newer.example"));
  Source second(cache, &server);
  EXPECT_EQ(second.server(), "https://fetched.example/");
  EXPECT_EQ(server.requests(), 1);

  expires_in(cache, Seconds{-1});
  Source third(cache, &server);
  EXPECT_EQ(third.server(), "https://newer.example/");
  EXPECT_EQ(server.requests(), 2);
}

TEST(BootstrapSource, TheServerSaysWhenItExpiresUpToADay) {
  struct Case {
    const char* max_age;
    int lasts;
  };
  constexpr Case table[] = {{"600", 600}, {"604800", 24 * 3600}};
  for (const auto& row : table) {
    const TestFolder cache, served;
    served.write("ipv4.json", list("fetched.example"));
    HttpServer server({"--files", served.path(), "--max-age", row.max_age});
    EXPECT_EQ(Source(cache, &server).server(), "https://fetched.example/");
    EXPECT_NEAR(static_cast<double>(lasts(cache).count()), row.lasts, 60);
  }
}

TEST(BootstrapSource, ATimeThatIsTooFarAheadIsNotBelieved) {
  const TestFolder cache, served;
  served.write("ipv4.json", list("fetched.example"));
  cache.write("rdap-ipv4.json", list("kept.example"));
  expires_in(cache, Seconds{3 * 24 * 3600});
  HttpServer server({"--files", served.path()});
  EXPECT_EQ(Source(cache, &server).server(), "https://fetched.example/");
}

TEST(BootstrapSource, H082_ABrokenFetchNeverReplacesAGoodCopy) {
  const std::string good = list("fetched.example");
  struct Case {
    const char* what;
    std::string fetched;
    const char* says;
  };
  const Case table[] = {
      {"empty", "", "it is no JSON"},
      {"truncated", good.substr(0, good.size() - 20), "it is no JSON"},
      {"swapped", R"({"services":[[["https://example.org/"],["203.0.113.0/24"]]]})", "where prefixes stand"},
      {"deep", std::string(100'000, '['), "nested deeper"},
      {"100 MB", std::string(2 << 20, ' '), "more than 1048576 octets"},
      {"a page", "<html>", "it is no JSON"},
  };
  const TestFolder served;
  HttpServer server({"--files", served.path()});
  for (const auto& row : table) {
    SCOPED_TRACE(row.what);
    const TestFolder cache;
    cache.write("rdap-ipv4.json", list("kept.example"));
    expires_in(cache, Seconds{-3600});
    served.write("ipv4.json", row.fetched);
    Source source(cache, &server);
    EXPECT_EQ(source.server(), "https://kept.example/");
    EXPECT_NE(source.caveat().find(row.says), std::string::npos) << source.caveat();
    EXPECT_NE(source.caveat().find("the copy kept from before (2024-01-07) served"), std::string::npos) << source.caveat();
    EXPECT_EQ(content(cache.path("rdap-ipv4.json")), list("kept.example"));
  }
}

TEST(BootstrapSource, H082_WithoutAnyTheOldOneServesAndSaysSo) {
  const TestFolder cache;
  for (const auto* kept : {"", "{", "{\"services\":[]}"}) {
    if (*kept) cache.write("rdap-ipv4.json", kept);
    Source source(cache, nullptr);
    EXPECT_EQ(source.server(), "https://rdap.apnic.net/");
    EXPECT_NE(source.caveat().find("the old copy compiled in (2015-08-11) served"), std::string::npos) << source.caveat();
  }
}

TEST(BootstrapCache, WhereItIs) {
  EXPECT_EQ(BootstrapCache::folder("/given"), "/given");
  const TestFolder cache;
  const BootstrapCache deep(cache.path("made/on/the/way"));
  deep.write(Family::v6, list("x.example"), base::wall_now() + Seconds{60});
  EXPECT_EQ(content(cache.path("made/on/the/way/rdap-ipv6.json")), list("x.example"));
  const auto kept = deep.read(Family::v6, base::wall_now());
  ASSERT_TRUE(kept);
  EXPECT_TRUE(kept->fresh);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(cache.path("made/on/the/way")), {}), 1);  // nothing left behind
  const BootstrapCache nowhere("/proc/no/such/folder");
  nowhere.write(Family::v4, list("x.example"), base::wall_now());
  EXPECT_FALSE(nowhere.read(Family::v4, base::wall_now()));
}

}  // namespace
}  // namespace fcrdns::owner
