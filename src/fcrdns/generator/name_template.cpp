// Host names per RFC 952 and RFC 1123 2.1: letters, digits and hyphens.
#include "fcrdns/generator/name_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "fcrdns/base/text.hpp"

namespace fcrdns::generator {
namespace {

constexpr std::size_t longest_text = 255;

/// The address that makes the longest name, and the one a label may begin or end with a hyphen for.
net::Address widest(net::Family family) {
  std::array<std::uint8_t, 16> all{};
  all.fill(255);
  return family == net::Family::v4 ? net::Address::v4({255, 255, 255, 255}) : net::Address::v6(all);
}

bool is_host_label(std::string_view label) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  return !label.empty() && !label.starts_with('-') && !label.ends_with('-') && std::ranges::all_of(label, allowed);
}

/// Groups of `digits` hexadecimal digits, joined.
std::string hexadecimal(base::OctetView octets, std::size_t digits, std::string_view between) {
  std::string out;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    if (i != 0 && 2 * i % digits == 0) out += between;
    fmt::format_to(std::back_inserter(out), "{:02x}", octets[i]);
  }
  return out;
}

}  // namespace

base::Expected<NameTemplate> NameTemplate::parse(std::string_view given, net::Family family) {
  const auto refuse = [&](std::string_view why) { return base::fault(fmt::format("\"{}\": {}", base::escape(given, 80), why)); };
  struct Row {
    std::string_view word;
    Place place;
    bool v4_only;
  };
  constexpr Row rows[] = {{"a", Place::a, true}, {"b", Place::b, true}, {"c", Place::c, true},
                          {"d", Place::d, true}, {"ip", Place::ip, false}, {"hex", Place::hex, false}};
  if (given.size() > longest_text) return refuse("longer than a host name may be");

  NameTemplate out;
  const auto lower = base::to_lower(given);
  for (std::string_view rest = lower; !rest.empty();) {
    const auto open = rest.find('{');
    if (open != 0) out.parts_.push_back({Place::text, std::string(rest.substr(0, open))});
    if (open == rest.npos) break;
    const auto close = rest.find('}', open);
    const auto word = close == rest.npos ? std::string_view() : rest.substr(open + 1, close - open - 1);
    const auto row = std::ranges::find(rows, word, &Row::word);
    if (row == std::end(rows)) return refuse("places are {a} {b} {c} {d} {ip} {hex}");
    if (row->v4_only && family == net::Family::v6) return refuse("{a} to {d} are octets of an IPv4 address; of IPv6 write {ip} or {hex}");
    out.parts_.push_back({row->place, {}});
    rest.remove_prefix(close + 1);
  }
  const bool any = std::ranges::any_of(out.parts_, [](const Part& part) { return part.place != Place::text; });
  if (!any) return refuse("every address would get the same name; put {ip} or {d} where they differ");

  auto example = out.fill(widest(family));
  if (example.ends_with('.')) example.pop_back();
  const auto labels = base::split(example, '.');
  if (labels.size() < 2 || !std::ranges::all_of(labels, is_host_label))
    return refuse("no host name: letters, digits and hyphens, and a domain behind, like host-{ip}.example.com");
  if (const auto name = dns::Name::parse(example); !name) return refuse(name.error().message);
  return out;
}

std::string NameTemplate::fill(const net::Address& address) const {
  const auto octets = address.octets();
  std::string out;
  for (const auto& part : parts_) {
    switch (part.place) {
      case Place::text: out += part.text; break;
      case Place::ip:
        out += address.is_v4() ? fmt::format("{}-{}-{}-{}", octets[0], octets[1], octets[2], octets[3]) : hexadecimal(octets, 4, "-");
        break;
      case Place::hex: out += hexadecimal(octets, 32, ""); break;
      default: fmt::format_to(std::back_inserter(out), "{}", octets[static_cast<std::size_t>(part.place) - static_cast<std::size_t>(Place::a)]);
    }
  }
  return out;
}

dns::Name NameTemplate::name_of(const net::Address& address) const { return *dns::Name::parse(fill(address)); }

}  // namespace fcrdns::generator
