// How doctor reads at a terminal: first the sentence, then the table of ways out, then what to do, then what is not proven.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "fcrdns/base/text.hpp"
#include "fcrdns/doctor/story.hpp"
#include "fcrdns/report/advice.hpp"
#include "fcrdns/report/table.hpp"
#include "fcrdns/report/text_parts.hpp"

namespace fcrdns::doctor {
namespace {

using finding::Severity;
using host::Turn;
using net::Family;
using verdict::Iprev;

std::string joined(const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, ", ")); }

std::string where_from(const Machine& machine) {
  if (!machine.place.container.empty()) return "container " + base::escape(machine.place.container, 80);
  return machine.hostname.empty() ? "this machine" : machine.hostname;
}

/// "pass", "FAIL  no PTR"
std::string verdict_text(const Story& story, std::size_t way) {
  const auto& one = story.ways[way];
  const auto* result = story.result_of(way);
  if (!one.outside) return "?     not checked";
  if (result == nullptr || result->verdicts.empty()) return "?     not checked";
  const auto& at = result->evidence.addresses.front();
  const auto iprev = one.truth.value_or(result->verdicts.front().iprev);
  if (iprev != Iprev::pass) return fmt::format("{}  {}", report::verdict_word(iprev), report::brief(at, iprev));
  const auto worse = std::ranges::find(result->findings, Severity::error, &finding::Finding::severity);
  if (worse != result->findings.end()) return fmt::format("FAIL  {}", finding::to_word(worse->id));
  return "pass";
}

/// In the sentence: what receivers find over one family.
std::string state_of(const Story& story, Family family) {
  std::string out;
  bool any = false;
  for (std::size_t i = 0; i < story.ways.size(); ++i) {
    const auto& way = story.ways[i];
    if (!way.taken() || way.path.family != family) continue;
    any = true;
    const auto* result = story.result_of(i);
    if (result == nullptr || result->verdicts.empty()) {
      if (out.empty()) out = "it is not known what receivers see";
      continue;
    }
    if (way.passes()) continue;
    const auto word = way.truth.value_or(Iprev::temperror);
    const auto& at = result->evidence.addresses.front();
    if (word == Iprev::permerror && at.ptr.status != dns::Status::not_asked) out = "it has no PTR";
    else if (word == Iprev::permerror) out = "it leaves from an address that can have no PTR";
    else if (word == Iprev::fail) out = "its PTR does not lead back";
    else out = "its reverse DNS could not be decided";
    if (way.fails()) break;
  }
  if (!any) return "";
  return out.empty() ? "all is well" : out;
}

std::string headline(const Story& story) {
  const auto& machine = story.machine;
  const auto v6 = state_of(story, Family::v6), v4 = state_of(story, Family::v4);
  std::string out = machine.mtas.empty() && machine.hidden
                        ? fmt::format("A mail server runs here that only root may look at: sudo fcrdns doctor. Any other program's mail would leave from {}.", where_from(machine))
                    : machine.mtas.empty()
                        ? fmt::format("There is no mail server here that fcrdns knows; any program's mail would leave from {}.", where_from(machine))
                        : fmt::format("Your mail leaves from {} ({}{}).", where_from(machine), host::to_text(machine.mtas.front().kind),
                                                       machine.mtas.front().version.empty() ? "" : " " + machine.mtas.front().version);
  const bool all_relayed = !story.ways.empty() && std::ranges::all_of(story.ways, [](const WayOut& way) { return !way.taken() || way.path.via_relay; });
  if (v6.empty() && v4.empty()) return out + (story.ways.empty() ? " Its ways out could not be seen." : " No way out was found: see the reasons below.");
  if (all_relayed) out += " A relay hands it on: what counts is the relay's address.";
  if (v6.empty()) return out + fmt::format(" It goes over IPv4 only; {}.", v4 == "all is well" ? v4 : "there " + v4);
  if (v4.empty()) return out + fmt::format(" It goes over IPv6 only; {}.", v6 == "all is well" ? v6 : "there " + v6);
  if (v6 == v4) return out + fmt::format(" Over IPv6 and IPv4 {}.", v4);
  return out + fmt::format(" Over IPv6 {}; over IPv4 {}.", v6, v4);
}

