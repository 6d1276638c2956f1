// Claims of a delivery report (RFC 3464, RFC 6533): its fields, and the fuller words of its prose where programs keep the
// cause there (Sendmail's transcript, OpenSMTPD's list).
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/delivery_status.hpp"
#include "fcrdns/bounce/gathered.hpp"
#include "fcrdns/bounce/notice.hpp"
#include "fcrdns/bounce/saying.hpp"

namespace fcrdns::bounce {

/// One claim for each recipient that failed or was delayed. `frame`: what all of them share (source, line, format).
void gather_report(const Notice& notice, const Claim& frame, Gathered& to);

/// The sayings of a report's prose, each reply parsed once, however many recipients the report has.
class Transcript {
 public:
  explicit Transcript(std::vector<Saying> sayings);
  /// Calls see(saying, whether it is about this recipient, what parses its reply). All of them while they are few, else those that are.
  template <typename See>
  void for_each(const RecipientStatus& status, const See& see) {
    const auto names = {base::to_lower(status.recipient), base::to_lower(status.original_recipient)};
    const auto is_about = [&](const std::string& recipient) {
      return recipient.empty() || std::ranges::find(names, base::to_lower(recipient)) != names.end();
    };
    if (sayings_.size() <= few) {
      for (std::size_t i = 0; i < sayings_.size(); ++i) see(sayings_[i], is_about(sayings_[i].recipient), [&]() -> const auto& { return reply(i); });
      return;
    }
    for (auto [at, end] = of_.equal_range(*names.begin()); at != end; ++at) see(sayings_[at->second], true, [&]() -> const auto& { return reply(at->second); });
  }

 private:
  static constexpr std::size_t few = 100;
  const mail::Reply& reply(std::size_t index);

  std::vector<Saying> sayings_;
  std::vector<std::optional<mail::Reply>> replies_;
  std::unordered_multimap<std::string, std::size_t> of_;
};

/// The claim of one recipient of a report; nothing when the mail went on.
[[nodiscard]] std::optional<Claim> claim_of(const RecipientStatus& status, const DeliveryStatus& report, Transcript& transcript,
                                            const Claim& frame);

}  // namespace fcrdns::bounce
