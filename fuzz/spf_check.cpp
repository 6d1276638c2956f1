// Records from anybody, one a line: the first is example.com's, the second 1.example's and so on. What else is asked for is
// there or not, or in trouble, by its own octets. However they are woven together, an evaluation ends once, within its limits.
#include <optional>

#include "fcrdns/base/text.hpp"
#include "fcrdns/spf/macro.hpp"
#include "fcrdns/spf/spf.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

namespace {

resolver::Answer invented(const dns::Question& question) {
  const auto hash = std::hash<dns::Name>{}(question.name);
  resolver::Answer answer;
  answer.status = hash % 7 == 0 ? dns::Status::nxdomain : hash % 11 == 0 ? dns::Status::servfail : dns::Status::noerror;
  if (answer.status != dns::Status::noerror || question.type == dns::Type::txt) return answer;
  for (std::size_t i = 0; i <= hash % 12; ++i) {
    const auto name = *dns::Name::parse(std::to_string(hash % 5 + i) + ".example.com");
    dns::Rdata data = name;
    if (question.type == dns::Type::mx) data = dns::Mx{1, name};
    else if (question.type != dns::Type::ptr) data = *net::Address::parse(question.type == dns::Type::a ? "192.0.2.9" : "2001:db8::9");
    answer.records.push_back({question.name, question.type, dns::Class::in, 60, data});
  }
  return answer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto lines = base::split(fuzz::text_of(data, size), '\n');
  for (const char* client : {"192.0.2.1", "2001:db8::1"}) {
    std::size_t asked = 0;
    std::optional<spf::Outcome> outcome;
    const auto ask = [&](const dns::Question& question, std::move_only_function<void(resolver::Answer)> done) {
      ++asked;
      for (std::size_t i = 0; i < lines.size() && question.type == dns::Type::txt; ++i) {
        const auto owner = i == 0 ? std::string("example.com") : std::to_string(i) + ".example";
        if (question.name != *spf::name_of(owner)) continue;
        resolver::Answer answer{.status = dns::Status::noerror};
        answer.records.push_back({question.name, question.type, dns::Class::in, 60, dns::Txt{{std::string(lines[i])}}});
        return done(std::move(answer));
      }
      done(invented(question));
    };
    const spf::Evaluation evaluation({.client = *net::Address::parse(client), .mail_from = "user@example.com", .helo = "mail.example.com"}, ask,
                                     [&](spf::Outcome ended) {
      fuzz::require(!outcome);
      outcome = std::move(ended);
    });
    fuzz::require(outcome.has_value());
    fuzz::require(asked <= 140 && outcome->lookups <= 10 && outcome->void_lookups <= 3 && outcome->trace.size() <= 1020);
    fuzz::require(outcome->problem.empty() == (outcome->result != spf::Result::permerror && outcome->result != spf::Result::temperror));
    for (const auto* text : {&outcome->problem, &outcome->mechanism, &outcome->through, &outcome->record})
      for (const char c : *text) fuzz::require(c >= ' ' && c <= '~');
  }
  return 0;
}
