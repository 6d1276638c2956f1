// A word alone proves little: cable.example.com is a company, dhcp.example.com a server. So a word counts in a label of
// its own only to the right of the leftmost label, elsewhere only with a number; and a name whose leftmost label says
// what the host does (mail, mx, ns ...) was chosen by a person.
#include "fcrdns/generic/words.hpp"

#include <algorithm>
#include <array>

namespace fcrdns::generic {
namespace {

using provider::PlainName;

/// What a word says; several may hold.
enum Says : std::uint8_t {
  line = 1,        ///< an access line
  weak = 2,        ///< often something else too: the number beside it has to be long, or the address's last octet
  customers = 4,   ///< of the weak ones, in a label of its own: a network's customers
  terminal = 8,    ///< a dial-in server, named by port: pm4-26, ts01-009
  lonely = 16,     ///< no server is called by this alone
  machine = 32,    ///< a rented machine, before its number
  role = 64,       ///< what a host does: no serial number follows
};
struct Word {
  std::string_view text;
  int says;
};
/// Sorted.
constexpr Word words[] = {
    {"adsl", line | lonely}, {"bb", weak | customers}, {"bounce", role}, {"broadband", line}, {"cable", line},
    {"cablemodem", line}, {"catv", line}, {"client", weak | customers}, {"clients", weak | customers}, {"cloud", machine},
    {"container", machine}, {"cpe", line}, {"ct", machine}, {"cust", weak | customers}, {"customer", weak | customers},
    {"customers", weak | customers}, {"cvm", machine}, {"dedi", machine}, {"dedicated", machine}, {"dhcp", line},
    {"dial", line}, {"dialin", line | lonely}, {"dialup", line | lonely}, {"dip", line}, {"dns", role}, {"docsis", line},
    {"droplet", machine}, {"ds", machine}, {"dyn", line}, {"dynamic", line | lonely}, {"dynip", line}, {"ecs", machine},
    {"edge", role}, {"exchange", role}, {"fiber", weak}, {"fibre", weak}, {"firewall", role}, {"fttb", line}, {"ftth", line},
    {"fttx", line}, {"fw", role}, {"gateway", role}, {"gprs", line}, {"guest", machine}, {"gw", role}, {"hfc", line},
    {"home", weak}, {"host", weak | machine}, {"hwsrv", machine}, {"imap", role}, {"instance", machine}, {"ip", weak},
    {"ipaddr", weak}, {"isdn", line}, {"kvm", machine}, {"linode", machine}, {"lists", role}, {"lte", line},
    {"lxc", machine}, {"mobile", weak}, {"modem", line}, {"mout", role}, {"mta", role}, {"mx", role}, {"news", role},
    {"node", machine}, {"ns", role}, {"out", role}, {"outbound", role}, {"pm", terminal}, {"pool", line}, {"pools", line},
    {"pop", role}, {"post", role}, {"ppp", line}, {"pppoe", line | lonely}, {"proxy", role}, {"ras", terminal},
    {"relay", role}, {"res", weak | customers}, {"residential", line}, {"rev", weak}, {"sd", machine}, {"sender", role},
    {"server", machine}, {"slip", line}, {"srv", machine}, {"static", weak}, {"sub", weak}, {"subscriber", weak | customers},
    {"svr", machine}, {"ts", terminal}, {"umts", line}, {"unassigned", lonely}, {"user", weak | customers},
    {"users", weak | customers}, {"vds", machine}, {"vdsl", line | lonely}, {"vm", machine}, {"vmd", machine},
    {"vmi", machine}, {"vps", machine}, {"vserver", machine}, {"vsrv", machine}, {"web", role},
    {"webmail", role}, {"wifi", weak}, {"wimax", line}, {"wlan", weak}, {"www", role}};
static_assert(std::ranges::is_sorted(words, {}, &Word::text));

/// Where the words of each letter begin, and behind the last.
constexpr auto letters = [] {
  std::array<std::size_t, 27> begins{};
  for (std::size_t i = 0; i < 27; ++i)
    for (const auto& word : words) begins[i] += static_cast<std::size_t>(word.text[0] - 'a') < i ? 1 : 0;
  return begins;
}();

/// `word` is of letters only.
int meaning(std::string_view word) {
  const auto letter = static_cast<std::size_t>(word[0] - 'a');
  int says = 0;
  for (auto i = letters[letter]; i < letters[letter + 1]; ++i)
    if (words[i].text == word) says = words[i].says;
  if (word.ends_with("dsl")) says |= line;
  if (word.find("mail") != std::string_view::npos || word.find("smtp") != std::string_view::npos) says |= role;
  return says;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

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
  std::array<std::uint8_t, 64> says;  ///< of each token, nothing for a number; only as many as there are tokens
  std::size_t digits = 0, numbers = 0;
  bool has_role = false, has_date = false;
};
void look_at(const Tokens& tokens, std::size_t label, Label& out) {
  out.tokens = tokens.of_label(label);
  for (std::size_t i = 0; i < out.tokens.size(); ++i) {
    const auto& token = out.tokens[i];
    const auto text = tokens.text(token);
    out.says[i] = 0;
    if (token.is_number) {
      out.digits += token.size;
      ++out.numbers;
      out.has_date = out.has_date || is_date(text);
      continue;
    }
    out.says[i] = static_cast<std::uint8_t>(meaning(text));
    // ns1 is a name server, ns3012345 a machine.
    const bool numbered = i + 1 < out.tokens.size() && out.tokens[i + 1].is_number && out.tokens[i + 1].size >= 5 && text == "ns";
    out.has_role = out.has_role || ((out.says[i] & role) != 0 && !numbered);
  }
}

/// vm, vps ... and what follows in digits or hexadecimal to the label's end: four at least, and no year.
bool is_machine(const Label& label, std::string_view text) {
  if ((label.says[0] & machine) == 0) return false;
  auto id = text.substr(label.tokens[0].size);
  if (id.starts_with('-') || id.starts_with('_')) id.remove_prefix(1);
  if (id.size() < 4 || !std::ranges::all_of(id, is_hex)) return false;
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
    if (run >= 8 && digits >= 3 && digits < run && !label.has_date && !text.starts_with("xn--")) return true;
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
    const auto says = label.says[i];
    if (says == 0) continue;
    const auto word = tokens.text(label.tokens[i]);
    if ((says & line) != 0 && (label.digits >= 2 || !leftmost)) return word;
    if ((says & terminal) != 0 && label.numbers >= 2 && (label.digits >= 3 || word == "pm")) return word;
    if ((says & weak) != 0 && (has_long_number(tokens, label.tokens, i) || has_last_octet(label, address))) return word;
  }
  return {};
}

/// The word of a label without numbers.
std::string_view word_alone(const Tokens& tokens, const Label& label, bool leftmost, std::size_t host_digits) {
  const bool is_all = label.tokens.size() == 1;
  for (std::size_t i = 0; i < label.tokens.size(); ++i) {
    const auto says = label.says[i];
    const bool counts = leftmost ? is_all && (says & lonely) != 0
                                 : (says & line) != 0 || (is_all && (says & customers) != 0 && host_digits >= 3);
    if (counts) return tokens.text(label.tokens[i]);
  }
  return {};
}

}  // namespace

std::size_t telling_labels(const PlainName& name) {
  static constexpr std::string_view second_level[] = {"ac", "co", "com", "edu", "gen", "gov", "ne", "net", "or", "org"};
  const auto count = name.label_count();
  if (count < 3) return 0;
  const bool deeper = name.label(count - 1).size() == 2 && std::ranges::binary_search(second_level, name.label(count - 2));
  return count - (deeper ? 3 : 2);
}

Words words_in(const PlainName& name, const Tokens& tokens, const net::Address& address) {
  Words out;
  const auto count = telling_labels(name);
  std::size_t host_digits = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Label label;
    look_at(tokens, i, label);
    if (label.has_role && i == 0) return {};
    if (i == 0) host_digits = label.digits;
    const auto text = name.label(i);
    if (label.digits > 0 && !label.has_role && (is_machine(label, text) || is_serial(tokens, label, text))) {
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
