#include "fcrdns/ptr/ptr.hpp"

#include <algorithm>
#include <csignal>
#include <iostream>

#include "fcrdns/base/text.hpp"
#include "fcrdns/ptr/jobs.hpp"
#include "fcrdns/report/report.hpp"

namespace fcrdns::ptr {
namespace {

/// `--classless PREFIX`: an option with a value took the prefix for the form's name.
Options with_prefix_in_place(Options options) {
  if (options.classless && (net::Prefix::parse(*options.classless) || net::Address::parse(*options.classless))) {
    options.words.insert(options.words.begin(), *options.classless);
    options.classless = "";
  }
  if (options.classless == "forms") options.classless = "";
  return options;
}

/// Host names beside a block are more name servers: `--nameserver ns1.example.com ns2.example.com`.
void take_nameservers(Words& words, Options& options) {
  if (options.nameservers.empty()) return;
  options.nameservers.insert(options.nameservers.end(), words.hosts.begin(), words.hosts.end());
  words.hosts.clear();
}

int run_classless(Words words, Options options) {
  take_nameservers(words, options);
  if (!words.hosts.empty()) return refuse(words.hosts.front().text() + ": name servers stand behind --nameserver");
  return options.classless->empty() ? show_forms(words.block, options) : show_classless(words, options);
}

int run_words(Options options) {
  auto words = read_words(options.words);
  if (!words) return refuse(words.error().message);
  for (const auto& note : words->notes) report::say(note);
  if (options.classless) return run_classless(*std::move(words), std::move(options));
  if (words->is_block() || options.name_template) {
    take_nameservers(*words, options);
    return show_block(*words, options);
  }
  if (!options.nameservers.empty()) return refuse("--nameserver: one address is no zone; give a prefix, or --classless and its form");
  return show_address(*words, options);
}

/// `fcrdns ptr -`: each line of standard input as if it were the arguments; a bad one does not end it.
int run_list(Options options) {
  if (options.json || options.format) return refuse("a list gives plain lines: leave --json and --format out");
  int worst = report::ok;
  for (std::string line; std::getline(std::cin, line) && worst != report::input_output;) {
    const auto words = base::words(line);
    if (words.empty() || words.front().starts_with('#')) continue;
    options.words.assign(words.begin(), words.end());
    worst = std::max(worst, run_words(options));
  }
  if (!std::cin.bad()) return worst;
  report::say("cannot read standard input");
  return report::input_output;
}

}  // namespace

int refuse(std::string_view message) { return report::say(message), report::usage; }

int written(const report::Output& output, int code) {
  if (!output.failed()) return code;
  output.complain();
  return report::input_output;
}

generator::Sink sink_to(report::Output& output) {
  return [&output](std::string_view text) { return output.write(text), !output.failed(); };
}

generator::Format format_of(const Options& options) {
  return options.json ? generator::Format::json : options.format.value_or(generator::Format::bind);
}

generator::ZoneHead head_of(const Options& options) { return {options.ttl, options.nameservers, options.soa}; }

int run(const Options& given) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is a failed write: exit code 74
  auto options = with_prefix_in_place(given);
  if (options.json && options.format && *options.format != generator::Format::json) return refuse("--json and another --format: give one of them");
  options.json = options.json || options.format == generator::Format::json;
  if (options.from) return derive_from(options);
  if (options.side != Side::both && !options.classless) return refuse("--part is for --classless");
  if (options.classless && options.classless->empty() && options.words.empty())
    return show_forms(*net::Prefix::parse("192.0.2.64/26"), options);
  return options.words == std::vector<std::string>{"-"} ? run_list(options) : run_words(options);
}

}  // namespace fcrdns::ptr
