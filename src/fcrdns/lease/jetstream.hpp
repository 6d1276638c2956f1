// A connection to a NATS server or cluster and what is used of JetStream there: streams, one message by subject, pulling.
// A thin layer: nothing is decided here but what is tried again. It includes the library's header, so only this room's
// own files include it.
#pragma once

#include <nats/nats.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/time.hpp"
#include "fcrdns/lease/server_list.hpp"

namespace fcrdns::lease {

template <auto destroy>
struct Destroy {
  template <typename T>
  void operator()(T* object) const {
    destroy(object);
  }
};
using Message = std::unique_ptr<natsMsg, Destroy<natsMsg_Destroy>>;
using Subscription = std::unique_ptr<natsSubscription, Destroy<natsSubscription_Destroy>>;

std::string_view subject_of(const Message& message);
std::string_view data_of(const Message& message);

/// How a call ended.
struct Outcome {
  natsStatus status = NATS_OK;
  jsErrCode code = static_cast<jsErrCode>(0);
  [[nodiscard]] bool ok() const { return status == NATS_OK; }
};
/// Whether the same call may succeed a moment later: a server is away, a new leader is being chosen.
[[nodiscard]] bool is_passing(const Outcome& outcome);
/// The Fault's words.
[[nodiscard]] std::string to_words(const Outcome& outcome);

/// How long the same call is tried, and how long it rests between.
struct Patience {
  base::Milliseconds longest{120'000};
  base::Milliseconds first_pause{100}, longest_pause{2000};
};
/// Calls until it is done, fails for good, or the time is over. `now` and `sleep` come in for the tests.
[[nodiscard]] Outcome again(const Patience& patience, const std::function<Outcome()>& call, const std::function<base::SteadyTime()>& now,
                            const std::function<void(base::Milliseconds)>& sleep);
[[nodiscard]] Outcome again(const std::function<Outcome()>& call);

struct StreamWanted {
  std::string name, subject, description;
  std::int64_t per_subject = -1;                  ///< messages kept of each subject
};
struct StreamState {
  std::uint64_t messages = 0, last = 0;           ///< sequence number of the last
  std::string description;
  int copies = 1;
};
struct ConsumerState {
  std::uint64_t waiting = 0, under_way = 0, handed_out = 0;
};
enum class Stored { stored, not_expected };

class JetStream {
 public:
  [[nodiscard]] static base::Expected<std::unique_ptr<JetStream>> connect(const ServerList& servers, const Credentials& credentials,
                                                                         std::function<void(std::string_view)> tell);
  ~JetStream();
  JetStream(const JetStream&) = delete;
  JetStream& operator=(const JetStream&) = delete;

  [[nodiscard]] base::Expected<std::optional<StreamState>> stream(const std::string& name);
  /// On three servers, or on one where there are no three. What is there already stays as it is.
  [[nodiscard]] base::Expected<StreamState> make_stream(const StreamWanted& wanted);
  /// Also well when there is none.
  [[nodiscard]] base::Expected<void> delete_stream(const std::string& name);

  /// Stores a message for good. `expected_last`: only if that is the sequence number of the stream's last message.
  [[nodiscard]] base::Expected<Stored> publish(const std::string& stream, const std::string& subject, std::string_view data,
                                              std::optional<std::uint64_t> expected_last = {});
  /// Only if there is none of this subject.
  [[nodiscard]] base::Expected<Stored> publish_first(const std::string& stream, const std::string& subject, std::string_view data);
  /// The last of the subject, if there is one.
  [[nodiscard]] base::Expected<std::optional<std::string>> last(const std::string& stream, const std::string& subject);
  /// Every message from `first` on, in order, up to the one that is the last now.
  using Each = std::function<base::Expected<void>(std::string_view subject, std::string_view data)>;
  [[nodiscard]] base::Expected<void> each(const std::string& stream, std::uint64_t first, const Each& each);
  [[nodiscard]] base::Expected<std::vector<std::string>> subjects(const std::string& stream, const std::string& filter);
  [[nodiscard]] base::Expected<void> purge(const std::string& stream, const std::string& subject);

  /// One consumer for all: whoever pulls gets the next message, and again whatever was not acknowledged in time.
  [[nodiscard]] base::Expected<void> make_consumer(const std::string& stream, const std::string& consumer, base::Seconds hold);
  [[nodiscard]] base::Expected<ConsumerState> consumer(const std::string& stream, const std::string& consumer);
  [[nodiscard]] base::Expected<Subscription> pull_from(const std::string& stream, const std::string& consumer);
  /// Nothing: none came in this time.
  [[nodiscard]] base::Expected<Message> pull(const Subscription& from, base::Milliseconds longest);
  /// Until the server has said that it knows.
  [[nodiscard]] base::Expected<void> acknowledge(const Message& message);

  [[nodiscard]] std::size_t largest_message() const;

 private:
  struct Listener;
  JetStream() = default;
  [[nodiscard]] base::Expected<Stored> publish(const std::string& stream, const std::string& subject, std::string_view data, const char* header,
                                              const std::string& value);

  std::unique_ptr<Listener> listener_;
  natsConnection* connection_ = nullptr;
  jsCtx* context_ = nullptr;
};

}  // namespace fcrdns::lease
