// What a reply proves: the alias chain inside it (RFC 1034 3.6.2, RFC 6672 3), negative answers (RFC 2308 2), RFC 6604.
#include "fcrdns/dns/reply.hpp"

#include <algorithm>
#include <set>
#include <type_traits>
#include <utility>

namespace fcrdns::dns {
namespace {

/// What the answer section holds for one owner name.
struct Step {
  std::size_t first = 0, records = 0;  // of the asked type: where the first of them stands, how many there are
  std::vector<Name> targets;    // different names that an alias here leads to
  bool overflows = false;       // a DNAME makes a name that is longer than 255 octets
  /// Two aliases, or an alias beside other data (RFC 2181 10.1): one of them is wrong, and nothing tells which.
  [[nodiscard]] bool is_contradictory() const { return overflows || targets.size() + (records > 0) > 1; }
};

void add_target(Step& step, const Name& target) {
  if (std::ranges::find(step.targets, target) == step.targets.end()) step.targets.push_back(target);
}

/// A DNAME stands above the names it redirects, never at them (RFC 6672 2.3).
bool redirects(const Record& record, const Name& name) {
  return record.type == Type::dname && name.is_within(record.owner) && !(name == record.owner);
}

/// It is of the asked type.
bool is_wanted(const Record& record, const Question& question) {
  return record.klass == question.klass && (record.type == question.type || question.type == Type::any);
}

Step step_at(const Message& message, const Name& name, const Question& question) {
  Step step;
  for (std::size_t i = 0; i < message.answers.size(); ++i) {
    const auto& record = message.answers[i];
    if (record.klass != question.klass) continue;
    const auto* target = std::get_if<Name>(&record.data);
    if (target && redirects(record, name)) {
      if (const auto made = name.with_suffix(record.owner, *target))
        add_target(step, *made);
      else
        step.overflows = true;
    }
    if (!(record.owner == name)) continue;
    if (is_wanted(record, question))
      step.first = step.records++ == 0 ? i : step.first;
    else if (record.type == Type::cname && target)
      add_target(step, *target);
  }
  // Who asks for the alias itself gets it, and the DNAME it was made from is no second one.
  if (step.records > 0 && (question.type == Type::cname || question.type == Type::any)) step.targets.clear();
  return step;
}

/// The records of the step, copied, or taken out of a message that is not needed any more.
template <typename Answers>
void take_records(Answers& answers, const Step& step, const Name& owner, const Question& question, std::vector<Record>& out) {
  constexpr bool may_take = !std::is_const_v<Answers>;
  if (may_take && step.records == answers.size()) {
    out = std::forward<decltype(answers)>(answers);
    if constexpr (may_take) answers.clear();
    return;
  }
  out.reserve(step.records);
  for (auto i = step.first; out.size() < step.records; ++i) {
    auto& record = answers[i];
    if (!is_wanted(record, question) || !(record.owner == owner)) continue;
    if constexpr (may_take) out.push_back(std::move(record));
    else out.push_back(record);
  }
}

/// Leaves the first of equal records; n log n, for a reply may hold thousands.
void drop_doubles(std::vector<Record>& records) {
  if (records.size() < 2) return;
  std::set<std::pair<Type, base::Octets>> seen;
  std::erase_if(records, [&](const Record& record) {
    const auto* name = std::get_if<Name>(&record.data);
    return !seen.emplace(record.type, to_wire(name ? Rdata(name->lowered()) : record.data)).second;
  });
}

/// A DNAME that is above no name of the chain has no business in this answer.
bool has_stray_dname(const Message& message, const Question& question, const std::vector<Name>& via) {
  return std::ranges::any_of(message.answers, [&](const Record& record) {
    const auto below = [&](const Name& name) { return name.is_within(record.owner); };
    return record.klass == question.klass && record.type == Type::dname && !below(question.name) &&
           std::ranges::none_of(via, below);
  });
}

std::optional<Record> soa_above(const Message& message, const Name& name, Class klass) {
  for (const auto& record : message.authority)
    if (record.klass == klass && std::holds_alternative<Soa>(record.data) && name.is_within(record.owner))
      return record;
  return std::nullopt;
}

bool is_referral(const Message& message) {
  const auto has = [&](Type type) {
    return std::ranges::find(message.authority, type, &Record::type) != message.authority.end();
  };
  return message.answers.empty() && has(Type::ns) && !has(Type::soa);
}

/// The chain ended without a record of the asked type.
Status status_of_absence(const Message& message, const Reply& reply, Source source) {
  if (message.rcode == Rcode::nxdomain) return Status::nxdomain;
  if (reply.soa) return Status::nodata;
  if (!reply.via.empty()) return Status::noerror;  // an open chain
  if (source == Source::recursive || is_referral(message)) return Status::lame;
  return Status::nodata;
}

/// The RCODEs that end it; nothing for those that the rest of the message is needed for.
std::optional<Status> status_of_rcode(Rcode rcode) {
  switch (rcode) {
    case Rcode::noerror:
    case Rcode::nxdomain: return std::nullopt;
    case Rcode::refused: return Status::refused;
    case Rcode::formerr: return Status::formerr;
    default: return Status::servfail;
  }
}

Reply without_proof(Status status) {
  Reply reply;
  reply.status = status;
  return reply;
}

template <typename AMessage>
Reply read_reply(AMessage& message, const Question& question, Source source) {
  if (const auto status = status_of_rcode(message.rcode)) return without_proof(*status);
  if (source == Source::authoritative && !message.authoritative) return without_proof(Status::lame);

  Reply reply;
  const Name* at = &question.name;  // in `via` from the first alias on, which has room for all of them
  for (;;) {
    auto step = step_at(message, *at, question);
    if (step.is_contradictory()) return without_proof(Status::malformed);
    if (step.records > 0) {
      // "No such name" and its records in one message (RFC 2308 2.1): it proves neither.
      if (message.rcode == Rcode::nxdomain || has_stray_dname(message, question, reply.via)) return without_proof(Status::malformed);
      take_records(message.answers, step, *at, question, reply.records);
      drop_doubles(reply.records);
      reply.status = Status::noerror;
      return reply;
    }
    if (step.targets.empty()) break;
    auto& target = step.targets.front();
    const bool seen = target == question.name || std::ranges::find(reply.via, target) != reply.via.end();
    if (seen || reply.via.size() == max_aliases) {
      reply.status = Status::loop;
      return reply;
    }
    reply.via.reserve(max_aliases);
    at = &reply.via.emplace_back(std::move(target));
  }
  if (has_stray_dname(message, question, reply.via)) return without_proof(Status::malformed);
  reply.soa = soa_above(message, *at, question.klass);
  reply.status = status_of_absence(message, reply, source);
  reply.open_chain = reply.status == Status::noerror;
  return reply;
}

}  // namespace

Reply interpret(const Message& message, const Question& question, Source source) { return read_reply(message, question, source); }
Reply interpret(Message&& message, const Question& question, Source source) { return read_reply(message, question, source); }

bool answers_question(const Message& message, std::uint16_t id, const Question& question) {
  if (!message.response || message.opcode != Opcode::query || message.id != id) return false;
  if (!message.questions.empty()) return message.questions.size() == 1 && message.questions.front() == question;
  return message.rcode == Rcode::formerr || message.rcode == Rcode::servfail || message.rcode == Rcode::notimp ||
         message.rcode == Rcode::refused;
}

std::uint32_t negative_ttl(const Record& soa) {
  const auto* data = std::get_if<Soa>(&soa.data);
  return data ? std::min(soa.ttl, data->minimum) : 0;
}

}  // namespace fcrdns::dns
