#include "fcrdns/evidence/file.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <nlohmann/json.hpp>

#include "fcrdns/base/text.hpp"

namespace fcrdns::evidence {
namespace {

using Json = nlohmann::ordered_json;
using resolver::Answer;
using Authority = resolver::Resolver::Authority;

constexpr std::array<std::string_view, 3> authority_words{"not_asked", "reachable", "unreachable"};
constexpr std::array<std::string_view, 4> kind_words{"address", "host", "domain", "prefix"};
constexpr std::array<std::string_view, 3> treatment_words{"not_asked", "noted", "documentation"};
constexpr std::size_t depth_limit = 32;
constexpr std::size_t spf_text_limit = 4 * spf::Limits{}.record;  // every octet of a record as \DDD

/// Ends the reading; read_entries turns it into a Fault.
struct Unreadable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <typename T>
T need(base::Expected<T> value) {
  if (!value) throw Unreadable(value.error().message);
  return *std::move(value);
}
template <typename T>
T need(std::optional<T> value, const char* what) {
  if (!value) throw Unreadable(std::string("unknown word for ") + what);
  return *std::move(value);
}
template <typename E, std::size_t N>
E word_of(const std::array<std::string_view, N>& words, const std::string& word, const char* what) {
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) throw Unreadable(std::string("unknown word for ") + what);
  return static_cast<E>(found - words.begin());
}

std::int64_t count(base::Milliseconds value) { return value.count(); }
std::int64_t count(base::SteadyTime value) { return value.time_since_epoch().count(); }
base::Milliseconds milliseconds(const Json& json) { return base::Milliseconds{json.get<std::int32_t>()}; }
base::SteadyTime steady(const Json& json) { return base::SteadyTime{std::chrono::microseconds{json.get<std::int64_t>()}}; }
dns::Name name_of(const Json& json) { return need(dns::Name::parse(json.get<std::string>())); }

/// Text that was escaped when it was gathered: what is unprintable in a file that somebody wrote by hand is left out.
std::string printable(const Json& json, std::size_t limit = 1000) {
  auto text = json.get<std::string>().substr(0, limit);
  std::erase_if(text, [](char c) { return c < 0x20 || c > 0x7e; });
  return text;
}

Json to_json(const dns::Record& record) {
  return {record.owner.text(), record.ttl, to_text(record.type), dns::to_text(record.type, record.data)};
}
dns::Record record_of(const Json& json) {
  dns::Record record;
  record.owner = name_of(json.at(0));
  record.ttl = json.at(1).get<std::uint32_t>();
  record.type = need(dns::parse_type(json.at(2).get<std::string>()));
  record.data = need(dns::parse_rdata(record.type, json.at(3).get<std::string>(), dns::Name()));
  return record;
}

Json to_json(const Answer& answer) {
  auto records = Json::array();
  for (const auto& record : answer.records) records.push_back(to_json(record));
  auto via = Json::array();
  for (const auto& name : answer.via) via.push_back(name.text());
  return {{"status", to_word(answer.status)},
          {"records", std::move(records)},
          {"via", std::move(via)},
          {"soa", answer.soa ? to_json(*answer.soa) : Json(nullptr)},
          {"dnssec", to_word(answer.dnssec)},
          {"detail", answer.detail},
          {"octets", answer.size},
          {"tcp", answer.over_tcp},
          {"asked_us", count(answer.asked)},
          {"answered_us", count(answer.answered)}};
}
Answer answer_of(const Json& json) {
  Answer answer;
  answer.status = need(dns::parse_status(json.at("status").get<std::string>()), "status");
  for (const auto& record : json.at("records")) answer.records.push_back(record_of(record));
  for (const auto& name : json.at("via")) answer.via.push_back(name_of(name));
  if (!json.at("soa").is_null()) answer.soa = record_of(json.at("soa"));
  answer.dnssec = need(resolver::parse_dnssec(json.at("dnssec").get<std::string>()), "dnssec");
  answer.detail = base::escape(json.at("detail").get<std::string>(), 1024);
  answer.size = json.at("octets").get<std::size_t>();
  answer.over_tcp = json.at("tcp").get<bool>();
  answer.asked = steady(json.at("asked_us"));
  answer.answered = steady(json.at("answered_us"));
  return answer;
}
Json to_json(const std::optional<Answer>& answer) { return answer ? to_json(*answer) : Json(nullptr); }
std::optional<Answer> maybe_answer(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return answer_of(json);
}

Json to_json(const std::optional<net::SpecialPurpose>& special) {
  if (!special) return nullptr;
  return {{"prefix", special->prefix.text()}, {"name", special->name}, {"kind", special->kind}, {"rfc", special->rfc},
          {"treatment", treatment_words[static_cast<std::size_t>(special->treatment)]}};
}
std::optional<net::SpecialPurpose> special_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  const auto text = [&](const char* key) { return base::escape(json.at(key).get<std::string>(), 200); };
  return net::SpecialPurpose{need(net::Prefix::parse(json.at("prefix").get<std::string>())), text("name"), text("kind"),
                             text("rfc"), word_of<net::Treatment>(treatment_words, json.at("treatment"), "treatment")};
}

