#include "fcrdns/apply/rfc2136.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/apply/rfc2136_line.hpp"
#include "fcrdns/apply/rfc2136_place.hpp"
#include "fcrdns/dns/reply.hpp"
#include "fcrdns/dns/update.hpp"

namespace fcrdns::apply {
namespace {

using dns::Record;
using dns::Type;
using Records = std::vector<Record>;

constexpr base::Milliseconds until_shown{3000}, between_looks{250};  // a server that answers before it has committed

bool same_data(const Record& a, const Record& b) { return a.type == b.type && a.data == b.data; }
bool holds(const Records& records, const Record& record) {
  return std::ranges::any_of(records, [&](const Record& each) { return same_data(each, record); });
}
/// The same RRset, whatever its order and TTL.
bool same_set(const Records& a, const Records& b) {
  return a.size() == b.size() && std::ranges::all_of(a, [&](const Record& record) { return holds(b, record); });
}
/// As Wanted says it: a PTR alone at its name, a forward record among others.
bool is_there(const Wanted& wanted, const Records& records) {
  return holds(records, wanted.record) && (wanted.part == Part::forward || records.size() == 1);
}

std::string shown(const Records& records) {
  if (records.empty()) return "nothing";
  std::string out;
  for (const auto& record : records) out += (out.empty() ? "" : ", ") + dns::to_text(record.type, record.data);
  return out;
}

class Rfc2136 final : public Backend {
 public:
  Rfc2136(const Context& context, dns::TsigKey key) : context_(context), key_(std::move(key)), line_(context_, key_) {}

  Outcome<Before> look(const Wanted& wanted) override {
    auto records = see(wanted);
    if (!records) return std::unexpected(std::move(records.error()));
    return Before{*std::move(records), {}};
  }

  Outcome<Deed> put(const Wanted& wanted, const Before& before) override {
    const auto now = see(wanted);
    if (!now) return std::unexpected(now.error());
    if (is_there(wanted, *now)) return Deed::unchanged;
    if (!same_set(*now, before.records)) return changed_in_between(wanted, *now);
    const auto is_done = [&](const Records& records) { return is_there(wanted, records); };
    auto deed = carry_out(putting(wanted, *now), wanted, is_done);
    if (deed || deed.error().trouble != Trouble::foreign || now->empty()) return deed;
    // What is seen is not what stands there: a wildcard shows it (RFC 4592). Then nothing does, or it would be seen.
    if (const auto again = see(wanted); !again || !same_set(*again, *now)) return deed;
    return carry_out(putting_beside_wildcard(wanted, *now), wanted, is_done);
  }

  Outcome<Deed> restore(const Wanted& wanted, const Before& before) override {
    const auto now = see(wanted);
    if (!now) return std::unexpected(now.error());
    const bool forward = wanted.part == Part::forward;
    if (holds(before.records, wanted.record) && (forward || before.records.size() == 1)) return Deed::unchanged;
    if (forward ? !holds(*now, wanted.record) : same_set(*now, before.records)) return Deed::unchanged;
    if (!is_there(wanted, *now)) return changed_in_between(wanted, *now);
    const auto is_done = [&](const Records& records) { return forward ? !holds(records, wanted.record) : same_set(records, before.records); };
    return carry_out(restoring(wanted, *now, before.records), wanted, is_done);
  }

 private:
  // ---- what is there -----------------------------------------------------------------------------------------------------

  [[nodiscard]] Asked asked(std::string_view doing, const Wanted& wanted) const {
    return {primary().endpoint, fmt::format("{} {} {}", doing, wanted.record.owner.text(), to_text(wanted.record.type)), place_->zone, &key_,
            std::chrono::duration_cast<base::Seconds>(context_.patience)};
  }
  [[nodiscard]] const Server& primary() const { return place_->servers[at_]; }

  /// The RRset on the primary. The first time it finds that, too: the first of the servers that answers.
  Outcome<Records> see(const Wanted& wanted) {
    const dns::Question question{wanted.record.owner, wanted.record.type};
    if (auto found = find(question); !found) return std::unexpected(std::move(found.error()));
    if (settled_) return see_there(wanted, question);
    std::optional<Problem> first;
    for (at_ = 0; at_ < place_->servers.size(); ++at_) {
      auto records = see_there(wanted, question);
      if (records || records.error().trouble == Trouble::foreign) {
        if (first) passed_over_ = fmt::format(" ({} was asked because: {})", primary().endpoint.text(), first->message);
        settled_ = true;
        return records;
      }
      if (!first) first = std::move(records.error());
      if (context_.stop()) break;
    }
    at_ = 0;
    return std::unexpected(*std::move(first));
  }

