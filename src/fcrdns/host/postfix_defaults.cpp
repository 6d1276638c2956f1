// What Postfix 3.7 takes where main.cf is silent: the parameters that decide how mail leaves, and those they are made of.
// postconf(5); myhostname and mydomain depend on the machine and are not here.
#include <algorithm>
#include <iterator>

#include "fcrdns/host/postfix_config.hpp"

namespace fcrdns::host::postfix {
namespace {

struct Default {
  std::string_view name, value;
};
constexpr Default defaults[] = {
    {"alternate_config_directories", ""},
    {"command_directory", "/usr/sbin"},
    {"compatibility_level", "0"},
    {"data_directory", "/var/lib/postfix"},
    {"default_database_type", "hash"},
    {"default_transport", "smtp"},
    {"disable_dns_lookups", "no"},
    {"fallback_relay", ""},
    {"fallback_transport", ""},
    {"inet_interfaces", "all"},
    {"inet_protocols", "all"},
    {"local_transport", "local:$myhostname"},
    {"mail_name", "Postfix"},
    {"mail_owner", "postfix"},
    {"maillog_file", ""},
    {"multi_instance_directories", ""},
    {"multi_instance_enable", "no"},
    {"multi_instance_group", ""},
    {"multi_instance_name", ""},
    {"multi_instance_wrapper", ""},
    {"mydestination", "$myhostname, localhost.$mydomain, localhost"},
    {"myorigin", "$myhostname"},
    {"parent_domain_matches_subdomains",
     "debug_peer_list,fast_flush_domains,mynetworks,permit_mx_backup_networks,qmqpd_authorized_clients,relay_domains,"
     "smtpd_access_maps"},
    {"proxy_interfaces", ""},
    {"queue_directory", "/var/spool/postfix"},
    {"relay_domains", "${{$compatibility_level} <level {2} ? {$mydestination} : {}}"},
    {"relay_transport", "relay"},
    {"relayhost", ""},
    {"sender_dependent_default_transport_maps", ""},
    {"sender_dependent_relayhost_maps", ""},
    {"smtp_address_preference", "any"},
    {"smtp_balance_inet_protocols", "yes"},
    {"smtp_bind_address", ""},
    {"smtp_bind_address6", ""},
    {"smtp_bind_address_enforce", "no"},
    {"smtp_dns_support_level", ""},
    {"smtp_fallback_relay", "$fallback_relay"},
    {"smtp_helo_name", "$myhostname"},
    {"smtp_host_lookup", "dns"},
    {"smtp_mx_address_limit", "5"},
    {"smtp_mx_session_limit", "2"},
    {"smtp_randomize_addresses", "yes"},
    {"smtp_skip_5xx_greeting", "yes"},
    {"syslog_facility", "mail"},
    {"syslog_name", "${multi_instance_name?{$multi_instance_name}:{postfix}}"},
    {"transport_maps", ""},
    {"virtual_alias_domains", "$virtual_alias_maps"},
    {"virtual_alias_maps", "$virtual_maps"},
    {"virtual_mailbox_domains", "$virtual_mailbox_maps"},
    {"virtual_mailbox_maps", ""},
    {"virtual_transport", "virtual"},
};

}  // namespace

std::optional<std::string_view> default_of(std::string_view name) {
  const auto* const found = std::ranges::lower_bound(defaults, name, {}, &Default::name);
  if (found == std::end(defaults) || found->name != name) return std::nullopt;
  return found->value;
}

}  // namespace fcrdns::host::postfix
