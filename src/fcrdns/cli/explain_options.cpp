#include "fcrdns/cli/options.hpp"

namespace fcrdns::cli {
namespace {

using explain::Options;
using Set = base::Expected<bool>;

Set since(Options& options, const std::string& value) {
  const auto time = parse_since(value);
  if (!time) return base::fault(time.error().message);
  options.read.since = *time;
  return true;
}

Set address(Options& options, const std::string& value) {
  const auto address = net::Address::parse(value);
  if (!address) return base::fault(address.error().message);
  options.read.address = address->unmapped();
  return true;
}

Set format(Options& options, const std::string& value) {
  const auto word = report::parse_format(value);
  if (!word || *word == report::Format::nagios) return base::fault("give text, json, markdown or html");
  options.format = *word;
  return true;
}

constexpr OptionRow<Options> rows[] = {
    {"--no-check", "", "read only: ask no DNS", "", [](Options& o, const std::string&) -> Set { o.check = false; return true; }},
    {"--address", "ADDRESS", "the address that the mail left from, where the reply quotes none", "", address},
    {"--since", "TIME", "leave out what is older: 2h, 3d, 2026-11-21, 2026-11-21T13:00:00Z", "", since},
    {"--receiver", "NAME", "only refusals of this receiver: google, or a part of its server's name", "",
     [](Options& o, const std::string& v) -> Set { o.read.receiver = v; return true; }},
    {"--all", "", "check more than the 20 addresses with the most refusals", "", [](Options& o, const std::string&) -> Set { o.all = true; return true; }},
    {"--summary", "", "counts by cause, receiver and address, and a chart; no single mails", "",
     [](Options& o, const std::string&) -> Set { o.summary = true; return true; }},
    {"--list", "", "whose mails were refused: a line each, tab-separated; asks no DNS", "",
     [](Options& o, const std::string&) -> Set { o.list = true; return true; }},
    {"-f,--follow", "", "go on reading as the log grows, through rotations; Ctrl-C ends it and tells the rest", "",
     [](Options& o, const std::string&) -> Set { o.read.follow = true; return true; }},
    {"--format", "FORMAT", "text, json, markdown or html", "", format},
};

}  // namespace

std::span<const OptionRow<Options>> explain_options() { return rows; }

}  // namespace fcrdns::cli
