// One signed message to one server and the answer to it, over a TCP connection of its own (RFC 2136 7.8, RFC 8945 5).
#pragma once

#include <optional>
#include <string>

#include "fcrdns/apply/backend.hpp"
#include "fcrdns/dns/message.hpp"
#include "fcrdns/dns/tsig.hpp"

namespace fcrdns::apply {

/// What came back. Nothing of `message` may be believed before judge() has had a look.
struct Heard {
  enum class How {
    answered,
    unreachable,  ///< no connection: nothing was sent
    closed,       ///< the other side ended it: the message may have arrived
    silent,       ///< no answer within the patience, or interrupted: the message may have arrived
  } how = How::silent;
  dns::Message message{};
  dns::TsigCheck check{};
  base::WallTime at{};  ///< our clock, when the answer came
};

/// Borrows the context and the key.
class SignedLine {
 public:
  SignedLine(const Context& context, const dns::TsigKey& key) : context_(context), key_(key) {}
  /// Waits for it, at most the context's patience. The message's ID is exchanged for a random one.
  [[nodiscard]] Heard ask(const net::Endpoint& server, dns::Message message) const;
  /// The plain question, without recursion.
  [[nodiscard]] Heard ask(const net::Endpoint& server, const dns::Question& question) const;

 private:
  const Context& context_;
  const dns::TsigKey& key_;
};

/// Who was asked to do what, for the sentences.
struct Asked {
  net::Endpoint server;
  std::string what;          ///< "the update of NAME TYPE", "the question for NAME TYPE"
  dns::Name zone;            ///< root: not known yet
  const dns::TsigKey* key = nullptr;
  base::Seconds patience{};
};
/// Why the answer is none that can be used; empty: it is signed well and says NOERROR, or NXDOMAIN where that is an answer
/// (`question`). An UPDATE that may have been carried out all the same is `undecided`.
[[nodiscard]] std::optional<Problem> judge(const Heard& heard, const Asked& asked, bool question);

}  // namespace fcrdns::apply
