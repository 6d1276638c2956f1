// What a call's end means: for good, or only for now.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <thread>

#include "fcrdns/base/text.hpp"
#include "fcrdns/lease/jetstream.hpp"

namespace fcrdns::lease {
namespace {

constexpr std::array passing_statuses{NATS_TIMEOUT, NATS_NO_RESPONDERS, NATS_CONNECTION_DISCONNECTED, NATS_STALE_CONNECTION, NATS_IO_ERROR,
                                      NATS_NO_SERVER, NATS_MISSED_HEARTBEAT, NATS_INSUFFICIENT_BUFFER};
constexpr std::array passing_codes{JSClusterNotAvailErr, JSClusterNotLeaderErr, JSClusterIncompleteErr, JSStreamStoreFailedErr, JSRaftGeneralErr,
                                   JSPeerRemapErr, JSInsufficientResourcesErr};

struct Sentence {
  natsStatus status;
  const char* words;
};
constexpr Sentence sentences[] = {
    {NATS_NO_SERVER, "no server answers there"},
    {NATS_TIMEOUT, "no answer in time"},
    {NATS_NO_RESPONDERS, "nobody there carries out JetStream requests (nats-server needs \"jetstream {}\" in its configuration, and of a cluster more than half must run)"},
    {NATS_CONNECTION_DISCONNECTED, "the connection is lost"},
    {NATS_CONNECTION_CLOSED, "the connection is closed"},
    {NATS_CONNECTION_AUTH_FAILED, "the server wants other credentials: give --nats-creds FILE"},
    {NATS_NOT_PERMITTED, "the credentials do not permit this"},
    {NATS_SECURE_CONNECTION_WANTED, "the server speaks no TLS: give nats:// instead of tls://"},
    {NATS_SECURE_CONNECTION_REQUIRED, "the server wants TLS: give tls:// instead of nats://"},
    {NATS_SSL_ERROR, "no TLS with this server: its certificate is not of its name, or of nobody known here (SSL_CERT_FILE names further authorities)"},
};

}  // namespace

bool is_passing(const Outcome& outcome) {
  if (outcome.code != 0) return std::ranges::find(passing_codes, outcome.code) != passing_codes.end();
  return std::ranges::find(passing_statuses, outcome.status) != passing_statuses.end();
}

std::string to_words(const Outcome& outcome) {
  if (outcome.code == JSNotEnabledErr || outcome.code == JSNotEnabledForAccountErr)
    return "JetStream is not switched on there: nats-server needs \"jetstream {}\" in its configuration, or -js";
  if (outcome.code != 0) {
    const char* last = nats_GetLastError(nullptr);  // of this thread's last call, behind the place in the library: "(jsm.c:1033): "
    std::string_view text = last == nullptr ? "" : last;
    if (const auto end = text.find("): "); text.starts_with('(') && end != text.npos) text.remove_prefix(end + 3);
    return fmt::format("the server says: {} ({})", base::escape(text, 200), static_cast<int>(outcome.code));
  }
  for (const auto& row : sentences)
    if (row.status == outcome.status) return row.words;
  return natsStatus_GetText(outcome.status);
}

Outcome again(const Patience& patience, const std::function<Outcome()>& call, const std::function<base::SteadyTime()>& now,
              const std::function<void(base::Milliseconds)>& sleep) {
  const auto end = now() + patience.longest;
  for (auto pause = patience.first_pause;; pause = std::min(2 * pause, patience.longest_pause)) {
    const auto outcome = call();
    if (outcome.ok() || !is_passing(outcome) || now() + pause > end) return outcome;
    sleep(pause);
  }
}

Outcome again(const std::function<Outcome()>& call) {
  return again(Patience{}, call, base::steady_now, [](base::Milliseconds pause) { std::this_thread::sleep_for(pause); });
}

}  // namespace fcrdns::lease