Json to_json(const dns::Question& question) { return {question.name.text(), to_text(question.type)}; }
dns::Question question_of(const Json& json) {
  return {name_of(json.at(0)), need(dns::parse_type(json.at(1).get<std::string>())), dns::Class::in};
}
Json to_json(const std::optional<dns::Name>& name) { return name ? Json(name->text()) : Json(nullptr); }
std::optional<dns::Name> maybe_name(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return name_of(json);
}
Json to_json(const std::vector<dns::Name>& names) {
  auto out = Json::array();
  for (const auto& name : names) out.push_back(name.text());
  return out;
}
std::vector<dns::Name> names_of(const Json& json) {
  std::vector<dns::Name> out;
  for (const auto& name : json) out.push_back(name_of(name));
  return out;
}
dns::Status status_of(const Json& json) { return need(dns::parse_status(json.get<std::string>()), "status"); }

Json to_json(const resolver::Walk& walk) {
  auto rungs = Json::array(), servers = Json::array();
  for (const auto& rung : walk.rungs)
    rungs.push_back({{"apex", rung.apex.text()}, {"nameservers", to_json(rung.nameservers)}, {"shares_parent_servers", rung.shares_parent_servers}});
  for (const auto& server : walk.servers)
    servers.push_back({{"name", server.name.text()}, {"address", server.address.text()}, {"udp", to_word(server.udp)},
                       {"tcp", to_word(server.tcp)}, {"authoritative", server.authoritative}, {"no_route", server.no_route},
                       {"serial", server.serial ? Json(*server.serial) : Json(nullptr)}, {"ms", count(server.took)},
                       {"answer", to_json(server.answer)}});
  return {{"question", to_json(walk.question)}, {"root_reached", walk.root_reached}, {"rungs", std::move(rungs)},
          {"servers", std::move(servers)}, {"without_address", to_json(walk.without_address)}, {"left_out", walk.left_out},
          {"answer", to_json(walk.answer)}, {"soa", walk.soa ? to_json(*walk.soa) : Json(nullptr)}, {"alias", to_json(walk.alias)},
          {"cyclic", walk.cyclic}, {"questions", walk.questions}, {"problem", walk.problem}};
}
resolver::Walk walk_of(const Json& json) {
  resolver::Walk walk;
  walk.question = question_of(json.at("question"));
  walk.root_reached = json.at("root_reached").get<bool>();
  for (const auto& rung : json.at("rungs"))
    walk.rungs.push_back({name_of(rung.at("apex")), names_of(rung.at("nameservers")), rung.at("shares_parent_servers").get<bool>()});
  for (const auto& entry : json.at("servers")) {
    auto& server = walk.servers.emplace_back();
    server.name = name_of(entry.at("name"));
    server.address = need(net::Address::parse(entry.at("address").get<std::string>()));
    server.udp = status_of(entry.at("udp"));
    server.tcp = status_of(entry.at("tcp"));
    server.authoritative = entry.at("authoritative").get<bool>();
    server.no_route = entry.at("no_route").get<bool>();
    if (!entry.at("serial").is_null()) server.serial = entry.at("serial").get<std::uint32_t>();
    server.took = milliseconds(entry.at("ms"));
    server.answer = answer_of(entry.at("answer"));
  }
  walk.without_address = names_of(json.at("without_address"));
  walk.left_out = json.at("left_out").get<std::size_t>();
  walk.answer = answer_of(json.at("answer"));
  if (!json.at("soa").is_null()) walk.soa = record_of(json.at("soa"));
  walk.alias = maybe_name(json.at("alias"));
  walk.cyclic = json.at("cyclic").get<bool>();
  walk.questions = json.at("questions").get<std::size_t>();
  walk.problem = printable(json.at("problem"));
  return walk;
}
Json to_json(const std::vector<resolver::Walk>& walks) {
  auto out = Json::array();
  for (const auto& walk : walks) out.push_back(to_json(walk));
  return out;
}
std::vector<resolver::Walk> walks_of(const Json& json) {
  std::vector<resolver::Walk> out;
  for (const auto& walk : json) out.push_back(walk_of(walk));
  return out;
}

