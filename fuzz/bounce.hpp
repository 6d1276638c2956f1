// What the targets on bounces share: a sink that holds every claim to what claim.hpp promises.
#pragma once

#include <string>

#include "fcrdns/bounce/message.hpp"
#include "fuzz.hpp"

namespace fcrdns::fuzz {

inline const std::string source = "input";

class Bounds final : public bounce::Sink {
 public:
  void claim(const bounce::Claim& claim) override {
    ++claims;
    require(claim.line > 0 && !claim.format.empty() && claim.source == source);
    for (const auto* text : {&claim.queue_id, &claim.sender, &claim.recipient, &claim.remote_mta, &claim.sending_host})
      require(text->size() <= 1024);
    require(claim.reply.text.size() <= mail::max_reply);
    require(!claim.meaning.causes.empty());
    require(claim.address.has_value() == (claim.address_source != bounce::AddressSource::none));
  }
  void note(std::string line) override { require(line.starts_with(source + ": ") && line.find('\n') == std::string::npos); }
  std::size_t claims = 0;
};

}  // namespace fcrdns::fuzz
