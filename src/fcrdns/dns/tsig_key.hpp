// A TSIG key (RFC 8945 1, 6) and the forms in which people have it on disk.
#pragma once

#include <string_view>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/octets.hpp"
#include "fcrdns/dns/name.hpp"

namespace fcrdns::dns {

enum class TsigAlgorithm { hmac_sha256, hmac_sha384, hmac_sha512 };
[[nodiscard]] std::string_view to_word(TsigAlgorithm algorithm);  ///< "hmac-sha256", which is its name on the wire too

/// Its secret is wiped when it ends. Moved, never copied.
struct TsigKey {
  Name name;
  TsigAlgorithm algorithm = TsigAlgorithm::hmac_sha256;
  base::Octets secret;

  TsigKey(Name key_name, TsigAlgorithm key_algorithm, base::Octets key_secret)
      : name(std::move(key_name)), algorithm(key_algorithm), secret(std::move(key_secret)) {}
  TsigKey(TsigKey&&) noexcept = default;
  TsigKey& operator=(TsigKey&&) = delete;
  TsigKey(const TsigKey&) = delete;
  ~TsigKey();
};

/// Reads one key out of any of these:
///   key "name" { algorithm hmac-sha256; secret "base64"; };      tsig-keygen, rndc.key, named.conf; comments allowed
///   hmac-sha256:name:base64                                       nsupdate -y, kdig -y; without algorithm: hmac-sha256
///   key:\n  - id: name\n    algorithm: ...\n    secret: ...       Knot's keymgr -t and knot.conf
///   name. IN KEY 512 3 163 base64                                 the .key file of dnssec-keygen
/// A Fault when there is none, more than one, or an algorithm that is not to be used any more. No Fault quotes the secret.
[[nodiscard]] base::Expected<TsigKey> parse_tsig_key(std::string_view text);

}  // namespace fcrdns::dns
