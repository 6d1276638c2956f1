// One back end of `fcrdns fix --apply`, step by step and without the DNS around it; every step is one line of JSON.
//
//   apply_driver BACKEND ADDRESS HOSTNAME STEP,... [--set KEY=VALUE] [--secret FILE] [--forward] [--owner NAME] [--dry-run] [--patience MS]
//
// Steps: look (the first one is what undo goes back to), put, settle (asks until it is so, at most 20 times), undo.
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "fcrdns/apply/backend.hpp"
#include "fcrdns/base/text.hpp"

using namespace fcrdns;
using nlohmann::json;

namespace {

/// These back ends have no need of the DNS.
class NoDns final : public resolver::Resolver {
 public:
  void ask(dns::Question, base::SteadyTime, resolver::Done) override { std::abort(); }
  bool wait(base::Milliseconds) override { return false; }
  [[nodiscard]] base::SteadyTime now() const override { return base::steady_now(); }
};

class Shown final : public apply::Observer {
 public:
  void request(std::string_view text, bool changes) override { std::cout << json{{"request", text}, {"changes", changes}} << "\n"; }
};

json told(const apply::Problem& problem) {
  constexpr const char* words[] = {"secret", "unreachable", "refused", "foreign", "not_found", "too_soon", "undecided", "unsupported"};
  json out{{"trouble", words[static_cast<int>(problem.trouble)]}, {"message", problem.message}};
  if (problem.retry_after) out["retry_after"] = problem.retry_after->count();
  return out;
}
json told(const apply::Before& before) {
  json out{{"records", json::array()}, {"handle", before.handle}};
  for (const auto& record : before.records) out["records"].push_back(dns::to_text(record));
  return out;
}
json told(apply::Deed deed) {
  constexpr const char* words[] = {"unchanged", "changed", "accepted", "would"};
  return {{"deed", words[static_cast<int>(deed)]}};
}
template <typename T>
json told(const apply::Outcome<T>& outcome) {
  return outcome ? told(*outcome) : told(outcome.error());
}

json settle(apply::Backend& backend, const apply::Wanted& wanted) {
  for (int asked = 1; asked <= 20; ++asked) {
    const auto done = backend.settled(wanted);
    if (!done) return told(done.error());
    if (*done) return {{"settled", true}, {"asked", asked}};
  }
  return {{"settled", false}};
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> arguments(words + 1, words + count);
  transport::Loop loop;
  NoDns resolver;
  resolver::Walker walker(resolver);
  Shown shown;
  apply::Context context{.loop = loop, .resolver = resolver, .walker = walker, .observer = &shown, .user_agent = "fcrdns/test"};
  apply::Wanted wanted{apply::Part::ptr, *net::Address::parse(arguments.at(1)), *dns::Name::parse(arguments.at(2)), {}};
  std::optional<dns::Name> owner;  // of the record, when aliases (RFC 2317) lead elsewhere
  for (std::size_t i = 4; i < arguments.size(); ++i) {
    const auto& word = arguments[i];
    if (word == "--forward") wanted.part = apply::Part::forward;
    if (word == "--owner") owner = *dns::Name::parse(arguments.at(++i));
    if (word == "--dry-run") context.dry_run = true;
    if (word == "--secret") context.secret_file = arguments.at(++i);
    if (word == "--patience") context.patience = base::Milliseconds{std::stol(arguments.at(++i))};
    if (word == "--set") {
      const auto& text = arguments.at(++i);
      context.settings[text.substr(0, text.find('='))] = text.substr(text.find('=') + 1);
    }
  }
  const bool forward = wanted.part == apply::Part::forward;
  wanted.record = {.owner = owner ? *owner : forward ? wanted.hostname : *dns::Name::parse(net::reverse_name(wanted.address)),
                   .type = !forward ? dns::Type::ptr : wanted.address.is_v4() ? dns::Type::a : dns::Type::aaaa,
                   .ttl = 3600,
                   .data = forward ? dns::Rdata(wanted.address) : dns::Rdata(wanted.hostname)};

  auto backend = apply::find_backend(arguments.at(0))->make(context);
  if (!backend) {
    std::cout << json{{"step", "make"}, {"trouble", told(backend.error())["trouble"]}, {"message", backend.error().message}} << "\n";
    return 1;
  }
  std::optional<apply::Before> first;
  for (const auto step : base::split(arguments.at(3), ',')) {
    json line;
    if (step == "look") {
      const auto before = (*backend)->look(wanted);
      if (before && !first) first = *before;
      line = told(before);
    }
    if (step == "put") line = told((*backend)->put(wanted, first.value_or(apply::Before{})));
    if (step == "settle") line = settle(**backend, wanted);
    if (step == "undo") line = told((*backend)->restore(wanted, first.value_or(apply::Before{})));
    line["step"] = step;
    std::cout << line << "\n";
  }
  return 0;
}
