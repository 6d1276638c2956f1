#include "fcrdns/lease/jetstream.hpp"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::lease {
namespace {

using Options = std::unique_ptr<natsOptions, Destroy<natsOptions_Destroy>>;
using StreamInfo = std::unique_ptr<jsStreamInfo, Destroy<jsStreamInfo_Destroy>>;
using ConsumerInfo = std::unique_ptr<jsConsumerInfo, Destroy<jsConsumerInfo_Destroy>>;
using About = std::unique_ptr<jsMsgMetaData, Destroy<jsMsgMetaData_Destroy>>;

constexpr std::int64_t nanoseconds = 1'000'000'000;
constexpr int page = 128;  // messages asked for at once

/// Calls a function of the library whose last argument is where the error code goes, again and again while that helps.
template <typename Function, typename... Arguments>
Outcome call(Function function, Arguments... arguments) {
  return again([&] {
    Outcome outcome;
    outcome.status = function(arguments..., &outcome.code);
    return outcome;
  });
}

auto fault_of(std::string_view what, const Outcome& outcome) { return base::fault(fmt::format("NATS: {}: {}", what, to_words(outcome))); }

StreamState state_of(const jsStreamInfo& info) {
  return {.messages = info.State.Msgs, .last = info.State.LastSeq, .description = info.Config->Description == nullptr ? "" : info.Config->Description,
          .copies = static_cast<int>(info.Config->Replicas)};
}

}  // namespace

std::string_view subject_of(const Message& message) { return natsMsg_GetSubject(message.get()); }
std::string_view data_of(const Message& message) {
  const auto size = natsMsg_GetDataLength(message.get());
  return size <= 0 ? std::string_view() : std::string_view(natsMsg_GetData(message.get()), static_cast<std::size_t>(size));
}

/// Called by threads of the library; lives until it was told that the connection is closed.
struct JetStream::Listener {
  std::function<void(std::string_view)> tell;
  std::atomic<bool> ending = false;
  std::mutex mutex;
  std::condition_variable changed;
  bool closed = false;

  void say(std::string_view sentence) const {
    if (!ending && tell) tell(sentence);
  }
  static std::string server_of(natsConnection* connection) {
    std::array<char, 300> url{};
    natsConnection_GetConnectedUrl(connection, url.data(), url.size());
    return base::escape(url.data(), 300);
  }
  static void lost(natsConnection*, void* self) { static_cast<Listener*>(self)->say("the connection to the NATS server is lost; trying the others and again"); }
  static void back(natsConnection* connection, void* self) { static_cast<Listener*>(self)->say("connected again, to " + server_of(connection)); }
  static void over(natsConnection*, void* self) {
    auto& listener = *static_cast<Listener*>(self);
    // Under the lock: whoever waits frees this.
    const std::lock_guard lock(listener.mutex);
    listener.closed = true;
    listener.changed.notify_all();
  }
  static void problem(natsConnection* connection, natsSubscription*, natsStatus status, void* self) {
    const char* text = nullptr;
    natsConnection_GetLastError(connection, &text);
    if (status == NATS_NOT_PERMITTED) static_cast<Listener*>(self)->say("the NATS server does not permit this: " + base::escape(text == nullptr ? "" : text, 200));
  }
};