std::string shown_helo(const Story& story, const WayOut& way) {
  if (!way.path.helo.empty()) return way.path.helo;
  const auto* client = story.machine.senders[way.sender].client(way.path.client);
  return client == nullptr || client->helo_rule.empty() ? "anew for each mail" : "by " + client->helo_rule;
}

bool several_senders(const Story& story) { return story.machine.senders.size() > 1; }

std::string sender_name(const host::Mta& sender) { return sender.instance.empty() ? std::string(host::to_text(sender.kind)) : sender.instance; }

/// Ways that read the same, whatever the destination and the turn.
struct TableRow {
  report::Row cells;
  std::vector<std::string> destinations;
  std::string_view colour;
};

std::vector<TableRow> table_rows(const Story& story, const report::Colours& colours) {
  std::vector<TableRow> out;
  for (std::size_t i = 0; i < story.ways.size(); ++i) {
    const auto& way = story.ways[i];
    if (!way.taken()) continue;
    report::Row cells{std::string(host::to_text(way.path.family))};
    if (several_senders(story)) cells.push_back(sender_name(story.machine.senders[way.sender]));
    cells.push_back(way.path.source ? way.path.source->text() : "-");
    cells.push_back(way.path.via_relay ? "relay " + way.path.next_hop : !way.outside ? "?" : way.path.source == way.outside ? "the same" : way.outside->text());
    cells.push_back(way.known_by);
    cells.push_back(shown_helo(story, way));
    cells.push_back(verdict_text(story, i));
    auto same = std::ranges::find(out, cells, &TableRow::cells);
    if (same == out.end()) same = out.insert(out.end(), {std::move(cells), {}, way.passes() ? colours.good : way.fails() ? colours.bad : colours.open});
    for (const auto& one : way.destinations)
      if (std::ranges::find(same->destinations, one) == same->destinations.end()) same->destinations.push_back(one);
  }
  return out;
}

/// The verdict alone is coloured: it stands last.
std::string coloured(std::string_view text, const std::vector<TableRow>& rows, const report::Colours& colours) {
  const auto lines = base::split(text, '\n');
  std::string out = std::string(lines[0]) + "\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& verdict = rows[i].cells.back();
    out += fmt::format("{}{}{}{}\n", lines[i + 1].substr(0, lines[i + 1].size() - verdict.size()), rows[i].colour, verdict, colours.off);
  }
  return out;
}

std::string ways_table(const Story& story, const report::Style& style) {
  const auto& colours = report::colours_of(style);
  auto rows = table_rows(story, colours);
  if (rows.empty()) return "";
  // One row for each family needs no destinations: they stand below.
  std::vector<std::string> all;
  bool once = true;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) once = once && rows[i].cells.front() != rows[j].cells.front();
    for (const auto& one : rows[i].destinations)
      if (std::ranges::find(all, one) == all.end()) all.push_back(one);
  }
  report::Row head{"WAY OUT"};
  if (several_senders(story)) head.emplace_back("BY");
  head.emplace_back(story.machine.place.container.empty() ? "SOURCE" : "IN CONTAINER");
  for (const auto* word : {"SEEN OUTSIDE", "KNOWN FROM", "HELO", "VERDICT"}) head.emplace_back(word);
  std::vector<report::Row> cells{std::move(head)};
  for (auto& row : rows) {
    if (!once) row.cells.front() += " to " + joined(row.destinations);
    cells.push_back(row.cells);
  }
  return coloured(report::table(cells, 2), rows, colours) + (once ? report::wrap("Looked at: the way to " + joined(all) + ".", 2) : "");
}

/// Ways that are not taken, and why, each reason once. That a destination has one family only is its own affair.
std::string not_taken(const Story& story, bool verbose) {
  std::map<std::string, std::vector<std::string>> by_reason;
  std::vector<std::string> order;
  for (const auto& way : story.ways) {
    if (way.taken() || (!verbose && way.path.why_never.find(" has no IPv") != std::string::npos)) continue;
    const auto key = fmt::format("{}: {}", host::to_text(way.path.family), way.path.why_never);
    if (!by_reason.contains(key)) order.push_back(key);
    for (const auto& one : way.destinations) by_reason[key].push_back(one);
  }
  std::string out;
  for (const auto& key : order) out += report::wrap(fmt::format("No {} (to {})", key, joined(by_reason[key])), 2);
  return out;
}

