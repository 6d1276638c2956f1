#include "fcrdns/transport/http.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include "fcrdns/transport/http_rules.hpp"
#include "fcrdns/transport/http_server_test.hpp"

namespace fcrdns::transport {

void PrintTo(HttpReply::Outcome outcome, std::ostream* out) {
  constexpr std::array words{"answered", "unreachable", "timed_out", "too_large", "forbidden"};
  *out << words.at(static_cast<std::size_t>(outcome));
}

namespace {

using enum HttpReply::Outcome;
using base::Milliseconds;
using base::Seconds;

struct Asked {
  Loop loop;
  HttpClient client;
  explicit Asked(HttpOptions options) : client(loop, std::move(options)) {}

  HttpReply get(const std::string& url, Milliseconds patience = Milliseconds{20'000}) {
    std::optional<HttpReply> reply;
    const auto pending = client.get({.url = url, .accept = "application/rdap+json", .deadline = loop.now() + patience},
                                    [&](HttpReply r) { reply = std::move(r); });
    while (!reply) loop.run_one(Milliseconds{1000});
    return *std::move(reply);
  }
};

HttpOptions trusting(const std::string& url) { return {.user_agent = "fcrdns/test", .anywhere = {url}}; }

TEST(Http, AnswersAndWhatItSays) {
  HttpServer server;
  Asked asked(trusting(server.url()));
  const auto reply = asked.get(server.url("ip/203.0.113.5"));
  EXPECT_EQ(reply.outcome, answered);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.url, server.url("ip/203.0.113.5"));
  EXPECT_NE(reply.body.find("Example Hosting GmbH"), std::string::npos);
  EXPECT_EQ(reply.redirects, 0);
  EXPECT_EQ(reply.retry_after, std::nullopt);

