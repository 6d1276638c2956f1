// The catalogue of codes and what to do about them (data/codes.json).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/bounce/classify.hpp"

namespace fcrdns::bounce {

class CodeCatalogue {
 public:
  /// The Fault names the row and what is wrong with it. At most 1 MiB and 1,000 rows.
  [[nodiscard]] static base::Expected<CodeCatalogue> parse(std::string_view json);

  /// "5.7.26", "4.7.26" (the other class serves where there is no row of its own), "5.7.610" of a row "5.7.606-5.7.649",
  /// "5.4.9" of a row "5.4.x", "421", "s3150". One code alone.
  [[nodiscard]] const CodeWord* find(std::string_view code) const;
  /// A mark inside a text: no code of digits and dots.
  [[nodiscard]] const CodeWord* find_mark(std::string_view text) const;
  [[nodiscard]] std::vector<std::string> codes() const;

 private:
  struct Range {
    mail::EnhancedCode first, last;
    std::size_t row = 0;
  };
  [[nodiscard]] base::Expected<bool> add(const std::string& code, std::size_t row);
  [[nodiscard]] const CodeWord* find_enhanced(const mail::EnhancedCode& code) const;

  std::vector<CodeWord> rows_;
  std::unordered_map<std::string, std::size_t> by_code_;  ///< lower case
  std::vector<Range> ranges_;
};

}  // namespace fcrdns::bounce
