// The asking half against a server of the test's own on the loopback (tests/rdap/rdap_server.py).
#include "fcrdns/owner/rdap.hpp"

#include <sys/stat.h>

#include <ctime>

#include "fcrdns/transport/http_server_test.hpp"

namespace fcrdns::owner {
namespace {

using base::Milliseconds;
using base::Seconds;
using transport::HttpServer;
using transport::Loop;
using transport::TestFolder;
using enum Registration::Outcome;

/// A bootstrap file that sends everything to one base URL.
std::string everything_at(const std::string& url) {
  return R"({"version":"1.0","publication":"2024-01-07T10:11:12Z","services":[[["0.0.0.0/0","::/0"],[")" + url + R"("]]]})";
}

class Asking {
 public:
  explicit Asking(const RdapOptions& options) {
    auto made = make_rdap(loop, options);
    if (made) registry = *std::move(made);
  }
  /// The server named in a --rdap-bootstrap file.
  Asking(const TestFolder& folder, const std::string& url)
      : Asking({.bootstrap = folder.write("bootstrap.json", everything_at(url)), .cache_folder = folder.path()}) {}

  std::vector<Registration> ask(const std::vector<std::string>& addresses, Milliseconds patience = Milliseconds{20'000}) {
    std::vector<Registration> out(addresses.size());
    std::size_t left = addresses.size();
    for (std::size_t i = 0; i < addresses.size(); ++i)
      registry->look_up(*net::Address::parse(addresses[i]), loop.now() + patience, [&, i](Registration r) {
        out[i] = std::move(r);
        --left;
      });
    EXPECT_EQ(left, addresses.size()) << "nothing is answered from inside the call";
    while (left > 0) loop.run_one(Milliseconds{1000});
    return out;
  }
  Registration ask(const std::string& address, Milliseconds patience = Milliseconds{20'000}) { return ask(std::vector{address}, patience)[0]; }

  Loop loop;
  std::unique_ptr<Registry> registry;
};

TEST(Rdap, WhoHoldsTheBlock) {
  HttpServer server;
  const TestFolder folder;
  Asking asking(folder, server.url());
  const Registration expected{.outcome = found,
                              .organisation = "Example Hosting GmbH",
                              .network = "EXAMPLE-CUSTOMER",
                              .handle = "EX-29",
                              .range = "203.0.113.0 - 203.0.113.7",
                              .country = "DE",
                              .contact = "abuse@provider.example",
                              .server = server.url("ip/203.0.113.5")};
  EXPECT_EQ(asking.ask("203.0.113.5"), expected);
  EXPECT_EQ(asking.ask("2001:db8::1").network, "EXAMPLE-V6");
}

TEST(Rdap, OneQuestionPerBlock) {
  HttpServer server;
  const TestFolder folder;
  Asking asking(folder, server.url());
  std::vector<std::string> block;
  for (int i = 0; i < 8; ++i) block.push_back("203.0.113." + std::to_string(i));
  for (const auto& registration : asking.ask(block)) EXPECT_EQ(registration.handle, "EX-29");
  EXPECT_EQ(server.requests(), 1);

  const auto mixed = asking.ask({"203.0.113.2", "203.0.113.8", "203.0.113.200", "203.0.113.3"});
  EXPECT_EQ(mixed[0].handle, "EX-29");
  EXPECT_EQ(mixed[1].handle, "EX-24");
  EXPECT_EQ(mixed[2].handle, "EX-24");
  EXPECT_EQ(mixed[3].handle, "EX-29");
  EXPECT_EQ(server.requests(), 2);
}

/// Each row: the behaviour of the server, the outcome, a part of the problem (or of what was read), requests.
TEST(Rdap, H080_H081_H083_HostileServers) {
  struct Case {
    const char* word;
    Registration::Outcome outcome;
    const char* says;
    long requests = 1;
  };
  constexpr Case table[] = {
      {"redirect_five", found, "Good Org", 6},
      {"redirect_chain", refused, "more than 5 redirects", 6},
      {"redirect_loop", refused, "more than 5 redirects", 6},
      {"redirect_loopback", refused, "localhost leads to an address that is not public"},
      {"redirect_link_local", refused, "169.254.169.254 leads to an address that is not public"},
      {"redirect_file", refused, "\"file:\" is neither https nor http"},
      {"body_100mb", malformed, "more than 1048576 octets"},
      {"body_endless", malformed, "more than 1048576 octets"},
      {"deep", malformed, "nested deeper than 64"},
      {"deep_objects", malformed, "nested deeper than 64"},
      {"wrong_types", found, "Wrong Types Ltd"},
      {"duplicate_keys", found, "TWO"},
      {"bad_jcard", found, "Second Try Ltd"},
      {"not_json", malformed, "no JSON"},
      {"empty", malformed, "no JSON"},
      {"other_object", malformed, "another thing: \"domain\""},
      {"other_block", malformed, "another block: 192.0.2.0 - 192.0.2.255"},
      {"escapes", found, "\\027[31m  red"},
      {"limited", limited, "86400 seconds"},
      {"not_found", not_found, "unknown owner"},
      {"error_code", not_found, "unknown owner"},
      {"error_limited", limited, "no more questions"},
      {"forbidden", refused, "403"},
      {"trouble", unreachable, "503"},
      {"no_http", unreachable, "127.0.0.1"},
  };
  HttpServer server;
  for (const auto& row : table) {
    SCOPED_TRACE(row.word);
    const TestFolder folder;
    Asking asking(folder, server.url(std::string("hostile/") + row.word));
    const auto before = server.requests();
    const auto got = asking.ask("198.51.100.1");
    EXPECT_EQ(to_word(got.outcome), to_word(row.outcome)) << got.problem;
    const auto said = got.problem + "|" + got.organisation + "|" + got.network;
    EXPECT_NE(said.find(row.says), std::string::npos) << said;
    EXPECT_EQ(got.problem.empty(), row.outcome == found);
    EXPECT_EQ(server.requests() - before, row.requests);
    for (const char c : said) EXPECT_TRUE(c >= ' ' && c < 0x7f);
    EXPECT_LE(got.organisation.size(), 203U);
  }
}

TEST(Rdap, H083_AfterA429NothingMoreIsAsked) {
  HttpServer server;
  const TestFolder folder;
  Asking asking(folder, server.url("hostile/limited"));
  for (const auto* address : {"198.51.100.1", "198.51.100.9", "203.0.113.5", "2001:db8::1"})
    EXPECT_EQ(asking.ask(address).outcome, limited) << address;
  EXPECT_EQ(server.requests(), 1);
}

TEST(Rdap, TheDeadlineHoldsAndTheServerIsLeftAlone) {
  HttpServer server;
  const TestFolder folder;
  Asking asking(folder, server.url("hostile/silent"));
  const auto begun = asking.loop.now();
  for (const auto& registration : asking.ask({"203.0.113.5", "203.0.113.6", "198.51.100.1"}, Milliseconds{300})) {
    EXPECT_EQ(registration.outcome, unreachable);
    EXPECT_NE(registration.problem.find("in time"), std::string::npos) << registration.problem;
  }
  EXPECT_LT(asking.loop.now() - begun, Milliseconds{5000});
  EXPECT_EQ(server.requests(), 2);  // the neighbours shared one
}

TEST(Rdap, WhoComesLaterJoinsTheQuestionUnderWay) {
  HttpServer server;
  const TestFolder folder;
  Asking asking(folder, server.url("hostile/silent"));
  int answered = 0;
  const auto deadline = asking.loop.now() + Milliseconds{2000};
  const auto look_up = [&](const char* address) {
    asking.registry->look_up(*net::Address::parse(address), deadline, [&](const Registration&) { ++answered; });
  };
  look_up("203.0.113.5");
  while (server.requests() < 1 && answered == 0) asking.loop.run_one(Milliseconds{5});
  look_up("203.0.113.6");
  while (answered < 2) asking.loop.run_one(Milliseconds{1000});
  EXPECT_EQ(server.requests(), 1);
}

TEST(Rdap, EndsAtOnceWhileSomebodyWaits) {
  HttpServer server;
  const TestFolder folder;
  const auto begun = base::steady_now();
  {
    Asking asking(folder, server.url("hostile/silent"));
    for (const auto* address : {"203.0.113.5", "198.51.100.1"})
      asking.registry->look_up(*net::Address::parse(address), asking.loop.now() + Seconds{60}, [](const Registration&) { FAIL(); });
    while (server.requests() < 2) asking.loop.run_one(Milliseconds{5});
  }
  EXPECT_LT(base::steady_now() - begun, Seconds{20});
}

TEST(Rdap, AHandlerMayLookUpMore) {
  HttpServer server;
  const TestFolder folder;
  Asking asking(folder, server.url());
  bool finished = false;
  asking.registry->look_up(*net::Address::parse("203.0.113.5"), asking.loop.now() + Seconds{20}, [&](const Registration& first) {
    EXPECT_EQ(first.handle, "EX-29");
    asking.registry->look_up(*net::Address::parse("203.0.113.99"), asking.loop.now() + Seconds{20}, [&](const Registration& second) {
      EXPECT_EQ(second.handle, "EX-24");
      finished = true;
    });
  });
  while (!finished) ASSERT_TRUE(asking.loop.run_one(Seconds{20}));
}

TEST(Rdap, H080_ServersOfTheFetchedListMustBeGlobal) {
  HttpServer registry;
  const TestFolder cache;
  cache.write("rdap-ipv4.json", everything_at(registry.url()));
  const auto in_an_hour = std::time(nullptr) + 3600;
  const timespec times[] = {{.tv_sec = in_an_hour, .tv_nsec = 0}, {.tv_sec = in_an_hour, .tv_nsec = 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, cache.path("rdap-ipv4.json").c_str(), times, 0), 0);
  Asking asking({.cache_folder = cache.path()});
  const auto got = asking.ask("203.0.113.5");
  EXPECT_EQ(got.outcome, refused);
  EXPECT_EQ(got.problem, "not followed: 127.0.0.1 leads to an address that is not public");
  EXPECT_EQ(registry.requests(), 0);
}

TEST(Rdap, OfflineIsToldLongBeforeTheDeadline) {
  const TestFolder cache;
  cache.write("rdap-ipv4.json", everything_at("http://127.0.0.1:1/"));  // fetching a newer one fails too
  Asking asking({.cache_folder = cache.path(), .bootstrap_url = "http://127.0.0.1:1/", .allow_private = true});
  const auto begun = asking.loop.now();
  const auto got = asking.ask("203.0.113.5", Seconds{60});
  EXPECT_EQ(got.outcome, unreachable);
  EXPECT_NE(got.problem.find("the copy kept from before (2024-01-07) served"), std::string::npos) << got.problem;
  EXPECT_LT(asking.loop.now() - begun, Seconds{20});
}

TEST(Rdap, NoServerIsListed) {
  const TestFolder folder;
  Asking asking({.bootstrap = folder.write("b", R"({"services":[[["203.0.113.0/24"],["https://example.org/"]]]})")});
  EXPECT_EQ(asking.ask("198.51.100.1").outcome, no_server);
}

TEST(Rdap, H082_ABadFileOfTheUsersIsAFault) {
  const TestFolder folder;
  Loop loop;
  struct Case {
    std::string path;
    const char* says;
  };
  const Case table[] = {
      {folder.path("missing"), "cannot be read"},
      {folder.path(), "it is no JSON"},
      {folder.write("empty", ""), "it is no JSON"},
      {folder.write("swapped", R"({"services":[[["https://example.org/"],["203.0.113.0/24"]]]})"), "where prefixes stand"},
  };
  for (const auto& row : table) {
    const auto made = make_rdap(loop, {.bootstrap = row.path});
    ASSERT_FALSE(made) << row.path;
    EXPECT_NE(made.error().message.find(row.says), std::string::npos) << made.error().message;
    EXPECT_NE(made.error().message.find(row.path), std::string::npos) << made.error().message;
  }
}

}  // namespace
}  // namespace fcrdns::owner
