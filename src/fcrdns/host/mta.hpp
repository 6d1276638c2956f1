// What a mail server is set to do when it sends: read from its configuration, never guessed. One form for all of them.
//
// An Mta has Clients (its SMTP client in each way it is configured: Postfix's services smtp and relay, Exim's transports,
// OpenSMTPD's actions) and Routes (which mail takes which of them, and whether a relay stands between).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fcrdns/host/files.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::host {

enum class Kind { postfix, exim, opensmtpd, sendmail, haraka, stalwart };
[[nodiscard]] std::string_view to_word(Kind kind);   ///< "postfix"
[[nodiscard]] std::string_view to_text(Kind kind);   ///< "Postfix"

/// Where a setting stands.
struct Origin {
  std::string file;      ///< as the machine sees it
  std::size_t line = 0;  ///< from 1; 0: not known
  std::string text;      ///< the setting as written, escaped: "smtp_bind_address = 203.0.113.9", "-o inet_protocols=ipv4"
  friend bool operator==(const Origin&, const Origin&) = default;
};
/// A value in force, and where it comes from.
template <typename T>
struct Set {
  T value{};
  std::optional<Origin> origin{};  ///< empty: the mail server's default
  friend bool operator==(const Set&, const Set&) = default;
};

enum class Families { both, v4, v6 };
/// Which address of a destination is tried first.
enum class Order {
  random,       ///< by chance, anew for each mail
  v4_first, v6_first,
  as_resolved,  ///< as the system's resolver lists them
};
/// What makes it try the other family for the same mail, at once.
enum class Follows {
  refusal,        ///< a 4xx at any step, or no connection
  banner,         ///< a 4xx in place of the greeting, or no connection
  no_connection,
  never,
};
[[nodiscard]] std::string_view to_word(Follows follows);  ///< "refusal"
/// What happens when the bind address is not on this machine.
enum class IfAbsent {
  leaves_unbound,
  fails,  ///< over that family; the other one is tried
  stops,  ///< where that family comes first, the other one is not tried either
};

struct Relay {
  std::string host;          ///< name or address literal, as written, escaped
  std::uint16_t port = 25;
  bool look_up_mx = false;   ///< its MX counts (Postfix without brackets)
  friend bool operator==(const Relay&, const Relay&) = default;
};

struct Client {
  std::string name;          ///< "smtp/unix", "remote_smtp", "outbound": as the configuration calls it
  Set<Families> families;
  Set<Order> order;
  Follows follows = Follows::refusal;
  std::vector<Set<net::Address>> bind;  ///< candidates in order; the first of the destination's family counts, unless `bind_by_turns`
  bool bind_by_turns = false;           ///< any of them may be used
  IfAbsent if_absent = IfAbsent::leaves_unbound;
  Set<std::string> helo;                ///< as it goes over the wire, escaped; empty: it is computed per mail
  std::string helo_rule;                ///< the expression behind it where it is computed, escaped
  friend bool operator==(const Client&, const Client&) = default;
};

struct Route {
  enum class Of { all, recipient, sender };
  Of of = Of::all;            ///< `all`: whatever no other route takes
  std::string pattern;        ///< "example.net", ".example.net", "@example.org", "user@example.org": of recipient or sender; escaped
  std::string client;         ///< name of a Client; empty: the mail does not leave (local delivery, discard)
  std::optional<Relay> relay; ///< empty: the MX of the recipient's domain
  std::optional<Origin> origin;
  friend bool operator==(const Route&, const Route&) = default;
};

struct Mta {
  Kind kind = Kind::postfix;
  std::string version;        ///< "3.7.11"; empty: not told by any file
  std::string instance;       ///< of several on one machine (postmulti); empty: the only, or the first
  std::string config;         ///< folder or file, as the machine sees it
  std::string hostname;       ///< its own idea of its name (myhostname, primary_hostname, $j), escaped
  std::string domain;         ///< what mail of this host is from: for SPF (myorigin, qualify_domain), escaped; empty: not known
  std::vector<Client> clients;
  std::vector<Route> routes;  ///< in the order they are asked; the last one is of `all`
  std::vector<std::string> logs;      ///< where it writes what became of mails, as the machine sees it, newest first
  std::vector<std::string> problems;  ///< what is broken or could not be understood: one line each, with file and line, escaped
  std::string generated_by;   ///< who writes this configuration anew ("mailcow", "debconf"); empty: a person
  [[nodiscard]] const Client* client(std::string_view name) const;
  friend bool operator==(const Mta&, const Mta&) = default;
};

/// What a mail server takes from the machine when its configuration does not say.
struct Names {
  std::string hostname;   ///< uname -n
  std::string fqdn;       ///< what the resolver makes of it (gethostname, then getaddrinfo with AI_CANONNAME); empty: nothing
  std::string mailname;   ///< /etc/mailname; empty: none
  friend bool operator==(const Names&, const Names&) = default;
};

/// One reader for each. Empty: it is not there. `config` empty: where the packages put it, else that folder or file.
[[nodiscard]] std::vector<Mta> read_postfix(Files& files, const Names& names, std::string_view config = {});  ///< with its instances
[[nodiscard]] std::optional<Mta> read_exim(Files& files, const Names& names, std::string_view config = {});
[[nodiscard]] std::optional<Mta> read_opensmtpd(Files& files, const Names& names, std::string_view config = {});
[[nodiscard]] std::optional<Mta> read_sendmail(Files& files, const Names& names, std::string_view config = {});
[[nodiscard]] std::optional<Mta> read_haraka(Files& files, const Names& names, std::string_view config = {});
[[nodiscard]] std::optional<Mta> read_stalwart(Files& files, const Names& names, std::string_view config = {});
/// All of them. With `config` those that recognise that folder or file as theirs.
[[nodiscard]] std::vector<Mta> read_all(Files& files, const Names& names, std::string_view config = {});

/// The route that a mail takes. `sender` and `recipient_domain` lower case.
[[nodiscard]] const Route* route_for(const Mta& mta, std::string_view recipient_domain, std::string_view sender);

}  // namespace fcrdns::host
