// The queue on JetStream.
//
//   submit    reads which prefixes are there, cuts the rest, stores each lease only behind the last one it knows of: two who
//             submit at once cannot queue an address twice
//   take      whoever pulls holds the lease; not acknowledged in time, it goes to the next who pulls
//   done      parts first, then the result, stored only where there is none: the first attempt stands. Then the
//             acknowledgement. Killed before it, the lease comes again, and is seen to be done
//   collect   reads results, and the parts they name; others are nobody's
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>

#include "fcrdns/base/random.hpp"
#include "fcrdns/base/text.hpp"
#include "fcrdns/lease/jetstream.hpp"
#include "fcrdns/lease/lease.hpp"
#include "fcrdns/lease/parts.hpp"
#include "fcrdns/sweep/units.hpp"

namespace fcrdns::lease {
namespace {

const std::string consumer_name = "workers";
constexpr std::size_t most_waiting = 8 << 20;      // packed octets kept until a lease is done
constexpr int most_submits = 5;

std::string machine() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return base::escape(name.data(), 64);
}

std::string new_attempt() {
  auto& random = base::secure_random();
  return fmt::format("{:08x}{:08x}", random.u32(), random.u32());
}

/// A lease in the hands of this worker.
class OneHeld final : public Queue::Held {
 public:
  OneHeld(JetStream& server, const Names& names, Message message, Lease lease, bool is_again)
      : server_(server), names_(names), message_(std::move(message)), lease_(std::move(lease)), is_again_(is_again), attempt_(new_attempt()),
        packer_(server.largest_message() - 1024) {}

  const Lease& lease() const override { return lease_; }
  void still_working() override { natsMsg_InProgress(message_.get(), nullptr); }
  void give_back() override { natsMsg_Nak(message_.get(), nullptr); }

  base::Expected<void> add(std::string_view rows, std::uint64_t count) override {
    packer_.add(rows);
    rows_ += count;
    // Only where names are very long: sending may wait for a server, and whoever scans should not wait.
    if (packer_.waiting() > most_waiting) return send(false);
    return {};
  }

  base::Expected<bool> done() override {
    if (const auto sent = send(true); !sent) return std::unexpected(sent.error());
    const Result result{attempt_, parts_, rows_, machine()};
    const auto stored = server_.publish_first(names_.done(), names_.result(lease_.id), to_message(result));
    if (!stored) return std::unexpected(stored.error());
    bool mine = *stored == Stored::stored;
    if (!mine) {  // another was first; or it was this attempt, and the answer got lost
      const auto there = server_.last(names_.done(), names_.result(lease_.id));
      if (!there) return std::unexpected(there.error());
      const auto theirs = *there ? parse_result(**there) : base::Expected<Result>(base::fault("gone"));
      mine = theirs && theirs->attempt == attempt_;
    }
    tidy(mine);
    (void)server_.acknowledge(message_);  // else it comes again, to be acknowledged by whoever takes it then
    return mine;
  }

 private:
  base::Expected<void> send(bool all) {
    for (const auto& part : packer_.take(all)) {
      if (parts_ == most_parts) return base::fault(fmt::format("lease {}: more rows than fit; give --lease-size a smaller number", lease_.id));
      const auto stored = server_.publish(names_.rows(), names_.part(lease_.id, attempt_, parts_), part);
      if (!stored) return std::unexpected(stored.error());
      ++parts_;
      still_working();
    }
    return {};
  }

  /// Parts of attempts that came to nothing. Only once there is a result: another worker may be about to have one.
  void tidy(bool mine) {
    if (!mine) {
      (void)server_.purge(names_.rows(), names_.parts(lease_.id, attempt_));
      return;
    }
    if (!is_again_) return;
    const auto subjects = server_.subjects(names_.rows(), names_.parts(lease_.id, "*"));
    std::set<std::string> others;
    for (const auto& subject : subjects.value_or(std::vector<std::string>()))
      if (const auto attempt = attempt_in(subject); !attempt.empty() && attempt != attempt_) others.emplace(attempt);
    for (const auto& attempt : others) (void)server_.purge(names_.rows(), names_.parts(lease_.id, attempt));
  }

  JetStream& server_;
  const Names& names_;
  const Message message_;
  const Lease lease_;
  const bool is_again_;
  const std::string attempt_;
  Packer packer_;
  std::uint32_t parts_ = 0;
  std::uint64_t rows_ = 0;
};

class OnJetStream final : public Queue {
 public:
  OnJetStream(std::unique_ptr<JetStream> server, Names names, std::string scan) : server_(std::move(server)), names_(std::move(names)), scan_(std::move(scan)) {}

