#include "fcrdns/diagnosis/diagnose.hpp"

#include <algorithm>
#include <deque>
#include <memory>

#include "fcrdns/base/time.hpp"

namespace fcrdns::diagnosis {
namespace {

using evidence::Gathering;
using finding::Severity;
using verdict::Iprev;

constexpr base::Milliseconds longest_wait{100};  // so that Ctrl-C and slow input are seen

/// Hosts that only receive a domain's mail need not send any: they never raise the exit code.
bool counts(const report::Result& result, const std::optional<net::Address>& address) {
  if (result.evidence.subject.kind != subject::Kind::domain || !address) return true;
  const auto at = std::ranges::find(result.evidence.addresses, *address, &evidence::AddressEvidence::address);
  return at == result.evidence.addresses.end() || !evidence::is_only_mx(*at);
}

int exit_code_of(const report::Result& result) {
  const auto has = [&](Severity severity) {
    return std::ranges::any_of(result.findings, [&](const finding::Finding& finding) {
      return finding.severity == severity && counts(result, finding.address);
    });
  };
  const auto word = [&](Iprev iprev) {
    for (std::size_t i = 0; i < result.verdicts.size(); ++i)
      if (result.verdicts[i].iprev == iprev && counts(result, result.evidence.addresses[i].address)) return true;
    return false;
  };
  if (word(Iprev::fail) || word(Iprev::permerror) || has(Severity::error)) return report::failed;
  if (word(Iprev::temperror) || has(Severity::undetermined)) return report::undetermined;
  return report::ok;
}

/// One place in the queue: facts still coming in, or a line that needs none.
struct Place {
  std::unique_ptr<Gathering> gathering;
  report::Result ready;

  [[nodiscard]] bool finished() const { return gathering == nullptr || gathering->finished(); }
  [[nodiscard]] bool can_be_told() const { return gathering == nullptr || gathering->is_verdict_known(); }
  report::Result take(finding::Profile profile) { return gathering == nullptr ? std::move(ready) : report_on(gathering->take(), profile); }
};

}  // namespace

report::Result report_on(evidence::Evidence evidence, finding::Profile profile) {
  report::Result result;
  result.evidence = std::move(evidence);
  result.profile = profile;
  // Does each address lead back to itself?
  for (const auto& at : result.evidence.addresses) result.verdicts.push_back(evidence::verdict_of(at));
  // The worst word is the subject's.
  for (const auto& verdict : result.verdicts)
    result.iprev = result.iprev ? verdict::worse(*result.iprev, verdict.iprev) : verdict.iprev;
  // Who owns the reverse zone of each address?
  for (const auto& at : result.evidence.addresses) result.owners.push_back(evidence::owners_of(at));
  const finding::Considered considered{result.evidence, result.verdicts, result.owners};
  // What is wrong, by which rule?
  result.findings = finding::judge(considered, profile);
  // Which records mend it, where, in which order, and when is it safe to send again?
  result.plan = remedy::plan(considered, result.findings);
  // What does a script learn?
  result.exit_code = exit_code_of(result);
  return result;
}

report::Result report_on(Unreadable line) {
  report::Result result;
  result.evidence.subject.text = std::move(line.text);
  result.error = std::move(line.error);
  result.exit_code = report::usage;
  return result;
}

bool diagnose(const std::function<Next(base::Milliseconds patience)>& next, const std::function<void(report::Result)>& sink,
              const std::function<bool()>& stop, const Options& options, const evidence::Sources& sources) {
  std::deque<Place> queue;
  bool more = true;
  while (more || !queue.empty()) {
    if (stop()) {
      for (auto& place : queue)
        if (place.can_be_told()) sink(place.take(options.profile));
      return false;
    }
    // A silent subject holds back the output, not the work behind it.
    auto under_way = static_cast<std::size_t>(std::ranges::count_if(queue, [](const Place& place) { return !place.finished(); }));
    while (more && under_way < options.concurrency && queue.size() < options.waiting) {
      auto input = next(queue.empty() ? longest_wait : base::Milliseconds{});
      if (std::holds_alternative<NotYet>(input)) break;
      if (auto* subject = std::get_if<subject::Subject>(&input)) {
        ++under_way;
        queue.push_back({std::make_unique<Gathering>(std::move(*subject), options.evidence, sources, base::wall_now()), {}});
      } else if (auto* asked = std::get_if<Asked>(&input)) {
        ++under_way;
        queue.push_back({std::make_unique<Gathering>(std::move(asked->subject), asked->evidence, sources, base::wall_now()), {}});
      } else if (auto* bad = std::get_if<Unreadable>(&input)) {
        queue.push_back({nullptr, report_on(std::move(*bad))});
      } else {
        more = false;
      }
    }
    while (!queue.empty() && queue.front().finished()) {
      sink(queue.front().take(options.profile));
      queue.pop_front();
    }
    if (!queue.empty()) sources.resolver.wait(longest_wait);
  }
  return true;
}

}  // namespace fcrdns::diagnosis
