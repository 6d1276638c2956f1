// Google Compute Engine: the PTR of an address of an instance's network interface.
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>

#include "fcrdns/apply/json_reply.hpp"
#include "fcrdns/apply/provider_clouds.hpp"
#include "fcrdns/apply/provider_keys.hpp"
#include "fcrdns/apply/provider_ptr.hpp"
#include "fcrdns/base/text.hpp"

namespace fcrdns::apply {
namespace {

using nlohmann::json;
constexpr int max_pages = 100;

/// Where on an instance the address is: its interface, and that one's access configuration.
struct Spot {
  std::string nic;
  json config;
};
std::optional<Spot> spot_of(const json& instance, const net::Address& address) {
  struct Family {
    std::string_view configs, address;
  };
  static constexpr Family families[] = {{"/accessConfigs/*", "/natIP"}, {"/ipv6AccessConfigs/*", "/externalIpv6"}};
  for (const auto* nic : at(instance, "/networkInterfaces/*"))
    for (const auto& family : families)
      for (const auto* config : at(*nic, family.configs))
        if (is_or_holds(text_at(*config, family.address), address)) return Spot{text_at(*nic, "/name"), *config};
  return std::nullopt;
}

class Gcp final : public PtrBackend {
 public:
  Gcp(std::unique_ptr<HttpApi> http, std::string project) : PtrBackend("gcp", std::move(http)), project_("/projects/" + percent_encoded(project)) {
    const auto id = api().setting("id");
    if (const auto slash = id.find('/'); slash != id.npos) set_instance(id.substr(0, slash), id.substr(slash + 1));
  }

 private:
  void set_instance(std::string_view zone, std::string_view name) {
    zone_ = project_ + "/zones/" + percent_encoded(zone);
    instance_ = zone_ + "/instances/" + percent_encoded(name);
  }

  Outcome<Present> present(const Wanted& wanted) override {
    if (const auto found = find(wanted); !found) return std::unexpected(found.error());
    const auto reply = api().ask({.path = instance_});
    if (!reply) return std::unexpected(reply.error());
    spot_ = spot_of(parse_reply(reply->body), wanted.address);
    if (!spot_) return api().says(Trouble::not_found, fmt::format("that instance has no such address {}", wanted.address.text()));
    return Present{.name = text_at(spot_->config, "/publicPtrDomainName"), .handle = {}};
  }

  Outcome<Deed> write(const Wanted&, const std::optional<dns::Name>& name, const Before&) override {
    json body{{"name", text_at(spot_->config, "/name")}, {"setPublicPtr", name.has_value()}};
    if (const auto type = text_at(spot_->config, "/type"); !type.empty()) body["type"] = type;
    if (name) body["publicPtrDomainName"] = name->text();
    const auto reply = api().ask({.method = "POST", .path = instance_ + "/updateAccessConfig?networkInterface=" + percent_encoded(spot_->nic),
                                  .changes = true, .body = body.dump()});
    if (!reply) return std::unexpected(reply.error());
    if (reply->status == 0) return Deed::would;
    operation_ = text_at(parse_reply(reply->body), "/name");
    const auto done = progress(reply->body);
    if (!done) return std::unexpected(done.error());
    return *done ? Deed::changed : Deed::accepted;
  }

  Outcome<std::optional<bool>> finished() override {
    if (operation_.empty()) return std::nullopt;
    const auto reply = api().ask({.path = zone_ + "/operations/" + percent_encoded(operation_)});
    if (!reply) return std::unexpected(reply.error());
    const auto done = progress(reply->body);
    if (!done) return std::unexpected(done.error());
    return *done;
  }

  Outcome<bool> progress(const std::string& body) {
    const auto operation = parse_reply(body);
    const bool done = text_at(operation, "/status") == "DONE";
    if (done && operation.contains("error")) return api().says(Trouble::refused, "it began and failed", error_text(body));
    return done;
  }