  base::Expected<Submitted> submit(const std::vector<net::Prefix>& prefixes, const std::vector<net::Prefix>& left_out, const Settings& wanted) override {
    const auto made = make(wanted);
    if (!made) return std::unexpected(made.error());
    Submitted out;
    out.copies = *made;
    const auto all = addresses_of(sweep::disjoint(prefixes));
    for (int i = 0; i < most_submits; ++i) {
      const auto added = add_missing(prefixes, left_out, wanted.size, out);
      if (!added) return std::unexpected(added.error());
      if (*added) {
        out.already = all - std::min(all, out.addresses);
        return out;
      }
    }
    return base::fault("somebody else submits to this scan all the time; run this again later");
  }

  base::Expected<Settings> settings() override {
    const auto state = there(names_.leases());
    if (!state) return std::unexpected(state.error());
    auto settings = parse_settings(state->description);
    if (!settings) return base::fault(fmt::format("the settings of the scan {} make no sense: {}", scan_, settings.error().message));
    return settings;
  }

  base::Expected<Status> status() override {
    const auto leases = there(names_.leases());
    if (!leases) return std::unexpected(leases.error());
    Status out;
    const auto read = server_->each(names_.done(), 1, [&](std::string_view, std::string_view data) -> base::Expected<void> {
      if (const auto result = parse_result(data)) {
        ++out.done;
        out.rows += result->rows;
        // A name more or less: whoever counts machines by the thousand reads the sum.
        auto& machine = out.machines[out.machines.size() < 1000 || out.machines.contains(result->machine) ? result->machine : "others"];
        ++machine.leases;
        machine.rows += result->rows;
      }
      return {};
    });
    if (!read) return std::unexpected(read.error());
    const auto consumer = server_->consumer(names_.leases(), consumer_name);
    if (!consumer) return std::unexpected(consumer.error());
    out.copies = leases->copies;
    out.leases = leases->messages;
    out.waiting = consumer->waiting;
    // Done and not yet acknowledged is done.
    out.under_way = std::min(consumer->under_way, out.leases - std::min(out.leases, out.waiting + out.done));
    out.refused = out.leases - std::min(out.leases, out.waiting + out.under_way + out.done);
    const auto different = out.leases - std::min(out.leases, out.waiting);
    out.redelivered = consumer->handed_out - std::min(consumer->handed_out, different);
    return out;
  }

  base::Expected<Taken> take(base::Milliseconds longest) override {
    if (!subscription_) {
      if (const auto state = there(names_.leases()); !state) return std::unexpected(state.error());
      auto subscription = server_->pull_from(names_.leases(), consumer_name);
      if (!subscription) return std::unexpected(subscription.error());
      subscription_ = std::move(*subscription);
    }
    auto message = server_->pull(subscription_, longest);
    if (!message) return std::unexpected(message.error());
    Taken out;
    if (!*message) {
      const auto state = server_->consumer(names_.leases(), consumer_name);
      if (!state) return std::unexpected(state.error());
      out.elsewhere = state->under_way;
      out.empty = state->waiting == 0 && state->under_way == 0;
      return out;
    }
    auto lease = parse_lease(data_of(*message));
    if (!lease) {
      natsMsg_Term(message->get(), nullptr);
      out.refused = fmt::format("a lease makes no sense and is put aside: {}: {}", base::escape(subject_of(*message), 200), lease.error().message);
      return out;
    }
    const auto result = server_->last(names_.done(), names_.result(lease->id));
    if (!result) return std::unexpected(result.error());
    if (*result) {
      if (const auto known = server_->acknowledge(*message); !known) return std::unexpected(known.error());
      return out;
    }
    jsMsgMetaData* about = nullptr;
    const bool is_again = natsMsg_GetMetaData(&about, message->get()) != NATS_OK || about->NumDelivered > 1;
    jsMsgMetaData_Destroy(about);
    out.held = std::make_unique<OneHeld>(*server_, names_, std::move(*message), std::move(*lease), is_again);
    return out;
  }

  base::Expected<Collected> collect(const Rows& each) override {
    const auto leases = there(names_.leases());
    if (!leases) return std::unexpected(leases.error());
    Collected out;
    const auto read = server_->each(names_.done(), 1, [&](std::string_view subject, std::string_view data) -> base::Expected<void> {
      const auto rows = collect_one(id_in(subject), data, each);
      if (!rows) return base::fault(fmt::format("lease {}: {}", base::escape(subject, 200), rows.error().message));
      out.rows += *rows;
      ++out.leases;
      return {};
    });
    if (!read) return std::unexpected(read.error());
    out.missing = leases->messages - std::min(leases->messages, out.leases);
    return out;
  }

  base::Expected<void> forget() override {
    if (const auto state = there(names_.leases()); !state) return std::unexpected(state.error());
    for (const auto& name : {names_.rows(), names_.done(), names_.leases()})
      if (const auto deleted = server_->delete_stream(name); !deleted) return deleted;
    return {};
  }

