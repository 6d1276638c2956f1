// What other programs put around a reply on its own line: "smtp;", quotes, "Remote Server returned '...'", "#...#SMTP#".
#pragma once

#include <optional>
#include <string_view>

#include "fcrdns/mail/reply.hpp"

namespace fcrdns::mail {

struct Framed {
  std::string_view text;                ///< the reply alone
  std::optional<EnhancedCode> outside;  ///< of the frame: Exchange's "#5.7.25 smtp;550 ..."
};
[[nodiscard]] Framed without_frame(std::string_view text);

}  // namespace fcrdns::mail
