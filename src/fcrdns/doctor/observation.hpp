// What became of one test mail, beside what was predicted of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fcrdns/net/address.hpp"

namespace fcrdns::doctor {

/// One attempt to hand the mail to another server, as the mail server's log and the kernel's sockets tell.
struct Attempt {
  std::string outcome;                  ///< "sent", "deferred", "bounced"
  std::string relay;                    ///< name of the server connected to, escaped; empty: not told
  std::optional<net::Address> to;       ///< its address
  std::optional<net::Address> source;   ///< ours; empty: not told
  std::optional<net::Address> quoted;   ///< ours, as the reply quotes it
  std::string reply;                    ///< escaped
  friend bool operator==(const Attempt&, const Attempt&) = default;
};

/// One thing that was predicted.
struct Comparison {
  std::string what;       ///< "the source over IPv6"
  std::string predicted, seen;
  enum class Is { as_predicted, otherwise, not_seen } is = Is::not_seen;
  friend bool operator==(const Comparison&, const Comparison&) = default;
};

struct Observation {
  std::string recipient, queue_id;
  std::vector<Attempt> attempts;
  std::vector<Comparison> comparisons;
  std::string trouble;   ///< why nothing, or not all, could be observed; empty: all was
};

}  // namespace fcrdns::doctor
