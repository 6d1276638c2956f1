// Who hands out addresses, and how the PTR is set there: the catalogue of data/providers/, one file per provider.
// A field that nobody confirmed is `verified == false`: it may be shown as a hint, and decides nothing.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/dns/name.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::provider {

/// A way to set the PTR, as a person takes it. What stands in the place of the user's own: see `filled` in remedy/owners_way.hpp.
struct Text {
  std::string text;                ///< a menu path, a command, or what a Terraform resource or Ansible module is called
  std::string ipv6;                ///< the same for an IPv6 address; empty: it serves both
  std::vector<std::string> block, block_ipv6;  ///< lines complete enough to paste; may be empty
  std::string also;                ///< other ways beside it, in words
  bool ipv4_only = false;          ///< it does not serve for IPv6 addresses
  bool verified = true;

  [[nodiscard]] const std::string& text_for(const net::Address& address) const { return address.is_v6() && !ipv6.empty() ? ipv6 : text; }
  [[nodiscard]] const std::vector<std::string>& block_for(const net::Address& address) const {
    return address.is_v6() && !block_ipv6.empty() ? block_ipv6 : block;
  }
};
struct Suffix {
  dns::Name name;
  bool verified = true;
};
struct Api {
  std::string method, base, path;
  std::string body;  ///< JSON text, or a form; empty when there is none
  std::string path_ipv6, body_ipv6;  ///< for an IPv6 address; empty: as above
  /// curl's arguments that show who asks, naming variables of the environment, never a secret: -H "Authorization: Bearer
  /// $HCLOUD_TOKEN". Empty: each request is signed, which curl cannot do.
  std::vector<std::string> auth;
  std::string also;  ///< other ways beside it, in words
  bool ipv4_only = false;  ///< it does not serve for IPv6 addresses
  bool verified = true;

  [[nodiscard]] bool has_form() const { return !body.empty() && body.front() != '{'; }
  [[nodiscard]] const std::string& path_for(const net::Address& address) const { return address.is_v6() && !path_ipv6.empty() ? path_ipv6 : path; }
  [[nodiscard]] const std::string& body_for(const net::Address& address) const { return address.is_v6() && !body_ipv6.empty() ? body_ipv6 : body; }
};

/// What must be so before a PTR can be set there, or comes with it.
enum class Condition {
  forward_first,     ///< the name must lead to the address before; else the request is refused
  proof_of_domain,   ///< the domain's ownership must be shown to the owner
  from_server_name,  ///< the PTR is the machine's name at the panel
  ticket_only,       ///< a person at the owner does it
  no_ipv6,           ///< not for IPv6 addresses
  asynchronous,      ///< it takes a while; the answer says "accepted"
  one_ptr_only,      ///< a second name takes the first one's place
  delete_is_default, ///< taking it away brings the owner's default name back, not an absence
  other,             ///< in words only
};
[[nodiscard]] std::string_view to_word(Condition condition);  ///< "forward_first"
[[nodiscard]] std::optional<Condition> parse_condition(std::string_view word);
/// One of them in the provider's case.
struct Needed {
  Condition kind = Condition::other;
  std::string text;  ///< "the A record must exist before"
  bool verified = true;
};

/// yes, no: documented. unknown: nobody said.
enum class Known { unknown, yes, no };

struct Provider {
  std::string id;    ///< "hetzner-cloud": stable, used by `fix --via`
  std::string name;  ///< "Hetzner Cloud"
  std::string kind;  ///< "host", "access", ... as in the catalogue

  // How it is recognised.
  // In a suffix one * stands for any octets of its label: awsdns-*.com, hsd1.*.comcast.net.
  std::vector<Suffix> ns_suffixes;     ///< of the reverse zone's name servers
  std::vector<Suffix> ptr_suffixes;    ///< of its default PTR names
  /// RE2 syntax, lower case, without final dot; groups a b c d (in another branch a2 ...): the octets. May be empty.
  std::string ptr_pattern;
  bool ptr_pattern_verified = true;
  std::vector<std::string> rdap_orgs;  ///< never verified: hints; a final * stands for any ending

  // How the PTR is set, each in the provider's own words and order.
  std::optional<Text> panel, cli, terraform, ansible, ticket;
  std::optional<Api> api;
  std::vector<Needed> conditions;
  std::string ipv6;                    ///< what is known about PTRs of IPv6 addresses
  std::string notes;

  // What follows from it for findings; only what is documented sets one of these.
  bool forward_first = false;          ///< refuses a PTR whose name does not lead back yet
  bool from_server_name = false;       ///< the PTR is the machine's label: rename the machine
  Known customer_sets_v4 = Known::unknown, customer_sets_v6 = Known::unknown;
};

/// Every provider, by id. Lives as long as the program and never changes, from any thread.
[[nodiscard]] std::span<const Provider> catalogue();
[[nodiscard]] const Provider* find(std::string_view id);
/// One file's text, at most 64 KiB of JSON; a Fault names the field. docs/providers.md is the schema.
[[nodiscard]] base::Expected<Provider> parse_provider(std::string_view json);
/// Those compiled in, by id.
[[nodiscard]] std::vector<Provider> built_in();
/// The same with DIR/providers/*.json in place of the ones of the same id, and added; without that folder, as they are.
[[nodiscard]] base::Expected<std::vector<Provider>> built_in_and(const std::filesystem::path& data_dir);
/// Makes built_in_and(data_dir) what catalogue() and all that follows look into. Once, at the program's start: a Fault
/// after anybody looked.
[[nodiscard]] base::Expected<void> load(const std::filesystem::path& data_dir);

/// How well something fits: the octets of the address in the name before the mere suffix.
enum class Fit { none, suffix, pattern, octets };
struct Match {
  const Provider* provider = nullptr;
  Fit fit = Fit::none;
  bool verified = true;
};
/// The providers whose default names look like this one: verified before unverified, then the better fit; linear time
/// in the name. A pattern whose groups hold another address's octets does not match.
[[nodiscard]] std::vector<Match> by_ptr(const dns::Name& name, const net::Address& address);
/// The providers that run this name server, longest suffix first.
[[nodiscard]] std::vector<Match> by_nameserver(const dns::Name& nameserver);
/// The providers registered under this organisation's name: never verified.
[[nodiscard]] std::vector<Match> by_organisation(std::string_view organisation);

}  // namespace fcrdns::provider