 private:
  base::Expected<StreamState> there(const std::string& stream) {
    const auto state = server_->stream(stream);
    if (!state) return std::unexpected(state.error());
    if (!*state) return base::fault(fmt::format("there is no scan \"{}\" on this server: begin one with --submit PREFIX... (another name: --nats-scan NAME)", scan_));
    return **state;
  }

  /// The streams and the consumer; returns how many servers hold each message.
  base::Expected<int> make(const Settings& wanted) {
    int copies = 3;
    const auto text = to_message(wanted);
    for (const auto& stream : {StreamWanted{names_.rows(), names_.all_parts(), "rows of fcrdns scan", 1},
                               StreamWanted{names_.done(), names_.result("*"), "results of fcrdns scan", 1},
                               StreamWanted{names_.leases(), names_.lease("*"), text, -1}}) {
      const auto state = server_->make_stream(stream);
      if (!state) return std::unexpected(state.error());
      copies = std::min(copies, state->copies);
      if (stream.name != names_.leases()) continue;
      const auto settings = parse_settings(state->description);
      if (!settings || *settings != wanted)
        return base::fault(fmt::format("the scan \"{}\" was begun with other settings ({}): give the same, or another --nats-scan NAME", scan_, base::escape(state->description, 300)));
    }
    if (const auto made = server_->make_consumer(names_.leases(), consumer_name, wanted.hold); !made) return std::unexpected(made.error());
    return copies;
  }

  /// False: somebody else has put something there meanwhile.
  base::Expected<bool> add_missing(const std::vector<net::Prefix>& prefixes, const std::vector<net::Prefix>& left_out, std::uint64_t size, Submitted& out) {
    const auto state = there(names_.leases());
    if (!state) return std::unexpected(state.error());
    auto queued = left_out;
    const auto read = server_->each(names_.leases(), 1, [&](std::string_view, std::string_view data) -> base::Expected<void> {
      if (const auto lease = parse_lease(data)) queued.insert(queued.end(), lease->prefixes.begin(), lease->prefixes.end());
      return {};
    });
    if (!read) return std::unexpected(read.error());
    const auto leases = cut(prefixes, queued, size);
    if (!leases) return std::unexpected(leases.error());
    auto last = state->last;
    for (const auto& part : *leases) {
      const Lease lease{id_of(part), part};
      const auto stored = server_->publish(names_.leases(), names_.lease(lease.id), to_message(lease), last);
      if (!stored) return std::unexpected(stored.error());
      if (*stored == Stored::not_expected) return false;
      ++last;
      ++out.leases;
      out.addresses += addresses_of(part);
    }
    return true;
  }

  base::Expected<std::uint64_t> collect_one(std::string_view id, std::string_view data, const Rows& each) {
    if (id.empty()) return base::fault("a result of no lease");
    const auto result = parse_result(data);
    if (!result) return std::unexpected(result.error());
    std::uint64_t lines = 0;
    for (std::uint32_t number = 0; number < result->parts; ++number) {
      const auto part = server_->last(names_.rows(), names_.part(id, result->attempt, number));
      if (!part) return std::unexpected(part.error());
      if (!*part) return base::fault(fmt::format("its part {} of {} is not on the server", number + 1, result->parts));
      const auto rows = unpack(**part);
      if (!rows) return std::unexpected(rows.error());
      lines += lines_in(*rows);
      if (const auto taken = each(*rows); !taken) return std::unexpected(taken.error());
    }
    if (lines != result->rows) return base::fault(fmt::format("{} rows instead of {}", lines, result->rows));
    return lines;
  }

  std::unique_ptr<JetStream> server_;
  const Names names_;
  const std::string scan_;
  Subscription subscription_;  // goes before its connection
};

}  // namespace

base::Expected<void> look_at(const Server& server) {
  if (const auto names = Names::of(server.scan); !names) return base::fault("--nats-scan " + base::escape(server.scan, 40) + ": " + names.error().message);
  if (const auto servers = parse_server_list(server.urls); !servers) return std::unexpected(servers.error());
  return {};
}

base::Expected<std::unique_ptr<Queue>> Queue::connect(const Server& server) {
  auto names = Names::of(server.scan);
  if (!names) return std::unexpected(names.error());
  const auto servers = parse_server_list(server.urls);
  if (!servers) return std::unexpected(servers.error());
  const auto credentials = read_credentials(server.credentials);
  if (!credentials) return std::unexpected(credentials.error());
  auto connected = JetStream::connect(*servers, *credentials, server.tell);
  if (!connected) return std::unexpected(connected.error());
  return std::make_unique<OnJetStream>(std::move(*connected), std::move(*names), server.scan);
}

}  // namespace fcrdns::lease