  Outcome<void> find(const Wanted& wanted) {
    if (!instance_.empty()) return {};
    std::string page;
    for (int count = 0; count < max_pages; ++count) {
      const auto reply = api().ask({.path = project_ + "/aggregated/instances?maxResults=500" + (page.empty() ? "" : "&pageToken=" + percent_encoded(page)),
                                    .max_body = max_reply});
      if (!reply) return std::unexpected(reply.error());
      const auto body = parse_reply(reply->body);
      for (const auto* instance : at(body, "/items/*/instances/*"))
        if (spot_of(*instance, wanted.address)) {
          const auto zone = text_at(*instance, "/zone");  // a URL
          set_instance(zone.substr(zone.rfind('/') + 1), text_at(*instance, "/name"));
          return {};
        }
      page = text_at(body, "/nextPageToken");
      if (page.empty()) break;
    }
    return api().says(Trouble::not_found, fmt::format("no instance of this project has the address {}; --set id=ZONE/INSTANCE names it", wanted.address.text()));
  }

  std::string project_, zone_, instance_;  ///< paths
  std::optional<Spot> spot_;
  std::string operation_;
};

constexpr std::string_view variables[] = {"GOOGLE_OAUTH_ACCESS_TOKEN", "GOOGLE_APPLICATION_CREDENTIALS"};

/// A token for an hour, for the key of a service account.
Outcome<Secret> token_for(const Context& context, const json& key) {
  constexpr std::string_view google = "https://oauth2.googleapis.com/token";
  auto url = text_at(key, "/token_uri");
  if (url.empty()) url = google;
  const auto now = static_cast<long long>(std::time(nullptr));
  const json header{{"alg", "RS256"}, {"typ", "JWT"}, {"kid", text_at(key, "/private_key_id")}};
  const json claims{{"iss", text_at(key, "/client_email")}, {"scope", "https://www.googleapis.com/auth/compute"}, {"aud", url}, {"iat", now}, {"exp", now + 3600}};
  const auto assertion = signed_token(text_at(key, "/private_key"), header.dump(), claims.dump());
  if (assertion.empty()) return problem(Trouble::secret, "Google Cloud: the service account's key file holds no RSA private key");
  return fetch_token(context, {.title = "Google Cloud", .url = url,
                               .form = form({{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", assertion}}),
                               .shown = "(signed by " + text_at(key, "/client_email") + ")", .secret = assertion, .named_by_user = url != google});
}

Outcome<std::unique_ptr<Backend>> make(const Context& context) {
  auto where = context;
  if (const char* file = std::getenv("GOOGLE_APPLICATION_CREDENTIALS"); where.secret_file.empty() && file && !std::getenv("GOOGLE_OAUTH_ACCESS_TOKEN"))
    where.secret_file = file;
  constexpr std::string_view names[] = {"GOOGLE_OAUTH_ACCESS_TOKEN"};
  const auto keys = Keys::find(where, names);
  if (!keys) return std::unexpected(keys.error());
  if (const auto all = keys->require(names); !all) return std::unexpected(all.error());
  Secret token{std::string((*keys)[names[0]])};
  const auto key = parse_reply(token.reveal());  // a file of a service account is JSON
  if (key.is_object()) {
    auto fetched = token_for(context, key);
    if (!fetched) return std::unexpected(fetched.error());
    token = *std::move(fetched);
  }
  auto api = std::make_unique<HttpApi>(context, "Google Cloud", "https://compute.googleapis.com/compute/v1");
  const auto project = api->setting("project", text_at(key, "/project_id"));
  if (project.empty()) return problem(Trouble::unsupported, "Google Cloud: name the project: --set project=ID");
  api->hide(token.reveal());
  api->sign = [header = fmt::format("Authorization: Bearer {}", token.reveal())](HttpCall& call) { call.headers.push_back(header); };
  return std::make_unique<Gcp>(std::move(api), project);
}

}  // namespace

BackendRow gcp() {
  return {.id = "gcp", .summary = "Google Compute Engine: external addresses of instances", .ptr = true,
          .settings = {{"project", "its id (default: the service account's own)"}, {"id", "ZONE/INSTANCE, when it is not to be searched for"},
                       {"url", "another base of the API"}},
          .environment = {std::begin(variables), std::end(variables)}, .make = &make};
}

}  // namespace fcrdns::apply
