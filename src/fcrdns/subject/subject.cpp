// From what a person types to one value. A spelling that different programs read differently is refused with the
// spelling to use instead; everything else that can only mean one thing is taken.
#include "fcrdns/subject/subject.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "fcrdns/base/text.hpp"
#include "fcrdns/subject/idn.hpp"

namespace fcrdns::subject {
namespace {

constexpr std::size_t longest_text = 1024;  // a name in U-labels is a good deal longer than its 255 octets

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string in_quotes(std::string_view text) { return '"' + base::escape(text, 80) + '"'; }

base::Expected<Subject> refuse(std::string_view text, std::string_view why) {
  return base::fault(fmt::format("{}: {}", in_quotes(text), why));
}

/// Whether the last label reads as a number: then the whole is an IPv4 address or a mistake in one, never a host,
/// because no top-level domain is a number (RFC 1123 2.1).
bool ends_in_number(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  const auto last = text.substr(text.rfind('.') + 1);  // npos + 1 is 0: the whole text
  if (last.starts_with("0x") || last.starts_with("0X")) return std::ranges::all_of(last.substr(2), is_hex_digit);
  return !last.empty() && std::ranges::all_of(last, is_digit);
}

/// What is written around a subject and is not part of it: <...>, [...], and IPv6: as in an address literal of
/// RFC 5321 4.1.3.
std::string_view unwrapped(std::string_view text) {
  if (text.size() > 2 && text.starts_with('<') && text.ends_with('>')) text = base::trim(text.substr(1, text.size() - 2));
  if (text.size() > 2 && text.starts_with('[') && text.ends_with(']')) text = base::trim(text.substr(1, text.size() - 2));
  if (base::equals_ignoring_case(text.substr(0, 5), "IPv6:")) text.remove_prefix(5);
  return text;
}

/// The forms that are something else than one address or host: why they are refused. Empty when it is none of them.
std::string_view another_thing(std::string_view text) {
  if (text.empty()) return "nothing to check; give an address or a host name";
  if (std::ranges::any_of(text, is_control)) return "control characters inside; give one address or host name";
  if (text.find_first_of(" \t") != text.npos) return "white space inside; give one address or host name at a time";
  if (text.find("://") != text.npos) return "this is a URL; give only the host name in it";
  if (std::ranges::count(text, ':') == 1) return "leave the port out; give only the address or the host name";
  return {};
}

Subject of_address(std::string_view given, const net::Address& address, std::string note) {
  if (address.is_v4_mapped()) note = fmt::format("taken as {}, the IPv4 address that is mapped into it", address.unmapped().text());
  Subject subject;
  subject.kind = Kind::address;
  subject.text = given;
  subject.address = address.unmapped();
  subject.note = std::move(note);
  return subject;
}

base::Expected<Subject> parse_address(std::string_view given, std::string_view text) {
  // A zone (RFC 4007 11) names an interface of one machine; the address alone is what can be checked.
  const auto percent = text.find('%');
  const auto address = net::Address::parse(text.substr(0, percent));
  if (!address) return std::unexpected(address.error());
  if (percent == text.npos) return of_address(given, *address, {});
  if (address->is_v4()) return refuse(text, "an IPv4 address has no zone; leave out what follows \"%\"");
  return of_address(given, *address, fmt::format("the zone {} is left out", base::escape(text.substr(percent), 32)));
}

/// Why a label cannot stand in a host name (RFC 952, RFC 1123 2.1; the underscore is let through because hosts with
/// one do exist and are to be checked). Empty when it can.
std::string_view bad_label(std::string_view label) {
  if (label.empty()) return "an empty label; two dots in a row, or one in front";
  if (label.size() > 63) return "a label of a host name has at most 63 characters";
  if (label.starts_with('-') || label.ends_with('-')) return "a label of a host name neither begins nor ends with a hyphen";
  const auto allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; };
  if (!std::ranges::all_of(label, allowed)) return "a host name holds only letters, digits, hyphens and dots";
  return {};
}

/// One row for each address of a page; whoever has more wants a scan.
constexpr std::uint8_t shortest_v4 = 24, shortest_v6 = 120;

base::Expected<Subject> parse_prefix(std::string_view given, std::string_view text) {
  if (!net::Address::parse(text.substr(0, text.find('/')))) return refuse(text, "no \"/\" can stand in an address or a host name");
  const auto prefix = net::Prefix::parse(text);
  if (!prefix) return std::unexpected(prefix.error());
  const auto shortest = prefix->base.is_v4() ? shortest_v4 : shortest_v6;
  if (prefix->length < shortest)
    return refuse(text, fmt::format("larger than /{}, the largest prefix looked at; give a part of it", shortest));
  Subject subject;
  subject.kind = Kind::prefix;
  subject.text = given;
  subject.prefix = *prefix;
  if (prefix->base.is_v4() && prefix->length <= 30)
    subject.note = fmt::format("the first and the last address of {} are no hosts' and left out", prefix->text());
  return subject;
}

base::Expected<Subject> parse_host(std::string_view given, std::string_view text);

/// What follows the last "@" of a mail address is the domain (RFC 5321 4.1.2; a quoted local part may hold an "@").
base::Expected<Subject> parse_mail_address(std::string_view given, std::string_view text) {
  const auto domain = text.substr(text.rfind('@') + 1);
  if (domain.empty()) return refuse(text, "nothing behind the \"@\"; give the domain too");
  if (domain.starts_with('[')) return parse(domain);
  auto subject = parse_host(given, domain);
  if (!subject) return subject;
  subject->kind = Kind::domain;
  subject->fixed = true;
  if (subject->note.empty()) subject->note = "taken as the mail domain " + subject->host.text();
  return subject;
}

base::Expected<Subject> parse_host(std::string_view given, std::string_view text) {
  std::string ascii = base::to_lower(text);
  std::string note;
  if (!std::ranges::all_of(text, is_ascii)) {
    auto converted = to_a_labels(text);
    if (!converted) return std::unexpected(converted.error());
    ascii = base::to_lower(*converted);
    note = "taken as " + base::escape(ascii);
    // Full-width digits and dots become plain ones in the conversion.
    if (ends_in_number(ascii)) return refuse(text, "write an address in plain digits and dots");
  }
  std::string_view labels = ascii;
  if (labels == ".") return refuse(text, "this is the root, not a host");
  if (labels.ends_with('.')) labels.remove_suffix(1);
  const auto parts = base::split(labels, '.');
  for (const auto part : parts)
    if (const auto why = bad_label(part); !why.empty()) return refuse(text, why);
  if (parts.size() == 1) return refuse(text, "a single label; give the full name, like mail.example.com");
  const auto name = dns::Name::parse(ascii);
  if (!name) return refuse(text, name.error().message);
  Subject subject;
  subject.text = given;
  subject.host = *name;
  subject.note = std::move(note);
  return subject;
}

}  // namespace

