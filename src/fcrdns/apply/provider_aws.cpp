// Amazon EC2: the PTR of an Elastic IP (Query API of 2016-11-15, answers in XML).
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>

#include "fcrdns/apply/json_reply.hpp"
#include "fcrdns/apply/provider_clouds.hpp"
#include "fcrdns/apply/provider_keys.hpp"
#include "fcrdns/apply/provider_ptr.hpp"
#include "fcrdns/base/text.hpp"

namespace fcrdns::apply {
namespace {

constexpr Meaning meanings[] = {{400, "InvalidAddress.NotFound", Trouble::not_found},
                                {400, "InvalidAllocationID.NotFound", Trouble::not_found},
                                {400, "RequestLimitExceeded", Trouble::too_soon},
                                {503, "RequestLimitExceeded", Trouble::too_soon}};
constexpr std::string_view form_type = "application/x-www-form-urlencoded; charset=utf-8";

class Ec2 final : public PtrBackend {
 public:
  explicit Ec2(std::unique_ptr<HttpApi> http) : PtrBackend("aws-ec2", std::move(http)), id_(api().setting("id")) {}

 private:
  Outcome<Present> present(const Wanted& wanted) override {
    if (wanted.address.is_v6()) return api().says(Trouble::unsupported, "its API sets the PTR of Elastic IP addresses only, which are IPv4");
    if (const auto found = find(wanted); !found) return std::unexpected(found.error());
    const auto reply = state();
    if (!reply) return std::unexpected(reply.error());
    // What is under way counts as there: it is not asked for twice.
    const auto update = xml_element(*reply, "ptrRecordUpdate").value_or("");
    if (xml_element(update, "status") == "PENDING") return Present{.name = xml_element(update, "value").value_or(""), .handle = {}};
    return Present{.name = xml_element(*reply, "ptrRecord").value_or(""), .handle = {}};
  }

  Outcome<Deed> write(const Wanted&, const std::optional<dns::Name>& name, const Before&) override {
    const auto body = name ? form({{"Action", "ModifyAddressAttribute"}, {"AllocationId", id_}, {"DomainName", base::without_final_dot(name->text())}, {"Version", "2016-11-15"}})
                           : form({{"Action", "ResetAddressAttribute"}, {"AllocationId", id_}, {"Attribute", "domain-name"}, {"Version", "2016-11-15"}});
    const auto reply = api().ask({.method = "POST", .path = "/", .changes = true, .content_type = std::string(form_type), .body = body});
    if (!reply) return std::unexpected(reply.error());
    if (reply->status == 0) return Deed::would;
    const auto done = over(reply->body);
    if (!done) return std::unexpected(done.error());
    return *done ? Deed::changed : Deed::accepted;
  }

  Outcome<std::optional<bool>> finished() override {
    if (id_.empty()) return std::nullopt;
    const auto reply = state();
    if (!reply) return std::unexpected(reply.error());
    const auto done = over(*reply);
    if (!done) return std::unexpected(done.error());
    // Over, and it did not fail: what stands there says the rest.
    return *done ? std::optional<bool>() : std::optional(false);
  }

  Outcome<bool> over(const std::string& xml) {
    const auto update = xml_element(xml, "ptrRecordUpdate").value_or("");
    const auto status = xml_element(update, "status").value_or("");
    if (status == "FAILED") return api().says(Trouble::refused, "it began and failed", xml_element(update, "reason").value_or("no reason given"));
    return status != "PENDING";
  }

  Outcome<std::string> ask_xml(std::string body) {
    auto reply = api().ask({.method = "POST", .path = "/", .content_type = std::string(form_type), .body = std::move(body)});
    if (!reply) return std::unexpected(reply.error());
    return std::move(reply->body);
  }
  Outcome<std::string> state() {
    return ask_xml(form({{"Action", "DescribeAddressesAttribute"}, {"AllocationId.1", id_}, {"Attribute", "domain-name"}, {"Version", "2016-11-15"}}));
  }
  Outcome<void> find(const Wanted& wanted) {
    if (!id_.empty()) return {};
    const auto reply = ask_xml(form({{"Action", "DescribeAddresses"}, {"PublicIp.1", wanted.address.text()}, {"Version", "2016-11-15"}}));
    if (!reply) return std::unexpected(reply.error());
    id_ = xml_element(*reply, "allocationId").value_or("");
    if (id_.empty()) return api().says(Trouble::not_found, fmt::format("{} is no Elastic IP of this account in this region", wanted.address.text()));
    return {};
  }

  std::string id_;  ///< eipalloc-...
};

std::string timestamp() {
  const auto now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

void sign_call(HttpCall& call, const Keys& keys, const std::string& region) {
  const auto begin = call.path.find("://") + 3, slash = std::min(call.path.find('/', begin), call.path.size());
  const AwsScope scope{.date = timestamp(), .region = region, .service = "ec2"};
  AwsRequest request{.method = call.method, .path = call.path.substr(slash), .query = {}, .body = call.body,
                     .headers = {{"content-type", call.content_type}, {"host", call.path.substr(begin, slash - begin)}, {"x-amz-date", scope.date}}};
  call.headers.push_back("X-Amz-Date: " + scope.date);
  if (const auto token = keys["AWS_SESSION_TOKEN"]; !token.empty()) {
    request.headers.emplace_back("x-amz-security-token", token);
    call.headers.push_back(fmt::format("X-Amz-Security-Token: {}", token));
  }
  call.headers.push_back("Authorization: " + aws_authorization(keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"], scope, request));
}

std::string region_of(const Context& context) {
  if (const auto found = context.settings.find("region"); found != context.settings.end()) return found->second;
  for (const auto* name : {"AWS_REGION", "AWS_DEFAULT_REGION"})
    if (const char* value = std::getenv(name); value && *value) return value;
  return "";
}

Outcome<std::unique_ptr<Backend>> make(const Context& context) {
  constexpr std::string_view names[] = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"};
  const auto region = region_of(context);
  if (region.empty() || region.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != region.npos)
    return problem(Trouble::unsupported, "Amazon EC2: name the region of the Elastic IP: --set region=eu-central-1");
  auto found = Keys::find(context, names);
  if (!found) return std::unexpected(found.error());
  const auto keys = std::make_shared<Keys>(std::move(*found));
  if (const auto all = keys->require(std::span(names).first(2)); !all) return std::unexpected(all.error());
  auto api = std::make_unique<HttpApi>(context, "Amazon EC2", fmt::format("https://ec2.{}.amazonaws.com", region), meanings);
  keys->hide_from(*api);
  api->sign = [keys, region](HttpCall& call) { sign_call(call, *keys, region); };
  return std::make_unique<Ec2>(std::move(api));
}

}  // namespace

BackendRow aws_ec2() {
  return {.id = "aws-ec2", .summary = "Amazon EC2: Elastic IP addresses", .ptr = true,
          .settings = {{"region", "of the Elastic IP (default: AWS_REGION)"}, {"id", "its allocation id, when it is not to be searched for"},
                       {"url", "another base of the API"}},
          .environment = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}, .make = &make};
}

}  // namespace fcrdns::apply
