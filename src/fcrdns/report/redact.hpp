// A report for strangers: what tells more of its sender than the addresses and names it is about is masked.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fcrdns/report/report.hpp"

namespace fcrdns::report {

/// Masks in a finished rendering of any format. Local parts of mail addresses are always masked.
class Redaction {
 public:
  /// A host name (final dot or not) or any other word, wherever it stands as a whole. `as` is letters and hyphens, safe
  /// in every format.
  void hide(std::string_view word, std::string_view as);
  /// What stays although it is hidden otherwise: the names under proof, and what they lie in.
  void keep(const dns::Name& name) { kept_.push_back(name); }
  void hide(const dns::Name& name);
  [[nodiscard]] std::string apply(std::string_view rendering) const;

 private:
  std::vector<std::pair<std::string, std::string>> hidden_;
  std::vector<dns::Name> kept_;
};

/// The user's own names that are neither a PTR's name nor asked in the proof: subject, HELO, --expect, sending host.
[[nodiscard]] Redaction redaction_of(const evidence::Evidence& evidence);
/// The same rendering, masked.
[[nodiscard]] std::unique_ptr<Renderer> redacting(std::unique_ptr<Renderer> inner);

}  // namespace fcrdns::report
