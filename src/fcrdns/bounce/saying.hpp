// What the human-readable part of a bounce says: whose mail, which server, which reply. Every program has its own words
// for it (Postfix, Exim, Sendmail, OpenSMTPD, qmail, Exchange, Gmail, swaks); the tables of saying.cpp know them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fcrdns::bounce {

enum class Strength {
  paragraph,  ///< what stands beside the recipient; maybe no server's reply at all
  reason,     ///< told as a reason; programs cut it short
  quoted,     ///< told as another server's very words
};

struct Saying {
  std::string recipient;   ///< empty: not told
  std::string remote_mta;  ///< host name or address; empty: not told
  std::string reply;       ///< as it stands there, line ends included; for mail::parse_reply
  Strength strength = Strength::paragraph;
  std::size_t at = 0;      ///< octet of the text at which the reply begins
};

struct Sayings {
  std::vector<Saying> all;             ///< in the order of the text; at most 10,000
  std::vector<std::string> recipients; ///< every recipient that is named, also those of whom nothing more is said
  std::vector<std::string> servers;    ///< likewise the servers that refused
  std::size_t end = 0;                 ///< octet of the text at which the copy of the returned mail begins; its size: there is none
};

[[nodiscard]] Sayings read_sayings(std::string_view text);

}  // namespace fcrdns::bounce