  Outcome<bool> find(const dns::Question& question) {
    // Another name may be in another zone.
    if (place_ && question.name == place_name_) return true;
    auto place = find_place(context_, question);
    if (!place) return std::unexpected(std::move(place.error()));
    place_ = *std::move(place);
    place_name_ = question.name;
    settled_ = false;
    passed_over_.clear();
    return true;
  }

  Outcome<Records> see_there(const Wanted& wanted, const dns::Question& question) {
    if (place_->zone.is_root())
      if (auto zone = zone_there(wanted); !zone) return std::unexpected(std::move(zone.error()));
    auto reply = question_there(wanted, question);
    if (!reply) return std::unexpected(std::move(reply.error()));
    return std::move(reply->records);
  }

  /// The SOA that comes with the answer, or with its absence, tells the zone.
  Outcome<bool> zone_there(const Wanted& wanted) {
    const auto reply = question_there(wanted, {wanted.record.owner, Type::soa});
    if (!reply) return std::unexpected(reply.error());
    if (reply->records.empty() && !reply->soa)
      return problem(Trouble::not_found, fmt::format("{} does not say which zone {} is in; name it with --set zone=NAME",
                                                     primary().endpoint.text(), wanted.record.owner.text()));
    place_->zone = reply->records.empty() ? reply->soa->owner : reply->records.front().owner;
    return true;
  }

  Outcome<dns::Reply> question_there(const Wanted& wanted, const dns::Question& question) {
    if (context_.observer != nullptr)
      context_.observer->request(fmt::format("ask {}: {} {}", primary().endpoint.text(), question.name.text(), to_text(question.type)), false);
    const auto heard = line_.ask(primary().endpoint, question);
    if (auto why = judge(heard, asked("the question for", wanted), true)) return std::unexpected(*std::move(why));
    auto reply = dns::interpret(heard.message, question, dns::Source::authoritative);
    if (!reply.via.empty())
      return problem(Trouble::foreign, fmt::format("an alias (CNAME) stands at {} and leads to {}: remove it, or set the record there",
                                                   question.name.text(), reply.via.front().text()));
    if (!dns::is_definite(reply.status))
      return problem(Trouble::not_found, fmt::format("{} is not authoritative for {}; name the zone's primary with --set server=ADDRESS:PORT",
                                                     primary().endpoint.text(), question.name.text()));
    return reply;
  }

  // ---- messages ------------------------------------------------------------------------------------------------------------

  /// Only if exactly that is there, and no alias beside it (to which the server would silently add nothing, RFC 2136 3.4.2.2).
  [[nodiscard]] dns::Message only_if(const Wanted& wanted, const Records& records) const {
    auto update = dns::make_update(0, place_->zone);
    if (records.empty()) dns::require_no_set(update, wanted.record.owner, wanted.record.type);
    else dns::require_exactly(update, records);
    if (records.empty()) dns::require_no_set(update, wanted.record.owner, Type::cname);
    return update;
  }
  [[nodiscard]] dns::Message putting(const Wanted& wanted, const Records& now) const {
    auto update = only_if(wanted, now);
    auto record = wanted.record;
    if (wanted.part == Part::ptr) dns::remove_set(update, record.owner, record.type);
    else if (!now.empty()) record.ttl = now.front().ttl;  // an RRset has one TTL, RFC 2181 5.2
    dns::add(update, record);
    return update;
  }
  /// Once a record stands at the name, the wildcard shows nothing more there: other addresses are taken along.
  [[nodiscard]] dns::Message putting_beside_wildcard(const Wanted& wanted, const Records& now) const {
    auto update = only_if(wanted, {});
    auto record = wanted.record;
    if (wanted.part == Part::forward) {
      for (const auto& other : now) dns::add(update, other);
      record.ttl = now.front().ttl;
    }
    dns::add(update, record);
    return update;
  }
  [[nodiscard]] dns::Message restoring(const Wanted& wanted, const Records& now, const Records& before) const {
    auto update = only_if(wanted, now);
    if (wanted.part == Part::forward) {
      dns::remove(update, wanted.record);
    } else {
      dns::remove_set(update, wanted.record.owner, wanted.record.type);
      for (const auto& record : before) dns::add(update, record);
    }
    return update;
  }

