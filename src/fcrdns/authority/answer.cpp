// The well-behaved half: a reply from the zones a server holds, with the proofs DNSSEC asks for.
#include <algorithm>

#include "fcrdns/authority/responder.hpp"
#include "fcrdns/dns/reply.hpp"

namespace fcrdns::authority {

using dns::Message;
using dns::Name;
using dns::Question;
using dns::Record;
using dns::Type;
using world::Zone;
using world::ZoneAnswer;

namespace {

/// The deepest zone this server holds for the question. DS is the parent's (RFC 4035 3.1.4.1), if it holds that too.
const Zone* zone_for(const world::World& world, const world::Server& server, const Question& question) {
  const auto rank = [&](const Zone& zone) {
    const bool own_ds = question.type == Type::ds && zone.apex == question.name;
    return std::pair(!own_ds, zone.apex.label_count());
  };
  const Zone* best = nullptr;
  for (const auto& zone : world.zones) {
    const bool holds = std::ranges::find(zone.servers, server.name) != zone.servers.end();
    if (holds && question.name.is_within(zone.apex) && (!best || rank(zone) > rank(*best))) best = &zone;
  }
  return best;
}

class Answering {
 public:
  Answering(const SignedWorld& world, const Zone& zone, const Message& query)
      : world_(world.world), zone_(zone), dnssec_(query.edns && query.edns->dnssec_ok) {
    const auto found = world.zones.find(zone.apex);
    signed_ = found == world.zones.end() || zone.copy ? nullptr : &found->second;
  }

  void answer(const Question& asked, Message& reply) {
    Question question = asked;
    for (std::size_t links = 0; links <= dns::max_aliases; ++links) {
      auto found = world::look_up(world_, zone_, question);
      if (found.kind != ZoneAnswer::Kind::alias) return finish(question, std::move(found), reply);
      add(reply.answers, found.records, found.wildcard);
      if (found.wildcard) prove(question.name, reply);
      if (leaves(found.target, question.type)) return;
      question.name = found.target;
    }
  }

 private:
  /// Whether the target of an alias is to be asked about anew: elsewhere, or here but with a failure of its own.
  bool leaves(const Name& target, Type type) const {
    return world_.zone_of(target) != &zone_ ||
           world::behaviour_of(zone_, {target, type, dns::Class::in}) != world::Behaviour{};
  }

  void finish(const Question& question, ZoneAnswer found, Message& reply) {
    switch (found.kind) {
      case ZoneAnswer::Kind::records:
        add(reply.answers, found.records, found.wildcard);
        if (found.wildcard) prove(question.name, reply);
        if (question.type == Type::ns) add_glue(zone_, Name{}, reply);
        return;
      case ZoneAnswer::Kind::referral:
        reply.authoritative = false;
        return refer(*found.delegated_to, std::move(found.records), reply);
      case ZoneAnswer::Kind::nodata:
        add(reply.authority, {world::soa_of(zone_)});
        if (found.wildcard) prove(*found.wildcard, reply);
        return prove(question.name, reply);
      case ZoneAnswer::Kind::nxdomain:
        reply.rcode = dns::Rcode::nxdomain;
        add(reply.authority, {world::soa_of(zone_)});
        prove(question.name, reply);
        return prove(closest_encloser(question.name).prepend("*").value_or(question.name), reply);
      case ZoneAnswer::Kind::too_long:
        reply.rcode = dns::Rcode::yxdomain;
        return add(reply.answers, found.records);
      case ZoneAnswer::Kind::alias: return;  // answer() has walked them all
    }
  }

  void refer(const Zone& child, std::vector<Record> ns, Message& reply) {
    reply.authority.insert(reply.authority.end(), ns.begin(), ns.end());
    const auto ds = world::look_up(world_, zone_, {child.apex, Type::ds, dns::Class::in});
    if (ds.kind != ZoneAnswer::Kind::records) prove(child.apex, reply);
    else if (dnssec_) add(reply.authority, ds.records);
    add_glue(child, zone_.apex, reply);
  }

  void add_glue(const Zone& zone, const Name& within, Message& reply) const {
    const auto glue = world::glue_of(world_, zone, within);
    reply.additional.insert(reply.additional.end(), glue.begin(), glue.end());
  }

  /// One or more whole RRsets and, when asked for, their signatures; those of a wildcard take the name asked about.
  void add(std::vector<Record>& section, const std::vector<Record>& records,
           const std::optional<Name>& wildcard = {}) const {
    section.insert(section.end(), records.begin(), records.end());
    if (!signed_ || !dnssec_) return;
    std::vector<std::pair<Name, Type>> done;
    for (const auto& record : records) {
      const std::pair key{record.owner, record.type};
      if (std::ranges::find(done, key) != done.end()) continue;
      done.push_back(key);
      const auto found = signed_->signatures.find({wildcard.value_or(record.owner), record.type});
      if (found == signed_->signatures.end()) continue;  // a CNAME made from a DNAME has none
      for (auto signature : found->second) {
        signature.owner = record.owner;
        section.push_back(std::move(signature));
      }
    }
  }

  /// The NSEC at the name, or the one whose gap the name lies in.
  void prove(const Name& name, Message& reply) const {
    if (!signed_ || !dnssec_) return;
    auto next = signed_->nsec.upper_bound(name);
    if (next == signed_->nsec.begin()) return;
    const auto& nsec = std::prev(next)->second;
    if (std::ranges::find(reply.authority, nsec) == reply.authority.end()) add(reply.authority, {nsec});
  }

  Name closest_encloser(Name name) const {
    do name = name.parent();
    while (name != zone_.apex &&
           world::look_up(world_, zone_, {name, Type::any, dns::Class::in}).kind == ZoneAnswer::Kind::nxdomain);
    return name;
  }

  const world::World& world_;
  const Zone& zone_;
  const SignedZone* signed_;
  bool dnssec_;
};

}  // namespace

Message answer(const SignedWorld& world, const world::Server& server, const Message& query) {
  Message reply;
  reply.id = query.id;
  reply.response = true;
  reply.opcode = query.opcode;
  reply.recursion_desired = query.recursion_desired;
  reply.checking_disabled = query.checking_disabled;
  reply.questions = query.questions;
  if (query.edns)
    reply.edns = dns::Edns{.udp_payload = 1232, .version = 0, .dnssec_ok = query.edns->dnssec_ok, .options = {}};
  if (query.edns && query.edns->version > 0) {
    reply.rcode = dns::Rcode::badvers;
    return reply;
  }
  if (query.opcode != dns::Opcode::query) {
    reply.rcode = dns::Rcode::notimp;
    return reply;
  }
  if (query.questions.size() != 1) {
    reply.rcode = dns::Rcode::formerr;
    return reply;
  }
  const auto& question = query.questions.front();
  const auto* zone = question.klass == dns::Class::in && question.type != Type::axfr
                         ? zone_for(world.world, server, question)
                         : nullptr;
  if (!zone) {
    reply.rcode = dns::Rcode::refused;
    return reply;
  }
  reply.authoritative = true;
  Answering(world, *zone, query).answer(question, reply);
  return reply;
}

}  // namespace fcrdns::authority