std::string goes_on(host::Follows follows) {
  switch (follows) {
    case host::Follows::refusal: return "is put off (4xx) or cannot be reached";
    case host::Follows::banner: return "is put off at the greeting or cannot be reached";
    default: return "cannot be reached";
  }
}

/// What comes first, and what happens then: the reason why only some mails bounce.
std::string turns(const Story& story) {
  const auto has = [&](Turn turn) {
    return std::ranges::find_if(story.ways, [&](const WayOut& way) { return way.path.turn == turn; });
  };
  const auto end = story.ways.end();
  std::string out;
  if (const auto chance = has(Turn::by_chance); chance != end) {
    const bool both = std::ranges::any_of(story.ways, [&](const WayOut& way) { return way.path.turn == Turn::by_chance && way.path.family != chance->path.family; });
    const bool mixed = std::ranges::any_of(story.ways, [](const WayOut& way) { return way.path.turn == Turn::by_chance && way.fails(); });
    out += both ? "IPv4 or IPv6 is picked by chance for each mail" : "Which address it leaves from is picked by turns";
    if (both && chance->path.follows != host::Follows::never) out += fmt::format(", and the other follows when the first {}", goes_on(chance->path.follows));
    out += mixed ? "; so only some mails bounce." : ".";
  }
  for (const auto turn : {Turn::after_refusal, Turn::when_unreachable}) {
    const auto later = has(turn);
    if (later == end) continue;
    const auto first = later->path.family == Family::v4 ? Family::v6 : Family::v4;
    out += fmt::format("{}{} comes first; when it {}, the same mail goes out over {}.", out.empty() ? "" : " ", host::to_text(first),
                       goes_on(later->path.follows), host::to_text(later->path.family));
    if (later->fails()) out += " So only some mails bounce.";
  }
  return out.empty() ? "" : report::wrap(out, 2);
}

std::string findings_told(const Story& story, const report::Style& style) {
  std::string out;
  for (const auto& finding : story.findings) {
    if (finding.severity == Severity::info && !style.verbose && finding.id != finding::Id::leaves_via_relay) continue;
    out += report::wrap(fmt::format("{} {}: {} {}", finding::to_word(finding.severity), finding::to_word(finding.id), report::sentence(finding),
                                    finding::detail(finding)), 2);
  }
  return out;
}

/// What SPF says of each domain, the addresses with the same outcome in one line.
std::string spf_told(const Story& story, const report::Style& style) {
  struct Line {
    std::string domain, outcome;
    std::vector<std::string> addresses;
    const spf::Outcome* first = nullptr;
  };
  std::vector<Line> lines;
  for (const auto& result : story.results) {
    if (result.evidence.addresses.empty()) continue;
    const auto& at = result.evidence.addresses.front();
    for (const auto& outcome : at.spf) {
      auto text = std::string(spf::to_word(outcome.result));
      if (!outcome.mechanism.empty()) text += " by " + outcome.mechanism;
      if (!outcome.problem.empty()) text += " (" + outcome.problem + ")";
      if (outcome.result == spf::Result::none) text = "no record";
      const auto domain = base::without_final_dot(outcome.domain);
      auto same = std::ranges::find_if(lines, [&](const Line& line) { return line.domain == domain && line.outcome == text; });
      if (same == lines.end()) same = lines.insert(lines.end(), {domain, std::move(text), {}, &outcome});
      if (std::ranges::find(same->addresses, at.address.text()) == same->addresses.end()) same->addresses.push_back(at.address.text());
    }
  }
  std::string out;
  for (const auto& line : lines) {
    out += report::wrap(fmt::format("SPF of {}: {}, for {}", line.domain, line.outcome, joined(line.addresses)), 2);
    if (!style.verbose) continue;
    for (const auto& term : line.first->trace)
      out += fmt::format("    {:>{}}{}  {}{}\n", "", 2 * term.depth, term.text, term.outcome, term.lookups > 0 ? fmt::format("  {} look-ups", term.lookups) : "");
  }
  return out;
}

