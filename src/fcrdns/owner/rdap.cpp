// Asking the registry that holds an address's block (RFC 9082 3.1.1), once per block:
//
//     bootstrap -> the registry's server -> GET .../ip/ADDRESS -> read_registration
//
// Addresses of one /24 or /48 go together: the first is asked about, the others wait for its answer, and are asked about
// only when the block in it does not hold them. Further apart nothing is concluded, as a smaller block may lie between.
// RFC 7480 5.5: a server that says 429 is left alone as long as it says.
#include "fcrdns/owner/rdap.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <iterator>
#include <map>

#include "fcrdns/base/text.hpp"
#include "fcrdns/owner/bootstrap_source.hpp"
#include "fcrdns/owner/bounded_json.hpp"
#include "fcrdns/owner/range.hpp"
#include "fcrdns/owner/rdap_status.hpp"
#include "fcrdns/transport/http.hpp"
#include "fcrdns/transport/http_rules.hpp"

namespace fcrdns::owner {
namespace {

using Outcome = Registration::Outcome;
using Done = std::move_only_function<void(Registration)>;

constexpr int max_under_way = 8;
constexpr std::size_t max_neighbourhoods = 4096;

/// The address with all but its first 24 (IPv4) or 48 bits cleared.
net::Address neighbourhood(const net::Address& address) {
  base::Octets octets(address.octets().begin(), address.octets().end());
  std::fill(octets.begin() + (address.is_v4() ? 3 : 6), octets.end(), std::uint8_t{0});
  return *net::Address::from_octets(octets);
}

bool in_range(std::string_view text, const net::Address& address) {
  const auto range = Range::parse(text);
  return range && range->contains(address);
}

/// How long an answer stands, for programs that run on.
base::Seconds lifetime(Outcome outcome) {
  if (outcome == Outcome::found) return base::Seconds{24 * 3600};
  return outcome == Outcome::not_found ? base::Seconds{3600} : base::Seconds{300};
}

struct Query {
  std::uint64_t id = 0;
  net::Address address;
  base::SteadyTime deadline{};
  Done done;
  std::unique_ptr<transport::Pending> timer;
};
struct Known {
  Registration registration;
  base::SteadyTime until{};
  std::optional<net::Address> only;  ///< empty: whatever is in the range, or the whole neighbourhood when there is none
};
struct Neighbourhood {
  std::deque<Query> waiting;
  std::vector<Known> known;
  std::unique_ptr<transport::Pending> asking;
};
struct Answered {
  Done done;
  Registration registration;
};

/// Of a given file every server may stand anywhere: the user knows his own networks.
std::vector<std::string> servers_of(const std::optional<Bootstrap>& given) {
  std::vector<std::string> urls;
  if (given)
    for (const auto& entry : given->entries) urls.push_back(entry.url);
  std::ranges::sort(urls);
  const auto doubles = std::ranges::unique(urls);
  urls.erase(doubles.begin(), doubles.end());
  return urls;
}

class Rdap final : public Registry {
 public:
  Rdap(transport::Loop& loop, const RdapOptions& options, std::optional<Bootstrap> given)
      : loop_(loop),
        client_(loop, {.user_agent = "fcrdns/" FCRDNS_VERSION,
                       .anywhere = servers_of(given),
                       .allow_private = options.allow_private}),
        source_(client_, options, std::move(given)) {}

  void look_up(const net::Address& address, base::SteadyTime deadline, Done done) override {
    const auto key = neighbourhood(address);
    const auto id = ++last_id_;
    auto timer = loop_.at(deadline, [this, key, id] { expire(key, id); });
    blocks_[key].waiting.push_back({id, address, deadline, std::move(done), std::move(timer)});
    schedule();
  }

 private:
  void schedule() {
    if (!step_) step_ = loop_.at(loop_.now(), [this] { step_all(); });
  }

  /// Answers what can be answered, asks what is left. The callers are called last: they may look up more.
  void step_all() {
    step_.reset();
    std::vector<Answered> answered;
    for (auto& [key, block] : blocks_) step(key, block, answered);
    if (blocks_.size() > max_neighbourhoods)
      std::erase_if(blocks_, [](const auto& pair) { return pair.second.waiting.empty() && !pair.second.asking; });
    for (auto& one : answered) one.done(std::move(one.registration));
  }

  void step(const net::Address& key, Neighbourhood& block, std::vector<Answered>& answered) {
    if (block.waiting.empty()) return;
    const auto* copy = source_.get(key.family(), loop_.now(), [this] { schedule(); });
    if (!copy) return;
    std::erase_if(block.known, [now = loop_.now()](const Known& known) { return known.until <= now; });
    std::erase_if(block.waiting, [&](Query& query) {
      auto registration = answer_unasked(query.address, block, *copy);
      if (!registration) return false;
      answered.push_back({std::move(query.done), *std::move(registration)});
      return true;
    });
    if (!block.asking && !block.waiting.empty() && under_way_ < max_under_way) ask(key, block, *copy);
  }

