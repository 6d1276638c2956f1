#include <fmt/format.h>

#include "fcrdns/cli/options.hpp"
#include "fcrdns/net/reverse_zone.hpp"
#include "fcrdns/subject/subject.hpp"

namespace fcrdns::cli {
namespace {

using ptr::Options;
using Set = base::Expected<bool>;

/// One host name or zone, appended.
Set append_name(std::vector<dns::Name>& names, const std::string& value) {
  auto name = subject::parse_name(value);
  if (!name) return base::fault(name.error().message);
  names.push_back(*std::move(name));
  return true;
}

/// A reverse zone may have labels that no host name has (0/26).
Set append_zone(Options& options, const std::string& value) {
  auto name = dns::Name::parse(value);
  if (!name) return base::fault(name.error().message);
  options.zones.push_back(*std::move(name));
  return true;
}

/// A whole number of seconds, or a serial.
base::Expected<std::uint32_t> parse_number(const std::string& value, std::uint64_t most, std::string_view says) {
  const bool digits = !value.empty() && value.size() <= 10 && value.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || std::stoull(value) > most) return base::fault(std::string(says));
  return static_cast<std::uint32_t>(std::stoull(value));
}

Set ttl(Options& options, const std::string& value) {
  const auto seconds = parse_number(value, 604'800, "give seconds, 0 to 604800");
  if (!seconds) return std::unexpected(seconds.error());
  options.ttl = *seconds;
  return true;
}

Set serial(Options& options, const std::string& value) {
  const auto number = parse_number(value, 0xffff'ffff, "give a number, 1 to 4294967295");
  if (!number || *number == 0) return base::fault("give a number, 1 to 4294967295");
  options.soa.serial = *number;
  return true;
}

/// hostmaster@example.com or hostmaster.example.com (RFC 1035 8): a dot in front of the @ is escaped.
Set contact(Options& options, const std::string& value) {
  const auto at = value.find('@');
  auto name = at == std::string::npos ? subject::parse_name(value) : subject::parse_name(value.substr(at + 1));
  if (name && at != std::string::npos) name = name->prepend(value.substr(0, at));
  if (!name) return base::fault(name.error().message);
  options.soa.rname = *name;
  return true;
}

Set from(Options& options, const std::string& value) {
  options.from = generator::parse_source(value);
  if (!options.from) return base::fault("give zonefile, csv or hosts");
  return true;
}

Set format(Options& options, const std::string& value) {
  options.format = generator::parse_format(value);
  if (!options.format) return base::fault("give bind, nsupdate, csv, json, terraform, octodns or dnscontrol");
  return true;
}

Set part(Options& options, const std::string& value) {
  if (value != "parent" && value != "child") return base::fault("give parent or child");
  options.side = value == "parent" ? ptr::Side::parent : ptr::Side::child;
  return true;
}

Set origin(Options& options, const std::string& value) {
  auto name = dns::Name::parse(value);
  if (!name) return base::fault(name.error().message);
  options.forward.origin = *std::move(name);
  return true;
}

Set existing_origin(Options& options, const std::string& value) {
  auto name = dns::Name::parse(value);
  if (!name) return base::fault(name.error().message);
  options.forward.existing_origin = *std::move(name);
  return true;
}

Set only(Options& options, const std::string& value) {
  auto prefix = net::looks_like_reverse_name(value) ? net::parse_reverse_zone(value) : net::Prefix::parse(value);
  if (!prefix) return base::fault(prefix.error().message);
  options.forward.only.push_back(*prefix);
  return true;
}

constexpr OptionRow<Options> rows[] = {
    {"--ttl", "SECONDS", "of the records (default 3600)", "", ttl},
    {"--nameserver", "NAME...", "the zones' own servers: several names, or repeated", "",
     [](Options& o, const std::string& v) { return append_name(o.nameservers, v); }},
    {"--name-template", "TEXT", "a PTR for each address of the block: host-{ip}.example.com; {a} {b} {c} {d} are octets, {hex} digits", "",
     [](Options& o, const std::string& v) -> Set { o.name_template = v; return true; }},
    {"--classless", "FORM", "hand on a part of a zone (RFC 2317, RFC 4183): range, dash, slash, rfc4183, label=TEXT, zone=NAME; alone it shows each form", "",
     [](Options& o, const std::string& v) -> Set { o.classless = v; return true; }},
    {"--part", "parent|child", "with --classless: one side only, for a file of its own", "", part},
    {"--from", "SOURCE", "reverse zones of forward data: zonefile, csv or hosts; then the files, or -", "", from},
    {"--origin", "NAME", "with --from zonefile: of a file without $ORIGIN", "", origin},
    {"--only", "PREFIX", "with --from: addresses of this block or reverse zone only; repeatable", "", only},
    {"--prefer", "NAME", "with --from: the name, or domain, that wins when several have one address; repeatable", "",
     [](Options& o, const std::string& v) { return append_name(o.forward.prefer, v); }},
    {"--every-name", "", "with --from: a PTR for each name of an address, not for one", "",
     [](Options& o, const std::string&) -> Set { o.forward.every_name = true; return true; }},
    {"--existing", "FILE", "with --from: what is in the reverse zone now; PTRs that were not made from this data are kept", "",
     [](Options& o, const std::string& v) -> Set { o.existing_file = v; return true; }},
    {"--existing-origin", "NAME", "with --existing: of a file without $ORIGIN", "", existing_origin},
    {"--serial", "NUMBER", "of whole zones (default: the date and the quarter of an hour)", "", serial},
    {"--contact", "MAIL", "of whole zones: who is responsible (default hostmaster in the first name server's domain)", "", contact},
    {"--zone", "NAME", "where the records of an address and its host go, for the formats that must know it; repeatable", "", append_zone},
    {"--format", "FORMAT", "bind, nsupdate, csv, json, terraform, octodns or dnscontrol", "", format},
    {"--json", "", "one JSON document on standard output", "", [](Options& o, const std::string&) -> Set { o.json = true; return true; }},
    {"-v,--verbose", "", "the names relative to each zone they may be entered in, as comments; all that --from left out", "",
     [](Options& o, const std::string&) -> Set { o.verbose = true; return true; }},
    {"-q,--quiet", "", "no output, only the exit code", "", [](Options& o, const std::string&) -> Set { o.quiet = true; return true; }},
};

}  // namespace

std::span<const OptionRow<Options>> ptr_options() { return rows; }

}  // namespace fcrdns::cli