std::string proposal_told(const Proposed& proposed, std::size_t number, bool verbose) {
  const auto& [proposal, change, diffs] = proposed;
  auto caution = proposal.caution;
  if (change && !change->caution.empty()) caution = change->caution;
  std::string out = fmt::format("  {}  {}\n", number, proposal.what);
  if (change && !change->instead.empty()) out += report::wrap(change->instead, 5);
  if (change)
    for (const auto& command : change->commands) out += "     " + command + "\n";
  for (const auto& line : proposal.how) out += "     " + line + "\n";
  if (change && (verbose || number == 1 || change->commands.empty()))
    for (const auto& line : diffs) out += "     " + line + "\n";
  if (!caution.empty()) out += report::wrap("Caution: " + caution + ".", 5);
  return out;
}

/// A name that is given to it today is wrong tomorrow (RFC 8981).
bool leaves_from_temporary(const Story& story, const WayOut& way) {
  return std::ranges::any_of(story.machine.addresses, [&](const auto& one) { return one.temporary && one.address == way.outside; });
}

/// The records that would make a failing way pass: the first choice of its own plan.
std::string records_told(const Story& story, std::size_t& number, const report::Style& style) {
  std::string out;
  std::vector<std::size_t> told;
  for (std::size_t i = 0; i < story.ways.size(); ++i) {
    const auto& way = story.ways[i];
    if (!way.taken() || way.path.via_relay || way.passes() || !story.checks[i] || leaves_from_temporary(story, way)) continue;
    if (std::ranges::find(told, *story.checks[i]) != told.end()) continue;
    told.push_back(*story.checks[i]);
    const auto& result = *story.result_of(i);
    const auto advice = report::advice(result, false);
    std::vector<std::string> records;
    for (const auto& each : advice.advice) {
      for (const auto* step : each.choices.front().steps)
        if (step->record) records.push_back(report::record_line(*step->record));
      if (records.empty()) continue;
      out += fmt::format("  {}  give {} its name\n", ++number, way.outside->text());
      for (const auto& record : records) out += "     " + record + "\n";
      break;
    }
    if (records.empty()) continue;
    const bool has_name = !way.path.helo.empty() && !finding::judge_helo(way.path.helo);
    const auto name = has_name ? way.path.helo : std::string(remedy::name_to_choose);
    out += fmt::format("     who has to do it, and how: fcrdns fix {} {}\n", way.outside->text(), base::without_final_dot(name));
    if (style.verbose) out += report::steps_text(result, style);
  }
  return out;
}

std::string fix_told(const Story& story, const report::Style& style) {
  const auto& colours = report::colours_of(style);
  std::string out;
  std::size_t number = 0;
  for (const auto& proposed : story.proposals) out += proposal_told(proposed, ++number, style.verbose);
  out += records_told(story, number, style);
  if (out.empty()) return "";
  out = fmt::format("{}FIX{}{}\n", colours.bold, number > 1 ? ", cheapest first" : "", colours.off) + out;
  const auto& machine = story.machine;
  if (machine.place.project) return out + report::wrap(fmt::format("{} writes its files anew: fcrdns has changed nothing.", machine.place.project->name), 2);
  return out + "  Nothing has been changed.\n";
}

std::string not_proven(const Story& story) {
  std::string out;
  std::vector<std::string> told;
  const auto add = [&](std::string line) {
    if (std::ranges::find(told, line) != told.end()) return;
    out += report::wrap(line, 0);
    told.push_back(std::move(line));
  };
  const auto quoted = [&](const net::Address& address) {  // by the receiver of the test mail: that is proof
    return story.observation && std::ranges::find(story.observation->attempts, address, &Attempt::quoted) != story.observation->attempts.end();
  };
  for (const auto& way : story.ways) {
    if (!way.taken() || way.path.via_relay) continue;
    const auto family = host::to_text(way.path.family);
    if (way.known_from == finding::KnownFrom::helo && !quoted(*way.outside))
      add(fmt::format("Not proven: that {} leaves as {} (something in between hides it). Prove it: --public ADDRESS, or one test mail: "
                      "fcrdns doctor --observe --send-to ADDRESS", family, way.outside->text()));
    if (way.known_from == finding::KnownFrom::none)
      add(fmt::format("Not known: what receivers see of {}; nothing quotes it, and HELO leads nowhere. Say it: --public ADDRESS", family));
  }
  for (const auto& of_sender : story.destinations)
    for (const auto& one : of_sender)
      if (!one.trouble.empty()) {
        const bool open = std::ranges::any_of(one.exchanges, [](const auto& exchange) { return exchange.stands_in; });
        add(fmt::format("{}: {}{}", base::escape(one.domain, 255), one.trouble, open ? "; the kernel's choice is for any address outside" : ""));
      }
  return out;
}

