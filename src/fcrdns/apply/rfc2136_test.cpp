// The back end against a primary that is played: octets in, octets out, in the world's own time. What real servers say is
// tests/apply/dns.
#include "fcrdns/apply/rfc2136.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>

#include "fcrdns/apply/rfc2136_line.hpp"
#include "fcrdns/dns/reply.hpp"
#include "fcrdns/dns/update.hpp"
#include "fcrdns/resolver/scripted.hpp"

namespace fcrdns::apply {
namespace {

using dns::Class;
using dns::Rcode;
using dns::Record;
using dns::TsigError;
using dns::TsigVerdict;
using dns::Type;
using Records = std::vector<Record>;

constexpr const char* key_text = "hmac-sha256:update.example:c2VjcmV0";

dns::Name name(std::string_view text) { return *dns::Name::parse(text); }
Record a(std::string_view owner, std::string_view address, std::uint32_t ttl = 300) {
  return {.owner = name(owner), .type = Type::a, .ttl = ttl, .data = *net::Address::parse(address)};
}
Record ptr(std::string_view target, std::uint32_t ttl = 300) { return {.owner = name("5.113.0.203.in-addr.arpa"), .type = Type::ptr, .ttl = ttl, .data = name(target)}; }

// ---- what answers mean ---------------------------------------------------------------------------------------------------

struct Meaning {
  Heard::How how;
  TsigVerdict verdict;
  TsigError error;
  Rcode rcode;
  bool question;
  std::optional<Trouble> trouble;  ///< none: it can be used
  std::string_view words;
};
constexpr auto answered = Heard::How::answered;
const Meaning meanings[] = {
    {answered, TsigVerdict::good, TsigError::none, Rcode::noerror, false, {}, ""},
    {answered, TsigVerdict::good, TsigError::none, Rcode::noerror, true, {}, ""},
    {answered, TsigVerdict::good, TsigError::none, Rcode::nxdomain, true, {}, ""},
    {answered, TsigVerdict::good, TsigError::none, Rcode::refused, false, Trouble::refused, "says REFUSED to the update of X: the key update.example. may not do that there; allow it in the zone z.example."},
    {answered, TsigVerdict::good, TsigError::none, Rcode::refused, true, Trouble::not_found, "does not have that zone"},
    {answered, TsigVerdict::good, TsigError::none, Rcode::servfail, false, Trouble::refused, "its log says why"},
    {answered, TsigVerdict::good, TsigError::none, Rcode::formerr, false, Trouble::unsupported, "FORMERR"},
    {answered, TsigVerdict::good, TsigError::none, Rcode::notimp, false, Trouble::unsupported, "does not do dynamic updates"},
    {answered, TsigVerdict::good, TsigError::none, Rcode::notauth, false, Trouble::not_found, "not the primary of the zone z.example."},
    {answered, TsigVerdict::good, TsigError::none, Rcode::notzone, false, Trouble::not_found, "not in the zone z.example."},
    {answered, TsigVerdict::good, TsigError::none, Rcode::yxrrset, false, Trouble::foreign, "nothing was changed"},
    {answered, TsigVerdict::good, TsigError::none, Rcode::nxrrset, false, Trouble::foreign, "changed in between"},
    {answered, TsigVerdict::good, TsigError::none, Rcode::nxdomain, false, Trouble::foreign, "NXDOMAIN"},
    {answered, TsigVerdict::good, TsigError::none, static_cast<Rcode>(13), false, Trouble::refused, "RCODE 13"},
    {answered, TsigVerdict::good, TsigError::badtime, Rcode::notauth, false, Trouble::refused, "BADTIME"},
    {answered, TsigVerdict::bad_time, TsigError::none, Rcode::noerror, false, Trouble::refused, "it has 2027-01-15T08:00:00Z, we have 2027-01-15T08:06:40Z, 6 min 40 s later"},
    {answered, TsigVerdict::not_signed, TsigError::badkey, Rcode::notauth, false, Trouble::refused, "BADKEY to the update of X: it has no key update.example. (hmac-sha256)"},
    {answered, TsigVerdict::not_signed, TsigError::badsig, Rcode::notauth, true, Trouble::refused, "BADSIG"},
    {answered, TsigVerdict::not_signed, TsigError::badtrunc, Rcode::notauth, false, Trouble::refused, "BADTRUNC"},
    {answered, TsigVerdict::not_signed, static_cast<TsigError>(99), Rcode::notauth, false, Trouble::refused, "TSIG error 99"},
    {answered, TsigVerdict::not_signed, TsigError::none, Rcode::noerror, false, Trouble::undecided, "without a signature: not believed"},
    {answered, TsigVerdict::not_signed, TsigError::none, Rcode::noerror, true, Trouble::refused, "without a signature: not believed"},
    {answered, TsigVerdict::not_signed, TsigError::none, Rcode::notimp, false, Trouble::unsupported, "NOTIMP to the update of X (without a signature)"},
    {answered, TsigVerdict::wrong_key, TsigError::none, Rcode::noerror, false, Trouble::undecided, "signed with another key"},
    {answered, TsigVerdict::bad_mac, TsigError::none, Rcode::noerror, false, Trouble::undecided, "with a signature that is wrong"},
    {answered, TsigVerdict::truncated_mac, TsigError::none, Rcode::noerror, false, Trouble::undecided, "with a signature cut short"},
    {answered, TsigVerdict::malformed, TsigError::none, Rcode::noerror, false, Trouble::undecided, "a damaged message"},
    {answered, TsigVerdict::malformed, TsigError::none, Rcode::noerror, true, Trouble::refused, "a damaged message"},
    {Heard::How::unreachable, TsigVerdict::good, TsigError::none, Rcode::noerror, false, Trouble::unreachable, "cannot be reached over TCP"},
    {Heard::How::closed, TsigVerdict::good, TsigError::none, Rcode::noerror, false, Trouble::undecided, "closed the connection without an answer to the update of X"},
    {Heard::How::closed, TsigVerdict::good, TsigError::none, Rcode::noerror, true, Trouble::unreachable, "closed the connection"},
    {Heard::How::silent, TsigVerdict::good, TsigError::none, Rcode::noerror, false, Trouble::undecided, "within 20 s"},
    {Heard::How::silent, TsigVerdict::good, TsigError::none, Rcode::noerror, true, Trouble::unreachable, "within 20 s"},
};

TEST(Rfc2136Answer, means) {
  const auto key = *dns::parse_tsig_key(key_text);
  const base::WallTime theirs(base::Seconds(1'800'000'000));
  for (const auto& row : meanings) {
    Heard heard{.how = row.how, .check = {row.verdict, row.error, row.verdict == TsigVerdict::bad_time ? std::optional(theirs) : std::nullopt},
                .at = theirs + base::Seconds(400)};
    heard.message.rcode = row.rcode;
    const auto problem = judge(heard, {{}, "the update of X", name("z.example"), &key, base::Seconds(20)}, row.question);
    ASSERT_EQ(problem.has_value(), row.trouble.has_value()) << row.words;
    if (!problem) continue;
    EXPECT_EQ(problem->trouble, *row.trouble) << problem->message;
    EXPECT_NE(problem->message.find(row.words), std::string::npos) << problem->message;
    EXPECT_EQ(problem->message.find('\n'), std::string::npos);
  }
}

// ---- a primary that is played --------------------------------------------------------------------------------------------

/// What is played beside the truth.
enum class Play { honest, forgets, answer_lost, silent, unsigned_yes, not_authoritative, slow_to_show };

/// Holds records of one zone, and takes updates as RFC 2136 3 says, as far as the back end makes them.
class Primary {
 public:
  Play play = Play::honest;
  Records records;
  std::optional<Record> meanwhile;  ///< somebody else adds this before the next update
  std::vector<std::string> updates;  ///< as nsupdate has them

  resolver::ServerSays says(base::OctetView octets) {
    auto query = *dns::read_message(octets);
    dns::Message answer{.id = query.id, .response = true, .opcode = query.opcode, .authoritative = play != Play::not_authoritative, .questions = query.questions};
    const bool update = query.opcode == dns::Opcode::update;
    if (update && play == Play::silent) return {};
    if (update) answer.rcode = take(query);
    else reply(query.questions.front(), answer);
    if (update && play == Play::answer_lost) return {};
    auto octets_back = dns::write_message(answer);
    if (update && play == Play::unsigned_yes) return {{octets_back}};
    return {{dns::sign(octets_back, *dns::parse_tsig_key(key_text), base::wall_now(), mac_of(query)).octets}};
  }

 private:
  /// Algorithm, time, fudge and size stand before it (RFC 8945 4.2).
  static base::Octets mac_of(const dns::Message& query) {
    const auto& data = std::get<base::Octets>(query.additional.back().data);
    const auto begin = data.begin() + 13 + 8 + 2;
    return {begin, begin + 32};
  }
  [[nodiscard]] Records set(const dns::Name& owner, Type type) const {
    Records out;
    for (const auto& record : records)
      if (record.owner == owner && record.type == type) out.push_back(record);
    return out;
  }
  void reply(const dns::Question& question, dns::Message& answer) {
    answer.answers = set(question.name, question.type);
    if (answer.answers.empty()) answer.answers = set(question.name, Type::cname);
    if (late_ > 0 && --late_ == 0) std::swap(records, later_);
    const auto zone = question.name.is_within(name("203.in-addr.arpa")) ? name("113.0.203.in-addr.arpa") : name("example");
    if (answer.answers.empty()) answer.authority = {{.owner = zone, .type = Type::soa, .ttl = 60, .data = dns::Soa{name("ns.example"), name("h.example"), 1, 2, 3, 4, 5}}};
  }
  Rcode take(const dns::Message& update) {
    if (meanwhile) records.push_back(*std::exchange(meanwhile, std::nullopt));
    updates.push_back(dns::to_nsupdate(update));
    std::map<std::pair<std::string, Type>, std::size_t> required;
    for (const auto& wanted : update.answers) {
      const auto there = set(wanted.owner, wanted.type);
      if (wanted.klass == Class::none && !there.empty()) return Rcode::yxrrset;
      if (wanted.klass != Class::in) continue;
      if (std::ranges::none_of(there, [&](const Record& each) { return each.data == wanted.data; })) return Rcode::nxrrset;
      ++required[{wanted.owner.text(), wanted.type}];
      if (std::ranges::count_if(update.answers, [&](const Record& each) { return each.owner == wanted.owner && each.type == wanted.type && each.klass == Class::in; }) !=
          static_cast<std::ptrdiff_t>(there.size()))
        return Rcode::nxrrset;
    }
    if (play == Play::forgets || play == Play::unsigned_yes) return Rcode::noerror;
    const auto before = records;
    for (const auto& change : update.authority) {
      if (change.klass == Class::any) std::erase_if(records, [&](const Record& each) { return each.owner == change.owner && each.type == change.type; });
      if (change.klass == Class::none) std::erase_if(records, [&](const Record& each) { return each.owner == change.owner && each.data == change.data; });
      if (change.klass == Class::in) records.push_back(change);
    }
    if (play == Play::slow_to_show) later_ = std::exchange(records, before), late_ = 3;
    return Rcode::noerror;
  }

  Records later_;
  int late_ = 0;
};

class Told final : public Observer {
 public:
  void request(std::string_view text, bool changes) override {
    if (changes) updates.emplace_back(text);
  }
  std::vector<std::string> updates;
};

/// A back end in front of the played primary, which is at 192.0.2.53.
struct Scene {
  Primary primary;
  world::World world = *world::parse_world("$SERVER ns.example. 192.0.2.53\n$ZONE . ns.example.\n");
  resolver::Scripted resolver{world, [this](const world::Server&, base::OctetView query, bool, base::SteadyTime) { return primary.says(query); }};
  resolver::Walker walker{resolver};
  Told told;
  std::unique_ptr<Backend> backend;

  explicit Scene(bool dry_run = false, const char* server = "192.0.2.53", const char* zone = "") {
    ::setenv("FCRDNS_TSIG_KEY", key_text, 1);
    Context context{.loop = resolver.network(), .resolver = resolver, .walker = walker, .settings = {{"server", server}}, .dry_run = dry_run, .observer = &told};
    if (*zone != '\0') context.settings["zone"] = zone;
    backend = *rfc2136().make(context);
  }
};

const Wanted want_ptr{Part::ptr, *net::Address::parse("203.0.113.5"), name("mail.example"), ptr("mail.example")};
const Wanted want_a{Part::forward, *net::Address::parse("203.0.113.5"), name("mail.example"), a("mail.example", "203.0.113.5")};

std::string outcome(const Outcome<Deed>& deed) {
  constexpr std::string_view words[] = {"unchanged", "changed", "accepted", "would"};
  constexpr std::string_view troubles[] = {"secret", "unreachable", "refused", "foreign", "not_found", "too_soon", "undecided", "unsupported"};
  if (deed) return std::string(words[static_cast<std::size_t>(*deed)]);
  return std::string(troubles[static_cast<std::size_t>(deed.error().trouble)]) + ": " + deed.error().message;
}

std::string texts(Records records) {
  std::ranges::sort(records, {}, [](const Record& record) { return dns::to_text(record); });
  std::string out;
  for (const auto& record : records) out += (out.empty() ? "" : "; ") + dns::to_text(record.type, record.data) + " " + std::to_string(record.ttl);
  return out;
}

struct PutRow {
  std::string_view what;
  const Wanted& wanted;
  Records there;
  Play play;
  std::optional<Record> meanwhile;
  std::string_view outcome;   ///< begins so, or holds it
  std::string_view after;
  std::size_t updates;
};
const PutRow puts[] = {
    {"a PTR where none was", want_ptr, {}, Play::honest, {}, "changed", "mail.example. 300", 1},
    {"a PTR in the place of another", want_ptr, {ptr("old.example", 60)}, Play::honest, {}, "changed", "mail.example. 300", 1},
    {"a PTR in the place of two", want_ptr, {ptr("old.example"), ptr("mail.example")}, Play::honest, {}, "changed", "mail.example. 300", 1},
    {"a PTR that is there, in other case and TTL", want_ptr, {ptr("MAIL.example", 7)}, Play::honest, {}, "unchanged", "MAIL.example. 7", 0},
    {"an address among others takes their TTL", want_a, {a("mail.example", "192.0.2.9", 77)}, Play::honest, {}, "changed", "192.0.2.9 77; 203.0.113.5 77", 1},
    {"an address that is there among others", want_a, {a("mail.example", "192.0.2.9"), a("mail.example", "203.0.113.5")}, Play::honest, {}, "unchanged", "192.0.2.9 300; 203.0.113.5 300", 0},
    {"somebody else's PTR meanwhile", want_ptr, {}, Play::honest, ptr("foreign.example"), "foreign: 192.0.2.53:53 says YXRRSET", "foreign.example. 300", 1},
    {"somebody else's second PTR meanwhile", want_ptr, {ptr("old.example")}, Play::honest, ptr("foreign.example"), "it has old.example., foreign.example. now", "foreign.example. 300; old.example. 300", 1},
    {"somebody else's alias meanwhile", want_ptr, {}, Play::honest, Record{.owner = want_ptr.record.owner, .type = Type::cname, .ttl = 1, .data = name("x.example")}, "foreign: 192.0.2.53:53 says YXRRSET", "x.example. 1", 1},
    {"somebody else put ours there meanwhile", want_ptr, {}, Play::honest, ptr("mail.example"), "changed", "mail.example. 300", 1},
    {"an alias at the name", want_ptr, {{.owner = want_ptr.record.owner, .type = Type::cname, .ttl = 1, .data = name("x.example")}}, Play::honest, {}, "foreign: an alias (CNAME) stands at 5.113.0.203.in-addr.arpa. and leads to x.example.", "x.example. 1", 0},
    {"yes, and nothing", want_ptr, {}, Play::forgets, {}, "refused: 192.0.2.53:53 said yes to the update of 5.113.0.203.in-addr.arpa. PTR, but does not show it: it has nothing", "", 1},
    {"yes, and later", want_ptr, {}, Play::slow_to_show, {}, "changed", "mail.example. 300", 1},
    {"yes, unsigned", want_ptr, {}, Play::unsigned_yes, {}, "undecided: ", "", 1},
    {"done, and the answer lost", want_ptr, {}, Play::answer_lost, {}, "changed", "mail.example. 300", 1},
    {"silence", want_ptr, {}, Play::silent, {}, "undecided: 192.0.2.53:53 gave no answer", "", 0},
    {"no authority", want_ptr, {}, Play::not_authoritative, {}, "not_found: 192.0.2.53:53 is not authoritative", "", 0},
};

TEST(Rfc2136Put, does_what_was_seen_to_be_right_and_nothing_else) {
  for (const auto& row : puts) {
    Scene scene;
    scene.primary.records = row.there;
    scene.primary.play = row.play;
    scene.primary.meanwhile = row.meanwhile;
    const auto before = scene.backend->look(row.wanted);
    const auto got = outcome(before ? scene.backend->put(row.wanted, *before) : Outcome<Deed>(std::unexpected(before.error())));
    EXPECT_NE(got.find(row.outcome), std::string::npos) << row.what << ": " << got;
    EXPECT_EQ(texts(scene.primary.records), row.after) << row.what;
    EXPECT_EQ(scene.primary.updates.size(), row.updates) << row.what;
    if (got != "changed" && got != "unchanged") continue;
    EXPECT_EQ(outcome(scene.backend->put(row.wanted, *before)), "unchanged") << row.what << ", again";
    EXPECT_EQ(scene.primary.updates.size(), row.updates) << row.what << ", again";
  }
}

TEST(Rfc2136Put, refuses_when_it_changed_since_it_was_looked_at) {
  Scene scene;
  const auto before = scene.backend->look(want_ptr);
  ASSERT_TRUE(before);
  scene.primary.records = {ptr("foreign.example")};
  EXPECT_EQ(outcome(scene.backend->put(want_ptr, *before)).substr(0, 8), "foreign:");
  EXPECT_TRUE(scene.primary.updates.empty());
}

struct RestoreRow {
  std::string_view what;
  const Wanted& wanted;
  Records before, there;
  std::string_view outcome, after;
  std::size_t updates;
};
const RestoreRow restores[] = {
    {"nothing was there", want_ptr, {}, {ptr("mail.example")}, "changed", "", 1},
    {"two were there", want_ptr, {ptr("a.example", 60), ptr("b.example", 60)}, {ptr("mail.example")}, "changed", "a.example. 60; b.example. 60", 1},
    {"back already", want_ptr, {ptr("a.example")}, {ptr("a.example")}, "unchanged", "a.example. 300", 0},
    {"ours was there before", want_ptr, {ptr("mail.example")}, {ptr("mail.example")}, "unchanged", "mail.example. 300", 0},
    {"somebody else's by now", want_ptr, {}, {ptr("foreign.example")}, "foreign: ", "foreign.example. 300", 0},
    {"ours goes, others stay, later ones too", want_a, {a("mail.example", "192.0.2.9")}, {a("mail.example", "192.0.2.9"), a("mail.example", "192.0.2.10"), a("mail.example", "203.0.113.5")}, "changed", "192.0.2.10 300; 192.0.2.9 300", 1},
    {"ours is gone", want_a, {}, {a("mail.example", "192.0.2.9")}, "unchanged", "192.0.2.9 300", 0},
};

TEST(Rfc2136Restore, brings_back_what_was_there_unless_ours_is_gone) {
  for (const auto& row : restores) {
    Scene scene;
    scene.primary.records = row.there;
    const auto got = outcome(scene.backend->restore(row.wanted, {row.before, {}}));
    EXPECT_NE(got.find(row.outcome), std::string::npos) << row.what << ": " << got;
    EXPECT_EQ(texts(scene.primary.records), row.after) << row.what;
    EXPECT_EQ(scene.primary.updates.size(), row.updates) << row.what;
  }
}

TEST(Rfc2136DryRun, shows_the_update_and_sends_none) {
  Scene scene(true);
  scene.primary.records = {ptr("old.example")};
  const auto before = scene.backend->look(want_ptr);
  ASSERT_TRUE(before);
  EXPECT_EQ(outcome(scene.backend->put(want_ptr, *before)), "would");
  EXPECT_TRUE(scene.primary.updates.empty());
  EXPECT_EQ(scene.told.updates, std::vector<std::string>{"update at 192.0.2.53:53, as nsupdate reads it:\n"
                                                         "server 192.0.2.53 53\n"
                                                         "zone 113.0.203.in-addr.arpa.\n"
                                                         "prereq yxrrset 5.113.0.203.in-addr.arpa. PTR old.example.\n"
                                                         "update delete 5.113.0.203.in-addr.arpa. PTR\n"
                                                         "update add 5.113.0.203.in-addr.arpa. 300 PTR mail.example.\n"
                                                         "send"});
}

struct PlaceRow {
  const char *server, *zone;
  std::string_view outcome;
};
const PlaceRow places[] = {
    {"192.0.2.53", "113.0.203.in-addr.arpa", "changed"},
    {"192.0.2.53:53", "", "changed"},
    {"192.0.2.53", "112.0.203.in-addr.arpa", "not_found: --set zone=112.0.203.in-addr.arpa.: 5.113.0.203.in-addr.arpa. is not in it"},
    {"192.0.2.53", "a..b", "not_found: --set zone=a..b: no domain name"},
    {"192.0.2.54", "", "unreachable: 192.0.2.54:53 cannot be reached over TCP"},
    {"nowhere.example", "", "not_found: --set server=nowhere.example: no address"},
    {"192.0.2.53:port", "", "not_found: --set server=192.0.2.53:port: write ADDRESS"},
    {"bad\033[1m..name", "", "not_found: --set server=bad\\027[1m..name: write ADDRESS"},
};

TEST(Rfc2136Place, is_where_the_settings_say) {
  for (const auto& row : places) {
    Scene scene(false, row.server, row.zone);
    const auto before = scene.backend->look(want_ptr);
    const auto got = outcome(before ? scene.backend->put(want_ptr, *before) : Outcome<Deed>(std::unexpected(before.error())));
    EXPECT_NE(got.find(row.outcome), std::string::npos) << row.server << ' ' << row.zone << ": " << got;
  }
}

}  // namespace
}  // namespace fcrdns::apply