  // ---- sending -------------------------------------------------------------------------------------------------------------

  template <typename IsDone>
  Outcome<Deed> carry_out(const dns::Message& update, const Wanted& wanted, const IsDone& is_done) {
    const auto server = primary().endpoint;
    if (context_.observer != nullptr)
      context_.observer->request(fmt::format("update at {}, as nsupdate reads it:\nserver {} {}\n{}",
                                             server.text(), server.address.text(), server.port, dns::to_nsupdate(update)), true);
    if (context_.dry_run) return Deed::would;
    auto why = judge(line_.ask(server, update), asked("the update of", wanted), false);
    if (!why) return shows(wanted, is_done);
    why->message += passed_over_;
    if (why->trouble != Trouble::undecided && why->trouble != Trouble::foreign) return std::unexpected(*std::move(why));
    // The answer is lost, or an earlier message, whose answer was lost, has done it: what is there now tells.
    const auto now = see(wanted);
    if (now && is_done(*now)) return Deed::changed;
    if (now && why->trouble == Trouble::foreign) why->message += fmt::format("; it has {} now", shown(*now));
    return std::unexpected(*std::move(why));
  }

  /// Whether what it says it did is there.
  template <typename IsDone>
  Outcome<Deed> shows(const Wanted& wanted, const IsDone& is_done) {
    for (const auto end = context_.loop.now() + until_shown;;) {
      const auto now = see(wanted);
      if (now && is_done(*now)) return Deed::changed;
      if (context_.stop() || (!now && now.error().trouble != Trouble::unreachable))
        return problem(Trouble::undecided, fmt::format("{} said yes to the update of {}, but cannot be asked whether it is there",
                                                       primary().endpoint.text(), wanted.record.owner.text()));
      if (context_.loop.now() >= end) return not_shown(wanted, now);
      rest(between_looks);
    }
  }
  [[nodiscard]] std::unexpected<Problem> not_shown(const Wanted& wanted, const Outcome<Records>& now) const {
    const auto name = fmt::format("{} {}", wanted.record.owner.text(), to_text(wanted.record.type));
    if (!now)
      return problem(Trouble::undecided, fmt::format("{} said yes to the update of {}, and answers nothing since",
                                                     primary().endpoint.text(), name));
    return problem(Trouble::refused, fmt::format("{} said yes to the update of {}, but does not show it: it has {}; an update policy, a signer or a database behind it may drop it",
                                                 primary().endpoint.text(), name, shown(*now)));
  }
  void rest(base::Milliseconds how_long) {
    bool over = false;
    const auto timer = context_.loop.at(context_.loop.now() + how_long, [&] { over = true; });
    while (!over && !context_.stop()) context_.loop.run_one(how_long);
  }

  [[nodiscard]] std::unexpected<Problem> changed_in_between(const Wanted& wanted, const Records& now) const {
    return problem(Trouble::foreign, fmt::format("{} {} has changed since it was looked at: {} has {} now; nothing was overwritten, look again",
                                                 wanted.record.owner.text(), to_text(wanted.record.type), primary().endpoint.text(), shown(now)));
  }

  Context context_;
  dns::TsigKey key_;
  SignedLine line_;
  std::optional<Place> place_;
  dns::Name place_name_;
  std::size_t at_ = 0;        ///< of place_->servers
  bool settled_ = false;      ///< that one answers
  std::string passed_over_;   ///< why it is not the first
};

Outcome<std::unique_ptr<Backend>> make(const Context& context) {
  const auto secret = find_secret(context.secret_file, {"FCRDNS_TSIG_KEY"});
  if (!secret) return problem(Trouble::secret, secret.error().message);
  auto key = dns::parse_tsig_key(secret->reveal());
  if (!key) return problem(Trouble::secret, key.error().message);
  return std::make_unique<Rfc2136>(context, *std::move(key));
}

}  // namespace

BackendRow rfc2136() {
  return {.id = "rfc2136",
          .summary = "dynamic updates with a TSIG key: BIND, Knot, and others that speak RFC 2136",
          .forward = true,
          .ptr = true,
          .settings = {{"server", "the primary: ADDRESS, ADDRESS:PORT, [V6]:PORT or a name (default: by the zone's SOA)"},
                       {"zone", "the zone the record is in (default: found)"}},
          .environment = {"FCRDNS_TSIG_KEY"},
          .make = make};
}

}  // namespace fcrdns::apply
