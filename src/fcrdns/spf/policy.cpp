#include "fcrdns/spf/policy.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"

namespace fcrdns::spf {
namespace {

std::string shown(const dns::Name& name) { return base::without_final_dot(name.text()); }

}  // namespace

Found found(const resolver::Answer& answer) {
  if (dns::is_negative(answer.status) || answer.status == dns::Status::unusable) return Found::nothing;
  if (answer.status != dns::Status::noerror) return Found::trouble;
  return answer.records.empty() ? Found::nothing : Found::records;
}

std::string trouble_of(dns::Type type, const dns::Name& name, dns::Status status) {
  return fmt::format("{} of {}: {}", to_text(type), shown(name), to_word(status));
}

std::string joined(const dns::Txt& txt, std::size_t limit) {
  std::string out;
  for (const auto& part : txt.strings) {
    out += part;
    if (out.size() > limit) break;
  }
  return out.substr(0, limit);
}

Policy read_policy(const resolver::Answer& answer, const dns::Name& domain, std::size_t longest_record) {
  if (found(answer) == Found::trouble) return {Result::temperror, trouble_of(dns::Type::txt, domain, answer.status), {}, {}};
  Policy policy{.verdict = Result::none};
  for (const auto& record : answer.records) {
    const auto* txt = std::get_if<dns::Txt>(&record.data);
    if (txt == nullptr) continue;
    auto text = joined(*txt, longest_record + 1);
    if (!is_record(text)) continue;
    if (!policy.text.empty()) return {Result::permerror, shown(domain) + " has more than one SPF record", std::move(policy.text), {}};
    policy.text = std::move(text);
  }
  if (policy.text.empty()) return policy;
  policy.verdict = Result::permerror;
  if (policy.text.size() > longest_record) {
    policy.problem = fmt::format("the record of {} is longer than {} octets", shown(domain), longest_record);
    return policy;
  }
  auto record = parse_record(policy.text);
  if (!record) {
    policy.problem = fmt::format("in the record of {}: {}", shown(domain), record.error().message);
    return policy;
  }
  policy.verdict.reset();
  policy.record = std::move(*record);
  return policy;
}

const resolver::Answer* Known::find(dns::Type type, const dns::Name& name) {
  if (const auto at = answers_.find({type, name}); at != answers_.end()) return &at->second;
  dns::Question question{name, type};
  if (std::ranges::find(wanted_, question) == wanted_.end()) wanted_.push_back(std::move(question));
  return nullptr;
}

const Policy* Known::policy(const dns::Name& domain) {
  if (const auto at = policies_.find(domain); at != policies_.end()) return &at->second;
  const auto* answer = find(dns::Type::txt, domain);
  if (answer == nullptr) return nullptr;
  return &policies_.emplace(domain, read_policy(*answer, domain, longest_record_)).first->second;
}

void Known::add(const dns::Question& question, resolver::Answer answer) {
  answers_.insert_or_assign({question.type, question.name}, std::move(answer));
}

}  // namespace fcrdns::spf
