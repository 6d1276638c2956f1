#include "fcrdns/apply/powerdns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "fcrdns/apply/http.hpp"
#include "fcrdns/apply/json_reply.hpp"
#include "fcrdns/apply/provider_keys.hpp"
#include "fcrdns/base/text.hpp"

namespace fcrdns::apply {
namespace {

using nlohmann::json;
using Records = std::vector<dns::Record>;

/// One RRset as the API has it.
struct Set {
  Records records;                       ///< those that are answered with
  json disabled = json::array();         ///< those that are kept, but not answered with
};

/// The same data, in whatever order and with whatever TTL.
bool same(const Records& a, const Records& b) {
  return a.size() == b.size() && std::ranges::is_permutation(a, b, {}, &dns::Record::data, &dns::Record::data);
}
bool holds(const Records& records, const dns::Record& record) { return std::ranges::find(records, record.data, &dns::Record::data) != records.end(); }
/// Whether what is wanted is so: the address among others, the PTR alone.
bool is_so(const Records& records, const Wanted& wanted) {
  return holds(records, wanted.record) && (wanted.part == Part::forward || records.size() == 1);
}

std::string words(const Records& records) {
  std::string out;
  for (const auto& record : records) out += (out.empty() ? "" : ", ") + dns::to_text(record.type, record.data);
  return out.empty() ? "nothing" : base::escape(out, 300);
}

class PowerDns final : public Backend {
 public:
  explicit PowerDns(std::unique_ptr<HttpApi> api) : api_(std::move(api)) {}

  Outcome<Before> look(const Wanted& wanted) override {
    auto set = read(wanted);
    if (!set) return std::unexpected(set.error());
    return Before{.records = std::move(set->records), .handle = {}};
  }

  Outcome<Deed> put(const Wanted& wanted, const Before& before) override {
    auto now = read(wanted, Extent::all);
    if (!now) return std::unexpected(now.error());
    if (is_so(now->records, wanted)) return Deed::unchanged;
    // The API cannot make a change depend on what stands there, so it is looked at right before.
    if (!same(now->records, before.records)) return changed_meanwhile(wanted, *now);
    Records next{wanted.record};
    if (wanted.part == Part::forward) {
      next = now->records;
      next.push_back(wanted.record);
      for (auto& record : next) record.ttl = next.front().ttl;  // an RRset has one (RFC 2181 5.2): that of those who were first
    }
    return replace(wanted, *now, std::move(next));
  }

  Outcome<Deed> restore(const Wanted& wanted, const Before& before) override {
    auto now = read(wanted, Extent::all);
    if (!now) return std::unexpected(now.error());
    if (same(now->records, before.records)) return Deed::unchanged;
    if (wanted.part == Part::ptr) {
      if (!is_so(now->records, wanted)) return changed_meanwhile(wanted, *now);
      return replace(wanted, *now, before.records);
    }
    // Addresses that came later stay.
    if (!holds(now->records, wanted.record) || holds(before.records, wanted.record)) return Deed::unchanged;
    auto next = now->records;
    std::erase_if(next, [&](const dns::Record& record) { return record.data == wanted.record.data; });
    return replace(wanted, *now, std::move(next));
  }

 private:
  [[nodiscard]] std::string server() const { return "/api/v1/servers/" + percent_encoded(api_->setting("server", "localhost")); }

  [[nodiscard]] std::unexpected<Problem> changed_meanwhile(const Wanted& wanted, const Set& now) const {
    return api_->says(Trouble::foreign, fmt::format("at {} stands {} by now, so it is left as it is; run this again to go on from there",
                                                    wanted.record.owner.text(), words(now.records)));
  }

  /// Fills zone_: the setting's, or the longest one that holds the name.
  Outcome<void> find_zone(const dns::Name& name) {
    if (!zone_.empty()) return {};
    auto given = dns::Name::parse(api_->setting("zone", name.text()));
    if (!given) return api_->says(Trouble::not_found, "the setting zone is no name", given.error().message);
    const bool is_set = !api_->setting("zone").empty();
    for (auto apex = *given; !apex.is_root(); apex = apex.parent()) {
      const auto reply = api_->ask({.path = server() + "/zones?zone=" + percent_encoded(apex.lowered().text())});
      if (!reply) return std::unexpected(reply.error());
      const auto zones = parse_reply(reply->body);
      if (auto id = text_at(zones, "/0/id"); !id.empty()) return take(std::move(id), text_at(zones, "/0/kind"), apex);
      if (is_set) break;
    }
    return api_->says(Trouble::not_found, is_set ? fmt::format("this server has no zone {}", given->text())
                                                 : fmt::format("no zone of this server holds {}", name.text()));
  }
  Outcome<void> take(std::string id, std::string kind, const dns::Name& apex) {
    if (kind == "Slave" || kind == "Secondary" || kind == "Consumer")
      return api_->says(Trouble::refused, fmt::format("the zone {} is a copy here ({}): change it at its primary", apex.text(), kind));
    zone_ = std::move(id);
    is_primary_ = kind == "Master" || kind == "Primary";
    return {};
  }
  [[nodiscard]] std::string zone_path() const { return server() + "/zones/" + percent_encoded(zone_); }

