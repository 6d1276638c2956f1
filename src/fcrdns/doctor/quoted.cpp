#include "fcrdns/doctor/quoted.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/log.hpp"

namespace fcrdns::doctor {
namespace {

constexpr std::size_t most_addresses = 1000;
constexpr std::size_t chunk = 1U << 20;
constexpr std::size_t first_look = 64U << 10;  // what make_log() goes by

class Collecting final : public bounce::Sink {
 public:
  std::vector<finding::Quoted> quoted;

  void claim(const bounce::Claim& claim) override {
    if (claim.direction == bounce::Direction::inbound || claim.address_source != bounce::AddressSource::reply || !claim.address) return;
    auto at = std::ranges::find(quoted, *claim.address, &finding::Quoted::address);
    if (at == quoted.end()) {
      if (quoted.size() == most_addresses) return;
      at = quoted.insert(at, {*claim.address, 0, {}});
    }
    ++at->bounces;
    if (claim.time) at->last = std::max(at->last, claim.time);
  }
  void note(std::string) override {}
};

/// Whole lines of the log's last `most` octets. Returns how many were read.
std::uint64_t read_end(std::ifstream& file, const std::string& path, std::uint64_t most, const bounce::Options& options, bounce::Sink& sink) {
  file.seekg(0, std::ios::end);
  const auto size = static_cast<std::uint64_t>(std::max<std::streamoff>(file.tellg(), 0));
  const auto from = size > most ? size - most : 0;
  file.seekg(static_cast<std::streamoff>(from));
  std::string rest, octets(chunk, '\0');
  if (from > 0) std::getline(file, rest), rest.clear();
  std::unique_ptr<bounce::Log> log;
  std::size_t line = 1;
  while (file) {
    file.read(octets.data(), static_cast<std::streamsize>(octets.size()));
    const auto count = static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0));
    rest.append(octets, 0, count);
    if (!log) log = bounce::make_log(std::string_view(rest).substr(0, first_look), options, sink);
    if (!log) break;
    auto end = rest.rfind('\n');
    end = end == std::string::npos ? 0 : end + 1;
    if (count < octets.size()) end = rest.size();  // the last line may lack its end
    line += log->read(std::string_view(rest).substr(0, end), {path, line});
    rest.erase(0, end);
    if (rest.size() > 2 * chunk) break;  // no log has such lines
  }
  if (log) log->end();
  return size - from;
}

}  // namespace

std::vector<finding::Quoted> quoted_in_logs(const std::vector<std::string>& paths, base::WallTime now, std::vector<std::string>& unseen) {
  Collecting sink;
  bounce::Options options;
  options.now = now;
  auto left = most_of_logs;
  for (const auto& path : paths) {
    if (left == 0) break;
    std::error_code none;
    if (std::filesystem::exists(path, none) && !std::filesystem::is_regular_file(path, none)) continue;
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      if (errno != ENOENT) unseen.push_back(fmt::format("the log {}: {}", base::escape(path, 300), std::strerror(errno)));
      continue;
    }
    left -= std::min(left, read_end(file, path, left, options, sink));
  }
  std::ranges::stable_sort(sink.quoted, std::ranges::greater{}, &finding::Quoted::last);
  return std::move(sink.quoted);
}

std::string in_words(const finding::Quoted& quoted, base::WallTime now) {
  auto out = fmt::format("{} bounce{}", quoted.bounces, quoted.bounces == 1 ? "" : "s");
  if (!quoted.last) return out;
  const auto last = base::to_rfc3339(*quoted.last);
  const bool today = last.substr(0, 10) == base::to_rfc3339(now).substr(0, 10);
  out += ", " + (today ? "" : last.substr(0, 10) + " ") + last.substr(11, 5) + " UTC";
  return out;
}

}  // namespace fcrdns::doctor