std::string_view to_word(Kind kind) {
  static constexpr std::array<std::string_view, 4> words{"address", "host", "domain", "prefix"};
  return words[static_cast<std::size_t>(kind)];
}

base::Expected<Subject> parse(std::string_view text, As as) {
  if (text.size() > longest_text)
    return base::fault(fmt::format("\"{}\": longer than {} octets; give one address or host name", base::escape(text, 40), longest_text));
  const auto given = base::trim(text);
  const auto inside = unwrapped(given);
  if (const auto why = another_thing(inside); !why.empty()) return refuse(given, why);
  if (inside.find('@') != inside.npos) return parse_mail_address(given, inside);
  if (inside.find('/') != inside.npos) return parse_prefix(given, inside);
  if (inside.find(':') != inside.npos || inside.find('%') != inside.npos || ends_in_number(inside))
    return parse_address(given, inside);
  if (net::looks_like_reverse_name(inside)) {
    const auto address = net::parse_reverse_name(inside);
    if (!address) return std::unexpected(address.error());
    return of_address(given, *address, "taken out of its reverse name");
  }
  auto subject = parse_host(given, inside);
  if (!subject || as == As::found_out) return subject;
  subject->kind = as == As::domain ? Kind::domain : Kind::host;
  subject->fixed = true;
  return subject;
}

std::vector<net::Address> hosts_of(const net::Prefix& prefix) {
  base::Octets octets(prefix.base.octets().begin(), prefix.base.octets().end());
  const unsigned bits = static_cast<unsigned>(8 * octets.size()) - prefix.length;
  const unsigned count = 1U << std::min(bits, 8U);
  const unsigned edge = prefix.base.is_v4() && prefix.length <= 30 ? 1 : 0;  // network and broadcast address
  const auto first = octets.back();
  std::vector<net::Address> hosts;
  for (unsigned i = edge; i < count - edge; ++i) {
    octets.back() = static_cast<std::uint8_t>(first + i);
    hosts.push_back(*net::Address::from_octets(octets));
  }
  return hosts;
}

base::Expected<dns::Name> parse_name(std::string_view text) {
  const auto given = base::trim(text);
  if (given.empty()) return base::fault("give a host name");
  if (const auto why = another_thing(given); !why.empty()) return base::fault(in_quotes(given) + ": " + std::string(why));
  auto subject = parse_host(given, given);
  if (!subject) return std::unexpected(subject.error());
  return std::move(subject->host);
}

base::Expected<std::optional<Subject>> parse_line(std::string_view line, As as) {
  if (line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
  const auto text = base::trim(line);
  if (text.empty() || text.starts_with('#')) return std::optional<Subject>();
  auto subject = parse(line, as);
  if (!subject) return std::unexpected(subject.error());
  return std::optional(*std::move(subject));
}

}  // namespace fcrdns::subject
