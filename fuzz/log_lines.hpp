// A log of one format: whatever stands in it, cut into pieces or read at once, the same is told of it, within bounds.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "fcrdns/bounce/log.hpp"
#include "fcrdns/bounce/log_line.hpp"
#include "fuzz.hpp"

namespace fcrdns::fuzz {

class Kept : public bounce::Sink {
 public:
  void claim(const bounce::Claim& claim) override {
    require(claim.queue_id.size() <= 1024 && claim.sender.size() <= 1024 && claim.recipient.size() <= 1024 && claim.remote_mta.size() <= 1024 &&
            claim.sending_host.size() <= 1024 && claim.reply.text.size() <= mail::max_reply);
    require(claim.line > 0 && !claim.format.empty() && !claim.meaning.causes.empty());
    require(claim.address.has_value() == (claim.address_source != bounce::AddressSource::none));
    claims.push_back(std::to_string(claim.line) + claim.queue_id + '\n' + claim.recipient + '\n' + claim.remote_mta + '\n' + claim.reply.text);
  }
  void note(std::string) override {}
  std::vector<std::string> claims;
};

/// `begin` of each format makes a log of what follows.
inline int read_log(std::string_view format, std::string_view text) {
  const bounce::Options options{.now = base::WallTime{std::chrono::seconds{1'795'288'249}}};
  std::string lines = format == "powermta" ? "" : "Nov 21 19:10:49 out postfix/qmgr[1]: 1A2B3C: removed\n";
  lines += text;
  const std::string source = "log";
  const auto read = [&](std::size_t piece) {
    Kept kept;
    const auto log = bounce::make_log(lines.substr(0, lines.find('\n') + 1), options, kept);
    if (!log) return kept.claims;
    std::string_view rest = lines;
    bounce::Place place{source, 1};
    while (!rest.empty()) {
      auto end = rest.find('\n', std::min(piece, rest.size()));
      end = end == std::string_view::npos ? rest.size() : end + 1;
      const auto count = log->read(rest.substr(0, end), place);
      require(count == static_cast<std::size_t>(std::ranges::count(rest.substr(0, end), '\n')));
      place.line += count;
      rest.remove_prefix(end);
    }
    log->end();
    return kept.claims;
  };
  require(read(std::string_view::npos) == read(0));
  return 0;
}

}  // namespace fcrdns::fuzz
