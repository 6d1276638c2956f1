#include "fcrdns/fix/asking.hpp"

#include <unistd.h>

#include <utility>

#include "fcrdns/diagnosis/diagnose.hpp"
#include "fcrdns/diagnosis/progress.hpp"
#include "fcrdns/propagation/at_the_door.hpp"
#include "fcrdns/subject/subject.hpp"

namespace fcrdns::fix {
namespace {

constexpr base::Milliseconds look_budget{15'000};

}  // namespace

std::optional<report::Result> Asking::check(const propagation::Goal& goal) {
  diagnosis::Progress progress(!options_.quiet && ::isatty(STDERR_FILENO) == 1, true);
  auto evidence = options_.evidence;
  evidence.expect = goal.name;
  if (options_.via.size() == 2) evidence.rdap = false;  // nobody is left to be told where to click
  std::optional<subject::Subject> subject;
  if (auto parsed = subject::parse(goal.address.text())) subject = *std::move(parsed);
  std::optional<report::Result> out;
  (void)diagnosis::diagnose(
      [&](base::Milliseconds) -> diagnosis::Next {
        if (!subject) return diagnosis::NoMore{};
        auto next = *std::exchange(subject, std::nullopt);
        return next;
      },
      [&](report::Result result) { out = std::move(result); }, stop_, {.evidence = evidence, .profile = options_.profile},
      session_.sources(&progress));
  return stop_() ? std::nullopt : std::move(out);
}

propagation::Sight Asking::look(const propagation::Goal& goal) {
  auto& resolver = session_.sources(nullptr).resolver;
  const propagation::Sources sources{.resolver = resolver, .caches = propagation::caches_to_see(resolver, options_.caches, options_.resolver), .before = last_ ? &*last_ : nullptr};
  auto sight = propagation::look(goal, sources, look_budget, base::wall_now(), stop_);
  last_ = sight;
  return sight;
}

bool Asking::pause(base::Milliseconds how_long) {
  return propagation::pause(session_.sources(nullptr).resolver, how_long, stop_);
}

apply::Context Asking::context(apply::Part part, apply::Observer& observer) {
  const auto sources = session_.sources(nullptr);
  apply::Context out{.loop = session_.loop(), .resolver = sources.resolver, .walker = *sources.walker, .dry_run = options_.dry_run,
                     .observer = &observer, .stop = stop_, .user_agent = "fcrdns"};
  if (const auto found = options_.settings.find(part); found != options_.settings.end()) out.settings = found->second;
  if (const auto found = options_.secret_files.find(part); found != options_.secret_files.end()) out.secret_file = found->second;
  return out;
}

}  // namespace fcrdns::fix
