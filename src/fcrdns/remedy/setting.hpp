// What the steps of one finding are chosen by: the address it is about, who may own its reverse zone, and which name the
// address should bear.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/finding/finding.hpp"

namespace fcrdns::remedy {

/// Borrowed for one call of plan().
struct Setting {
  const finding::Considered& all;
  std::span<const finding::Finding> findings;
  const finding::Finding& finding;
  const evidence::AddressEvidence* at = nullptr;   ///< null: it concerns the whole subject
  const verdict::Verdict* verdict = nullptr;       ///< likewise
  std::span<const owner::Candidate> owners = {};   ///< of `at`

  [[nodiscard]] const evidence::Evidence& evidence() const { return all.evidence; }
  [[nodiscard]] net::Address address() const { return at == nullptr ? net::Address() : at->address; }
  /// Whether the same address, or the whole subject, has that finding too.
  [[nodiscard]] bool also(finding::Id id) const;
  [[nodiscard]] std::vector<std::string> list(std::string_view key) const;  ///< an argument of the finding; empty: has none
  [[nodiscard]] std::string text(std::string_view key) const;              ///< its first word; "" when it has none
  /// The name that leads back already, if one does.
  [[nodiscard]] const evidence::NameEvidence* confirmed() const;
};
[[nodiscard]] Setting setting_of(const finding::Considered& all, std::span<const finding::Finding> findings,
                                 const finding::Finding& finding);

/// The name a PTR should bear.
struct Chosen {
  std::optional<dns::Name> name;  ///< empty: only the user knows; the text is then the literal NAME.
  dns::Name canonical;            ///< where its address records stand: behind its aliases
  bool leads_here = false;        ///< it has the address already
  bool leads_elsewhere = false;   ///< it has other addresses of the same family
  bool other_family = false;      ///< it has addresses of the other family
  bool takes_mail = false;        ///< it is an MX

  [[nodiscard]] std::string text() const;
};
/// --expect, else --helo, else a host that already points here (the subject's, or the one a neighbour's PTR names),
/// else the name of the user's own misplaced PTR, else nobody's invention. Names that cannot be a PTR, and those of `but_not`, are passed over.
[[nodiscard]] Chosen chosen_name(const Setting& setting, std::span<const std::string> but_not = {});

/// Letters, digits, dots, hyphens, underscores only: safe wherever it is pasted.
[[nodiscard]] bool is_plain(std::string_view name);
/// Whether a name is one that a person may paste: it can be the PTR of the address.
[[nodiscard]] bool is_pasteable(std::string_view name, const net::Address& address);

}  // namespace fcrdns::remedy
