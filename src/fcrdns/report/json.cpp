// fcrdns/check/1: one JSON document, results as they come, exit_code last. Valid UTF-8 whatever the network said.
#include "fcrdns/report/json_parts.hpp"
#include "fcrdns/report/proof.hpp"
#include "fcrdns/report/renderers.hpp"
#include "fcrdns/report/spf.hpp"

namespace fcrdns::report {
namespace {

using resolver::Dnssec;

std::string_view authority_word(resolver::Resolver::Authority authority) {
  using enum resolver::Resolver::Authority;
  if (authority == reachable) return "reachable";
  return authority == unreachable ? "unreachable" : "not_asked";
}

Json name_json(const evidence::NameEvidence& name, const net::Address& client) {
  const auto addresses = evidence::addresses_in(name.own);
  const bool confirms = name.own.status == dns::Status::noerror && evidence::leads_to(name.own, client);
  Json out{{"name", name.name.text()}, {"ttl", name.ttl}, {"confirms", confirms}, {"status", to_word(name.own.status)},
           {"addresses", texts(addresses)}, {"via", texts(name.own.via)}};
  if (name.other.status != dns::Status::not_asked)
    out["other_family"] = {{"status", to_word(name.other.status)}, {"addresses", texts(evidence::addresses_in(name.other))}};
  return out;
}

/// One word for all answers behind a verdict: as weak as the weakest.
Dnssec dnssec_of(const evidence::AddressEvidence& at) {
  auto state = at.ptr.dnssec;
  for (const auto& name : at.names) {
    if (name.own.status == dns::Status::not_checked || name.own.status == dns::Status::unusable) continue;
    if (name.own.dnssec == Dnssec::bogus || state == Dnssec::bogus) return Dnssec::bogus;
    if (state == Dnssec::secure) state = name.own.dnssec;
  }
  return state;
}

Json address_json(const Result& result, std::size_t index) {
  const auto& at = result.evidence.addresses[index];
  const auto& verdict = result.verdicts[index];
  auto ptr = Json::array();
  for (const auto& name : at.names) ptr.push_back(name_json(name, at.address));
  Json out{{"address", at.address.text()},
           {"host", at.host ? Json(at.host->text()) : Json(nullptr)},
           {"from", at.from},
           {"reverse_name", net::reverse_name(at.address)},
           {"iprev", to_word(verdict.iprev)},
           {"reason", reason(at, verdict)},
           {"names_total", at.names.size()},
           {"names_checked", evidence::names_checked(at)},
           {"reverse_via", texts(at.ptr.via)},
           {"ptr", std::move(ptr)},
           {"ptr_status", to_word(at.ptr.status)},
           {"dnssec", to_word(dnssec_of(at))},
           {"helo", helo_json(result, index)},
           {"spf", spf_json(at)},
           {"zone", zone_json(result, index)}};
  if (!at.proof.empty()) out["proof"] = proof_json(at);
  return out;
}

Json step_json(const remedy::Step& step) {
  Json record = nullptr;
  if (step.record)
    record = {{"name", step.record->name}, {"type", step.record->type}, {"ttl", step.record->ttl}, {"data", step.record->data},
              {"relative", step.record->relative.empty() ? Json(nullptr) : Json(step.record->relative)}};
  return {{"finding", finding::to_word(step.finding)},
          {"address", step.address ? Json(step.address->text()) : Json(nullptr)},
          {"choice", step.choice},
          {"step", step.step},
          {"action", remedy::to_word(step.action)},
          {"record", std::move(record)},
          {"zone", or_null(step.zone)},
          {"who", step.who},
          {"how", step.how},
          {"caution", step.caution}};
}

Json trace_json(const evidence::Evidence& evidence) {
  auto rows = Json::array();
  for (const auto& line : evidence.trace) {
    auto attempts = Json::array();
    for (const auto& attempt : line.attempts)
      attempts.push_back({{"server", attempt.server}, {"transport", attempt.transport},
                          {"start_ms", std::chrono::floor<base::Milliseconds>(attempt.sent.time_since_epoch()).count()},
                          {"ms", attempt.took.count()}, {"outcome", attempt.outcome}});
    rows.push_back({{"question", line.question}, {"after", or_null(line.after)}, {"start_ms", line.start.count()},
                    {"ms", line.took.count()}, {"outcome", line.outcome}, {"attempts", std::move(attempts)}});
  }
  return {{"rows", std::move(rows)}, {"longest_chain_ms", evidence::longest_chain(evidence.trace).count()},
          {"wall_ms", evidence.wall.count()}};
}

Json safe_json(const std::optional<remedy::SafeToResend>& safe) {
  if (!safe) return nullptr;
  return {{"basis", safe->observed ? "observed" : "if_fixed_now"},
          {"earliest", base::to_rfc3339(safe->earliest)},
          {"latest", base::to_rfc3339(safe->latest)},
          {"note", safe->note}};
}

class JsonRenderer final : public Renderer {
 public:
  explicit JsonRenderer(const Style& style) : style_(style) {}

  std::string result(const Result& result) override {
    return head(result) + dump(result_json(result, style_.trace));
  }

  std::string end(int exit_code) override {
    const auto close = "\n], \"exit_code\": " + std::to_string(exit_code) + "}\n";
    return (begun_ ? "" : head({})) + close;
  }

 private:
  /// What stands before a result: the document's head before the first, as only then the authority is known.
  std::string head(const Result& result) {
    if (begun_) return ",\n";
    begun_ = true;
    const auto authority = authority_word(result.evidence.authority);
    return "{\"schema\": \"fcrdns/check/1\", \"time\": \"" + base::to_rfc3339(result.evidence.time) +
           "\", \"profile\": \"" + std::string(finding::to_word(style_.profile)) + "\", \"authority\": \"" + std::string(authority) + "\", \"results\": [\n";
  }

  Style style_;
  bool begun_ = false;
};

}  // namespace

Json finding_json(const finding::Finding& finding) {
  auto evidence = Json::object();
  for (const auto& [key, value] : finding.arguments)
    std::visit([&](const auto& held) { evidence[key] = held; }, value);
  return {{"id", finding::to_word(finding.id)},
          {"severity", finding::to_word(finding.severity)},
          {"address", finding.address ? Json(finding.address->text()) : Json(nullptr)},
          {"title", finding::title(finding)},
          {"detail", finding::detail(finding)},
          {"evidence", std::move(evidence)}};
}

Json result_json(const Result& result, bool trace) {
  Json out{{"subject", result.evidence.subject.text}};
  if (!result.error.empty()) {
    out["error"] = result.error;
  } else {
    out["kind"] = subject::to_word(result.evidence.subject.kind);
    out["iprev"] = result.iprev ? Json(to_word(*result.iprev)) : Json(nullptr);
    auto addresses = Json::array();
    for (std::size_t i = 0; i < result.evidence.addresses.size(); ++i) addresses.push_back(address_json(result, i));
    out["addresses"] = std::move(addresses);
    auto findings = Json::array();
    for (const auto& finding : result.findings) findings.push_back(finding_json(finding));
    out["findings"] = std::move(findings);
    auto steps = Json::array();
    for (const auto& step : result.plan.steps) steps.push_back(step_json(step));
    out["remedies"] = std::move(steps);
    out["safe_to_resend"] = safe_json(result.plan.safe_to_resend);
    out["expect"] = expect_json(result);
    out["notes"] = notes(result);
    if (trace) out["trace"] = trace_json(result.evidence);
  }
  return out;
}

std::unique_ptr<Renderer> make_json(const Style& style) { return std::make_unique<JsonRenderer>(style); }

}  // namespace fcrdns::report
