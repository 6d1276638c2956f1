// A DNS server for tests that does, to each query, exactly what the row of a table says. It runs on the loop under
// test, on a loopback address and a port of its own, over UDP and TCP.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fcrdns/base/octets.hpp"
#include "fcrdns/dns/message.hpp"
#include "fcrdns/transport/loop.hpp"

namespace fcrdns::resolver {

/// One query, and how many came before it.
struct Heard {
  dns::Message query;
  bool tcp = false;
  int udp_before = 0, tcp_before = 0;
};

/// One thing the server sends back: a datagram, or a piece of a TCP stream (with or without its length in front).
struct Said {
  base::Octets octets;
  bool close = false;            ///< ends the TCP connection after it
  base::Milliseconds after{};    ///< later than the query by this much
};
using Script = std::function<std::vector<Said>(const Heard&)>;

class OddServer {
 public:
  OddServer(transport::Loop& loop, Script script, const std::string& address = "127.0.0.1");
  /// Where nobody listened so far.
  OddServer(transport::Loop& loop, Script script, const net::Endpoint& endpoint);
  ~OddServer();
  [[nodiscard]] net::Endpoint endpoint() const;
  /// Every query so far, in order.
  [[nodiscard]] const std::vector<Heard>& heard() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Where nothing listens: a port that was free a moment ago.
[[nodiscard]] net::Endpoint nobody();

// ---- the vocabulary of scripts -------------------------------------------------------------------------------------

/// A well-formed reply without records: RA and SOA-less, to be filled in.
[[nodiscard]] dns::Message reply_to(const Heard& heard);
/// "name TTL TYPE data" lines: answers unless they begin with "authority " or "additional ".
void add_records(dns::Message& reply, const std::vector<std::string>& lines);
[[nodiscard]] dns::Message reply_to(const Heard& heard, const std::vector<std::string>& lines);
[[nodiscard]] dns::Message reply_to(const Heard& heard, dns::Rcode rcode);
[[nodiscard]] dns::Record record(const std::string& line);

/// As this transport carries it: over TCP with its length.
[[nodiscard]] Said say(const Heard& heard, const dns::Message& reply);

}  // namespace fcrdns::resolver