Json to_json(const Probe& probe) {
  return {{"purpose", to_word(probe.purpose)}, {"question", to_json(probe.question)},
          {"address", probe.address ? Json(probe.address->text()) : Json(nullptr)}, {"server", to_json(probe.server)},
          {"answer", to_json(probe.answer)}, {"forward", to_json(probe.forward)}};
}
Probe probe_of(const Json& json) {
  Probe probe;
  probe.purpose = need(parse_purpose(json.at("purpose").get<std::string>()), "purpose");
  probe.question = question_of(json.at("question"));
  if (!json.at("address").is_null()) probe.address = need(net::Address::parse(json.at("address").get<std::string>()));
  probe.server = maybe_name(json.at("server"));
  probe.answer = answer_of(json.at("answer"));
  probe.forward = maybe_answer(json.at("forward"));
  return probe;
}

Json to_json(const ProofRow& row) {
  auto others = Json::array();
  for (const auto& [status, times] : row.others) others.push_back({to_word(status), times});
  return {{"question", to_json(row.question)}, {"server", row.server.text()}, {"endpoint", row.endpoint.text()}, {"tcp", row.tcp},
          {"manner", to_word(row.manner)}, {"asked", row.asked}, {"right", row.right}, {"others", std::move(others)},
          {"expected", row.expected}, {"ms", {count(row.fastest), count(row.median), count(row.slowest)}}};
}
ProofRow proof_row_of(const Json& json) {
  ProofRow row;
  row.question = question_of(json.at("question"));
  row.server = name_of(json.at("server"));
  row.endpoint = need(net::Endpoint::parse(json.at("endpoint").get<std::string>()));
  row.tcp = json.at("tcp").get<bool>();
  row.manner = need(parse_manner(json.at("manner").get<std::string>()), "manner");
  row.asked = json.at("asked").get<std::uint16_t>();
  row.right = json.at("right").get<std::uint16_t>();
  unsigned accounted = row.right;
  for (const auto& other : json.at("others")) row.others.emplace_back(status_of(other.at(0)), other.at(1).get<std::uint16_t>());
  for (const auto& [status, times] : row.others) accounted += times;
  if (accounted != row.asked) throw Unreadable("the answers of a proof do not add up");
  row.expected = printable(json.at("expected"));
  const auto& times = json.at("ms");
  row.fastest = milliseconds(times.at(0)), row.median = milliseconds(times.at(1)), row.slowest = milliseconds(times.at(2));
  return row;
}

Json to_json(const std::optional<owner::Registration>& registration) {
  if (!registration) return nullptr;
  const auto& r = *registration;
  return {{"outcome", to_word(r.outcome)}, {"organisation", r.organisation}, {"network", r.network}, {"handle", r.handle},
          {"range", r.range}, {"country", r.country}, {"contact", r.contact}, {"server", r.server}, {"problem", r.problem}};
}
std::optional<owner::Registration> registration_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  const auto text = [&](const char* key) { return printable(json.at(key)); };
  owner::Registration r;
  r.outcome = need(owner::parse_outcome(json.at("outcome").get<std::string>()), "outcome");
  r.organisation = text("organisation"), r.network = text("network"), r.handle = text("handle"), r.range = text("range");
  r.country = text("country"), r.contact = text("contact"), r.server = text("server"), r.problem = text("problem");
  return r;
}

