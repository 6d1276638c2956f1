// Where the queue is, as a person writes it, and the secret that opens it, which never stands there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"

namespace fcrdns::lease {

struct ServerList {
  std::vector<std::string> urls;  ///< "nats://host:4222"
  bool tls = false;               ///< one of them says tls:// (then all are asked so)
};
/// "nats://a:4222,nats://b:4222", "tls://a", "a". No user, password or token: arguments can be seen by everybody.
[[nodiscard]] base::Expected<ServerList> parse_server_list(std::string_view text);

struct Credentials {
  enum class Kind { none, file, user, token } kind = Kind::none;
  std::string first, second;      ///< the file (JWT and key, as nsc writes it); user and password; token
};
/// Out of a file only its owner may read: what nsc writes (.creds), USER:PASSWORD, or a token. No file: none.
[[nodiscard]] base::Expected<Credentials> read_credentials(const std::string& file);

}  // namespace fcrdns::lease
