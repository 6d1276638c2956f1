// Asking an HTTP server one thing (RFC 9110), with limits that a hostile one cannot move: octets, time, redirects,
// schemes, and the addresses that are connected to. libcurl stays behind this door, on a thread of its own, so that
// neither a handshake nor getaddrinfo holds up the loop.
//
// Not done on purpose: cookies, credentials in URLs or for proxies, compressed bodies (1 MB may unpack to anything), and proxies, not even
// those of the environment: the address rule cannot be kept for a connection that somebody else makes.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/transport/loop.hpp"

namespace fcrdns::transport {

struct HttpOptions {
  std::string user_agent;             ///< "fcrdns/0.1.0"
  std::vector<std::string> anywhere;  ///< URLs whose servers may stand at any address: those the user named himself
  bool allow_private = false;         ///< any server may
  std::string ca_file;                ///< PEM of the authorities trusted; empty: the system's
};

struct HttpRequest {
  std::string url;
  std::string accept;
  base::SteadyTime deadline{};
  std::size_t max_body = 1 << 20;  ///< octets; reading stops there

  // For APIs. A request that has any of these is `weighty`: it follows no redirect, and goes over plain http only to a
  // server of `anywhere`.
  std::string method = "GET";
  std::vector<std::string> headers;  ///< "Authorization: Bearer ..."; a line break in one forbids the request
  std::string content_type;          ///< of the body; with it a body is sent, be it empty
  std::string body;

  [[nodiscard]] bool weighty() const { return method != "GET" || !headers.empty() || !content_type.empty() || !body.empty(); }
};

struct HttpReply {
  enum class Outcome {
    answered,     ///< with some status
    unreachable,  ///< no address, no connection, no TLS, or it broke off
    timed_out,
    too_large,    ///< the body; what was read is in `body`
    forbidden,    ///< it, or where it sent us, may not be asked: scheme, address, header, or too many redirects
  } outcome = Outcome::unreachable;
  int status = 0;
  std::string body;
  std::optional<base::Seconds> retry_after;  ///< Retry-After, counted from the answer
  std::optional<base::Seconds> max_age;      ///< Cache-Control, or Expires counted from the answer; never negative
  std::string url;      ///< that was asked last; hostile when it came out of a redirect
  int redirects = 0;
  bool sent = false;    ///< something of the request went out: without an answer it cannot be told whether it was carried out
  std::string problem;  ///< why there is no answer: one line, escaped; names the server only, never what was sent
};

class HttpClient {
 public:
  static constexpr int max_redirects = 5;

  /// Borrows the loop. The thread starts with the first request.
  HttpClient(Loop& loop, HttpOptions options);
  /// Gives up what is under way; takes no time.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// `done` is called once, from the loop and never from inside the call, soon after the deadline at the latest.
  /// Letting go of the Pending cancels. Let go of all of them before the client ends.
  [[nodiscard]] std::unique_ptr<Pending> send(HttpRequest request, std::move_only_function<void(HttpReply)> done);
  [[nodiscard]] std::unique_ptr<Pending> get(HttpRequest request, std::move_only_function<void(HttpReply)> done) {
    return send(std::move(request), std::move(done));
  }

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fcrdns::transport
