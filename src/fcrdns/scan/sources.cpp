#include "fcrdns/scan/sources.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/report/report.hpp"
#include "fcrdns/scan/list_line.hpp"
#include "fcrdns/sweep/units.hpp"

namespace fcrdns::scan {
namespace {

constexpr std::string_view standard_input = "-";

/// Written like an address or a prefix, rightly or wrongly.
bool looks_like_address(std::string_view word) {
  return word.find_first_of("0123456789:") != word.npos && word.find_first_not_of("0123456789abcdefABCDEF.:/[]") == word.npos;
}

OrRefusal<bool> sort(const std::string& word, Sources& sources) {
  const auto span = word.empty() || word.front() == '{' || word.front() == '"' ? std::nullopt
                    : word.find_first_of(" \t,;#") == word.npos ? [&] { auto read = read_list_line(word); return read ? *read : std::nullopt; }()
                                                                : std::nullopt;
  if (span && word.find('/') == word.npos) return sources.addresses.push_back(*span), true;
  if (span) {
    const auto prefix = sweep::unmapped(*net::Prefix::parse(word));
    if (span->count == 1) sources.addresses.push_back(*span);
    else sources.prefixes.push_back(prefix);
    return true;
  }
  struct stat status {};
  if (::stat(word.c_str(), &status) != 0) {
    const auto why = errno;
    const auto read = looks_like_address(word) ? read_list_line(word) : std::optional<Span>{};
    if (!read) return refuse(report::usage, read.error().message);
    return refuse(report::input_output, base::escape(word) + ": " + std::generic_category().message(why));
  }
  if (S_ISDIR(status.st_mode)) return refuse(report::input_output, base::escape(word) + ": it is a folder; give a file, a prefix or an address");
  if (::access(word.c_str(), R_OK) != 0) return refuse(report::input_output, base::escape(word) + ": " + std::generic_category().message(errno));
  sources.files.push_back(word);
  return true;
}

}  // namespace

std::unexpected<Refusal> refuse(int code, std::string message) { return std::unexpected(Refusal{code, std::move(message)}); }

OrRefusal<Sources> sort_sources(const std::vector<std::string>& words) {
  Sources sources;
  for (const auto& word : words) {
    if (word == standard_input) {
      if (std::ranges::count(sources.files, standard_input) > 0) return refuse(report::usage, "standard input can be read once only; give - once");
      sources.files.emplace_back(standard_input);
    } else if (const auto sorted = sort(word, sources); !sorted) {
      return std::unexpected(sorted.error());
    }
  }
  if (!words.empty()) return sources;
  if (::isatty(STDIN_FILENO) == 1) return refuse(report::usage, "give a file of addresses, a prefix, or - for standard input; fcrdns scan --help");
  sources.files.emplace_back(standard_input);
  return sources;
}

bool same_file(const std::string& a, const std::string& b) {
  struct stat one {}, other {};
  return ::stat(a.c_str(), &one) == 0 && ::stat(b.c_str(), &other) == 0 && S_ISREG(one.st_mode) && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

}  // namespace fcrdns::scan