Json to_json(const std::optional<NameLook>& look) {
  if (!look) return nullptr;
  return {{"name", look->name.text()}, {"a", to_json(look->a)}, {"aaaa", to_json(look->aaaa)}, {"mx", to_json(look->mx)}, {"is_mx", look->is_mx}};
}
std::optional<NameLook> look_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return NameLook{name_of(json.at("name")), answer_of(json.at("a")), answer_of(json.at("aaaa")), answer_of(json.at("mx")),
                  json.at("is_mx").get<bool>()};
}

Json to_json(const std::optional<base::WallTime>& time) { return time ? Json(base::to_rfc3339(*time)) : Json(nullptr); }
std::optional<base::WallTime> maybe_time(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return need(base::parse_rfc3339(json.get<std::string>()));
}

Json to_json(const Blame& blame) {
  auto causes = Json::array();
  for (const auto cause : blame.causes) causes.push_back(bounce::to_word(cause));
  return {{"causes", std::move(causes)}, {"receiver", blame.receiver}, {"quoted", blame.quoted}, {"mails", blame.mails},
          {"first", to_json(blame.first)}, {"last", to_json(blame.last)}, {"names_authentication", blame.names_authentication},
          {"sending_host", to_json(blame.sending_host)}};
}
Blame blame_of(const Json& json) {
  Blame blame;
  for (const auto& word : json.at("causes")) blame.causes.push_back(need(bounce::parse_cause(word.get<std::string>()), "cause"));
  if (blame.causes.empty()) throw Unreadable("a bounce without a cause");
  blame.receiver = printable(json.at("receiver"));
  blame.quoted = json.at("quoted").get<bool>();
  blame.mails = json.at("mails").get<std::size_t>();
  blame.first = maybe_time(json.at("first"));
  blame.last = maybe_time(json.at("last"));
  blame.names_authentication = json.at("names_authentication").get<bool>();
  blame.sending_host = maybe_name(json.at("sending_host"));
  return blame;
}

Json to_json(const spf::Outcome& spf) {
  auto trace = Json::array();
  for (const auto& term : spf.trace)
    trace.push_back({{"depth", term.depth}, {"domain", term.domain}, {"text", term.text}, {"outcome", term.outcome},
                     {"lookups", term.lookups}, {"void_lookups", term.void_lookups}});
  return {{"identity", to_word(spf.identity)}, {"domain", spf.domain}, {"result", to_word(spf.result)}, {"mechanism", spf.mechanism},
          {"through", spf.through}, {"explanation", spf.explanation ? Json(*spf.explanation) : Json(nullptr)}, {"problem", spf.problem},
          {"record", spf.record}, {"lookups", spf.lookups}, {"void_lookups", spf.void_lookups}, {"trace", std::move(trace)}};
}
spf::Outcome spf_of(const Json& json) {
  const auto text = [](const Json& at, const char* key) { return printable(at.at(key), spf_text_limit); };
  const auto number = [](const Json& at, const char* key) { return at.at(key).get<std::uint16_t>(); };
  spf::Outcome spf;
  spf.identity = need(spf::parse_identity(json.at("identity").get<std::string>()), "identity");
  spf.domain = text(json, "domain");
  spf.result = need(spf::parse_result(json.at("result").get<std::string>()), "SPF result");
  spf.mechanism = text(json, "mechanism");
  spf.through = text(json, "through");
  if (!json.at("explanation").is_null()) spf.explanation = text(json, "explanation");
  spf.problem = text(json, "problem");
  spf.record = text(json, "record");
  spf.lookups = number(json, "lookups");
  spf.void_lookups = number(json, "void_lookups");
  for (const auto& term : json.at("trace"))
    spf.trace.push_back({.depth = number(term, "depth"), .domain = text(term, "domain"), .text = text(term, "text"),
                         .outcome = text(term, "outcome"), .lookups = number(term, "lookups"), .void_lookups = number(term, "void_lookups")});
  return spf;
}