std::string rest_told(const Story& story) {
  std::string out;
  const auto& machine = story.machine;
  for (const auto& mta : machine.mtas)
    for (const auto& problem : mta.problems) out += report::wrap("Problem: " + problem, 0);
  for (const auto& problem : machine.local.problems) out += report::wrap("Problem: " + problem, 0);
  for (const auto& mta : machine.mtas)
    if (mta.kind != machine.mtas.front().kind)
      out += report::wrap(fmt::format("Here too, and not looked at: {} ({})", host::to_text(mta.kind), mta.config), 0);
  for (const auto& line : machine.elsewhere) out += report::wrap("Elsewhere: " + line, 0);
  for (const auto& line : machine.unseen) out += report::wrap("Not seen: " + line, 0);
  return out;
}

std::string settings_told(const Story& story) {
  std::string out;
  const auto& machine = story.machine;
  for (const auto& sender : machine.senders) {
    if (machine.mtas.empty()) break;
    out += fmt::format("{} ({})\n", sender_name(sender), sender.config);
    for (const auto& client : sender.clients) {
      out += fmt::format("  {}\n", client.name);
      std::vector<const host::Origin*> origins;
      for (const auto* origin : {&client.families.origin, &client.order.origin, &client.helo.origin})
        if (*origin) origins.push_back(&**origin);
      for (const auto& bind : client.bind)
        if (bind.origin) origins.push_back(&*bind.origin);
      for (const auto* origin : origins) out += "    " + host::to_text(*origin) + "\n";
    }
    for (const auto& route : sender.routes)
      out += fmt::format("  {} -> {}{}\n", route.pattern.empty() ? "everything else" : route.pattern,
                         route.client.empty() ? "stays here" : route.client, route.relay ? " through " + route.relay->host : "");
  }
  for (const auto& one : machine.addresses)
    out += fmt::format("  {}  {}/{}{}{}{}{}\n", one.interface, one.address.text(), one.prefix_length, one.temporary ? " temporary" : "",
                       one.by_advertisement ? " advertised" : "", one.deprecated ? " deprecated" : "", one.tentative ? " tentative" : "");
  for (const auto& [interface, value] : machine.use_tempaddr) out += fmt::format("  use_tempaddr of {}: {}\n", interface, value);
  for (const auto& rule : machine.rules) out += "  rule " + rule + "\n";
  for (const auto& nat : machine.outside.nat) out += "  " + nat + "\n";
  return out;
}

std::string observation_told(const Observation& observation) {
  constexpr std::array<std::string_view, 3> words{"as predicted", "otherwise", "not seen"};
  std::string out = "\nONE TEST MAIL to " + observation.recipient + "\n";
  for (const auto& one : observation.attempts)
    out += report::wrap(fmt::format("{} by {}{}: {}", one.outcome, one.relay, one.to ? " [" + one.to->text() + "]" : "", one.reply), 2);
  std::vector<report::Row> rows;
  for (const auto& one : observation.comparisons) rows.push_back({one.what, std::string(words[static_cast<std::size_t>(one.is)]), one.predicted, one.seen});
  if (!rows.empty()) {
    rows.insert(rows.begin(), {"", "", "PREDICTED", "SEEN"});
    out += report::table(rows, 2);
  }
  if (!observation.trouble.empty()) out += report::wrap("Not observed: " + observation.trouble, 2);
  return out;
}

}  // namespace

std::string told(const Story& story, const report::Style& style) {
  const auto& colours = report::colours_of(style);
  std::string out = fmt::format("{}{}{}", colours.bold, report::wrap(headline(story), 0), colours.off);
  const auto add = [&](const std::string& part) {
    if (!part.empty()) out += "\n" + part;
  };
  add(ways_table(story, style) + turns(story) + not_taken(story, style.verbose));
  add(findings_told(story, style));
  add(spf_told(story, style));
  add(fix_told(story, style));
  if (story.observation) out += observation_told(*story.observation);
  if (style.verbose) add(settings_told(story));
  add(not_proven(story) + rest_told(story));
  return out;
}

}  // namespace fcrdns::doctor
