#include "fcrdns/apply/provider_zone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "fcrdns/apply/json_reply.hpp"
#include "fcrdns/apply/provider_rest.hpp"
#include "fcrdns/base/text.hpp"

namespace fcrdns::apply {
namespace {

using nlohmann::json;
constexpr int max_pages = 40;
constexpr std::size_t max_single = 200;  // records that are read one by one

constexpr std::array rows{
    ZoneRow{.provider = "digitalocean", .zone_path = "/v2/domains/{zone}",
            .records_path = "/v2/domains/{zone}/records?name={fqdn}&per_page=200&page={page}", .records = "/domain_records",
            .name = "/name", .type = "/type", .data = "/data", .ttl = "/ttl", .id = "/id", .page_size = 200,
            .create_path = "/v2/domains/{zone}/records", .create_body = R"({"type":"{type}","name":"{label}","data":"{data}","ttl":{ttl}})", .apex = "@"},
    ZoneRow{.provider = "linode", .zone_path = "/v4/domains?page_size=500&page={page}", .zones = "/data/*", .zone_name = "/domain", .zone_id = "/id",
            .records_path = "/v4/domains/{zone}/records?page_size=500&page={page}", .records = "/data",
            .name = "/name", .type = "/type", .data = "/target", .ttl = "/ttl_sec", .id = "/id", .page_size = 500,
            .create_path = "/v4/domains/{zone}/records", .create_body = R"({"type":"{type}","name":"{label}","target":"{data}","ttl_sec":{ttl}})"},
    ZoneRow{.provider = "vultr", .zone_path = "/v2/domains/{zone}",
            .records_path = "/v2/domains/{zone}/records?per_page=500", .records = "/records",
            .name = "/name", .type = "/type", .data = "/data", .ttl = "/ttl", .id = "/id", .page_size = 500,
            .create_path = "/v2/domains/{zone}/records", .create_body = R"({"name":"{label}","type":"{type}","data":"{data}","ttl":{ttl}})"},
    ZoneRow{.provider = "ovh", .zone_path = "/domain/zone/{zone}",
            .records_path = "/domain/zone/{zone}/record?subDomain={label}", .records = "", .record_path = "/domain/zone/{zone}/record/{record}",
            .name = "/subDomain", .type = "/fieldType", .data = "/target", .ttl = "/ttl", .id = "/id",
            .create_path = "/domain/zone/{zone}/record", .create_body = R"({"fieldType":"{type}","subDomain":"{label}","target":"{data}","ttl":{ttl}})",
            .refresh_path = "/domain/zone/{zone}/refresh"},
};

/// A record at the wanted name and of the wanted type, with the API's id for it.
struct Held {
  dns::Record record;
  std::string id;
};

class ZoneBackend final : public Backend {
 public:
  ZoneBackend(const ZoneRow& row, std::shared_ptr<HttpApi> api) : row_(row), api_(std::move(api)) {}

  Outcome<Before> look(const Wanted& wanted) override {
    const auto held = read(wanted);
    if (!held) return std::unexpected(held.error());
    Before before;
    for (const auto& each : *held) before.records.push_back(each.record);
    return before;
  }

  // A record that is added or removed alone takes nothing from those beside it, whoever changes them meanwhile.
  Outcome<Deed> put(const Wanted& wanted, const Before&) override {
    const auto held = read(wanted);
    if (!held) return std::unexpected(held.error());
    if (find(*held, wanted) != held->end()) return Deed::unchanged;
    // The records of one name and type share a TTL (RFC 2181 5.2).
    const auto ttl = held->empty() ? wanted.record.ttl : held->front().record.ttl;
    return finish(api_->change({.method = "POST", .path = text(row_.create_path, Encoding::url, wanted),
                                .body = text(row_.create_body, Encoding::json, wanted, {}, std::to_string(ttl))}));
  }

  Outcome<Deed> restore(const Wanted& wanted, const Before& before) override {
    const auto held = read(wanted);
    if (!held) return std::unexpected(held.error());
    const auto ours = find(*held, wanted);
    const bool was_there = std::ranges::find(before.records, wanted.record.data, &dns::Record::data) != before.records.end();
    if (ours == held->end() || was_there) return Deed::unchanged;
    return finish(api_->change({.method = "DELETE", .path = text(row_.create_path, Encoding::url, wanted) + "/" + percent_encoded(ours->id)}));
  }

 private:
  static std::vector<Held>::const_iterator find(const std::vector<Held>& held, const Wanted& wanted) {
    return std::ranges::find(held, wanted.record.data, [](const Held& each) { return each.record.data; });
  }

  Outcome<Deed> finish(Outcome<Deed> deed) {
    if (!deed || *deed != Deed::changed || row_.refresh_path.empty()) return deed;
    return api_->change({.method = "POST", .path = filled(row_.refresh_path, Encoding::url, {{"zone", zone_}})});
  }

  [[nodiscard]] std::string text(std::string_view pattern, Encoding encoding, const Wanted& wanted, std::string_view record = {}, std::string_view ttl = {},
                                 std::string_view page = {}) const {
    const auto& owner = wanted.record.owner;
    const auto depth = owner.label_count() - apex_.label_count();
    std::string label;
    for (std::size_t i = 0; i < depth; ++i) label += (i ? "." : "") + std::string(owner.label(i));
    if (depth == 0) label = row_.apex;
    const auto fqdn = base::without_final_dot(owner.text()), type = dns::to_text(wanted.record.type), data = wanted.address.text();
    return filled(pattern, encoding, {{"zone", zone_}, {"label", label}, {"fqdn", fqdn}, {"type", type}, {"data", data}, {"ttl", ttl}, {"record", record}, {"page", page}});
  }

