// What an unknown reply is about, guessed by its words: reverse DNS and what is said of it, and the words that stand for
// another reason. When in doubt it is not reverse DNS.
#pragma once

#include <string_view>
#include <vector>

#include "fcrdns/bounce/claim.hpp"
#include "fcrdns/bounce/phrases.hpp"

namespace fcrdns::bounce {

class Vocabulary {
 public:
  /// Puts its words into `phrases`, canonical. False: no room there.
  [[nodiscard]] bool add_to(Phrases& phrases);
  /// `text` is canonical, `found` what stands in it. Empty: its words say nothing.
  [[nodiscard]] std::vector<Cause> guess(std::string_view text, const std::vector<Phrases::Found>& found, bool temporary) const;

 private:
  std::vector<std::uint16_t> word_of_;  ///< row of the table by Phrases::Id; 0xffff: none of ours
};

}  // namespace fcrdns::bounce
