#include "fcrdns/evidence/gather.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "fcrdns/evidence/explanation_part.hpp"
#include "fcrdns/evidence/proof_part.hpp"
#include "fcrdns/evidence/spf_part.hpp"
#include "fcrdns/evidence/verdict_part.hpp"

namespace fcrdns::evidence {

class Gathering::Impl {
 public:
  Impl(subject::Subject subject, const Options& options, const Sources& sources, base::WallTime time)
      : asking_(std::move(subject), options, sources, time),
        explanation_(asking_),
        proof_(asking_),
        spf_(asking_),
        verdict_(asking_, {[this](std::size_t i) { explanation_.address_found(i), spf_.address_found(i); },
                           [this](std::size_t i) { explanation_.names_known(i); }}) {
    asking_.on_verdict = [this] { verdict_known(); };
    if (options.proof) asking_.on_walked = [this] { proof_.begin(); };
    explanation_.begin();
    verdict_.begin();
    // Nothing was asked: no public PTR is possible.
    if (!asking_.is_open(Part::verdict) && asking_.on_verdict) std::exchange(asking_.on_verdict, {})();
  }

  [[nodiscard]] bool finished() const { return !asking_.is_open(Part::verdict) && !asking_.is_open(Part::explanation); }

  [[nodiscard]] bool is_verdict_known() const { return !asking_.is_open(Part::verdict); }

  Evidence take() {
    auto& evidence = asking_.evidence;
    evidence.authority = authority();
    evidence.subject.fixed = false;  // its kind is a fact by now
    // Looked at ahead, and then not among the domain's candidates.
    std::erase_if(evidence.addresses, [](const AddressEvidence& at) { return at.from.empty(); });
    // The order answers came in is chance.
    std::ranges::sort(evidence.addresses, {}, &AddressEvidence::address);
    for (auto& at : evidence.addresses) {
      std::ranges::sort(at.from);
      std::ranges::sort(at.spf, {}, &spf::Outcome::identity);
      std::ranges::stable_sort(at.probes, [](const Probe& a, const Probe& b) {
        return std::tie(a.purpose, a.question.name, a.server) < std::tie(b.purpose, b.question.name, b.server);
      });
      std::ranges::sort(at.caches, [](const CacheEvidence& a, const CacheEvidence& b) {
        return std::tie(a.resolver, a.question.type, a.question.name) < std::tie(b.resolver, b.question.type, b.question.name);
      });
    }
    return std::move(evidence);
  }

 private:
  void verdict_known() {
    if (asking_.sources.observer != nullptr) asking_.sources.observer->verdict_known(asking_.evidence);
    explanation_.verdict_known();
  }

  [[nodiscard]] resolver::Resolver::Authority authority() const {
    using enum resolver::Resolver::Authority;
    if (asking_.sources.resolver.authority() == unreachable) return unreachable;
    bool walked = false;
    for (const auto& at : asking_.evidence.addresses)
      for (const auto& walk : at.reverse) {
        if (walk.root_reached) return reachable;
        walked = true;
      }
    return walked ? unreachable : not_asked;
  }

  Asking asking_;
  ExplanationPart explanation_;
  ProofPart proof_;
  SpfPart spf_;
  VerdictPart verdict_;
};

Gathering::Gathering(subject::Subject subject, const Options& options, const Sources& sources, base::WallTime time)
    : impl_(std::make_unique<Impl>(std::move(subject), options, sources, time)) {}
Gathering::~Gathering() = default;
bool Gathering::finished() const { return impl_->finished(); }
bool Gathering::is_verdict_known() const { return impl_->is_verdict_known(); }
Evidence Gathering::take() { return impl_->take(); }

}  // namespace fcrdns::evidence