  [[nodiscard]] std::optional<Registration> answer_unasked(const net::Address& address, const Neighbourhood& block,
                                                           const BootstrapSource::Copy& copy) const {
    for (const auto& [registration, until, only] : block.known)
      if (only ? *only == address : registration.range.empty() || in_range(registration.range, address))
        return registration;
    const auto* server = copy.bootstrap.server_for(address);
    if (!server) return with_caveat({.outcome = Outcome::no_server, .problem = "no registry is listed for this address"}, copy);
    const auto limit = limited_until_.find(*server);
    if (limit != limited_until_.end() && loop_.now() < limit->second) return from_status(429);
    return std::nullopt;
  }

  void ask(const net::Address& key, Neighbourhood& block, const BootstrapSource::Copy& copy) {
    const auto& query = block.waiting.front();
    const auto server = *copy.bootstrap.server_for(query.address);
    ++under_way_;
    block.asking = client_.get({.url = server + "ip/" + query.address.text(),
                                .accept = "application/rdap+json, application/json;q=0.9",
                                .deadline = query.deadline,
                                .max_body = max_json},
                               [this, key, server, address = query.address, &copy](const transport::HttpReply& reply) {
                                 replied(key, server, address, copy, reply);
                               });
  }

  void replied(const net::Address& key, const std::string& server, const net::Address& address,
               const BootstrapSource::Copy& copy, const transport::HttpReply& reply) {
    auto& block = blocks_[key];
    block.asking.reset();
    --under_way_;
    auto registration = with_caveat(judge(reply, address), copy);
    if (registration.outcome == Outcome::limited)
      limited_until_[server] = loop_.now() + std::clamp(reply.retry_after.value_or(base::Seconds{3600}), base::Seconds{1},
                                                        base::Seconds{24 * 3600});
    const auto until = loop_.now() + lifetime(registration.outcome);
    const bool one_only = registration.outcome == Outcome::found && registration.range.empty();
    block.known.push_back({std::move(registration), until, one_only ? std::optional(address) : std::nullopt});
    schedule();
  }

  /// What came back over HTTP as a registration.
  [[nodiscard]] static Registration judge(const transport::HttpReply& reply, const net::Address& address) {
    using Http = transport::HttpReply::Outcome;
    switch (reply.outcome) {
      case Http::unreachable:
      case Http::timed_out: return {.outcome = Outcome::unreachable, .problem = reply.problem};
      case Http::forbidden: return {.outcome = Outcome::refused, .problem = "not followed: " + reply.problem};
      case Http::too_large: return {.outcome = Outcome::malformed, .problem = reply.problem};
      case Http::answered: break;
    }
    auto out = reply.status == 200 ? read_registration(reply.body) : from_status(reply.status);
    if (out.outcome == Outcome::found && !out.range.empty() && !in_range(out.range, address))
      out = {.outcome = Outcome::malformed, .problem = "the registry's answer is about another block: " + out.range};
    if (out.outcome == Outcome::limited && reply.retry_after)
      out.problem += fmt::format("; it asks for {} seconds of quiet", reply.retry_after->count());
    out.server = base::escape(reply.url, 200);
    return out;
  }

  /// An old list may be why nothing was found; it does not matter when something was.
  [[nodiscard]] static Registration with_caveat(Registration registration, const BootstrapSource::Copy& copy) {
    if (registration.outcome != Outcome::found && !copy.caveat.empty()) registration.problem += "; " + copy.caveat;
    return registration;
  }

  void expire(const net::Address& key, std::uint64_t id) {
    auto& block = blocks_[key];
    const auto at = std::ranges::find(block.waiting, id, &Query::id);
    if (at == block.waiting.end()) return;
    auto done = std::move(at->done);
    block.waiting.erase(at);
    if (block.waiting.empty() && block.asking) {
      block.asking.reset();
      --under_way_;
    }
    schedule();
    done({.outcome = Outcome::unreachable, .problem = "the registry did not answer in time"});
  }

  transport::Loop& loop_;
  transport::HttpClient client_;
  BootstrapSource source_;
  std::map<net::Address, Neighbourhood> blocks_;
  std::map<std::string, base::SteadyTime> limited_until_;  // by base URL
  std::unique_ptr<transport::Pending> step_;
  int under_way_ = 0;
  std::uint64_t last_id_ = 0;
};

}  // namespace

base::Expected<std::unique_ptr<Registry>> make_rdap(transport::Loop& loop, const RdapOptions& options) {
  std::optional<Bootstrap> given;
  if (!options.bootstrap.empty()) {
    std::ifstream file(options.bootstrap, std::ios::binary);
    const auto shown = base::escape(options.bootstrap, 200);
    if (!file) return base::fault(fmt::format("{}: cannot be read; --rdap-bootstrap takes a file as RFC 9224 has it", shown));
    std::string text(max_json + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    auto bootstrap = Bootstrap::parse(text);
    if (!bootstrap) return base::fault(fmt::format("{}: {}", shown, bootstrap.error().message));
    given = *std::move(bootstrap);
  }
  return std::make_unique<Rdap>(loop, options, std::move(given));
}

}  // namespace fcrdns::owner
