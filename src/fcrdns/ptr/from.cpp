// `fcrdns ptr --from SOURCE FILE...`: opens the files, and tells what was left out.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "fcrdns/base/text.hpp"
#include "fcrdns/ptr/jobs.hpp"
#include "fcrdns/report/report.hpp"
#include "fcrdns/subject/subject.hpp"

namespace fcrdns::ptr {
namespace {

constexpr std::size_t shown = 10;  // of what was left out; with -v all that is known

/// Appends the whole file; a Fault says why it cannot be read.
base::Expected<void> read_into(std::string& text, const std::string& file) {
  std::ifstream opened;
  if (file != "-") opened.open(file, std::ios::binary);
  std::istream& in = file == "-" ? std::cin : opened;
  for (std::array<char, 65536> piece; in.good();) {
    in.read(piece.data(), piece.size());
    text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad() || !in.eof()) return base::fault(fmt::format("{}: {}", base::escape(file, 200), std::strerror(errno)));
  return {};
}

/// `--nameserver ns1.example.com ns2.example.com`: what is no file, but a host name, is one more of them.
std::vector<std::string> without_nameservers(const std::vector<std::string>& words, std::vector<dns::Name>& nameservers) {
  std::vector<std::string> files;
  std::error_code ignored;
  for (const auto& word : words) {
    const auto name = nameservers.empty() || std::filesystem::exists(word, ignored) ? base::Expected<dns::Name>(base::fault("a file")) : subject::parse_name(word);
    if (!name) {
      files.push_back(word);
      continue;
    }
    report::say(name->text() + ": no such file, so taken for a name server");
    nameservers.push_back(*name);
  }
  return files;
}

int cannot_read(const base::Fault& fault) { return report::say(fault.message), report::input_output; }

/// Counts first, then the first few of them.
void tell(const generator::Derived& done, bool verbose) {
  report::say(fmt::format("{} lines, {} addresses: {} PTRs in {} zones; {} left out", done.lines, done.addresses, done.records, done.zones, done.skipped_count));
  if (done.outdated > 0) report::say(fmt::format("{:>7}  existing PTRs dropped: their names have gone to other addresses", done.outdated));
  std::map<std::string_view, std::size_t> counts;
  for (const auto& each : done.skipped) ++counts[to_text(each.why)];
  for (const auto& [why, count] : counts) report::say(fmt::format("{:>7}  {}", count, why));
  std::size_t told = 0;
  for (const auto& each : done.skipped) {
    if (!verbose && told++ == shown) break;
    report::say(fmt::format("line {}: {}: {}", each.line, each.text, to_text(each.why)));
  }
  const auto rest = done.skipped_count - std::min(done.skipped_count, verbose ? done.skipped.size() : std::min(shown, done.skipped.size()));
  if (rest > 0) report::say(fmt::format("and {} more{}", rest, verbose ? "" : "; -v tells them"));
}

}  // namespace

int derive_from(const Options& options) {
  if (options.classless || options.name_template) return refuse("--from takes its names from the files: leave --classless and --name-template out");
  auto forward = options.forward;
  forward.nameservers = options.nameservers;
  const auto files = without_nameservers(options.words, forward.nameservers);
  if (files.empty()) return refuse("--from needs a file, or - for standard input");
  forward.source = *options.from;
  forward.ttl = options.ttl;
  forward.soa = options.soa;
  std::string text;
  for (const auto& word : files) {
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    if (const auto read = read_into(text, word); !read) return cannot_read(read.error());
  }
  if (!options.existing_file.empty())
    if (const auto read = read_into(forward.existing, options.existing_file); !read) return cannot_read(read.error());

  std::istringstream in(std::move(text));
  report::Output output(options.quiet);
  const auto writer = generator::make_writer(format_of(options), sink_to(output));
  const auto done = generator::derive(in, forward, *writer);
  if (!done) return refuse(done.error().message);
  writer->end();
  if (!options.quiet && (done->skipped_count > 0 || done->outdated > 0 || options.verbose)) tell(*done, options.verbose);
  return written(output, done->unreadable > 0 ? report::usage : report::ok);
}

}  // namespace fcrdns::ptr
