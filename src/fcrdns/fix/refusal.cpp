#include "fcrdns/fix/refusal.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/remedy/setting.hpp"
#include "fcrdns/remedy/words.hpp"
#include "fcrdns/report/table.hpp"
#include "fcrdns/report/text_parts.hpp"

namespace fcrdns::fix {
namespace {

constexpr std::size_t body = 5;

/// A way out: what it is, lines to paste, what it costs.
struct WayOut {
  std::string what;
  std::vector<std::string> lines;
  std::string but;
};

/// The name that the PTR has now, when it leads back and may be pasted.
std::optional<std::string> name_that_confirms(const remedy::FixPlan& plan, const report::Result& result) {
  for (std::size_t i = 0; i < std::min(result.verdicts.size(), result.evidence.addresses.size()); ++i) {
    const auto& at = result.evidence.addresses[i];
    const auto confirmed = result.verdicts[i].confirmed;
    if (at.address != plan.address || !confirmed || *confirmed >= at.names.size()) continue;
    const auto name = at.names[*confirmed].name.text();
    if (remedy::is_pasteable(name, at.address) && remedy::is_plain(name)) return base::without_final_dot(name);
  }
  return std::nullopt;
}

std::vector<WayOut> ways_out(const remedy::FixPlan& plan, const report::Result& result) {
  namespace words = remedy::words;
  std::vector<WayOut> out;
  if (const auto name = name_that_confirms(plan, result); name && *name != base::without_final_dot(plan.hostname.text()))
    out.push_back({"their name as the name that your server says (HELO)",
                   {fmt::format(words::helo_postfix, *name), fmt::format(words::helo_exim, *name)},
                   fmt::format("{}. {}", words::helo_limits, words::helo_not_myhostname)});
  if (plan.address.is_v6())
    out.push_back({"send over IPv4 only, when your IPv4 address has a PTR that leads back", {words::ipv4_only[0].data(), words::ipv4_only[1].data()},
                   std::string(words::ipv4_only_caution)});
  out.push_back({std::string(words::use_relay), {}, std::string(words::relay_caution)});
  out.push_back({std::string(words::other_address), {}, ""});
  return out;
}

}  // namespace

std::string refusal(const remedy::FixPlan& plan, const report::Result& result, const report::Style& style) {
  const auto& colours = report::colours_of(style);
  const auto name = base::without_final_dot(plan.hostname.text());
  auto out = fmt::format("{}IF THEY SAY NO{}   ask first: fcrdns fix {} {} --ticket\n", colours.bold, colours.off, plan.address.text(), name);
  std::size_t number = 0;
  for (const auto& way : ways_out(plan, result)) {
    out += fmt::format("  {}  ", ++number) + report::wrap(way.what + (way.lines.empty() ? "." : ":"), body).substr(body);
    for (const auto& line : way.lines) out += std::string(body + 2, ' ') + line + '\n';
    if (!way.but.empty()) out += report::wrap(way.but + ".", body);
  }
  const auto domain = result.evidence.domain.value_or(plan.hostname.label_count() > 2 ? plan.hostname.parent() : plan.hostname);
  return out + report::wrap(fmt::format("A PTR for {} inside {} does nothing: receivers never look there.", plan.address.text(),
                                        base::escape(base::without_final_dot(domain.text()))), 2);
}

}  // namespace fcrdns::fix
