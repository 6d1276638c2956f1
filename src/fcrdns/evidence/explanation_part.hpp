// The questions that explain a verdict: what the authority says, who owns the zone, which mistake of the hand it is.
// None of them changes the verdict, and none is waited for longer than the explanation is worth.
#pragma once

#include <string>

#include "fcrdns/evidence/asking.hpp"

namespace fcrdns::evidence {

class ExplanationPart {
 public:
  explicit ExplanationPart(Asking& asking);

  /// The names the user gave: they depend on nothing.
  void begin();
  /// Beside the verdict.
  void address_found(std::size_t index);
  void names_known(std::size_t index);
  /// Behind it.
  void verdict_known();

 private:
  void look_at(std::optional<NameLook> Evidence::*slot, const dns::Name& name);
  void walk_reverse(std::size_t index, const dns::Name& name);
  void walk_forward(std::size_t index, std::size_t name, const dns::Name& target);
  void probe_caches(std::size_t index, const dns::Question& question);
  void ask_probes(std::size_t index, std::vector<Probe> probes);
  void ask_neighbours_forward(std::size_t index, std::size_t probe);
  void find_domain();
  void search_domain(const dns::Name& domain);
  void ask_domain_servers(const dns::Name& domain);
  void ask_directly(const dns::Name& server, const net::Address& address);
  [[nodiscard]] bool is_walked() const;
  [[nodiscard]] std::vector<std::size_t> failing() const;

  Asking& asking_;
  std::string random_label_;
  std::size_t servers_asked_ = 0;  // of the domain
};

}  // namespace fcrdns::evidence
