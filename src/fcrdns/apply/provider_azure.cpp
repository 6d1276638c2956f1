// Microsoft Azure: "reverseFqdn" of a public IP address (Microsoft.Network, Resource Manager). The whole resource is read,
// changed and put back, on condition that nobody changed it in between (its etag).
#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "fcrdns/apply/json_reply.hpp"
#include "fcrdns/apply/provider_clouds.hpp"
#include "fcrdns/apply/provider_keys.hpp"
#include "fcrdns/apply/provider_ptr.hpp"
#include "fcrdns/base/text.hpp"

namespace fcrdns::apply {
namespace {

using nlohmann::json;
constexpr std::string_view version = "?api-version=2023-09-01";
constexpr int max_pages = 100;
constexpr Meaning meanings[] = {{412, "", Trouble::foreign}};

class Azure final : public PtrBackend {
 public:
  /// There are no default names: what looks like one was set, so none is looked for.
  explicit Azure(std::unique_ptr<HttpApi> http, std::string subscription)
      : PtrBackend("", std::move(http)), subscription_(std::move(subscription)), id_(api().setting("id")) {}

 private:
  Outcome<Present> present(const Wanted& wanted) override {
    if (const auto found = find(wanted); !found) return std::unexpected(found.error());
    if (const auto read = refresh(); !read) return std::unexpected(read.error());
    return Present{.name = text_at(resource_, "/properties/dnsSettings/reverseFqdn"), .handle = {}};
  }
  Outcome<void> refresh() {
    const auto reply = api().ask({.path = id_ + std::string(version)});
    if (!reply) return std::unexpected(reply.error());
    resource_ = parse_reply(reply->body);
    return {};
  }

  Outcome<Deed> write(const Wanted&, const std::optional<dns::Name>& name, const Before&) override {
    auto body = resource_;
    if (!body.is_object() || !body["properties"].is_object()) return api().says(Trouble::unreachable, "its answer is no public IP address");
    auto& settings = body["properties"]["dnsSettings"];
    if (!settings.is_object()) settings = json::object();
    if (name)
      settings["reverseFqdn"] = name->text();
    else
      settings.erase("reverseFqdn");
    if (settings.empty()) body["properties"].erase("dnsSettings");
    const auto etag = text_at(resource_, "/etag");
    std::vector<std::string> headers;
    if (!etag.empty()) headers.push_back("If-Match: " + etag);
    const auto reply = api().ask({.method = "PUT", .path = id_ + std::string(version), .changes = true,
                                  .body = body.dump(-1, ' ', true, json::error_handler_t::replace), .headers = std::move(headers)});
    if (!reply) return std::unexpected(reply.error());
    if (reply->status == 0) return Deed::would;
    resource_ = parse_reply(reply->body);
    const auto done = over();
    if (!done) return std::unexpected(done.error());
    return *done ? Deed::changed : Deed::accepted;
  }

  Outcome<std::optional<bool>> finished() override {
    if (id_.empty()) return std::nullopt;
    if (const auto read = refresh(); !read) return std::unexpected(read.error());
    const auto done = over();
    if (!done) return std::unexpected(done.error());
    return *done ? std::optional<bool>() : std::optional(false);
  }
  Outcome<bool> over() {
    const auto state = text_at(resource_, "/properties/provisioningState");
    if (state == "Failed" || state == "Canceled") return api().says(Trouble::refused, "it began and failed; its state is", state);
    return state != "Updating" && state != "Accepted";
  }

  Outcome<void> find(const Wanted& wanted) {
    if (!id_.empty()) return {};
    if (subscription_.empty()) return api().says(Trouble::unsupported, "name the subscription: --set subscription=ID");
    auto next = fmt::format("/subscriptions/{}/providers/Microsoft.Network/publicIPAddresses{}", percent_encoded(subscription_), version);
    for (int count = 0; count < max_pages && !next.empty(); ++count) {
      const auto reply = api().ask({.path = next, .max_body = max_reply});
      if (!reply) return std::unexpected(reply.error());
      const auto body = parse_reply(reply->body);
      for (const auto* each : at(body, "/value/*"))
        if (is_or_holds(text_at(*each, "/properties/ipAddress"), wanted.address)) id_ = text_at(*each, "/id");
      if (id_.starts_with('/')) return {};
      next = text_at(body, "/nextLink");
      if (!next.starts_with(api().base() + "/")) break;  // the token goes nowhere else
    }
    return api().says(Trouble::not_found, fmt::format("no public IP address of this subscription is {}; --set id=/subscriptions/... names it", wanted.address.text()));
  }

  std::string subscription_, id_;
  json resource_;
};

constexpr std::string_view names[] = {"AZURE_ACCESS_TOKEN", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_SUBSCRIPTION_ID"};

/// The token itself, or one for the credentials of an application (RFC 6749 4.4).
Outcome<Secret> token_of(const Context& context, const Keys& keys) {
  if (const auto token = keys["AZURE_ACCESS_TOKEN"]; !token.empty()) return Secret{std::string(token)};
  if (const auto all = keys.require(std::span(names).subspan(1, 3)); !all) return std::unexpected(all.error());
  const auto login = context.settings.find("login");
  const bool named = login != context.settings.end();
  const auto url = fmt::format("{}/{}/oauth2/v2.0/token", named ? login->second : "https://login.microsoftonline.com", percent_encoded(keys[names[1]]));
  const auto client = keys[names[2]], secret = keys[names[3]];
  return fetch_token(context, {.title = "Azure", .url = url,
                               .form = form({{"grant_type", "client_credentials"}, {"client_id", client}, {"client_secret", secret},
                                             {"scope", "https://management.azure.com/.default"}}),
                               .shown = fmt::format("(as the application {})", client), .secret = secret, .named_by_user = named});
}

Outcome<std::unique_ptr<Backend>> make(const Context& context) {
  const auto keys = Keys::find(context, names);
  if (!keys) return std::unexpected(keys.error());
  const auto token = token_of(context, *keys);
  if (!token) return std::unexpected(token.error());
  auto api = std::make_unique<HttpApi>(context, "Azure", "https://management.azure.com", meanings);
  api->hide(token->reveal());
  api->sign = [header = fmt::format("Authorization: Bearer {}", token->reveal())](HttpCall& call) { call.headers.push_back(header); };
  // Its own variable, whatever the secret file holds.
  const char* subscription = std::getenv("AZURE_SUBSCRIPTION_ID");
  const auto otherwise = !(*keys)[names[4]].empty() ? std::string((*keys)[names[4]]) : std::string(subscription ? subscription : "");
  const auto chosen = api->setting("subscription", otherwise);
  return std::make_unique<Azure>(std::move(api), chosen);
}

}  // namespace

BackendRow azure() {
  return {.id = "azure", .summary = "Microsoft Azure: public IP addresses", .ptr = true,
          .settings = {{"subscription", "its id (default: AZURE_SUBSCRIPTION_ID)"}, {"id", "/subscriptions/.../publicIPAddresses/NAME, when it is not to be searched for"},
                       {"url", "another base of the API"}, {"login", "another base of the login service"}},
          .environment = {std::begin(names), std::end(names)}, .make = &make};
}

}  // namespace fcrdns::apply
