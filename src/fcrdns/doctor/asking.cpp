#include "fcrdns/doctor/asking.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::doctor {
namespace {

constexpr base::Milliseconds longest_wait{100};  // so that Ctrl-C is seen
constexpr base::Milliseconds longest_system{2'000};

void add_names(const Story& story, std::vector<dns::Question>& questions) {
  const auto add = [&](const std::string& text) {
    if (text.empty() || finding::judge_helo(text)) return;
    const auto name = dns::Name::parse(text);
    if (name)
      for (const auto type : {dns::Type::aaaa, dns::Type::a}) questions.push_back({*name, type, dns::Class::in});
  };
  for (const auto& way : story.ways)
    if (way.taken()) add(way.path.helo);
  for (const auto& sender : story.machine.senders) add(sender.hostname);
}

}  // namespace

Asking::Asking(const Options& options, diagnosis::Session& session, std::function<bool()> stop)
    : options_(options), session_(session), stop_(std::move(stop)), shown_(!options.quiet && ::isatty(STDERR_FILENO) == 1) {}

void Asking::ask_all(const std::vector<dns::Question>& questions, Answers& answers) {
  put(session_.sources(nullptr).resolver, options_.evidence.timeout, questions, answers);
}

Answers Asking::ask_system(const Story& story) {
  Answers out;
  const auto& machine = story.machine;
  if (machine.local.resolvers.empty() || machine.place.own_network || machine.place.root != "/") return out;  // not ours to reach
  resolver::Options settings;
  settings.resolvers = {machine.local.resolvers.front()};
  auto resolver = resolver::make_resolver(settings, session_.loop());
  if (!resolver) return out;
  std::vector<dns::Question> questions;
  add_names(story, questions);
  for (const auto& way : story.ways)
    if (way.outside && !way.path.via_relay)
      if (const auto name = dns::Name::parse(net::reverse_name(*way.outside))) questions.push_back({*name, dns::Type::ptr, dns::Class::in});
  put(**resolver, longest_system, questions, out);
  return out;
}

void Asking::put(resolver::Resolver& resolver, base::Milliseconds longest, const std::vector<dns::Question>& questions, Answers& answers) {
  const auto deadline = resolver.now() + longest;
  // What comes after the user's Ctrl-C must find a place to go.
  auto open = std::make_shared<std::size_t>(0);
  auto came = std::make_shared<Answers>();
  for (const auto& question : questions) {
    const auto key = key_of(question.name, question.type);
    if (answers.contains(key) || came->contains(key)) continue;
    came->emplace(key, resolver::Answer{});
    ++*open;
    resolver.ask(question, deadline, [open, came, key](resolver::Answer answer) {
      came->insert_or_assign(key, std::move(answer));
      --*open;
    });
  }
  while (*open > 0 && !stop_()) {
    if (shown_) fmt::print(stderr, "\r\x1b[Klooking where mail goes: {} answers to come", *open), std::fflush(stderr);
    resolver.wait(longest_wait);
  }
  if (shown_ && !questions.empty()) fmt::print(stderr, "\r\x1b[K");
  for (auto& [key, answer] : *came) answers.insert_or_assign(key, answer);
}

void Asking::check(Story& story) {
  std::vector<Check> wanted;
  std::vector<std::optional<std::size_t>> of_way;
  for (const auto& way : story.ways) {
    auto check = way.taken() ? check_of(way, story.machine.senders[way.sender], options_.mail_from) : std::nullopt;
    of_way.emplace_back();
    if (!check) continue;
    const auto same = std::ranges::find_if(wanted, [&](const Check& other) { return other.same(*check); });
    of_way.back() = static_cast<std::size_t>(same - wanted.begin());
    if (same == wanted.end()) wanted.push_back(*std::move(check));
  }
  diagnosis::Progress progress(shown_, false);
  std::size_t next = 0;
  (void)diagnosis::diagnose(
      [&](base::Milliseconds) -> diagnosis::Next {
        if (next == wanted.size()) return diagnosis::NoMore{};
        const auto& check = wanted[next++];
        auto its = options_.evidence;
        if (!check.helo.empty()) its.helo = check.helo;
        if (!check.mail_from.empty()) its.mail_from = check.mail_from;
        return diagnosis::Asked{check.subject, std::move(its)};
      },
      [&](report::Result result) {
        progress.subject_done();
        story.results.push_back(std::move(result));
      },
      stop_, {.evidence = options_.evidence, .profile = options_.profile}, session_.sources(&progress));
  // In their order; after Ctrl-C the last ones are missing.
  for (std::size_t i = 0; i < story.ways.size(); ++i) {
    story.checks.push_back(of_way[i] && *of_way[i] < story.results.size() ? of_way[i] : std::nullopt);
    if (const auto* result = story.result_of(i)) take_result(story.ways[i], *result);
  }
}

void find_ways(Story& story, Reached& reached, const Options& options, Asking& asking, const std::vector<std::string>& domains) {
  auto& machine = reached.machine;
  const AskAll ask = [&](const auto& questions, auto& answers) { asking.ask_all(questions, answers); };
  for (std::size_t i = 0; i < machine.senders.size() && reached.kernel; ++i) {
    const auto& sender = machine.senders[i];
    const auto from = base::to_lower(mail_from_of(sender, options.mail_from));
    story.destinations.push_back(destinations_of(sender, from, domains, machine.local, ask, asking.answers()));
    const auto paths = host::predict(sender, *reached.kernel, story.destinations.back(), from);
    join(story.ways, paths, i);
    for (const auto& path : paths) story.trips.push_back({path, i, 0});
  }
  for (auto& trip : story.trips)
    trip.way = static_cast<std::size_t>(way_of(story.ways, trip.path, trip.sender) - story.ways.data());
  story.machine = machine;
  std::vector<dns::Question> names;
  add_names(story, names);
  asking.ask_all(names, asking.answers());
  const auto translating = host::own_kernel();
  for (auto& way : story.ways) {
    if (way.path.source && way.path.to)
      if (const auto seen = host::translate(machine.outside.translations, *translating, *way.path.source, *way.path.to)) way.translated = seen->address;
    look_from_outside(way, machine, options.outside, asking.answers());
  }
}

}  // namespace fcrdns::doctor
