#include "fcrdns/base/text.hpp"
#include "fcrdns/base/time.hpp"
#include "fcrdns/cli/options.hpp"
#include "fcrdns/subject/subject.hpp"

namespace fcrdns::cli {
namespace {

using check::Options;
using diagnosis::Settings;
using Set = base::Expected<bool>;

Set resolver(Settings& options, const std::string& value) { return add_endpoints(options.resolver.resolvers, value); }

Set timeout(Settings& options, const std::string& value) {
  auto duration = base::parse_duration(value);
  if (!duration) return base::fault(duration.error().message);
  options.evidence.timeout = *duration;
  return true;
}

Set transport(Settings& options, const std::string& value) {
  if (value != "4" && value != "6") return base::fault("give 4 or 6");
  options.resolver.transport = value == "4" ? net::Family::v4 : net::Family::v6;
  return true;
}

Set only(Options& options, const std::string& value) {
  if (value != "v4" && value != "v6") return base::fault("give v4 or v6");
  options.evidence.only = value == "v4" ? net::Family::v4 : net::Family::v6;
  return true;
}

Set max_names(Settings& options, const std::string& value) {
  const bool digits = !value.empty() && value.size() <= 3 && value.find_first_not_of("0123456789") == std::string::npos;
  const auto number = digits ? std::stoul(value) : 0;
  if (number < 1 || number > 100) return base::fault("give a number from 1 to 100");
  options.evidence.max_names = number;
  return true;
}

Set format(Options& options, const std::string& value) {
  const auto word = report::parse_format(value);
  if (!word) return base::fault("give text, json, markdown, html or nagios");
  options.format = *word;
  return true;
}

template <std::optional<dns::Name> evidence::Options::*slot>
Set name(Settings& options, const std::string& value) {
  auto parsed = subject::parse_name(value);
  if (!parsed) return base::fault(parsed.error().message);
  options.evidence.*slot = *std::move(parsed);
  return true;
}

/// Any text: what is wrong with it is a finding, not a slip on the command line.
Set helo(Options& options, const std::string& value) {
  if (base::trim(value).empty()) return base::fault("give the name your mail server says");
  options.evidence.helo = value;
  return true;
}

Set mail_from(Options& options, const std::string& value) {
  auto sender = subject::parse_sender(value);
  if (!sender) return base::fault(sender.error().message);
  options.evidence.mail_from = *std::move(sender);
  return true;
}

Set as(Options& options, const std::string& value) {
  if (value != "host" && value != "domain") return base::fault("give host or domain");
  options.evidence.as = value == "host" ? subject::As::host : subject::As::domain;
  return true;
}

Set profile(Settings& options, const std::string& value) {
  const auto word = finding::parse_profile(value);
  if (!word) return base::fault("give google, rfc8601, strict-all-ptr, helo-equal or non-generic");
  options.profile = *word;
  return true;
}

constexpr OptionRow<Settings> common[] = {
    {"--resolver", "ADDR[:PORT]", "ask this recursive resolver instead of recursing from the root; repeatable", "FCRDNS_RESOLVER", resolver},
    {"--root-hints", "FILE", "another root: its name servers (private networks, tests)", "FCRDNS_ROOT_HINTS",
     [](Settings& o, const std::string& v) -> Set { o.resolver.root_hints = v; return true; }},
    {"--trust-anchor", "FILE", "another root: its DS or DNSKEY records", "FCRDNS_TRUST_ANCHOR",
     [](Settings& o, const std::string& v) -> Set { o.resolver.trust_anchor = v; return true; }},
    {"--no-dnssec", "", "do not validate", "", [](Settings& o, const std::string&) -> Set { o.resolver.dnssec = false; return true; }},
    {"--timeout", "DURATION", "deadline for the verdict of one subject: 500ms, 10s, 2min (default 10s; 7s with --format nagios)", "", timeout},
    {"--transport", "4|6", "address family that carries the queries (default: both)", "", transport},
    {"--max-names", "N", "PTR names looked up per address, 1 to 100 (default 10)", "", max_names},
    {"--domain", "NAME", "where else a PTR may have been put by mistake: your domain", "", name<&evidence::Options::domain>},
    {"--profile", "PROFILE", "whose rules weigh the findings: google (default), rfc8601, strict-all-ptr, helo-equal, non-generic", "", profile},
    {"--no-walk", "", "do not ask the zones' own servers: report on what the resolver answers", "FCRDNS_NO_WALK",
     [](Settings& o, const std::string&) -> Set { o.evidence.walk = false; return true; }},
    {"--no-rdap", "", "do not ask the registries who holds the address", "FCRDNS_NO_RDAP",
     [](Settings& o, const std::string&) -> Set { o.evidence.rdap = false; return true; }},
    {"--rdap-bootstrap", "FILE", "which registry to ask (RFC 9224), instead of IANA's list", "FCRDNS_RDAP_BOOTSTRAP",
     [](Settings& o, const std::string& v) -> Set { o.rdap.bootstrap = v; return true; }},
    {"--proof", "", "ask every server of the zones 10 times in each way resolvers do: dated answers for whoever runs them, or a postmaster", "",
     [](Settings& o, const std::string&) -> Set { o.evidence.proof = true; return true; }},
    {"--redact", "", "mask your other host names and the local parts of mail addresses: for showing a report to others", "",
     [](Settings& o, const std::string&) -> Set { o.redact = true; return true; }},
    {"--data-dir", "DIR", "newer catalogues than the ones compiled in", "FCRDNS_DATA_DIR",
     [](Settings& o, const std::string& v) -> Set { o.data_dir = v; return true; }},
    {"--json", "", "one JSON document on standard output", "",
     [](Settings& o, const std::string&) -> Set { o.format = report::Format::json; return true; }},
    {"-v,--verbose", "", "unfold the details", "", [](Settings& o, const std::string&) -> Set { o.verbose = true; return true; }},
    {"-q,--quiet", "", "print nothing: the exit code only", "", [](Settings& o, const std::string&) -> Set { o.quiet = true; return true; }},
    {"--trace", "", "every question: server, milliseconds, what it waited for", "",
     [](Settings& o, const std::string&) -> Set { o.trace = true; return true; }},
};

constexpr OptionRow<Options> own[] = {
    {"--only", "v4|v6", "of a host, look at this family's addresses only", "", only},
    {"--as", "host|domain", "what a name is: a host, or the domain whose mail hosts are meant (default: found out)", "", as},
    {"--expect", "NAME", "before a new address sends: would this name confirm it, is it generic, proxied, a web or MX name", "",
     [](Options& o, const std::string& v) { return name<&evidence::Options::expect>(o, v); }},
    {"--helo", "NAME", "what your mail server says in HELO: is it a name, does it fit, and what does its SPF say", "", helo},
    {"--mail-from", "ADDRESS", "the envelope sender (user@domain, a domain, <> for none): does its SPF let the address send", "", mail_from},
    {"--format", "FORMAT", "text, json, markdown, html or nagios (a monitoring plugin's line and exit codes)", "", format},
    {"--record", "FILE", "save the evidence: as proof, for a bug report", "",
     [](Options& o, const std::string& v) -> Set { o.record = v; return true; }},
    {"--replay", "FILE", "report from saved evidence, asking nothing", "",
     [](Options& o, const std::string& v) -> Set { o.replay = v; return true; }},
};

}  // namespace

std::span<const OptionRow<Settings>> common_options() { return common; }
std::span<const OptionRow<Options>> check_options() { return own; }

}  // namespace fcrdns::cli
