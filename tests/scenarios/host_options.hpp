// The options of a world's $HOST line, as the command line of `fcrdns check` would understand them.
#pragma once

#include "fcrdns/evidence/gather.hpp"
#include "fcrdns/finding/finding.hpp"
#include "fcrdns/world/world.hpp"

namespace fcrdns::scenarios {

struct HostOptions {
  evidence::Options evidence;
  finding::Profile profile = finding::Profile::google;
};

inline HostOptions options_of(const world::Host& host) {
  HostOptions out;
  const auto bad = [&](const std::string& word) {
    return std::runtime_error("line " + std::to_string(host.line) + ": option " + word);
  };
  for (std::size_t i = 0; i < host.options.size(); i += 2) {
    const auto& option = host.options[i];
    if (option == "--proof") {
      out.evidence.proof = true;
      --i;  // a switch: the next word is an option again
      continue;
    }
    if (i + 1 == host.options.size()) throw bad(option);
    const auto& value = host.options[i + 1];
    if (option == "--domain") out.evidence.domain = subject::parse_name(value).value();
    else if (option == "--expect") out.evidence.expect = subject::parse_name(value).value();
    else if (option == "--helo") out.evidence.helo = value;
    else if (option == "--mail-from") out.evidence.mail_from = subject::parse_sender(value).value();
    else if (option == "--as") out.evidence.as = value == "domain" ? subject::As::domain : subject::As::host;
    else if (option == "--profile") out.profile = finding::parse_profile(value).value();
    else throw bad(option);
  }
  return out;
}

}  // namespace fcrdns::scenarios
