#include "fcrdns/resolver/recursion.hpp"

#include <fmt/format.h>
#include <unbound.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/resolver/root.hpp"

namespace fcrdns::resolver {
namespace {

struct Setting {
  const char *name, *value;
};
constexpr std::array settings{
    Setting{"do-not-query-localhost:", "no"},  // private roots may live there
    Setting{"unblock-lan-zones:", "yes"},      // private and documentation prefixes are asked about like any other
    Setting{"edns-buffer-size:", "1232"},      // DNS flag day 2020
    Setting{"qname-minimisation:", "yes"},     // RFC 9156: who is asked about learns of it, nobody above
    Setting{"harden-glue:", "yes"},
    Setting{"harden-dnssec-stripped:", "yes"},
    Setting{"harden-below-nxdomain:", "yes"},  // RFC 8020
    Setting{"use-caps-for-id:", "no"},         // its check by repetition turns zones with varying answers into SERVFAIL
    Setting{"aggressive-nsec:", "no"},         // each name is to be asked about itself
    Setting{"prefetch:", "no"},
    Setting{"trust-anchor-signaling:", "no"},
    Setting{"max-query-restarts:", "16"},      // CNAME links, as dns::max_aliases
    // libunbound's own limits are those of a library that is asked one thing at a time.
    Setting{"outgoing-range:", "256"},
    Setting{"num-queries-per-thread:", "512"},
    Setting{"outgoing-num-tcp:", "32"},
    Setting{"msg-cache-size:", "8m"},
    Setting{"rrset-cache-size:", "8m"},
};

/// Zones that libunbound would answer by itself; below a private root they may exist.
constexpr std::array own_zones{
    "127.in-addr.arpa.", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa.",
    "home.arpa.", "test.", "invalid.",
};

constexpr std::string_view server_name = "built-in recursion";
constexpr std::size_t fits_udp = 1232;

/// How large the reply is for an ordinary client of a resolver: without the records that only validators ask for.
std::size_t size_without_dnssec(dns::Message message) {
  const auto only_for_validators = [](const dns::Record& record) {
    return record.type == dns::Type::rrsig || record.type == dns::Type::nsec || record.type == dns::Type::nsec3;
  };
  for (auto* section : {&message.answers, &message.authority, &message.additional})
    std::erase_if(*section, only_for_validators);
  return dns::write_message(message).size();
}

}  // namespace

struct Recursion::Asked {
  Recursion* owner = nullptr;
  dns::Question question;
  Done done;
  base::SteadyTime asked{};
  int id = 0;  // libunbound's
  std::unique_ptr<transport::Pending> deadline;
};

struct Recursion::Result {
  Asked* asked = nullptr;
  int error = 0;
  std::unique_ptr<ub_result, void (*)(ub_result*)> result{nullptr, ub_resolve_free};
};

Recursion::Recursion(transport::Loop& loop) : OnLoop(loop), context_(ub_ctx_create(), ub_ctx_delete) {}
Recursion::~Recursion() = default;

base::Expected<std::unique_ptr<Recursion>> Recursion::make(transport::Loop& loop, const Options& options,
                                                           const std::vector<Stub>& stubs) {
  std::unique_ptr<Recursion> made(new Recursion(loop));
  if (!made->context_) return base::fault("libunbound cannot start: no memory or no sockets left");
  if (auto configured = made->configure(options, stubs); !configured)
    return std::unexpected(std::move(configured.error()));
  made->readable_ = loop.when_readable(ub_fd(made->context_.get()), [r = made.get()] { r->collect(); });
  return made;
}

base::Expected<void> Recursion::configure(const Options& options, const std::vector<Stub>& stubs) {
  auto* context = context_.get();
  dnssec_ = options.dnssec;
  std::vector<std::pair<std::string, std::string>> chosen;
  for (const auto& [name, value] : settings) chosen.emplace_back(name, value);
  if (!dnssec_) chosen.emplace_back("module-config:", "iterator");
  if (options.transport) chosen.emplace_back(options.transport == net::Family::v4 ? "do-ip6:" : "do-ip4:", "no");
  if (!options.root_hints.empty()) chosen.emplace_back("root-hints:", options.root_hints);
  for (const auto& [name, value] : chosen)
    if (const int error = ub_ctx_set_option(context, name.c_str(), value.c_str()))
      return base::fault(
          fmt::format("libunbound does not take {} {}: {}", name, base::escape(value), ub_strerror(error)));

  ub_ctx_debugout(context, nullptr);  // its log would go to stderr
  for (const auto& [zone, server] : stubs)
    ub_ctx_set_stub(context, zone.c_str(), fmt::format("{}@{}", server.address.text(), server.port).c_str(), 0);
  if (dnssec_ && options.trust_anchor.empty()) {
    for (const auto& anchor : root_trust_anchors(system_key_files())) ub_ctx_add_ta(context, anchor.c_str());
  } else if (dnssec_) {
    ub_ctx_add_ta_file(context, options.trust_anchor.c_str());
  }
  ub_ctx_async(context, 1);  // a thread, not a process
  // The first change of a zone ends the configuration: what is wrong with the anchors shows here, but not the hints.
  if (!options.root_hints.empty())
    if (const auto hints = read_root_hints(options.root_hints); !hints) return std::unexpected(hints.error());
  for (const auto* zone : own_zones)
    if (const int error = ub_ctx_zone_remove(context, zone))
      return base::fault(fmt::format("cannot use the trust anchor {}: {}",
                                     options.trust_anchor.empty() ? "built in" : base::escape(options.trust_anchor),
                                     ub_strerror(error)));
  return {};
}

void Recursion::ask(dns::Question question, base::SteadyTime deadline, Done done) {
  count_question();
  auto& asked = asked_.emplace_back(
      Asked{.owner = this, .question = std::move(question), .done = std::move(done), .asked = now()});
  asked.deadline = loop().at(deadline, [this, &asked] {
    ub_cancel(context_.get(), asked.id);
    end(asked, {.status = dns::Status::timeout});
  });
  const auto name = asked.question.name.text();
  const int error = ub_resolve_async(context_.get(), name.c_str(), static_cast<int>(asked.question.type),
                                     static_cast<int>(asked.question.klass), &asked, &Recursion::on_result, &asked.id);
  if (error) asked.deadline = loop().at(now(), [this, &asked, error] { end(asked, read(asked, error, nullptr)); });
}

/// Called from within libunbound: only puts the result aside.
void Recursion::on_result(void* asked, int error, ub_result* result) {
  auto* to = static_cast<Asked*>(asked);
  to->owner->results_.push_back({.asked = to, .error = error, .result = {result, ub_resolve_free}});
}

void Recursion::collect() {
  ub_process(context_.get());
  for (auto& [asked, error, result] : std::exchange(results_, {})) end(*asked, read(*asked, error, result.get()));
}

Answer Recursion::read(const Asked& asked, int error, const ub_result* result) const {
  Answer answer;
  answer.status = dns::Status::servfail;
  if (error || !result) {
    answer.detail = ub_strerror(error);
    return answer;
  }
  if (result->bogus) {
    answer.status = dns::Status::bogus;
    answer.dnssec = Dnssec::bogus;
    answer.detail = result->why_bogus ? result->why_bogus : "fails DNSSEC validation";
    return answer;
  }
  if (result->rcode != static_cast<int>(dns::Rcode::noerror) && result->rcode != static_cast<int>(dns::Rcode::nxdomain))
    return answer;
  const auto message = dns::read_message({static_cast<const std::uint8_t*>(result->answer_packet),
                                          static_cast<std::size_t>(std::max(result->answer_len, 0))});
  if (!message) {
    answer.status = dns::Status::malformed;
    answer.detail = message.error().message;
    return answer;
  }
  auto reply = dns::interpret(*message, asked.question, dns::Source::recursive);
  answer.status = reply.open_chain ? dns::Status::lame : reply.status;  // it has followed the chain to its end
  answer.records = std::move(reply.records);
  answer.via = std::move(reply.via);
  answer.soa = std::move(reply.soa);
  answer.dnssec = result->secure ? Dnssec::secure : dnssec_ ? Dnssec::insecure : Dnssec::unknown;
  answer.size = size_without_dnssec(*message);
  answer.over_tcp = answer.size > fits_udp;  // for whoever asks a resolver; how libunbound got it is not told
  return answer;
}

void Recursion::end(Asked& asked, Answer answer) {
  answer.asked = asked.asked;
  answer.answered = now();
  answer.attempts.push_back({std::string(server_name), "-", asked.asked,
                             std::chrono::round<base::Milliseconds>(answer.answered - asked.asked),
                             std::string(dns::to_word(answer.status))});
  auto done = std::move(asked.done);
  std::erase_if(asked_, [&](const Asked& a) { return &a == &asked; });
  deliver(done, std::move(answer));
}

}  // namespace fcrdns::resolver
