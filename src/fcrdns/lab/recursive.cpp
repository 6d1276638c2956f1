#include "fcrdns/lab/recursive.hpp"

#include <unbound.h>

#include <algorithm>

#include "fcrdns/authority/responder.hpp"
#include "fcrdns/lab/client.hpp"

namespace fcrdns::lab {

using authority::Transport;
using dns::Message;
using dns::Rcode;
using dns::Type;

namespace {

struct Release {
  void operator()(ub_ctx* context) const { ub_ctx_delete(context); }
  void operator()(ub_result* result) const { ub_resolve_free(result); }
};
using Context = std::unique_ptr<ub_ctx, Release>;
using Result = std::unique_ptr<ub_result, Release>;

base::Expected<Context> make_context(const std::string& trust_anchor, bool validating) {
  Context context(ub_ctx_create());
  if (!context) return base::fault("libunbound: no context");
  // unblock-lan-zones: else it answers the documentation prefixes' reverse zones by itself.
  int error = ub_ctx_set_option(context.get(), "unblock-lan-zones:", "yes");
  if (!validating && !error) error = ub_ctx_set_option(context.get(), "module-config:", "iterator");
  if (validating && !error && !trust_anchor.empty()) error = ub_ctx_add_ta(context.get(), trust_anchor.c_str());
  if (!error) error = ub_ctx_async(context.get(), 1);
  if (error) return base::fault(std::string("libunbound: ") + ub_strerror(error));
  return context;
}

/// A client's query while it is being worked on.
struct Waiting {
  Message query;
  Transport transport;
  authority::Reply reply;
};

/// Clients that do not know DNSSEC get no DNSSEC records (RFC 4035 3.2.1), unless they ask for that very type.
void drop_dnssec(std::vector<dns::Record>& section, Type asked) {
  std::erase_if(section, [&](const dns::Record& record) {
    return (record.type == Type::rrsig || record.type == Type::nsec) && record.type != asked;
  });
}

void answer_from(const ub_result& result, Waiting& waiting) {
  auto reply = reply_to(waiting.query);
  const auto* packet = static_cast<const std::uint8_t*>(result.answer_packet);
  const auto answer = packet && result.answer_len > 0
                          ? dns::read_message({packet, static_cast<std::size_t>(result.answer_len)})
                          : base::Expected<Message>(base::fault("no packet"));
  reply.rcode = static_cast<Rcode>(result.rcode);
  if (result.bogus) {
    reply.rcode = Rcode::servfail;
    explain(reply, dnssec_bogus, result.why_bogus ? result.why_bogus : "");
  } else if (!answer) {
    reply.rcode = Rcode::servfail;
    explain(reply, no_reachable_authority, "");
  } else {
    reply.rcode = answer->rcode;
    reply.answers = answer->answers;
    reply.authority = answer->authority;
    reply.authentic = result.secure && (wants_dnssec(waiting.query) || waiting.query.authentic);
    for (auto* section : {&reply.answers, &reply.authority})
      if (!wants_dnssec(waiting.query)) drop_dnssec(*section, waiting.query.questions.front().type);
  }
  waiting.reply(authority::fit(std::move(reply), authority::reply_limit(waiting.query, waiting.transport)));
}

void answered(void* waiting_query, int error, ub_result* raw) {
  const std::unique_ptr<Waiting> waiting(static_cast<Waiting*>(waiting_query));
  const Result result(raw);
  static const ub_result nothing{};
  answer_from(!error && result ? *result : nothing, *waiting);
}

/// What the world says is held, with the TTL that remains.
Message remembered(const Message& query, const world::World& world, const world::Cached& held) {
  auto reply = reply_to(query);
  if (held.status == dns::Status::noerror) {
    reply.answers = {held.record};
    return reply;
  }
  if (held.status == dns::Status::nxdomain) reply.rcode = Rcode::nxdomain;
  if (const auto* zone = world.zone_of(held.question.name)) reply.authority = {world::soa_of(*zone)};
  for (auto& soa : reply.authority) soa.ttl = held.record.ttl;
  return reply;
}

}  // namespace

struct Recursive::Impl {
  const world::World& world;
  Context validating{}, unvalidating{};
};

Recursive::Recursive(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Recursive::~Recursive() = default;

base::Expected<std::unique_ptr<Recursive>> Recursive::start(const std::string& trust_anchor, const world::World& world,
                                                            authority::Listeners& listeners) {
  auto impl = std::make_unique<Impl>(world);
  for (auto* context : {&impl->validating, &impl->unvalidating}) {
    auto made = make_context(trust_anchor, context == &impl->validating);
    if (!made) return std::unexpected(made.error());
    *context = std::move(*made);
    listeners.when_readable(ub_fd(context->get()), [raw = context->get()] { ub_process(raw); });
  }
  return std::unique_ptr<Recursive>(new Recursive(std::move(impl)));
}

authority::Handler Recursive::handler() {
  return [this](base::OctetView octets, Transport transport, authority::Reply reply) {
    auto query = accept(octets, transport, reply);
    if (!query) return;
    const auto question = query->questions.front();
    const auto& cached = impl_->world.cached;
    if (const auto held = std::ranges::find(cached, question, &world::Cached::question); held != cached.end())
      return reply(authority::fit(remembered(*query, impl_->world, *held), authority::reply_limit(*query, transport)));
    auto* context = (query->checking_disabled ? impl_->unvalidating : impl_->validating).get();
    auto waiting = std::make_unique<Waiting>(Waiting{std::move(*query), transport, std::move(reply)});
    const int error = ub_resolve_async(context, question.name.text().c_str(), static_cast<int>(question.type),
                                       static_cast<int>(question.klass), waiting.get(), answered, nullptr);
    if (error) answer_from({}, *waiting);
    else static_cast<void>(waiting.release());  // answered() takes it back
  };
}

}  // namespace fcrdns::lab
