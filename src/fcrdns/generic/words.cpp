// A word alone proves little: cable.example.com is a company, dhcp.example.com a server. So a word counts in a label of
// its own only to the right of the leftmost label, elsewhere only with a number; and a name whose leftmost label says
// what the host does (mail, mx, ns ...) was chosen by a person.
#include "fcrdns/generic/words.hpp"

#include <algorithm>

namespace fcrdns::generic {
namespace {

using provider::PlainName;
using List = std::span<const std::string_view>;

/// What an access line is called. Sorted, as all lists here.
constexpr std::string_view strong[] = {
    "broadband", "cable",  "cablemodem", "catv",  "cpe",   "dhcp", "dial",  "dialin",      "dialup", "dip",
    "docsis",    "dyn",    "dynamic",    "dynip", "fttb",  "ftth", "fttx",  "gprs",        "hfc",    "isdn",
    "lte",       "modem",  "pool",       "pools", "ppp",   "pppoe", "residential", "slip", "umts",   "wimax"};
/// Words that are often something else too: the number beside them has to be long, or the address's last octet.
constexpr std::string_view weak[] = {"bb",     "client", "clients", "cust",   "customer", "customers",  "fiber", "fibre", "home",
                                     "host",   "ip",     "ipaddr",  "mobile", "res",      "rev",        "static", "sub",
                                     "subscriber", "user", "users", "wifi",   "wlan"};
/// Of the weak ones, those that name a network's customers in a label of their own.
constexpr std::string_view customers[] = {"bb",   "client", "clients", "cust",       "customer",
                                          "customers", "res", "subscriber", "user", "users"};
/// Dial-in servers, named by port: pm4-26, ts01-009.
constexpr std::string_view terminals[] = {"pm", "ras", "ts"};
/// No server is called by these alone.
constexpr std::string_view lonely[] = {"adsl", "dialin", "dialup", "dynamic", "pppoe", "unassigned", "vdsl"};
/// What a rented machine is called before its number.
constexpr std::string_view machines[] = {
    "cloud", "container", "ct",   "cvm",  "dedi", "dedicated", "droplet", "ds",  "ecs",    "guest", "host", "hwsrv", "instance",
    "kvm",   "linode",    "lxc",  "node", "sd",        "server",  "srv", "svr",    "vds",   "vm",   "vmd",   "vmi",
    "vps",   "vserver",   "vsrv"};
/// What a host does: no serial number follows.
constexpr std::string_view roles[] = {"bounce", "dns",  "edge",  "exchange", "firewall", "fw",     "gateway", "gw",    "imap", "lists",
                                      "mout",   "mta",  "mx",    "news",     "ns",       "out",    "outbound", "pop",  "post", "proxy",
                                      "relay",  "sender", "vpn", "web",      "webmail",  "www"};
static_assert(std::ranges::is_sorted(strong) && std::ranges::is_sorted(weak) && std::ranges::is_sorted(customers) &&
              std::ranges::is_sorted(terminals) && std::ranges::is_sorted(lonely) && std::ranges::is_sorted(machines) &&
              std::ranges::is_sorted(roles));

bool is_one_of(List words, std::string_view word) { return std::ranges::binary_search(words, word); }
bool is_strong(std::string_view word) { return word.ends_with("dsl") || is_one_of(strong, word); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

bool is_role(std::string_view word) {
  return word.find("mail") != std::string_view::npos || word.find("smtp") != std::string_view::npos || is_one_of(roles, word);
}

/// 2019, 202401, 20240131: a date says when, not which.
bool is_date(std::string_view digits) {
  if (!digits.starts_with("19") && !digits.starts_with("20")) return false;
  if (digits.size() == 4) return true;
  if (digits.size() != 6 && digits.size() != 8) return false;
  const auto month = digits.substr(4, 2);
  return month >= "01" && month <= "12";
}

/// What one label is made of.
struct Label {
  std::span<const Token> tokens;
  std::size_t digits = 0, numbers = 0;
  bool has_role = false, has_date = false;
};
Label look_at(const Tokens& tokens, std::size_t label) {
  Label out{tokens.of_label(label)};
  for (const auto& token : out.tokens) {
    if (token.is_number) {
      out.digits += token.size;
      ++out.numbers;
      out.has_date = out.has_date || is_date(tokens.text(token));
    } else {
      // ns1 is a name server, ns3012345 a machine.
      const auto* next = &token + 1 < out.tokens.data() + out.tokens.size() ? &token + 1 : nullptr;
      const bool numbered = next != nullptr && next->is_number && next->size >= 5 && tokens.text(token) == "ns";
      out.has_role = out.has_role || (!numbered && is_role(tokens.text(token)));
    }
  }
  return out;
}

/// vm, vps ... and what follows in digits or hexadecimal to the label's end; h, c17 ... are too common to take short ones.
bool is_machine(std::string_view label) {
  const auto prefix = static_cast<std::size_t>(std::ranges::find_if(label, [](char c) { return c < 'a' || c > 'z'; }) - label.begin());
  auto word = label.substr(0, prefix), id = label.substr(prefix);
  if (id.starts_with('-') || id.starts_with('_')) id.remove_prefix(1);
  if (!is_one_of(machines, word) || id.size() < 4 || !std::ranges::all_of(id, is_hex)) return false;
  const auto digits = static_cast<std::size_t>(std::ranges::count_if(id, is_digit));
  if (digits == id.size()) return !is_date(id);
  return digits >= 2 || (digits == 1 && id.size() >= 6);
}

/// A long run of digits, one behind one to three letters, or of hexadecimal digits (a MAC address, i-0a1b2c3d4e5f).
bool is_serial(const Tokens& tokens, const Label& label, std::string_view text) {
  for (std::size_t i = 0; i < label.tokens.size(); ++i) {
    const auto& token = label.tokens[i];
    if (!token.is_number || is_date(tokens.text(token))) continue;
    if (token.size >= 6 || (token.size == 5 && i == 1 && label.tokens[0].size <= 3)) return true;
  }
  std::size_t run = 0, digits = 0;
  for (const char c : text) {
    run = is_hex(c) ? run + 1 : 0;
    digits = run == 0 ? 0 : digits + static_cast<std::size_t>(is_digit(c));
    if (run >= 8 && digits >= 3 && digits < run && !label.has_date) return true;
  }
  return false;
}

/// A number of two or three digits in the label that is the address's last octet.
bool has_last_octet(const Label& label, const net::Address& address) {
  if (!address.is_v4()) return false;
  return std::ranges::any_of(label.tokens, [&](const Token& token) {
    return token.is_number && token.size >= 2 && token.value == address.octets()[3];
  });
}

/// A number of three digits or more behind the word, or before it; no year.
bool has_long_number(const Tokens& tokens, std::span<const Token> label, std::size_t word) {
  const auto is_long = [&](const Token& token) { return token.is_number && token.size >= 3 && !is_date(tokens.text(token)); };
  return (word > 0 && is_long(label[word - 1])) || (word + 1 < label.size() && is_long(label[word + 1]));
}

/// The word that makes this label, which holds a number, an access line's. `leftmost`: the host's own label.
std::string_view word_with_number(const Tokens& tokens, const Label& label, bool leftmost, const net::Address& address) {
  for (std::size_t i = 0; i < label.tokens.size(); ++i) {
    if (label.tokens[i].is_number) continue;
    const auto word = tokens.text(label.tokens[i]);
    if (is_strong(word) && (label.digits >= 2 || !leftmost)) return word;
    if (is_one_of(terminals, word) && label.numbers >= 2 && (label.digits >= 3 || word == "pm")) return word;
    if (is_one_of(weak, word) && (has_long_number(tokens, label.tokens, i) || has_last_octet(label, address))) return word;
  }
  return {};
}

/// The word of a label without numbers.
std::string_view word_alone(const Tokens& tokens, const Label& label, bool leftmost, std::size_t host_digits) {
  for (const auto& token : label.tokens) {
    const auto word = tokens.text(token);
    const bool counts = leftmost ? label.tokens.size() == 1 && is_one_of(lonely, word)
                                 : is_strong(word) || (host_digits >= 3 && label.tokens.size() == 1 && is_one_of(customers, word));
    if (counts) return word;
  }
  return {};
}

}  // namespace

std::size_t telling_labels(const PlainName& name) {
  static constexpr std::string_view second_level[] = {"ac", "co", "com", "edu", "gen", "gov", "ne", "net", "or", "org"};
  const auto count = name.label_count();
  if (count < 3) return 0;
  const bool deeper = name.label(count - 1).size() == 2 && is_one_of(second_level, name.label(count - 2));
  return count - (deeper ? 3 : 2);
}

Words words_in(const PlainName& name, const Tokens& tokens, const net::Address& address) {
  Words out;
  const auto count = telling_labels(name);
  std::size_t host_digits = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto label = look_at(tokens, i);
    if (label.has_role && i == 0) return {};
    if (i == 0) host_digits = label.digits;
    const auto text = name.label(i);
    if (label.digits > 0 && !label.has_role && (is_machine(text) || is_serial(tokens, label, text))) {
      out.server_id = text;
      return out;
    }
    if (!out.access_word.empty()) continue;
    out.access_word =
        label.digits > 0 ? word_with_number(tokens, label, i == 0, address) : word_alone(tokens, label, i == 0, host_digits);
  }
  return out;
}

}  // namespace fcrdns::generic
