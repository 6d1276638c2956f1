// What the providers' published APIs want, one row each.
#include "fcrdns/apply/provider_rest.hpp"

namespace fcrdns::apply {
namespace {

constexpr Finder hetzner_list(std::string_view kind, std::string_view path, std::string_view items) {
  return {.kind = kind, .path = path, .items = items, .id = "/id", .addresses = {"/ip"}, .page_size = 50};
}
constexpr Finder scaleway_zone(std::string_view zone) {
  return {.kind = zone, .path = "/instance/v1/zones/{kind}/ips?per_page=100&page={page}", .items = "/ips", .id = "/id",
          .addresses = {"/address"}, .page_size = 100};
}

}  // namespace

const std::vector<RestRow>& rest_rows() {
  static const std::vector<RestRow> rows{
      {.id = "hetzner-cloud", .title = "Hetzner Cloud", .summary = "Hetzner Cloud: primary and floating addresses", .base = "https://api.hetzner.cloud",
       .keys = {"HCLOUD_TOKEN"}, .kind_setting = "kind",
       .finders = {hetzner_list("primary_ips", "/v1/primary_ips?per_page=50&page={page}", "/primary_ips"),
                   hetzner_list("floating_ips", "/v1/floating_ips?per_page=50&page={page}", "/floating_ips")},
       .v4 = {.look = {"GET", "/v1/{kind}/{id}", ""}, .value = "/{single}/dns_ptr/?/dns_ptr",
              .set = {"POST", "/v1/{kind}/{id}/actions/change_dns_ptr", R"({"ip":"{ip}","dns_ptr":"{name}"})"},
              .reset = {"POST", "/v1/{kind}/{id}/actions/change_dns_ptr", R"({"ip":"{ip}","dns_ptr":null})"}},
       .action = "/action/id", .action_path = "/v1/actions/{id}", .action_status = "/action/status", .running = "running", .failed = "error",
       .meanings = {{423, "", Trouble::too_soon}}},  // another action is under way

      {.id = "hetzner-robot", .title = "Hetzner Robot", .summary = "Hetzner dedicated servers (Robot web service)",
       .base = "https://robot-ws.your-server.de", .sign = Sign::basic, .keys = {"ROBOT_USER", "ROBOT_PASSWORD"},
       .v4 = {.look = {"GET", "/rdns/{ip}", ""}, .value = "/rdns/ptr", .set = {"POST", "/rdns/{ip}", "ptr={name}"},
              .reset = {"DELETE", "/rdns/{ip}", ""}, .absent_word = "RDNS_NOT_FOUND", .may_be_absent = true},
       .meanings = {{403, "RATE_LIMIT_EXCEEDED", Trouble::too_soon}}},

      {.id = "digitalocean", .title = "DigitalOcean", .summary = "DigitalOcean: the PTR is the Droplet's name; DNS of its domains",
       .base = "https://api.digitalocean.com", .keys = {"DIGITALOCEAN_TOKEN"},
       .finders = {{.path = "/v2/droplets?per_page=200&page={page}", .items = "/droplets", .id = "/id",
                    .addresses = {"/networks/v4/*/ip_address", "/networks/v6/*/ip_address"}, .page_size = 200}},
       .v4 = {.look = {"GET", "/v2/droplets/{id}", ""}, .value = "/droplet/name",
              .set = {"POST", "/v2/droplets/{id}/actions", R"({"type":"rename","name":"{name}"})"},
              .reset = {"POST", "/v2/droplets/{id}/actions", R"({"type":"rename","name":"{old}"})"}},
       .renames = true, .action = "/action/id", .action_path = "/v2/actions/{id}", .action_status = "/action/status", .running = "in-progress",
       .failed = "errored", .meanings = {{422, "pending event", Trouble::too_soon}}},

      {.id = "linode", .title = "Linode", .summary = "Linode (Akamai): addresses, DNS of its domains", .base = "https://api.linode.com",
       .keys = {"LINODE_TOKEN"},
       .v4 = {.look = {"GET", "/v4/networking/ips/{ip}", ""}, .value = "/rdns", .set = {"PUT", "/v4/networking/ips/{ip}", R"({"rdns":"{name}"})"},
              .reset = {"PUT", "/v4/networking/ips/{ip}", R"({"rdns":null})"}},
       .meanings = {{400, "a lookup for", Trouble::too_soon}}},

      {.id = "vultr", .title = "Vultr", .summary = "Vultr: instances and reserved addresses, DNS of its domains", .base = "https://api.vultr.com",
       .keys = {"VULTR_API_KEY"},
       .finders = {{.path = "/v2/instances?per_page=500", .items = "/instances", .id = "/id", .addresses = {"/main_ip", "/v6_main_ip"}},
                   {.path = "/v2/reserved-ips?per_page=500", .items = "/reserved_ips", .id = "/instance_id", .addresses = {"/subnet"}}},
       .v4 = {.look = {"GET", "/v2/instances/{id}/ipv4?per_page=500", ""}, .value = "/ipv4s/?/reverse",
              .set = {"POST", "/v2/instances/{id}/ipv4/reverse", R"({"ip":"{ip}","reverse":"{name}"})"},
              .reset = {"POST", "/v2/instances/{id}/ipv4/reverse/default", R"({"ip":"{ip}"})"}},
       .v6 = {.look = {"GET", "/v2/instances/{id}/ipv6/reverse", ""}, .value = "/reverse_ipv6s/?/reverse",
              .set = {"POST", "/v2/instances/{id}/ipv6/reverse", R"({"ip":"{ip}","reverse":"{name}"})"},
              .reset = {"DELETE", "/v2/instances/{id}/ipv6/reverse/{ip}", ""}}},

      {.id = "ovh", .title = "OVHcloud", .summary = "OVHcloud: addresses, DNS of its zones", .base = "https://eu.api.ovh.com/1.0", .sign = Sign::ovh,
       .keys = {"OVH_APPLICATION_KEY", "OVH_APPLICATION_SECRET", "OVH_CONSUMER_KEY"},
       .finders = {{.path = "/ip?ip={ip}", .items = "", .id = "", .addresses = {""}}},
       .v4 = {.look = {"GET", "/ip/{id}/reverse/{ip}", ""}, .value = "/reverse",
              .set = {"POST", "/ip/{id}/reverse", R"({"ipReverse":"{ip}","reverse":"{name}"})"},
              .reset = {"DELETE", "/ip/{id}/reverse/{ip}", ""}, .may_be_absent = true},
       .final_dot = true, .meanings = {{400, "does not resolve", Trouble::too_soon}, {400, "cannot check if", Trouble::too_soon}}},

      {.id = "scaleway-instances", .title = "Scaleway", .summary = "Scaleway Instances: flexible IPv4 addresses", .base = "https://api.scaleway.com",
       .sign = Sign::x_auth_token, .keys = {"SCW_SECRET_KEY"}, .kind_setting = "zone",
       .finders = {scaleway_zone("fr-par-1"), scaleway_zone("fr-par-2"), scaleway_zone("fr-par-3"), scaleway_zone("nl-ams-1"), scaleway_zone("nl-ams-2"),
                   scaleway_zone("nl-ams-3"), scaleway_zone("pl-waw-1"), scaleway_zone("pl-waw-2"), scaleway_zone("pl-waw-3")},
       .v4 = {.look = {"GET", "/instance/v1/zones/{kind}/ips/{id}", ""}, .value = "/ip/reverse",
              .set = {"PATCH", "/instance/v1/zones/{kind}/ips/{id}", R"({"reverse":"{name}"})"},
              .reset = {"PATCH", "/instance/v1/zones/{kind}/ips/{id}", R"({"reverse":null})"}},
       .has_v6 = false, .meanings = {{400, "must resolve", Trouble::too_soon}}},

      {.id = "upcloud", .title = "UpCloud", .summary = "UpCloud: addresses", .base = "https://api.upcloud.com", .sign = Sign::basic,
       .keys = {"UPCLOUD_USERNAME", "UPCLOUD_PASSWORD"},
       .v4 = {.look = {"GET", "/1.3/ip_address/{ip}", ""}, .value = "/ip_address/ptr_record",
              .set = {"PUT", "/1.3/ip_address/{ip}", R"({"ip_address":{"ptr_record":"{name}"}})"}}},
  };
  return rows;
}

}  // namespace fcrdns::apply
