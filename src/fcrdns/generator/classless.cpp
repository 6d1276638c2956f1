#include "fcrdns/generator/classless.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/generator/pair.hpp"
#include "fcrdns/net/reverse_zone.hpp"

namespace fcrdns::generator {
namespace {

constexpr std::string_view words[] = {"range", "dash", "slash", "rfc4183", "label", "zone"};

/// The whole octets in front of the cut: 3 for /25 to /32, 2 for /17 to /23.
std::uint8_t parent_length(const net::Prefix& prefix) { return static_cast<std::uint8_t>((prefix.length - 1) / 8 * 8); }

/// The octet that the cut goes through, of the first and of the last address.
unsigned first_number(const net::Prefix& prefix) { return prefix.base.octets()[parent_length(prefix) / 8U]; }
unsigned last_number(const net::Prefix& prefix) { return first_number(prefix) + (1U << (parent_length(prefix) + 8U - prefix.length)) - 1; }

base::Expected<dns::Name> child_of(const net::Prefix& prefix, const ChildName& name, const dns::Name& parent) {
  const auto first = first_number(prefix);
  switch (name.form) {
    case Form::range: return parent.prepend(fmt::format("{}-{}", first, last_number(prefix)));
    case Form::slash: return parent.prepend(fmt::format("{}/{}", first, prefix.length));
    case Form::label: return parent.prepend(name.label);
    case Form::zone: return name.zone;
    default: return parent.prepend(fmt::format("{}-{}", first, prefix.length));
  }
}

/// Why this prefix cannot be handed on in this way; empty when it can.
std::string why_not(const net::Prefix& prefix, Form form) {
  const auto text = prefix.text();
  if (prefix.base.is_v6())
    return fmt::format("{}: IPv6 zones are cut at every digit and need no aliases: fcrdns ptr {} --nameserver NAME...", text, text);
  if (prefix.length % 8 == 0 && prefix.length < 32)
    return fmt::format("{}: a whole zone, handed on as it is: fcrdns ptr {} --nameserver NAME...", text, text);
  if (prefix.length < 24 && form != Form::rfc4183)
    return fmt::format("{}: only rfc4183 has a name for a prefix shorter than /24; or hand on its zones: fcrdns ptr {} --nameserver NAME...", text, text);
  return {};
}

bool is_number(std::string_view label) { return label.find_first_not_of("0123456789") == std::string_view::npos; }

}  // namespace

std::string_view to_word(Form form) { return words[static_cast<std::size_t>(form)]; }

base::Expected<ChildName> parse_child_name(std::string_view word) {
  const auto refuse = [&](std::string_view why) { return base::fault(fmt::format("\"{}\": {}", base::escape(word, 80), why)); };
  const auto equals = word.find('=');
  const auto found = std::ranges::find(words, word.substr(0, equals));
  const auto form = static_cast<Form>(found - std::begin(words));
  const bool wants_value = form == Form::label || form == Form::zone;
  if (found == std::end(words) || wants_value != (equals != word.npos))
    return refuse("give range, dash, slash, rfc4183, label=TEXT or zone=NAME");
  ChildName out{form, {}, {}};
  if (!wants_value) return out;

  const auto value = word.substr(equals + 1);
  const auto name = dns::Name::parse(value);
  if (!name) return refuse(name.error().message);
  if (form == Form::zone && name->label_count() < 2) return refuse("give the full name of the zone, like rev.example.com");
  if (form == Form::zone) return out.zone = *name, out;
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/";
  if (name->label_count() != 1 || value.find_first_not_of(allowed) != value.npos)
    return refuse("give one label of letters, digits, - _ /, like subnet0");
  if (is_number(value)) return refuse("a number alone is an address's own label; put a letter to it");
  return out.label = value, out;
}

base::Expected<Classless> plan_classless(const net::Prefix& prefix, const ChildName& name, const ZoneHead& head) {
  if (const auto why = why_not(prefix, name.form); !why.empty()) return base::fault(why);
  Classless out{prefix, {}, {}, {}};
  const auto parent = net::zone_of(prefix.base, parent_length(prefix));
  out.parent = *dns::Name::parse(net::reverse_zone_name(parent));
  const auto child = child_of(prefix, name, out.parent);
  if (!child) return std::unexpected(child.error());
  out.child = *child;
  for (const auto& server : head.nameservers)
    if (server.is_within(out.child))
      return base::fault(fmt::format("{}: a name server inside the child zone {}; take one whose address stands elsewhere", server.text(), out.child.text()));

  if (name.form != Form::zone)
    for (const auto& server : head.nameservers) out.records.push_back({out.child, dns::Type::ns, dns::Class::in, head.ttl, server});
  const auto alias = parent.length == 24 ? dns::Type::cname : dns::Type::dname;
  for (auto number = first_number(prefix); number <= last_number(prefix); ++number) {
    const auto label = fmt::format("{}", number);
    const auto target = out.child.prepend(label);
    if (!target) return std::unexpected(target.error());
    out.records.push_back({*out.parent.prepend(label), alias, dns::Class::in, head.ttl, *target});
  }
  return out;
}

base::Expected<dns::Name> owner_in_child(const Classless& plan, const net::Address& address) {
  return dns::Name::parse(net::reverse_name(address))->with_suffix(plan.parent, plan.child);
}

void write_parent(const Classless& plan, const ZoneHead& head, Writer& out) {
  out.begin_zone({plan.parent, head.ttl, {}, {}, fmt::format("parent: what the keeper of this zone enters to hand on {}", plan.prefix.text())});
  for (const auto& record : plan.records) out.record(record);
  out.end_zone();
}

base::Expected<void> write_child(const Classless& plan, const std::optional<NameTemplate>& names, const ZoneHead& head, Writer& out) {
  if (names && size_of(plan.prefix) > most_addresses)
    return base::fault(fmt::format("{}: too many addresses to name each one; give a longer prefix", plan.prefix.text()));
  const auto size = size_of(plan.prefix);
  const auto one = address_at(plan.prefix, size / 2 + (size > 4 ? 1 : 0));
  if (const auto owner = owner_in_child(plan, one); !owner) return std::unexpected(owner.error());
  const auto example = relative_name(*owner_in_child(plan, one), plan.child);
  Zone zone{plan.child, head.ttl, head.nameservers, head.soa, fmt::format("child: the PTRs of {} stand here", plan.prefix.text())};
  if (!names) zone.comment += fmt::format(", such as of {}: {} IN PTR mail.example.com.", one.text(), example);
  out.begin_zone(zone);
  for (std::uint64_t i = 0; names && i < size_of(plan.prefix) && !out.stopped(); ++i) {
    const auto address = address_at(plan.prefix, i);
    out.record({*owner_in_child(plan, address), dns::Type::ptr, dns::Class::in, head.ttl, names->name_of(address)});
  }
  out.end_zone();
  return {};
}

}  // namespace fcrdns::generator
