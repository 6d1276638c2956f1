// The summary as a page that stands alone: no script, nothing fetched; a policy in its head forbids both. It reads on light and
// dark ground and on paper, and says in words what the colours show.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>
#include <vector>

#include "fcrdns/base/markup.hpp"
#include "fcrdns/base/text.hpp"
#include "fcrdns/fleet/chart.hpp"
#include "fcrdns/fleet/summary.hpp"
#include "fcrdns/fleet/trouble.hpp"
#include "fcrdns/fleet/words.hpp"

namespace fcrdns::fleet {
namespace {

using base::html_escaped;

constexpr std::string_view head = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --c0: #1b7f4b; --c1: #8ccfa8; --c2: #b3261e; --c3: #ef8f35; --c4: #8b919a; --line: #8886; }}
@media (prefers-color-scheme: dark) {{ :root {{ --c0: #3fb373; --c1: #245c3f; --c2: #ef6a61; --c3: #c9741f; --c4: #767d87; }} }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ margin: 0; line-height: 1.2; }} h2 {{ margin: 2.2rem 0 .6rem; font-size: 1.15rem; }}
.sub {{ opacity: .75; margin: .2rem 0 1.2rem; }} table + .sub {{ margin-top: 1.6rem; }}
.tiles {{ display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.2rem 0; }}
.tiles div {{ flex: 1 1 10rem; border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .9rem; }}
.tiles b {{ display: block; font-size: 1.7rem; line-height: 1.2; }}
table {{ border-collapse: collapse; }} td, th {{ text-align: left; padding: .25rem 1.1rem .25rem 0; vertical-align: top; border-bottom: 1px solid var(--line); }}
.n {{ text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }}
.key {{ display: inline-block; width: .8em; height: .8em; border-radius: .15em; margin-right: .5em; }}
.k0 {{ background: var(--c0); }} .k1 {{ background: var(--c1); }} .k2 {{ background: var(--c2); }} .k3 {{ background: var(--c3); }} .k4 {{ background: var(--c4); }}
svg {{ width: 100%; height: auto; display: block; }} svg text {{ font: 13px ui-monospace, monospace; fill: currentColor; }} svg .n {{ text-anchor: end; }}
.c0 {{ fill: var(--c0); }} .c1 {{ fill: var(--c1); }} .c2 {{ fill: var(--c2); }} .c3 {{ fill: var(--c3); }} .c4 {{ fill: var(--c4); }}
code {{ font: 14px ui-monospace, monospace; }}
@media print {{ body {{ margin: 0; max-width: none; font-size: 11pt; }} tr, .tiles div {{ break-inside: avoid; }}
  * {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }} }}
</style></head><body>
)";

/// Why, in the words of people; those of a verdict that passes have none.
constexpr std::array<std::string_view, 26> reasons{
    "", "the name for the address does not exist (NXDOMAIN)", "the name exists, without a PTR", "SERVFAIL for the PTR", "REFUSED for the PTR",
    "FORMERR for the PTR", "lame delegation of the reverse zone", "no answer for the PTR", "DNSSEC of the reverse zone is bogus",
    "a damaged answer for the PTR", "aliases in a circle", "no PTR name can be a host name", "an address that can have no public PTR",
    "a line that cannot be read", "the PTR name does not exist", "the PTR name has no address of this family",
    "the PTR name has other addresses", "SERVFAIL for the PTR name", "REFUSED for the PTR name", "FORMERR for the PTR name",
    "lame delegation of the PTR name", "no answer for the PTR name", "DNSSEC of the PTR name is bogus", "a damaged answer for the PTR name",
    "the PTR name is an alias in a circle", "the PTR name leads to no usable one"};

std::uint64_t count(const Summary& summary, Class in) { return summary.tally->all()[static_cast<std::size_t>(in)]; }

std::string change(std::uint64_t now, std::uint64_t before) {
  if (now == before) return "0";
  return now > before ? "+" + grouped(now - before) : "&minus;" + grouped(before - now);
}

std::string tile(const std::string& figure, std::string_view words) { return fmt::format("<div><b>{}</b>{}</div>\n", figure, words); }

std::string tiles(const Summary& summary) {
  const auto all = summary.tally->total() - count(summary, Class::bad_input);
  const auto pass = count(summary, Class::own_name) + count(summary, Class::default_name);
  const auto broken = count(summary, Class::no_ptr) + count(summary, Class::mismatch);
  auto out = "<div class=\"tiles\">\n" + tile(html_escaped(share(pass, all)), "of the addresses forward-confirm") +
             tile(grouped(broken), "broken: no PTR, or one that does not lead back") +
             tile(grouped(count(summary, Class::default_name)), "confirm under a default name that some receivers refuse") +
             tile(grouped(count(summary, Class::undetermined)), "undetermined: trouble in the DNS, not counted as broken");
  if (summary.changes)
    out += tile(grouped(summary.changes->mended) + " / " + grouped(summary.changes->broken), "mended / newly broken since the earlier scan");
  return out + "</div>\n";
}

std::string table(const Summary& summary) {
  const auto all = summary.tally->total();
  std::string out = "<table><thead><tr><th>Verdict</th><th class=\"n\">All</th><th class=\"n\">Share</th>";
  if (summary.changes) out += fmt::format("<th class=\"n\">{}</th><th class=\"n\">Change</th>", html_escaped(summary.changes->before_name));
  out += "<th></th></tr></thead><tbody>\n";
  for (std::size_t i = 0; i < classes; ++i) {
    const auto in = static_cast<Class>(i);
    const auto now = count(summary, in), before = summary.changes ? summary.changes->before[i] : 0;
    if (in == Class::bad_input && now == 0 && before == 0) continue;
    out += fmt::format("<tr><td><span class=\"key k{}\"></span>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>", i, to_label(in), grouped(now),
                       html_escaped(share(now, all)));
    if (summary.changes) out += fmt::format("<td class=\"n\">{}</td><td class=\"n\">{}</td>", grouped(before), change(now, before));
    out += fmt::format("<td>{}</td></tr>\n", html_escaped(to_note(summary, in)));
  }
  return out + "</tbody></table>\n";
}

std::string changes(const Changes& since) {
  auto out = fmt::format("<h2>Since the earlier scan</h2>\n<p>Mended: {}. Newly broken: {}. New in the list: {}. Gone from it: {}.</p>\n",
                         grouped(since.mended), grouped(since.broken), grouped(since.added), grouped(since.gone));
  if (since.newly_broken.empty()) return out;
  out += "<p>Newly broken";
  if (since.broken > since.newly_broken.size()) out += fmt::format(", the first {}", since.newly_broken.size());
  out += ":</p>\n<ul>\n";
  for (const auto& each : since.newly_broken) out += "<li><code>" + html_escaped(each) + "</code></li>\n";
  return out + "</ul>\n";
}

std::string details(const Tally& tally) {
  std::vector<std::pair<std::uint64_t, std::size_t>> rows;
  for (std::size_t i = 1; i < reasons.size(); ++i)
    if (tally.details()[i] > 0) rows.emplace_back(tally.details()[i], i);
  if (rows.empty()) return {};
  std::ranges::stable_sort(rows, std::greater{}, [](const auto& row) { return row.first; });
  std::string out = "<h2>Why</h2>\n<table><thead><tr><th>Reason</th><th>Word in the rows</th><th class=\"n\">Addresses</th></tr></thead><tbody>\n";
  for (const auto& [number, i] : rows)
    out += fmt::format("<tr><td>{}</td><td><code>{}</code></td><td class=\"n\">{}</td></tr>\n", reasons[i],
                       to_word(static_cast<sweep::Detail>(i)), grouped(number));
  return out + "</tbody></table>\n";
}

std::string servers(const Summary& summary) {
  constexpr std::size_t most = 20;
  if (summary.servers.empty()) return {};
  std::string out =
      "<h2>Servers asked</h2>\n<table><thead><tr><th>Server</th><th></th><th class=\"n\">Sent</th><th class=\"n\">Answered</th>"
      "<th class=\"n\">No answer in time</th><th class=\"n\">SERVFAIL, REFUSED</th></tr></thead><tbody>\n";
  for (std::size_t i = 0; i < std::min(most, summary.servers.size()); ++i) {
    const auto& each = summary.servers[i];
    out += fmt::format("<tr><td><code>{}</code></td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
                       each.server.text(), state_of(each), grouped(each.sent), grouped(each.answered), grouped(each.timeouts), grouped(each.refusals));
  }
  out += "</tbody></table>\n";
  const auto known = std::max<std::uint64_t>(summary.counts.servers, summary.servers.size());
  if (known > most) out += fmt::format("<p>and {} more, asked less often.</p>\n", grouped(known - most));
  return out;
}

}  // namespace

std::string to_html(const Summary& summary) {
  const auto of = summary.title.empty() ? grouped(summary.tally->total()) + " addresses" : base::escape(summary.title, 200);
  auto out = fmt::format(fmt::runtime(head), fmt::arg("title", "Reverse DNS of " + html_escaped(of)));
  out += fmt::format("<h1>Reverse DNS of {}</h1>\n<p class=\"sub\">{}{}</p>\n", html_escaped(of),
                     summary.ended == base::WallTime{} ? "" : base::to_rfc3339(summary.ended) + ": ", html_escaped(to_sentence(summary)));
  out += tiles(summary) + whole_bar(summary.tally->all()) + table(summary);
  if (summary.changes) out += changes(*summary.changes);
  return out + prefix_chart(summary.tally->prefixes()) + details(*summary.tally) + servers(summary) +
         "<p class=\"sub\">Forward-confirmed reverse DNS (RFC 8601 2.7.3): the PTR name of an address has that address among its own. Made by fcrdns scan.</p>\n"
         "</body></html>\n";
}

}  // namespace fcrdns::fleet
