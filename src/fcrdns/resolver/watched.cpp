#include "fcrdns/resolver/watched.hpp"

#include <algorithm>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::resolver {
namespace {

constexpr base::Milliseconds longest_probe{2500};
constexpr std::size_t max_system_resolvers = 3;  // resolv.conf(5), MAXNS

}  // namespace

Watched::Watched(transport::Loop& loop, Parts parts) : OnLoop(loop), parts_(std::move(parts)) {}

void Watched::ask(dns::Question question, base::SteadyTime deadline, Done done) {
  count_question();
  const auto number = ++last_;
  const auto& asked =
      asked_.emplace(number, Asked{std::move(question), deadline, std::move(done), now()}).first->second;
  if (authority_ == Authority::unreachable) return ask_system(number, {});
  if (!probe_) {
    // Half of the first question's time is left to the system's resolver.
    const auto patience = std::min(longest_probe, std::chrono::floor<base::Milliseconds>((deadline - now()) / 2));
    const auto on_end = [this](bool reachable) { on_probe(reachable); };
    probe_ = std::make_unique<RootProbe>(loop(), parts_.roots, patience, on_end);
  }
  parts_.recursion->ask(asked.question, deadline,
                        [this, number](Answer answer) { on_recursion(number, std::move(answer)); });
}

void Watched::on_recursion(Number number, Answer answer) {
  const auto found = asked_.find(number);
  if (found == asked_.end() || authority_ == Authority::unreachable) return;  // the system's resolvers have it
  const bool out_of_time = now() >= found->second.deadline;
  if (dns::is_definite(answer.status)) authority_ = Authority::reachable;
  if (authority_ == Authority::reachable || out_of_time) return end(number, std::move(answer));
  found->second.recursed = std::move(answer);
}

void Watched::on_probe(bool reachable) {
  // An answer that recursion has found since is proof enough by itself.
  if (authority_ != Authority::reachable) authority_ = reachable ? Authority::reachable : Authority::unreachable;
  std::vector<Number> numbers;  // of now: whoever is told the end of one may ask the next
  for (const auto& [number, asked] : asked_) numbers.push_back(number);
  for (const auto number : numbers) {
    auto& asked = asked_.at(number);
    if (authority_ == Authority::unreachable) {
      Attempt in_vain{"built-in recursion", "-", asked.asked,
                      std::chrono::round<base::Milliseconds>(now() - asked.asked), "given up"};
      ask_system(number, asked.recursed ? std::move(asked.recursed->attempts) : std::vector{std::move(in_vain)});
    } else if (asked.recursed) {
      end(number, std::move(*asked.recursed));
    }
  }
}

void Watched::ask_system(Number number, std::vector<Attempt> before) {
  const auto& asked = asked_.at(number);
  parts_.system->ask(asked.question, asked.deadline, [this, number, before = std::move(before)](Answer answer) {
    if (answer.attempts.empty())
      answer.detail = "no root server can be reached from here, and the system names no resolver";
    answer.attempts.insert(answer.attempts.begin(), before.begin(), before.end());
    end(number, std::move(answer));
  });
}

void Watched::end(Number number, Answer answer) {
  auto asked = std::move(asked_.extract(number).mapped());
  answer.asked = asked.asked;
  deliver(asked.done, std::move(answer));
}

std::vector<net::Endpoint> parse_resolv_conf(std::string_view text, std::optional<net::Family> family) {
  std::vector<net::Endpoint> found;
  for (const auto line : base::split(text, '\n')) {
    const auto words = base::words(line);
    if (words.size() < 2 || words[0] != "nameserver" || found.size() == max_system_resolvers) continue;
    const auto address = net::Address::parse(words[1]);  // one with a zone (fe80::1%eth0) is left out
    if (address && (!family || address->family() == *family)) found.push_back({*address, 53});
  }
  return found;
}

}  // namespace fcrdns::resolver