  const auto limited = asked.get(server.url("hostile/limited"));
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.retry_after, Seconds{86400});
}

/// Every row: what the client says, and how much of the server it used.
TEST(Http, H080_H081_HostileServersAreBounded) {
  struct Case {
    const char* word;
    HttpReply::Outcome outcome;
    int redirects;
    long requests;  // that reached the server
  };
  constexpr Case table[] = {
      {"redirect_five", answered, 5, 6},
      {"redirect_chain", forbidden, 5, 6},
      {"redirect_loop", forbidden, 5, 6},
      {"redirect_loopback", forbidden, 1, 1},
      {"redirect_link_local", forbidden, 1, 1},
      {"redirect_link_local6", forbidden, 1, 1},
      {"redirect_mapped", forbidden, 1, 1},
      {"redirect_decimal", forbidden, 1, 1},
      {"redirect_file", forbidden, 1, 1},
      {"redirect_gopher", forbidden, 1, 1},
      {"redirect_password", forbidden, 1, 1},
      {"redirect_nowhere", forbidden, 1, 1},
      {"redirect_without_location", answered, 0, 1},
      {"body_100mb", too_large, 0, 1},
      {"body_endless", too_large, 0, 1},
      {"header_endless", unreachable, 0, 1},
      {"no_http", unreachable, 0, 1},
  };
  HttpServer server;
  for (const auto& row : table) {
    SCOPED_TRACE(row.word);
    const auto requests = server.requests(), octets = server.octets();
    Asked asked(trusting(server.url()));
    const auto reply = asked.get(server.url(std::string("hostile/") + row.word));
    EXPECT_EQ(reply.outcome, row.outcome) << reply.problem;
    EXPECT_EQ(reply.redirects, row.redirects);
    EXPECT_EQ(server.requests() - requests, row.requests);
    EXPECT_LE(reply.body.size(), std::size_t{1} << 20);
    // What the kernels hold between the two counts as sent.
    EXPECT_LT(server.octets() - octets, 16L << 20);
    EXPECT_EQ(reply.problem.empty(), row.outcome == answered);
  }
}

TEST(Http, H081_SlowAndSilentServersEndAtTheDeadline) {
  HttpServer server;
  for (const auto* word : {"hostile/slow", "hostile/silent"}) {
    SCOPED_TRACE(word);
    Asked asked(trusting(server.url()));
    const auto begun = asked.loop.now();
    EXPECT_EQ(asked.get(server.url(word), Milliseconds{300}).outcome, timed_out);
    EXPECT_GE(asked.loop.now() - begun, Milliseconds{250});
    EXPECT_LT(asked.loop.now() - begun, Milliseconds{5000});
  }
  Asked asked(trusting(server.url()));
  const auto before = server.requests();
  EXPECT_EQ(asked.get(server.url("ip/203.0.113.5"), Milliseconds{0}).outcome, timed_out);
  EXPECT_EQ(server.requests(), before);
}

TEST(Http, H080_ByDefaultOnlyGlobalAddressesAreConnectedTo) {
  HttpServer server;
  Asked asked(HttpOptions{});
  const auto reply = asked.get(server.url("ip/203.0.113.5"));
  EXPECT_EQ(reply.outcome, forbidden);
  EXPECT_EQ(reply.problem, "127.0.0.1 leads to an address that is not public");
  EXPECT_EQ(server.requests(), 0);

  Asked lenient(HttpOptions{.allow_private = true});
  EXPECT_EQ(lenient.get(server.url("hostile/redirect_loopback")).status, 200);
}

TEST(Http, H080_HttpsIsVerifiedAndNeverLeadsDownToHttp) {
  HttpServer server({"--tls"});
  if (!server.started()) GTEST_SKIP() << "no openssl program to make a certificate with";
  Asked stranger(trusting(server.url()));
  EXPECT_EQ(stranger.get(server.url("ip/203.0.113.5")).outcome, unreachable);
  EXPECT_EQ(server.requests(), 0);

  auto options = trusting(server.url());
  options.ca_file = server.authority();
  Asked asked(options);
  EXPECT_EQ(asked.get(server.url("ip/203.0.113.5")).status, 200);
  const auto reply = asked.get(server.url("hostile/redirect_http"));
  EXPECT_EQ(reply.outcome, forbidden);
  EXPECT_EQ(reply.problem, "it leads from https down to http");
  EXPECT_EQ(server.requests(), 2);
}

TEST(Http, UnreachableServersAreToldAtOnce) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);  // bound, not listening
  socklen_t length = sizeof address;
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
  const auto refusing = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";

  Asked asked(trusting(refusing));
  const auto begun = asked.loop.now();
  EXPECT_EQ(asked.get(refusing).outcome, unreachable);
  EXPECT_EQ(asked.get("http://127.0.0.1.invalid./").outcome, unreachable);
  EXPECT_LT(asked.loop.now() - begun, Milliseconds{10'000});
  ::close(listener);
}

TEST(Http, LettingGoCancels) {
  HttpServer server;
  Asked asked(trusting(server.url()));
  int called = 0;
  auto silent = asked.client.get({.url = server.url("hostile/silent"), .deadline = asked.loop.now() + Seconds{60}},
                                 [&](const HttpReply&) { ++called; });
  silent.reset();
  EXPECT_FALSE(asked.loop.run_one(Milliseconds{1000}));  // nothing is under way
  EXPECT_EQ(asked.get(server.url("ip/203.0.113.5")).status, 200);
  EXPECT_EQ(called, 0);
}

TEST(Http, EndsAtOnceWhileRequestsAreUnderWay) {
  HttpServer server;
  const auto begun = base::steady_now();
  {
    Asked asked(trusting(server.url()));
    std::vector<std::unique_ptr<Pending>> pending;
    for (int i = 0; i < 4; ++i)
      pending.push_back(asked.client.get({.url = server.url("hostile/silent"), .deadline = asked.loop.now() + Seconds{60}},
                                         [](const HttpReply&) { FAIL(); }));
    while (server.requests() < 4) asked.loop.run_one(Milliseconds{5});
  }
  EXPECT_LT(base::steady_now() - begun, Seconds{10});
}

TEST(Http, ManyAtOnceAndAnotherFromAHandler) {
  HttpServer server;
  Asked asked(trusting(server.url()));
  int good = 0;
  std::vector<std::unique_ptr<Pending>> pending;
  const HttpRequest request{.url = server.url("ip/203.0.113.5"), .deadline = asked.loop.now() + Seconds{20}};
  for (int i = 0; i < 20; ++i)
    pending.push_back(asked.client.get(request, [&](const HttpReply& first) {
      good += first.status == 200;
      pending.push_back(asked.client.get(request, [&](const HttpReply& second) { good += second.status == 200; }));
    }));
  while (good < 40 && asked.loop.run_one(Milliseconds{5000})) {
  }
  EXPECT_EQ(good, 40);
}

/// A request with credentials or a body: what becomes of it. Every row: the request, its end, and how often the server was asked.
TEST(Http, H080_WhatIsWeightyFollowsNoRedirectAndKeepsToHttps) {
  struct Case {
    const char* path;
    const char *method, *header, *content_type;
    bool named;
    HttpReply::Outcome outcome;
    int status;
    long requests;
    const char* problem;
  };
  constexpr Case table[] = {
      {"ip/203.0.113.5", "GET", "X-Key: 4711", "", true, answered, 200, 1, ""},
      {"hostile/redirect_five", "GET", "X-Key: 4711", "", true, answered, 307, 1, ""},
      {"ip/203.0.113.5", "PATCH", "", "application/json", true, answered, 501, 0, ""},  // this server knows GET only, and counts only that
      {"ip/203.0.113.5", "GET", "X-Key: 4711", "", false, forbidden, 0, 0, "what it would be sent may go over https only"},
      {"ip/203.0.113.5", "DELETE", "", "", false, forbidden, 0, 0, "what it would be sent may go over https only"},
      {"ip/203.0.113.5", "GET", "X-Key: 4711\r\nX-More: 1", "", true, forbidden, 0, 0, "a header to send holds a line break"},
  };
  HttpServer server;
  for (const auto& row : table) {
    SCOPED_TRACE(std::string(row.method) + " " + row.path + " " + row.header);
    const auto before = server.requests();
    Asked asked(row.named ? trusting(server.url()) : HttpOptions{.allow_private = true});
    HttpRequest request{.url = server.url(row.path), .deadline = asked.loop.now() + Seconds{20}, .method = row.method, .content_type = row.content_type};
    if (*row.header) request.headers = {row.header};
    std::optional<HttpReply> reply;
    const auto pending = asked.client.send(request, [&](HttpReply r) { reply = std::move(r); });
    while (!reply) asked.loop.run_one(Milliseconds{1000});
    EXPECT_EQ(reply->outcome, row.outcome) << reply->problem;
    EXPECT_EQ(reply->status, row.status);
    EXPECT_EQ(reply->redirects, 0);
    EXPECT_EQ(reply->sent, row.outcome == answered);
    EXPECT_EQ(server.requests() - before, row.requests);
    EXPECT_EQ(reply->problem, row.problem);
  }
}

TEST(HttpRules, H080_WhereARequestMayGo) {
  struct Case {
    std::string url, from, why;
  };
  const Case table[] = {
      {"https://rdap.example.net/ip/203.0.113.5", "", ""},
      {"http://rdap.example.net/", "", ""},
      {"http://rdap.example.net/", "http://example.org/", ""},
      {"https://rdap.example.net/", "http://example.org/", ""},
      {"HTTP://rdap.example.net/", "HTTPS://example.org/", "it leads from https down to http"},
      {"file:///etc/passwd", "", "\"file:\" is neither https nor http"},
      {"ldap://example.net/", "", "\"ldap:\" is neither https nor http"},
      {"dict://127.0.0.1:11211/stats", "", "\"dict:\" is neither https nor http"},
      {"https://a:b@example.net/", "", "its URL holds a user name or a password"},
      {"https://a@example.net/", "", "its URL holds a user name or a password"},
      {"rdap.example.net/ip", "", "\"rdap.example.net/ip\" is no URL"},
      {"", "", "\"\" is no URL"},
      {"https://exa\x1b[31mmple.net/", "", "\"https://exa\\027[31mmple.net/\" is no URL"},
      {"https://example.net/" + std::string(2000, 'a'), "", "its URL is longer than 2,000 octets"},
  };
  for (const auto& row : table) EXPECT_EQ(why_forbidden(row.url, row.from), row.why) << row.url;
}

TEST(HttpRules, OriginsCompareByServer) {
  EXPECT_EQ(origin_of("https://Example.NET/a"), origin_of("https://example.net:443/b"));
  EXPECT_NE(origin_of("https://example.net/"), origin_of("http://example.net/"));
  EXPECT_NE(origin_of("http://127.0.0.1:80/"), origin_of("http://127.0.0.1:81/"));
  EXPECT_EQ(origin_of("nonsense"), std::nullopt);
}

TEST(HttpRules, H080_GlobalAddresses) {
  struct Case {
    const char* address;
    bool global;
  };
  constexpr Case table[] = {
      {"193.0.6.135", true},          {"2001:67c:2e8:22::c100:687", true}, {"0.0.0.0", false},
      {"127.0.0.1", false},           {"10.1.2.3", false},                 {"172.31.0.1", false},
      {"192.168.1.1", false},         {"100.64.0.1", false},               {"169.254.169.254", false},
      {"224.0.0.1", false},           {"255.255.255.255", false},          {"203.0.113.5", false},
      {"::", false},                  {"::1", false},                      {"fe80::1", false},
      {"fd00::1", false},             {"ff02::1", false},                  {"::ffff:127.0.0.1", false},
      {"::ffff:193.0.6.135", true},   {"64:ff9b::7f00:1", false},          {"64:ff9b::c100:687", true},
      {"64:ff9b:1::1", false},        {"2002:7f00:1::1", false},           {"4000::1", false},
  };
  for (const auto& row : table) EXPECT_EQ(is_global(*net::Address::parse(row.address)), row.global) << row.address;
}

}  // namespace
}  // namespace fcrdns::transport