  /// The zone that holds the name: the setting's, or the longest the account has.
  Outcome<void> find_zone(const dns::Name& name) {
    if (!zone_.empty()) return {};
    const auto named = api_->setting("zone");
    auto given = dns::Name::parse(named.empty() ? name.text() : named);
    if (!given || !name.is_within(*given)) return api_->says(Trouble::not_found, "the setting zone is no zone that holds the name");
    for (auto apex = *given; apex.label_count() > 1; apex = apex.parent()) {
      auto zone = zone_at(apex);
      if (!zone) return std::unexpected(zone.error());
      if (!zone->empty()) {
        zone_ = *std::move(zone);
        apex_ = apex;
        return {};
      }
      if (!named.empty()) break;
    }
    return api_->says(Trouble::not_found, fmt::format("no zone of this account holds {}", name.text()));
  }
  /// How the API calls it, or empty.
  Outcome<std::string> zone_at(const dns::Name& apex) {
    const auto name = base::without_final_dot(apex.lowered().text());
    for (int page = 1; page <= max_pages; ++page) {
      const auto number = std::to_string(page);
      const auto reply = api_->ask({.path = filled(row_.zone_path, Encoding::url, {{"zone", name}, {"page", number}}), .may_be_absent = true});
      if (!reply) return std::unexpected(reply.error());
      if (row_.zones.empty()) return reply->status == 404 ? "" : name;
      const auto body = parse_reply(reply->body);
      const auto zones = at(body, row_.zones);
      for (const auto* zone : zones)
        if (base::equals_ignoring_case(text_at(*zone, row_.zone_name), name)) return text_at(*zone, row_.zone_id);
      if (zones.size() < row_.page_size) break;
    }
    return "";
  }

  Outcome<std::vector<Held>> read(const Wanted& wanted) {
    if (wanted.part != Part::forward) return api_->says(Trouble::unsupported, "this is about address records only");
    if (const auto zone = find_zone(wanted.record.owner); !zone) return std::unexpected(zone.error());
    std::vector<Held> held;
    for (int page = 1; page <= max_pages; ++page) {
      const auto reply = api_->ask({.path = text(row_.records_path, Encoding::url, wanted, {}, {}, std::to_string(page)), .max_body = max_reply});
      if (!reply) return std::unexpected(reply.error());
      const auto body = parse_reply(reply->body);
      const auto lists = at(body, row_.records);
      const std::size_t count = lists.empty() || !lists.front()->is_array() ? 0 : lists.front()->size();
      if (row_.record_path.empty() ? false : count > max_single) return api_->says(Trouble::unsupported, "too many records at that name");
      for (std::size_t i = 0; i < count; ++i)
        if (const auto taken = take((*lists.front())[i], wanted, held); !taken) return std::unexpected(taken.error());
      if (row_.page_size == 0 || count < row_.page_size) return held;
      if (row_.records_path.find("{page}") == row_.records_path.npos) break;
    }
    return api_->says(Trouble::unsupported, "that zone has more records than are read here; add the record by hand");
  }

  Outcome<void> take(const json& listed, const Wanted& wanted, std::vector<Held>& held) {
    json single;
    const auto* record = &listed;
    if (!row_.record_path.empty()) {
      const auto reply = api_->ask({.path = text(row_.record_path, Encoding::url, wanted, text_at(listed, "")), .may_be_absent = true});
      if (!reply) return std::unexpected(reply.error());
      single = parse_reply(reply->body);
      record = &single;
    }
    const auto name = text_at(*record, row_.name);
    const auto label = name == "@" ? std::string() : name;
    const auto owner = dns::Name::parse(label.empty() ? apex_.text() : label + "." + apex_.text());
    if (!owner || *owner != wanted.record.owner) return {};
    const auto type = text_at(*record, row_.type), data = text_at(*record, row_.data);
    if (type == "CNAME") return api_->says(Trouble::foreign, fmt::format("at {} stands a CNAME, to", wanted.record.owner.text()), data);
    if (type != dns::to_text(wanted.record.type)) return {};
    const auto address = net::Address::parse(data);
    if (!address) return api_->says(Trouble::foreign, "it holds an address record that cannot be read", data);
    const auto ttls = at(*record, row_.ttl);
    const auto ttl = !ttls.empty() && ttls.front()->is_number_unsigned() ? ttls.front()->get<std::uint32_t>() : wanted.record.ttl;
    held.push_back({{.owner = wanted.record.owner, .type = wanted.record.type, .ttl = ttl, .data = *address}, text_at(*record, row_.id)});
    return {};
  }

  const ZoneRow& row_;
  std::shared_ptr<HttpApi> api_;
  std::string zone_;
  dns::Name apex_;
};

}  // namespace

const ZoneRow* zone_row(std::string_view provider) {
  const auto* found = std::ranges::find(rows, provider, &ZoneRow::provider);
  return found == rows.end() ? nullptr : &*found;
}

std::unique_ptr<Backend> make_zone(const ZoneRow& row, std::shared_ptr<HttpApi> api) { return std::make_unique<ZoneBackend>(row, std::move(api)); }

}  // namespace fcrdns::apply