Json to_json(const AddressEvidence& at) {
  auto names = Json::array(), probes = Json::array(), caches = Json::array();
  for (const auto& name : at.names)
    names.push_back({{"name", name.name.text()}, {"ttl", name.ttl}, {"own", to_json(name.own)}, {"other", to_json(name.other)},
                     {"forward", to_json(name.forward)}});
  for (const auto& probe : at.probes) probes.push_back(to_json(probe));
  for (const auto& cache : at.caches)
    caches.push_back({{"resolver", cache.resolver.text()}, {"question", to_json(cache.question)}, {"answer", to_json(cache.answer)}});
  Json out{{"address", at.address.text()}, {"host", to_json(at.host)}, {"from", at.from}, {"special", to_json(at.special)},
           {"ptr", to_json(at.ptr)}, {"names", std::move(names)}, {"reverse", to_json(at.reverse)}, {"probes", std::move(probes)},
           {"caches", std::move(caches)}, {"registration", to_json(at.registration)}};
  for (const auto& outcome : at.spf) out["spf"].push_back(to_json(outcome));
  for (const auto& row : at.proof) out["proof"].push_back(to_json(row));
  return out;
}
AddressEvidence address_of(const Json& json) {
  AddressEvidence at;
  at.address = need(net::Address::parse(json.at("address").get<std::string>()));
  at.host = maybe_name(json.at("host"));
  for (const auto& from : json.at("from")) at.from.push_back(base::escape(from.get<std::string>(), 40));
  at.special = special_of(json.at("special"));
  at.ptr = answer_of(json.at("ptr"));
  for (const auto& entry : json.at("names")) {
    auto& name = at.names.emplace_back();
    name.name = name_of(entry.at("name"));
    name.ttl = entry.at("ttl").get<std::uint32_t>();
    name.usability = verdict::usability(name.name, at.address);
    name.own = answer_of(entry.at("own"));
    name.other = answer_of(entry.at("other"));
    name.forward = walks_of(entry.at("forward"));
  }
  at.reverse = walks_of(json.at("reverse"));
  for (const auto& probe : json.at("probes")) at.probes.push_back(probe_of(probe));
  for (const auto& cache : json.at("caches"))
    at.caches.push_back({need(net::Endpoint::parse(cache.at("resolver").get<std::string>())), question_of(cache.at("question")),
                         answer_of(cache.at("answer"))});
  at.registration = registration_of(json.at("registration"));
  if (json.contains("spf"))
    for (const auto& outcome : json.at("spf")) at.spf.push_back(spf_of(outcome));
  if (json.contains("proof"))
    for (const auto& row : json.at("proof")) at.proof.push_back(proof_row_of(row));
  return at;
}

Json to_json(const TraceRow& row) {
  auto attempts = Json::array();
  for (const auto& attempt : row.attempts)
    attempts.push_back({attempt.server, attempt.transport, count(attempt.sent), count(attempt.took), attempt.outcome});
  return {{"question", row.question}, {"after", row.after ? Json(*row.after) : Json(nullptr)}, {"start_ms", count(row.start)},
          {"took_ms", count(row.took)}, {"outcome", row.outcome}, {"attempts", std::move(attempts)}};
}
TraceRow trace_of(const Json& json) {
  const auto text = [](const Json& field) { return base::escape(field.get<std::string>(), 1100); };
  TraceRow row;
  // Already in presentation form, whose escapes a second escaping would double.
  row.question = json.at("question").get<std::string>();
  if (std::ranges::any_of(row.question, [](char c) { return c < 0x20 || c > 0x7e; })) throw Unreadable("unprintable question");
  if (!json.at("after").is_null()) row.after = json.at("after").get<std::size_t>();
  row.start = milliseconds(json.at("start_ms"));
  row.took = milliseconds(json.at("took_ms"));
  row.outcome = text(json.at("outcome"));
  for (const auto& attempt : json.at("attempts"))
    row.attempts.push_back({text(attempt.at(0)), text(attempt.at(1)), steady(attempt.at(2)), milliseconds(attempt.at(3)),
                            text(attempt.at(4))});
  return row;
}

