#include <charconv>

#include "fcrdns/base/text.hpp"
#include "fcrdns/cli/options.hpp"

namespace fcrdns::cli {
namespace {

using scan::Options;
using Set = base::Expected<bool>;

template <std::string Options::*slot>
Set text(Options& options, const std::string& value) {
  if (value.empty()) return base::fault("give a name");
  options.*slot = value;
  return true;
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

Set format(Options& options, const std::string& value) {
  const auto word = sweep::parse_format(value);
  if (!word) return base::fault("give tsv, ndjson or csv");
  options.rows_format = *word;
  return true;
}

template <double Options::*slot>
Set rate(Options& options, const std::string& value) {
  const auto number = whole_number(value);
  if (!number || *number < 1 || *number > 100'000'000) return base::fault("give packets a second, 1 or more");
  options.*slot = static_cast<double>(*number);
  return true;
}

Set concurrency(Options& options, const std::string& value) {
  const auto number = whole_number(value);
  if (!number || *number < 1 || *number > 60'000) return base::fault("give a number from 1 to 60000");
  options.concurrency = static_cast<std::size_t>(*number);
  return true;
}

Set retries(Options& options, const std::string& value) {
  const auto number = whole_number(value);
  if (!number || *number > 20) return base::fault("give a number from 0 to 20");
  options.retries = static_cast<unsigned>(*number);
  return true;
}

Set shard(Options& options, const std::string& value) {
  const auto slash = value.find('/');
  const auto index = whole_number(value.substr(0, slash));
  const auto count = slash == std::string::npos ? std::nullopt : whole_number(value.substr(slash + 1));
  if (!index || !count || *index < 1 || *count < 1 || *index > *count || *count > 65'536)
    return base::fault("give which part of how many: 1/4 to 4/4");
  options.shard = {*index - 1, *count};
  return true;
}

Set lease_size(Options& options, const std::string& value) {
  const auto number = whole_number(value);
  if (!number || *number < 1 || *number > lease::largest_size) return base::fault("give a number from 1 to 262144");
  options.lease_size = *number;
  return true;
}

Set lease_time(Options& options, const std::string& value) {
  const auto time = base::parse_duration(value);
  if (!time) return std::unexpected(time.error());
  if (*time < base::Seconds{1} || *time > std::chrono::hours{24}) return base::fault("give 1s to 24h");
  options.lease_time = *time;
  return true;
}

Set only(Options& options, const std::string& value) {
  const auto word = sweep::parse_only(value);
  if (!word) return base::fault("give broken, generic, undetermined or pass");
  options.only = *word;
  return true;
}

constexpr OptionRow<Options> rows[] = {
    {"-o,--output", "FILE", "where the rows go (default: standard output); .zst and .gz are packed", "", text<&Options::output>},
    {"--format", "FORMAT", "tsv (default), ndjson or csv", "", format},
    {"--iterate", "", "ask the zones' own servers along the delegations (the default without --resolver)", "",
     [](Options& o, const std::string&) -> Set { o.iterate = true; return true; }},
    {"--rate", "QPS", "questions a second at most, over all servers (default: what they bear)", "", rate<&Options::rate>},
    {"--per-server", "QPS", "with --iterate: questions a second at most to one server (default 400)", "", rate<&Options::per_server>},
    {"--concurrency", "N", "questions under way at most (default 8192)", "", concurrency},
    {"--retries", "N", "how often a question is asked again (default 4)", "", retries},
    {"--resume", "STATE", "keep the state of the scan in this file, and go on where an earlier run stopped; needs -o", "", text<&Options::resume>},
    {"--shard", "I/N", "the I-th of N equal parts of the input", "", shard},
    {"--only", "broken|generic|undetermined|pass", "only the rows of these", "", only},
    {"--tags", "CSV", "whose an address or prefix is: further columns of the rows", "", text<&Options::tags>},
    {"--diff", "OLD", "rows of an earlier scan: what has changed since, and a column for it", "", text<&Options::diff>},
    {"--unique", "", "each address once, however often the input names it (sorted on disk)", "",
     [](Options& o, const std::string&) -> Set { o.unique = true; return true; }},
    {"--opt-out", "FILE", "prefixes that are never asked about, one a line", "", text<&Options::opt_out>},
    {"--no-prune", "", "ask about every address of a prefix, whatever the names of its blocks say", "",
     [](Options& o, const std::string&) -> Set { o.prune = false; return true; }},
    {"--report", "FILE", "a page with the counts and a chart (HTML, self-contained)", "", text<&Options::report>},
    {"--nats", "URL", "take leases from the work queue on this NATS JetStream server (or cluster: URLs with commas) until it is empty", "", text<&Options::nats>},
    {"--submit", "", "with --nats: put the prefixes into the queue", "",
     [](Options& o, const std::string&) -> Set { o.lease = Options::Lease::submit; return true; }},
    {"--status", "", "with --nats: what is waiting, under way and done", "",
     [](Options& o, const std::string&) -> Set { o.lease = Options::Lease::status; return true; }},
    {"--collect", "", "with --nats: the rows of all leases that are done, each address once", "",
     [](Options& o, const std::string&) -> Set { o.lease = Options::Lease::collect; return true; }},
    {"--forget", "", "with --nats: take the scan and its rows off the server", "",
     [](Options& o, const std::string&) -> Set { o.lease = Options::Lease::forget; return true; }},
    {"--nats-scan", "NAME", "with --nats: which scan, when the server has several (default: scan)", "", text<&Options::nats_scan>},
    {"--nats-creds", "FILE", "with --nats: USER:PASSWORD, a token, or a .creds file, readable by you only", "FCRDNS_NATS_CREDS", text<&Options::nats_creds>},
    {"--lease-size", "N", "with --submit: addresses of a lease (default 65536, a /16)", "", lease_size},
    {"--lease-time", "DURATION", "with --submit: a worker silent for so long has lost its lease (default 30s)", "", lease_time},
};

}  // namespace

std::span<const OptionRow<Options>> scan_options() { return rows; }

}  // namespace fcrdns::cli
