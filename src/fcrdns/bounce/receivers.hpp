// The catalogue of receivers and their replies (data/receivers.json), read and made ready for classify.cpp.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/bounce/classify.hpp"
#include "fcrdns/bounce/phrases.hpp"

namespace fcrdns::bounce {

/// A receiver's reply: the phrases that every variant of it holds, in this order.
struct KnownText {
  std::vector<std::string> says;      ///< as the file has them
  std::vector<Cause> means;           ///< the likeliest first
  std::vector<std::string> codes;     ///< "4", "450", "4.7.25": one of them must be the reply's, if there are any
  bool ends = false;                  ///< nothing follows the last phrase
  bool guess = false;                 ///< fits other reasons too
  std::size_t receiver = 0;           ///< index; no_receiver: nobody knows whose it is
};
inline constexpr std::size_t no_receiver = static_cast<std::size_t>(-1);

struct ReceiverEntry {
  Receiver receiver;
  bool software = false;              ///< a mail program: whoever runs it is the receiver
  std::vector<std::string> marks;     ///< phrases that give it away and say nothing of the cause ("gsmtp")
  std::vector<std::pair<mail::EnhancedCode, std::vector<Cause>>> codes;  ///< what its bare codes mean
};

struct ReceiverFile {
  std::vector<ReceiverEntry> receivers;
  std::vector<KnownText> texts;
};
/// The Fault names the row and what is wrong with it. At most 1 MiB, 1,000 receivers, 4,000 texts.
[[nodiscard]] base::Expected<ReceiverFile> parse_receivers(std::string_view json);

}  // namespace fcrdns::bounce