  /// What is answered with at the name, or all there is: 4.7 leaves disabled records out when it is asked for one name,
  /// and a replacement would lose them.
  enum class Extent { answered, all };
  Outcome<Set> read(const Wanted& wanted, Extent extent = Extent::answered) {
    const auto& owner = wanted.record.owner;
    if (const auto zone = find_zone(owner); !zone) return std::unexpected(zone.error());
    const auto filter = extent == Extent::all ? std::string() : "?rrset_name=" + percent_encoded(owner.lowered().text());
    const auto reply = api_->ask({.path = zone_path() + filter, .max_body = max_reply});
    if (!reply) return std::unexpected(reply.error());
    const auto zone = parse_reply(reply->body);
    if (!zone.is_object()) return api_->says(Trouble::unreachable, "its answer is no JSON object; is the url that of the API?");
    Set out;
    for (const auto* each : at(zone, "/rrsets/*")) {
      const auto name = dns::Name::parse(text_at(*each, "/name"));
      if (!name || *name != owner) continue;
      const auto type = text_at(*each, "/type");
      if (type == "CNAME")
        return api_->says(Trouble::foreign, fmt::format("at {} stands a CNAME, to", owner.text()), text_at(*each, "/records/0/content"));
      if (type != dns::to_text(wanted.record.type)) continue;
      if (const auto taken = take_records(*each, wanted, out); !taken) return std::unexpected(taken.error());
    }
    return out;
  }
  Outcome<void> take_records(const json& rrset, const Wanted& wanted, Set& out) {
    const auto ttls = at(rrset, "/ttl");
    const bool has_ttl = !ttls.empty() && ttls.front()->is_number_unsigned();
    for (const auto* record : at(rrset, "/records/*")) {
      const auto off = at(*record, "/disabled");
      if (!off.empty() && *off.front() == true) {
        out.disabled.push_back(*record);
        continue;
      }
      const auto content = text_at(*record, "/content");
      auto data = dns::parse_rdata(wanted.record.type, content, dns::Name());
      if (!data) return api_->says(Trouble::foreign, "it holds a record that cannot be read", content);
      out.records.push_back({.owner = wanted.record.owner, .type = wanted.record.type,
                             .ttl = has_ttl ? ttls.front()->get<std::uint32_t>() : wanted.record.ttl, .data = *std::move(data)});
    }
    return {};
  }

  /// Comments are not sent, and so stay; what is disabled stays too.
  Outcome<Deed> replace(const Wanted& wanted, const Set& now, Records next) {
    auto records = now.disabled;
    for (const auto& record : next) records.push_back({{"content", dns::to_text(record.type, record.data)}, {"disabled", false}});
    json rrset{{"name", wanted.record.owner.lowered().text()}, {"type", dns::to_text(wanted.record.type)}, {"changetype", records.empty() ? "DELETE" : "REPLACE"}};
    if (!records.empty()) {
      rrset["ttl"] = next.empty() ? wanted.record.ttl : next.front().ttl;
      rrset["records"] = std::move(records);
    }
    const auto deed = api_->change({.method = "PATCH", .path = zone_path(), .body = json{{"rrsets", json::array({std::move(rrset)})}}.dump()});
    if (!deed || *deed != Deed::changed) return deed;
    const auto after = read(wanted);
    if (!after) return api_->says(Trouble::undecided, "it took the change, and cannot be asked whether it is there", after.error().message);
    if (!same(after->records, next)) return api_->says(Trouble::undecided, fmt::format("it took the change, yet shows {}", words(after->records)));
    // Its secondaries would hear of it within a minute; what becomes of this hint changes nothing.
    if (is_primary_) (void)api_->change({.method = "PUT", .path = zone_path() + "/notify"});
    return deed;
  }

  std::unique_ptr<HttpApi> api_;
  std::string zone_;  ///< its id at the API
  bool is_primary_ = false;
};

Outcome<std::unique_ptr<Backend>> make(const Context& context) {
  auto api = std::make_unique<HttpApi>(context, "PowerDNS", "http://127.0.0.1:8081", std::span<const Meaning>(), true);
  constexpr std::string_view names[] = {"PDNS_API_KEY"};
  auto keys = Keys::find(context, names);
  if (!keys) return std::unexpected(keys.error());
  if (const auto all = keys->require(names); !all) return std::unexpected(all.error());
  keys->hide_from(*api);
  api->sign = [header = fmt::format("X-API-Key: {}", (*keys)[names[0]])](HttpCall& call) { call.headers.push_back(header); };
  return std::make_unique<PowerDns>(std::move(api));
}

}  // namespace

BackendRow powerdns() {
  return {.id = "powerdns", .summary = "PowerDNS Authoritative Server, by its HTTP API", .forward = true, .ptr = true,
          .settings = {{"url", "of the API (default http://127.0.0.1:8081)"},
                       {"server", "its id there (default localhost)"},
                       {"zone", "default: the longest zone there that holds the name"}},
          .environment = {"PDNS_API_KEY"}, .make = &make};
}

}  // namespace fcrdns::apply
