// A DNS of a few records for tests: what is not listed does not exist, CNAMEs are followed, answers come at once or later.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fcrdns/spf/macro.hpp"
#include "fcrdns/spf/spf.hpp"

namespace fcrdns::spf {

class PlayedDns {
 public:
  PlayedDns() = default;
  /// "example.com TXT v=spf1 -all", "slow.example.com A !timeout", "mail.example.com A 192.0.2.1"
  PlayedDns(std::initializer_list<std::string_view> lines) {
    for (const auto line : lines) add(line);
  }

  void add(std::string_view line) {
    const auto first = line.find(' '), second = line.find(' ', first + 1);
    const auto type = dns::parse_type(line.substr(first + 1, second - first - 1)).value();
    const auto data = line.substr(second + 1);
    if (data.starts_with('!')) return fail(line.substr(0, first), type, dns::parse_status(data.substr(1)).value());
    if (type == dns::Type::txt) return add(line.substr(0, first), type, text(data));
    add(line.substr(0, first), type, dns::parse_rdata(type, data, dns::Name()).value());
  }
  void add(std::string_view owner, dns::Type type, dns::Rdata data) {
    const auto name = name_of(owner).value();
    records_[name].push_back({name, type, dns::Class::in, 300, std::move(data)});
  }
  void fail(std::string_view owner, dns::Type type, dns::Status status) { failures_[{name_of(owner).value(), type}] = status; }
  /// Cut into strings of 255 octets.
  static dns::Txt text(std::string_view whole) {
    dns::Txt txt;
    for (; whole.size() > 255; whole.remove_prefix(255)) txt.strings.emplace_back(whole.substr(0, 255));
    txt.strings.emplace_back(whole);
    return txt;
  }

  [[nodiscard]] resolver::Answer answer(const dns::Question& question) const {
    resolver::Answer out;
    auto name = question.name;
    for (out.status = dns::Status::loop; out.via.size() <= 16; name = out.via.back()) {
      if (const auto failure = failures_.find({name, question.type}); failure != failures_.end()) {
        out.status = failure->second;
        return out;
      }
      const auto at = records_.find(name);
      if (at == records_.end()) {
        out.status = dns::Status::nxdomain;
        return out;
      }
      std::ranges::copy_if(at->second, std::back_inserter(out.records), [&](const auto& record) { return record.type == question.type; });
      const auto alias = std::ranges::find(at->second, dns::Type::cname, &dns::Record::type);
      if (!out.records.empty() || alias == at->second.end()) {
        out.status = out.records.empty() ? dns::Status::nodata : dns::Status::noerror;
        return out;
      }
      out.via.push_back(std::get<dns::Name>(alias->data));
    }
    return out;
  }

  [[nodiscard]] Ask at_once() {
    return [this](dns::Question question, auto done) {
      asked.push_back(question);
      done(answer(question));
    };
  }
  /// Answers wait in `due`.
  [[nodiscard]] Ask later() {
    return [this](dns::Question question, auto done) {
      asked.push_back(question);
      due.push_back([this, question, done = std::move(done)]() mutable { done(answer(question)); });
    };
  }

  std::vector<dns::Question> asked;
  std::deque<std::move_only_function<void()>> due;

 private:
  std::map<dns::Name, std::vector<dns::Record>> records_;
  std::map<std::pair<dns::Name, dns::Type>, dns::Status> failures_;
};

/// What comes of a query.
inline Outcome evaluate(PlayedDns& dns, Query query, Limits limits = {}) {
  std::vector<Outcome> outcomes;
  const Evaluation evaluation(std::move(query), dns.at_once(), [&](Outcome outcome) { outcomes.push_back(std::move(outcome)); }, limits);
  return outcomes.size() == 1 ? outcomes[0] : Outcome{.problem = "done was called " + std::to_string(outcomes.size()) + " times"};
}

}  // namespace fcrdns::spf
