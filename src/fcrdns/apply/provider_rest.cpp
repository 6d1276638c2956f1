#include "fcrdns/apply/provider_rest.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "fcrdns/apply/json_reply.hpp"
#include "fcrdns/apply/provider_ptr.hpp"
#include "fcrdns/apply/provider_zone.hpp"
#include "fcrdns/base/text.hpp"

namespace fcrdns::apply {
namespace {

constexpr int max_pages = 200;

std::string encoded(std::string_view value, Encoding encoding) {
  if (encoding == Encoding::url) return percent_encoded(value);
  auto quoted = nlohmann::json(value).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

class RestBackend final : public PtrBackend {
 public:
  RestBackend(const RestRow& row, std::shared_ptr<HttpApi> http)
      : PtrBackend(std::string(row.id), std::move(http)), row_(row), id_(api().setting("id")),
        kind_(api().setting(std::string(row.kind_setting), row.finders.empty() ? "" : std::string(row.finders.front().kind))) {}

 private:
  Outcome<Present> present(const Wanted& wanted) override {
    if (wanted.address.is_v6() && !row_.has_v6) return api().says(Trouble::unsupported, "its API sets the PTR of IPv4 addresses only");
    if (const auto found = find(wanted); !found) return std::unexpected(found.error());
    const auto& way = way_for(wanted);
    const auto reply = api().ask({.method = std::string(way.look.method), .path = text(way.look.path, Encoding::url, wanted),
                                  .may_be_absent = way.may_be_absent, .absent_word = way.absent_word});
    if (!reply) return std::unexpected(reply.error());
    if (reply->status == 404) return Present{};
    const auto name = text_at(parse_reply(reply->body), filled(way.value, Encoding::url, {{"single", single()}}), wanted.address);
    if (!row_.renames) return Present{.name = name, .handle = {}};
    // A machine's name of one label makes no PTR.
    return Present{.name = name.find('.') == name.npos ? "" : name, .handle = base::escape(name, 255)};
  }

  Outcome<Deed> write(const Wanted& wanted, const std::optional<dns::Name>& name, const Before& before) override {
    if (row_.renames && api().setting("rename") != "yes")
      return api().says(Trouble::unsupported, "the PTR is the machine's own name there; --set rename=yes renames the machine");
    const auto& way = way_for(wanted);
    const auto& call = name ? way.set : way.reset;
    auto label = name ? name->text() : std::string();
    if (!row_.final_dot) label = base::without_final_dot(label);
    const auto encoding = call.body.starts_with('{') ? Encoding::json : Encoding::url;
    HttpCall out{.method = std::string(call.method), .path = text(call.path, Encoding::url, wanted, label, before.handle), .changes = true,
                 .body = text(call.body, encoding, wanted, label, before.handle)};
    if (encoding == Encoding::url && !out.body.empty()) out.content_type = "application/x-www-form-urlencoded";
    const auto reply = api().ask(std::move(out));
    if (!reply) return std::unexpected(reply.error());
    if (reply->status == 0) return Deed::would;
    if (row_.action.empty()) return Deed::changed;
    action_ = text_at(parse_reply(reply->body), row_.action);
    const auto done = progress(reply->body);
    if (!done) return std::unexpected(done.error());
    return *done ? Deed::changed : Deed::accepted;
  }

  Outcome<std::optional<bool>> finished() override {
    if (action_.empty()) return std::nullopt;
    const auto reply = api().ask({.path = filled(row_.action_path, Encoding::url, {{"id", action_}})});
    if (!reply) return std::unexpected(reply.error());
    const auto done = progress(reply->body);
    if (!done) return std::unexpected(done.error());
    return *done;
  }

  [[nodiscard]] bool has_reset() const override { return !row_.v4.reset.method.empty(); }

  [[nodiscard]] Outcome<bool> progress(const std::string& body) {
    const auto status = text_at(parse_reply(body), row_.action_status);
    if (status == row_.failed) return api().says(Trouble::refused, "it began and failed", error_text(body));
    return status != row_.running;
  }

  [[nodiscard]] const RestWay& way_for(const Wanted& wanted) const {
    return wanted.address.is_v6() && !row_.v6.look.path.empty() ? row_.v6 : row_.v4;
  }
  [[nodiscard]] std::string single() const { return kind_.empty() ? "" : kind_.substr(0, kind_.size() - 1); }

  [[nodiscard]] std::string text(std::string_view pattern, Encoding encoding, const Wanted& wanted, std::string_view name = {},
                                 std::string_view old = {}) const {
    const auto address = wanted.address.text();
    return filled(pattern, encoding, {{"id", id_}, {"kind", kind_}, {"ip", address}, {"name", name}, {"old", old}});
  }

  /// Sets id_ and kind_.
  Outcome<void> find(const Wanted& wanted) {
    if (!id_.empty() || row_.finders.empty()) return {};
    const bool one_kind = api().context().settings.contains(std::string(row_.kind_setting));
    for (const auto& finder : row_.finders) {
      if (one_kind && finder.kind != kind_) continue;
      const auto found = look_through(finder, wanted);
      if (!found) return std::unexpected(found.error());
      if (found->empty()) continue;
      id_ = *found;
      kind_ = finder.kind;
      return {};
    }
    return api().says(Trouble::not_found, fmt::format("nothing at this account has the address {}; --set id=ID names it", wanted.address.text()));
  }

  /// Its id, or empty.
  Outcome<std::string> look_through(const Finder& finder, const Wanted& wanted) {
    const auto address = wanted.address.text();
    for (int page = 1; page <= max_pages; ++page) {
      const auto number = std::to_string(page);
      const auto reply = api().ask({.path = filled(finder.path, Encoding::url, {{"page", number}, {"ip", address}, {"kind", finder.kind}})});
      if (!reply) return std::unexpected(reply.error());
      const auto body = parse_reply(reply->body);
      std::size_t count = 0;
      for (const auto* list : at(body, finder.items))
        for (const auto& item : *list) {
          ++count;
          for (const auto path : finder.addresses)
            for (const auto* value : at(item, path))
              if (const auto* held = value->get_ptr<const std::string*>(); held && is_or_holds(*held, wanted.address))
                if (auto id = text_at(item, finder.id); !id.empty()) return id;
        }
      if (finder.page_size == 0 || count < finder.page_size) break;
    }
    return "";
  }

  const RestRow& row_;
  std::string id_, kind_;
  std::string action_;  ///< id of what was accepted
};

/// A provider of addresses and of DNS.
class BothParts final : public Backend {
 public:
  BothParts(std::unique_ptr<Backend> forward, std::unique_ptr<Backend> ptr) : forward_(std::move(forward)), ptr_(std::move(ptr)) {}
  Outcome<Before> look(const Wanted& wanted) override { return part(wanted).look(wanted); }
  Outcome<Deed> put(const Wanted& wanted, const Before& before) override { return part(wanted).put(wanted, before); }
  Outcome<bool> settled(const Wanted& wanted) override { return part(wanted).settled(wanted); }
  Outcome<Deed> restore(const Wanted& wanted, const Before& before) override { return part(wanted).restore(wanted, before); }

 private:
  [[nodiscard]] Backend& part(const Wanted& wanted) { return wanted.part == Part::forward ? *forward_ : *ptr_; }
  std::unique_ptr<Backend> forward_, ptr_;
};

}  // namespace

std::string filled(std::string_view text, Encoding encoding, std::initializer_list<std::pair<std::string_view, std::string_view>> words) {
  std::string out;
  while (!text.empty()) {
    bool found = false;
    for (const auto& [word, value] : words)
      if (text.size() > word.size() + 1 && text[0] == '{' && text[word.size() + 1] == '}' && text.substr(1, word.size()) == word) {
        out += encoded(value, encoding);
        text.remove_prefix(word.size() + 2);
        found = true;
        break;
      }
    if (found) continue;
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

Outcome<std::unique_ptr<Backend>> make_rest(const RestRow& row, const Context& context) {
  std::string base(row.base);
  if (row.sign == Sign::ovh) {
    const auto found = context.settings.find("endpoint");
    const auto endpoint = found == context.settings.end() ? "eu" : found->second;
    if (endpoint == "ca") base = "https://ca.api.ovh.com/1.0";
    else if (endpoint == "us") base = "https://api.us.ovhcloud.com/1.0";
    else if (endpoint != "eu") return problem(Trouble::unsupported, "OVHcloud: endpoint is eu, ca or us");
  }
  const auto api = std::make_shared<HttpApi>(context, std::string(row.title), std::move(base), row.meanings);
  if (const auto signs = sign_with(*api, row.sign, row.keys); !signs) return std::unexpected(signs.error());
  auto ptr = std::make_unique<RestBackend>(row, api);
  const auto* zones = zone_row(row.id);
  if (!zones) return ptr;
  return std::make_unique<BothParts>(make_zone(*zones, api), std::move(ptr));
}

}  // namespace fcrdns::apply