base::Expected<std::unique_ptr<JetStream>> JetStream::connect(const ServerList& servers, const Credentials& credentials,
                                                             std::function<void(std::string_view)> tell) {
  natsOptions* raw = nullptr;
  if (const auto status = natsOptions_Create(&raw); status != NATS_OK) return fault_of("cannot start", {status});
  const Options options(raw);
  std::vector<const char*> urls;
  for (const auto& url : servers.urls) urls.push_back(url.c_str());
  std::unique_ptr<JetStream> out(new JetStream);
  out->listener_ = std::make_unique<Listener>();
  out->listener_->tell = std::move(tell);
  auto* listener = out->listener_.get();
  // Kept up by the library for as long as it takes; how long that may be is said by each call's patience.
  natsStatus status = NATS_OK;
  const auto set = [&](natsStatus result) { status = status == NATS_OK ? result : status; };
  set(natsOptions_SetServers(raw, urls.data(), static_cast<int>(urls.size())));
  set(natsOptions_SetName(raw, "fcrdns scan"));
  set(natsOptions_SetTimeout(raw, 3000));
  set(natsOptions_SetMaxReconnect(raw, -1));
  set(natsOptions_SetReconnectWait(raw, 500));
  set(natsOptions_SetPingInterval(raw, 10'000));
  set(natsOptions_SetMaxPingsOut(raw, 2));
  set(natsOptions_SetFailRequestsOnDisconnect(raw, true));
  set(natsOptions_SetDisconnectedCB(raw, Listener::lost, listener));
  set(natsOptions_SetReconnectedCB(raw, Listener::back, listener));
  set(natsOptions_SetClosedCB(raw, Listener::over, listener));
  set(natsOptions_SetErrorHandler(raw, Listener::problem, listener));
  if (servers.tls) set(natsOptions_SetSecure(raw, true));
  if (credentials.kind == Credentials::Kind::file) set(natsOptions_SetUserCredentialsFromFiles(raw, credentials.first.c_str(), nullptr));
  if (credentials.kind == Credentials::Kind::user) set(natsOptions_SetUserInfo(raw, credentials.first.c_str(), credentials.second.c_str()));
  if (credentials.kind == Credentials::Kind::token) set(natsOptions_SetToken(raw, credentials.first.c_str()));
  if (status == NATS_OK) status = natsConnection_Connect(&out->connection_, raw);
  if (status != NATS_OK) {
    std::string all;
    for (const auto& url : servers.urls) all += (all.empty() ? "" : ", ") + url;
    return fault_of(all, {status});
  }
  if (status = natsConnection_JetStream(&out->context_, out->connection_, nullptr); status != NATS_OK) return fault_of("JetStream", {status});
  return out;
}

JetStream::~JetStream() {
  listener_->ending = true;
  if (context_ != nullptr) jsCtx_Destroy(context_);
  if (connection_ == nullptr) return;
  natsConnection_FlushTimeout(connection_, 1000);
  natsConnection_Close(connection_);
  {
    std::unique_lock lock(listener_->mutex);
    if (!listener_->changed.wait_for(lock, base::Seconds{5}, [&] { return listener_->closed; })) (void)new std::unique_ptr<Listener>(std::move(listener_));
  }
  natsConnection_Destroy(connection_);
}

std::size_t JetStream::largest_message() const { return static_cast<std::size_t>(std::max<std::int64_t>(natsConnection_GetMaxPayload(connection_), 4096)); }

base::Expected<std::optional<StreamState>> JetStream::stream(const std::string& name) {
  jsStreamInfo* info = nullptr;
  const auto outcome = call(js_GetStreamInfo, &info, context_, name.c_str(), static_cast<jsOptions*>(nullptr));
  const StreamInfo held(info);
  if (outcome.ok()) return state_of(*info);
  if (outcome.status == NATS_NOT_FOUND || outcome.code == JSStreamNotFoundErr) return std::optional<StreamState>();
  return fault_of(name, outcome);
}

base::Expected<StreamState> JetStream::make_stream(const StreamWanted& wanted) {
  const auto there = stream(wanted.name);
  if (!there) return std::unexpected(there.error());
  if (*there) return **there;
  Outcome outcome;
  for (const int copies : {3, 1}) {
    jsStreamConfig config;
    jsStreamConfig_Init(&config);
    std::array<const char*, 1> subjects{wanted.subject.c_str()};
    config.Name = wanted.name.c_str();
    config.Description = wanted.description.c_str();
    config.Subjects = subjects.data();
    config.SubjectsLen = 1;
    config.Storage = js_FileStorage;
    config.MaxMsgsPerSubject = wanted.per_subject;
    config.Replicas = copies;
    jsStreamInfo* info = nullptr;
    outcome = call(js_AddStream, &info, context_, &config, static_cast<jsOptions*>(nullptr));
    const StreamInfo held(info);
    if (outcome.ok()) return state_of(*info);
    if (outcome.code == JSStreamNameExistErr)  // somebody else was faster, or an answer got lost
      if (const auto now = stream(wanted.name); now && *now) return **now;
    if (outcome.code != JSStreamReplicasNotSupportedErr && outcome.code != JSClusterNoPeersErr) break;
  }
  return fault_of("cannot make " + wanted.name, outcome);
}

base::Expected<void> JetStream::delete_stream(const std::string& name) {
  const auto outcome = call(js_DeleteStream, context_, name.c_str(), static_cast<jsOptions*>(nullptr));
  if (!outcome.ok() && outcome.status != NATS_NOT_FOUND && outcome.code != JSStreamNotFoundErr) return fault_of("cannot delete " + name, outcome);
  return {};
}

// The library's own options cannot say 0, an empty stream; the header can.
base::Expected<Stored> JetStream::publish(const std::string& stream, const std::string& subject, std::string_view data, const char* header,
                                          const std::string& value) {
  natsMsg* raw = nullptr;
  Outcome outcome{natsMsg_Create(&raw, subject.c_str(), nullptr, data.data(), static_cast<int>(data.size()))};
  const Message message(raw);
  if (outcome.ok()) outcome.status = natsMsgHeader_Set(raw, "Nats-Expected-Stream", stream.c_str());
  if (outcome.ok() && header != nullptr) outcome.status = natsMsgHeader_Set(raw, header, value.c_str());
  if (outcome.ok()) {
    jsPubAck* acknowledged = nullptr;
    outcome = again([&] {
      Outcome once;
      once.status = js_PublishMsg(&acknowledged, context_, raw, nullptr, &once.code);
      // While a leader is chosen nobody listens there: the library says the same of that as of a server without JetStream.
      return once.code == JSNotEnabledErr ? Outcome{NATS_NO_RESPONDERS} : once;
    });
    jsPubAck_Destroy(acknowledged);
  }
  if (outcome.ok()) return Stored::stored;
  if (outcome.code == JSStreamWrongLastSequenceErr) return Stored::not_expected;
  return fault_of("cannot store in " + stream, outcome);
}

base::Expected<Stored> JetStream::publish(const std::string& stream, const std::string& subject, std::string_view data, std::optional<std::uint64_t> expected_last) {
  return expected_last ? publish(stream, subject, data, "Nats-Expected-Last-Sequence", fmt::format("{}", *expected_last)) : publish(stream, subject, data, nullptr, {});
}

base::Expected<Stored> JetStream::publish_first(const std::string& stream, const std::string& subject, std::string_view data) {
  return publish(stream, subject, data, "Nats-Expected-Last-Subject-Sequence", "0");
}

base::Expected<std::optional<std::string>> JetStream::last(const std::string& stream, const std::string& subject) {
  natsMsg* raw = nullptr;
  const auto outcome = call(js_GetLastMsg, &raw, context_, stream.c_str(), subject.c_str(), static_cast<jsOptions*>(nullptr));
  const Message message(raw);
  if (outcome.ok()) return std::string(data_of(message));
  if (outcome.code == JSNoMessageFoundErr || (outcome.status == NATS_NOT_FOUND && outcome.code == 0)) return std::optional<std::string>();
  return fault_of("cannot read from " + stream, outcome);
}

base::Expected<void> JetStream::each(const std::string& stream_name, std::uint64_t first, const Each& each) {
  const auto state = stream(stream_name);
  if (!state) return std::unexpected(state.error());
  if (!*state || (*state)->messages == 0) return {};
  const auto end = (*state)->last;
  std::optional<base::Fault> stopped;
  // A reader of its own that the server forgets; when it is lost with its server, another goes on behind the last message.
  const auto read = [&]() -> Outcome {
    jsSubOptions wanted;
    jsSubOptions_Init(&wanted);
    wanted.Stream = stream_name.c_str();
    wanted.Config.DeliverPolicy = js_DeliverByStartSequence;
    wanted.Config.OptStartSeq = first;
    wanted.Config.AckPolicy = js_AckExplicit;
    wanted.Config.AckWait = 3600 * nanoseconds;
    wanted.Config.MaxAckPending = -1;
    wanted.Config.InactiveThreshold = 60 * nanoseconds;
    wanted.Config.Replicas = 1;
    wanted.Config.MemoryStorage = true;
    natsSubscription* raw = nullptr;
    Outcome outcome;
    outcome.status = js_PullSubscribe(&raw, context_, ">", nullptr, nullptr, &wanted, &outcome.code);
    const Subscription subscription(raw);
    while (outcome.ok() && first <= end && !stopped) {
      natsMsgList list{};
      outcome.status = natsSubscription_Fetch(&list, raw, page, 5000, &outcome.code);
      for (int i = 0; i < list.Count && !stopped; ++i) {
        const Message message(std::exchange(list.Msgs[i], nullptr));
        jsMsgMetaData* about = nullptr;
        if (natsMsg_GetMetaData(&about, message.get()) != NATS_OK) continue;
        const About held(about);
        if (about->Sequence.Stream < first || about->Sequence.Stream > end) continue;
        if (const auto taken = each(subject_of(message), data_of(message)); !taken) stopped = taken.error();
        first = about->Sequence.Stream + 1;
        if (about->NumPending == 0) first = end + 1;
      }
      natsMsgList_Destroy(&list);
    }
    return outcome;
  };
  for (auto before = first;; before = first) {
    const auto outcome = again([&] {
      const auto result = read();
      return first > before ? Outcome{} : result;  // patience begins anew with each step forward
    });
    if (stopped) return std::unexpected(*stopped);
    if (first > end) return {};
    if (!outcome.ok()) return fault_of("cannot read " + stream_name, outcome);
  }
}

base::Expected<std::vector<std::string>> JetStream::subjects(const std::string& stream, const std::string& filter) {
  jsOptions options;
  jsOptions_Init(&options);
  options.Stream.Info.SubjectsFilter = filter.c_str();
  jsStreamInfo* info = nullptr;
  const auto outcome = call(js_GetStreamInfo, &info, context_, stream.c_str(), &options);
  const StreamInfo held(info);
  if (!outcome.ok()) return fault_of(stream, outcome);
  std::vector<std::string> out;
  if (const auto* list = info->State.Subjects; list != nullptr)
    for (int i = 0; i < list->Count; ++i) out.emplace_back(list->List[i].Subject);
  return out;
}

base::Expected<void> JetStream::purge(const std::string& stream, const std::string& subject) {
  jsOptions options;
  jsOptions_Init(&options);
  options.Stream.Purge.Subject = subject.c_str();
  const auto outcome = call(js_PurgeStream, context_, stream.c_str(), &options);
  if (!outcome.ok()) return fault_of("cannot purge " + stream, outcome);
  return {};
}

base::Expected<void> JetStream::make_consumer(const std::string& stream, const std::string& consumer, base::Seconds hold) {
  jsConsumerConfig config;
  jsConsumerConfig_Init(&config);
  config.Durable = consumer.c_str();
  config.AckPolicy = js_AckExplicit;
  config.AckWait = hold.count() * nanoseconds;
  config.MaxDeliver = -1;
  config.MaxAckPending = 65'536;
  config.MaxWaiting = 4096;
  jsConsumerInfo* info = nullptr;
  const auto outcome = call(js_AddConsumer, &info, context_, stream.c_str(), &config, static_cast<jsOptions*>(nullptr));
  const ConsumerInfo held(info);
  if (!outcome.ok()) return fault_of("cannot make the queue in " + stream, outcome);
  return {};
}

base::Expected<ConsumerState> JetStream::consumer(const std::string& stream, const std::string& consumer) {
  jsConsumerInfo* info = nullptr;
  const auto outcome = call(js_GetConsumerInfo, &info, context_, stream.c_str(), consumer.c_str(), static_cast<jsOptions*>(nullptr));
  const ConsumerInfo held(info);
  if (!outcome.ok()) return fault_of("the queue in " + stream, outcome);
  return ConsumerState{.waiting = info->NumPending, .under_way = static_cast<std::uint64_t>(std::max<std::int64_t>(info->NumAckPending, 0)), .handed_out = info->Delivered.Consumer};
}

base::Expected<Subscription> JetStream::pull_from(const std::string& stream, const std::string& consumer) {
  natsSubscription* raw = nullptr;
  const auto outcome = again([&] {
    jsSubOptions wanted;
    jsSubOptions_Init(&wanted);
    wanted.Stream = stream.c_str();
    wanted.Consumer = consumer.c_str();
    Outcome result;
    result.status = js_PullSubscribe(&raw, context_, nullptr, consumer.c_str(), nullptr, &wanted, &result.code);
    return result;
  });
  if (!outcome.ok()) return fault_of("the queue in " + stream, outcome);
  return Subscription(raw);
}

base::Expected<Message> JetStream::pull(const Subscription& from, base::Milliseconds longest) {
  natsMsgList list{};
  bool timeout = false;
  const auto outcome = again([&] {
    Outcome result;
    result.status = natsSubscription_Fetch(&list, from.get(), 1, longest.count(), &result.code);
    timeout = result.status == NATS_TIMEOUT && result.code == 0;
    return timeout ? Outcome{} : result;
  });
  Message message;
  if (!timeout && outcome.ok() && list.Count > 0) message.reset(std::exchange(list.Msgs[0], nullptr));
  natsMsgList_Destroy(&list);
  if (!outcome.ok()) return fault_of("cannot take from the queue", outcome);
  return message;
}

base::Expected<void> JetStream::acknowledge(const Message& message) {
  const auto outcome = call(natsMsg_AckSync, message.get(), static_cast<jsOptions*>(nullptr));
  // A second try of one that was heard.
  if (!outcome.ok() && outcome.status != NATS_ILLEGAL_STATE) return fault_of("cannot acknowledge", outcome);
  return {};
}

}  // namespace fcrdns::lease
