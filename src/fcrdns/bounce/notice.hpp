// The parts of one message by which a bounce is told, decoded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fcrdns::bounce {

struct Notice {
  std::string_view header;        ///< the message's own field lines
  std::vector<std::string> statuses;  ///< delivery-status parts
  std::vector<std::string> texts;     ///< for people
  std::vector<std::string> htmls;     ///< the same as HTML, of which only the words are left
  std::string returned_header;        ///< of the mail that came back; empty: it is not there
};

}  // namespace fcrdns::bounce
