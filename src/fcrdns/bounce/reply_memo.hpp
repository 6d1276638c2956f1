// What a reply says and means, remembered: a log tells the same few replies over and over, with other recipients and ids in
// them. Bounded; what is remembered and what is worked out anew never differ.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/bounce/claim.hpp"

namespace fcrdns::bounce {

class ReplyMemo {
 public:
  ReplyMemo() : entries_(4096) {}

  /// What mail::parse_reply(raw) and classify(that, remote_mta) say.
  void read(std::string_view raw, std::string_view remote_mta, mail::Reply& reply, Meaning& meaning);

 private:
  struct Entry {
    std::uint64_t key = 0, check = 0;  ///< two hashes of what tells replies apart
    bool plain = false;                ///< the text is what stands behind the codes, as it is
    int code = 0;
    std::optional<mail::EnhancedCode> enhanced;
    std::size_t text_at = 0;           ///< where the text begins
    Meaning meaning;
  };
  std::vector<Entry> entries_;
};

}  // namespace fcrdns::bounce