Json to_json(const Evidence& evidence) {
  auto addresses = Json::array();
  for (const auto& at : evidence.addresses) addresses.push_back(to_json(at));
  auto trace = Json::array();
  for (const auto& row : evidence.trace) trace.push_back(to_json(row));
  auto not_followed = Json::array();
  for (const auto& term : evidence.not_followed) not_followed.push_back(term);
  Json out{{"subject", evidence.subject.text},
          {"kind", to_word(evidence.subject.kind)},
          {"time", base::to_rfc3339(evidence.time)},
          {"authority", authority_words[static_cast<std::size_t>(evidence.authority)]},
          {"host_a", to_json(evidence.host_a)},
          {"host_aaaa", to_json(evidence.host_aaaa)},
          {"mx", to_json(evidence.mx)},
          {"txt", to_json(evidence.txt)},
          {"not_followed", std::move(not_followed)},
          {"domain", to_json(evidence.domain)},
          {"domain_given", evidence.domain_given},
          {"expect", to_json(evidence.expect)},
          {"helo", to_json(evidence.helo)},
          {"addresses", std::move(addresses)},
          {"addresses_left_out", evidence.addresses_left_out},
          {"wall_ms", count(evidence.wall)},
          {"trace", std::move(trace)}};
  if (!evidence.helo_text.empty()) out["helo_text"] = evidence.helo_text;
  // Only what a bounce led to has these.
  if (evidence.blame) out["blame"] = to_json(*evidence.blame);
  if (evidence.sender) out["sender"] = to_json(evidence.sender);
  return out;
}
Evidence evidence_of(const Json& json) {
  Evidence evidence;
  const auto kind = word_of<subject::Kind>(kind_words, json.at("kind"), "kind");
  const auto as = kind == subject::Kind::domain ? subject::As::domain : subject::As::found_out;
  evidence.subject = need(subject::parse(json.at("subject").get<std::string>(), as));
  if (evidence.subject.kind != kind) throw Unreadable("the subject is of another kind");
  evidence.subject.fixed = false;
  evidence.time = need(base::parse_rfc3339(json.at("time").get<std::string>()));
  evidence.authority = word_of<Authority>(authority_words, json.at("authority"), "authority");
  evidence.host_a = maybe_answer(json.at("host_a"));
  evidence.host_aaaa = maybe_answer(json.at("host_aaaa"));
  evidence.mx = maybe_answer(json.at("mx"));
  evidence.txt = maybe_answer(json.at("txt"));
  for (const auto& term : json.at("not_followed")) evidence.not_followed.push_back(printable(term));
  evidence.domain = maybe_name(json.at("domain"));
  evidence.domain_given = json.at("domain_given").get<bool>();
  evidence.expect = look_of(json.at("expect"));
  evidence.helo = look_of(json.at("helo"));
  if (json.contains("helo_text")) evidence.helo_text = printable(json.at("helo_text"));
  if (json.contains("blame")) evidence.blame = blame_of(json.at("blame"));
  if (json.contains("sender")) evidence.sender = look_of(json.at("sender"));
  for (const auto& at : json.at("addresses")) evidence.addresses.push_back(address_of(at));
  evidence.addresses_left_out = json.at("addresses_left_out").get<std::size_t>();
  evidence.wall = milliseconds(json.at("wall_ms"));
  for (const auto& row : json.at("trace")) evidence.trace.push_back(trace_of(row));
  return evidence;
}

}  // namespace

std::string write_entries(const std::vector<Entry>& entries) {
  auto list = Json::array();
  for (const auto& entry : entries) {
    if (const auto* bad = std::get_if<BadLine>(&entry)) list.push_back({{"subject", bad->text}, {"error", bad->error}});
    else list.push_back(to_json(std::get<Evidence>(entry)));
  }
  const Json document{{"schema", "fcrdns/evidence/1"}, {"evidence", std::move(list)}};
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

base::Expected<std::vector<Entry>> read_entries(std::string_view text) {
  // Depth is bounded before anything is built: the parser recurses by depth.
  if (base::json_depth(text) > depth_limit) return base::fault("not recorded evidence: nested too deeply");
  try {
    const auto document = Json::parse(text);
    if (document.at("schema") != "fcrdns/evidence/1") return base::fault("not recorded evidence: the schema is not fcrdns/evidence/1");
    std::vector<Entry> entries;
    for (const auto& entry : document.at("evidence")) {
      if (entry.contains("error")) entries.emplace_back(BadLine{entry.at("subject"), base::escape(entry.at("error").get<std::string>())});
      else entries.emplace_back(evidence_of(entry));
    }
    return entries;
  } catch (const Json::exception& problem) {
    return base::fault("not recorded evidence: " + base::escape(problem.what(), 200));
  } catch (const Unreadable& problem) {
    return base::fault("damaged evidence: " + base::escape(problem.what(), 200));
  }
}

}  // namespace fcrdns::evidence
