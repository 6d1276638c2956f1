// What runs, on one line:
//   41 % 6,731,000 of 16,777,216  118,000/s  pass 62 % no PTR 31 % mismatch 5 % undetermined 2 %  1 min 24 s left  192.0.2.53 ok
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "fcrdns/fleet/summary.hpp"
#include "fcrdns/fleet/trouble.hpp"
#include "fcrdns/fleet/words.hpp"

namespace fcrdns::fleet {
namespace {

std::string shares(const Tally& tally) {
  const auto& counts = tally.all();
  const auto all = tally.total();
  const auto count = [&](Class in) { return counts[static_cast<std::size_t>(in)]; };
  if (all == 0) return {};
  return fmt::format("pass {} no PTR {} mismatch {} undetermined {}", share(count(Class::own_name) + count(Class::default_name), all),
                     share(count(Class::no_ptr), all), share(count(Class::mismatch), all), share(count(Class::undetermined), all));
}

std::string left(const Progress& progress) {
  if (progress.total <= progress.done || !(progress.per_second > 0)) return {};
  const auto seconds = std::ceil(static_cast<double>(progress.total - progress.done) / progress.per_second);
  if (seconds > 1e9) return {};
  return span(base::Seconds(static_cast<std::int64_t>(seconds))) + " left";
}

struct Health {
  std::string text;
  bool trouble = false;
};

/// Those that trouble by name, the others as a number.
Health health(const std::vector<resolver::ServerHealth>& servers) {
  Health out;
  std::size_t fine = 0, named = 0;
  for (const auto& each : servers) {
    const auto state = state_of(each);
    if (state == "ok") ++fine;
    else if (++named <= 2) out.text += fmt::format("{}{} {}", out.text.empty() ? "" : ", ", each.server.address.text(), state);
  }
  out.trouble = named > 0;
  if (named > 2) out.text += fmt::format(", {} more", named - 2);
  if (named == 0 && servers.size() == 1) out.text = servers[0].server.address.text() + " ok";
  else if (fine > 0) out.text += fmt::format("{}{} server{} ok", out.text.empty() ? "" : ", ", fine, fine == 1 ? "" : "s");
  return out;
}

struct Part {
  std::string text;
  int rank;  ///< the lowest stays longest
};

}  // namespace

std::string progress_line(const Progress& progress, std::size_t columns) {
  const auto servers = health(progress.servers);
  const auto percent = progress.total > 0 ? share(progress.done, progress.total) : std::string();
  const auto done = progress.total > 0 ? fmt::format("{} of {}", grouped(progress.done), grouped(progress.total)) : grouped(progress.done);
  std::vector<Part> parts{{percent, 0},
                          {done, 3},
                          {progress.per_second > 0 ? about(progress.per_second) + "/s" : std::string(), 2},
                          {progress.tally != nullptr ? shares(*progress.tally) : std::string(), 5},
                          {left(progress), 1},
                          {servers.text, servers.trouble ? 4 : 6}};
  if (percent.empty()) parts[1].rank = 0;
  const auto line = [&](int rank) {
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (parts[i].rank <= rank && !parts[i].text.empty()) out += (i == 1 && !percent.empty() ? " " : "  ") + parts[i].text;
    return out;
  };
  for (int rank = 6; rank >= 0; --rank)
    if (auto out = line(rank); out.size() <= columns) return out;
  return line(0).substr(0, columns);
}

}  // namespace fcrdns::fleet
