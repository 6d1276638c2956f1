// How an explanation reads: as text, JSON (fcrdns/explain/1), Markdown and HTML. Nothing is decided here.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fcrdns/explanation/conclusion.hpp"

namespace fcrdns::explanation {

/// Everything there is to tell.
struct Explanation {
  Summary summary;
  std::vector<Explained> explained;       ///< topics that were checked, as they stand in summary.topics
  std::size_t unchecked = 0;              ///< topics without an address to check, or beyond the limit
  std::optional<Conclusion> conclusion;   ///< empty: nothing was checked (--no-check)
  base::WallTime now{};
  int exit_code = 0;
};

/// What a check's report begins with, in place of its own headline: the sentence, then what the bounce said.
[[nodiscard]] std::vector<std::string> preface(const Explained& explained, base::WallTime now);

struct Look {
  report::Style style;
  bool summary = false;   ///< --summary: counts even for a few mails
  bool all = false;       ///< --all
};

/// Text, Markdown or HTML.
[[nodiscard]] std::string render(const Explanation& explanation, report::Format format, const Look& look);

/// One refused mail as a line of --list: time, queue id, sender, recipient, receiver, codes, cause, address; tab-separated.
[[nodiscard]] std::string list_line(const bounce::Claim& claim);
inline constexpr std::string_view list_header = "time\tqueue_id\tsender\trecipient\treceiver\tcode\tcause\taddress\n";

/// The JSON document in pieces, as claims come: begin, then each message, then the end.
class JsonDocument {
 public:
  [[nodiscard]] static std::string begin();
  [[nodiscard]] std::string message(const bounce::Claim& claim);
  /// `check`: the whole document of the check, or empty for none.
  [[nodiscard]] std::string end(const Explanation& explanation, std::string_view check) const;

 private:
  bool first_ = true;
};

}  // namespace fcrdns::explanation
