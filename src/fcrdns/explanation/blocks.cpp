#include "fcrdns/explanation/blocks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/classify.hpp"
#include "fcrdns/explanation/words.hpp"

namespace fcrdns::explanation {
namespace {

using Kind = Block::Kind;
using report::Row;

constexpr std::size_t few = 5;            ///< mails that need no counting
constexpr std::size_t rows_shown = 10;
constexpr std::size_t told_at_length = 3; ///< checks, unless -v

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  auto digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits + " " + std::string(count == 1 ? one : many);
}

/// "last 13:02 UTC, 4 min ago: still happening" or "over since ..."
std::string last_seen(const Summary& summary, base::WallTime now) {
  if (!summary.last) return "";
  const auto ago = std::chrono::floor<std::chrono::minutes>(now - *summary.last).count();
  auto out = fmt::format(" First {}, last {}", moment_text(*summary.first, now), moment_text(*summary.last, now));
  if (ago < 0) return out + ".";
  if (ago < 60) return out + fmt::format(", {} min ago: still happening.", ago);
  return out + (ago < 2880 ? fmt::format(", {} h ago: none since.", ago / 60) : fmt::format(", {} days ago: none since.", ago / 1440));
}

std::string counts(const Summary& summary, base::WallTime now) {
  if (summary.refused_elsewhere == 0) return "";
  auto out = counted(summary.refused_elsewhere, "refusal", "refusals") + " of your mail by others";
  if (summary.accepted > 0)
    out += fmt::format(" (about {:.2g} % of all)", 100.0 * static_cast<double>(summary.refused_elsewhere) / static_cast<double>(summary.refused_elsewhere + summary.accepted));
  out += summary.reverse_dns_elsewhere == 0 ? ", none of them for its reverse DNS."
         : summary.reverse_dns_elsewhere == summary.refused_elsewhere ? ", for its reverse DNS."
                                            : fmt::format(", {} for reverse DNS.", counted(summary.reverse_dns_elsewhere, "of them", "of them"));
  return out + last_seen(summary, now);
}

std::string inbound(const Summary& summary) {
  if (summary.inbound == 0) return "";
  return counted(summary.inbound, "mail of others was", "mails of others were") +
         " refused by this very server: that is their senders' matter, so nothing of it was checked live.";
}

template <typename Map, typename Text>
std::vector<Row> ranking(const Map& map, std::string_view heading, const Text& text, std::size_t beyond) {
  std::vector<std::pair<std::string, std::size_t>> all;
  for (const auto& [key, count] : map) all.emplace_back(text(key), count);
  std::ranges::stable_sort(all, std::ranges::greater{}, [](const auto& row) { return row.second; });
  std::vector<Row> rows{{"MAILS", std::string(heading)}};
  for (std::size_t i = 0; i < std::min(all.size(), rows_shown); ++i) rows.push_back({std::to_string(all[i].second), all[i].first});
  std::size_t rest = beyond;
  for (std::size_t i = rows_shown; i < all.size(); ++i) rest += all[i].second;
  if (rest > 0) rows.push_back({std::to_string(rest), "others"});
  return rows;
}

void summary_blocks(const Explanation& explanation, std::vector<Block>& out) {
  const auto& summary = explanation.summary;
  if (const auto text = counts(summary, explanation.now); !text.empty()) out.push_back({Kind::headline, text});
  if (const auto text = inbound(summary); !text.empty()) out.push_back({summary.refused_elsewhere == 0 ? Kind::headline : Kind::paragraph, text});
  const auto add = [&](std::vector<Row> rows) {
    if (rows.size() > 1) out.push_back({Kind::table, "", std::move(rows)});
  };
  add(ranking(summary.by_cause, "CAUSE", [](bounce::Cause cause) { return fmt::format("{}: {}", to_word(cause), cause_text(cause)); }, 0));
  add(ranking(summary.by_receiver, "RECEIVER", [](const std::string& id) {
    const auto* known = bounce::find_receiver(id);
    return known == nullptr ? base::escape(id, 100) : known->name;
  }, summary.other_receivers));
  std::map<std::string, std::size_t> senders;
  for (const auto& topic : summary.topics)
    if (topic.address) senders.emplace(topic.address->text(), topic.blame.mails);
  add(ranking(senders, "YOUR ADDRESS", [](const std::string& address) { return address; }, 0));
  if (auto picture = chart(summary); !picture.empty()) out.push_back({Kind::chart, "refusals over time (UTC); # reverse DNS, . other reasons\n" + std::move(picture)});
}

/// A refusal for another reason: what the code means, and the way on.
void other_blocks(const Explanation& explanation, std::vector<Block>& out) {
  for (const auto& claim : explanation.summary.others) {
    out.push_back({Kind::headline, fmt::format("{} refused your mail for {}, not for its reverse DNS.", receiver_text(claim), cause_text(claim.meaning.cause()))});
    out.push_back({Kind::paragraph, refusal_text(claim, explanation.now)});
    if (!claim.reply.text.empty()) out.push_back({Kind::paragraph, "It said: " + base::escape(claim.reply.text, 600)});
    if (const auto* word = bounce::explain_code(claim.reply); word != nullptr)
      out.push_back({Kind::paragraph, fmt::format("{}: {} {} ({})", word->code, word->meaning, word->way_on, word->source)});
    if (const auto* receiver = bounce::find_receiver(claim.meaning.receiver); receiver != nullptr && !receiver->page.empty())
      out.push_back({Kind::paragraph, "The receiver's own page: " + receiver->page});
  }
}

/// What becomes of the mail itself.
std::string of_the_mail(const Explanation& explanation) {
  const auto some = [&](bool permanent) {
    return std::ranges::any_of(explanation.explained, [&](const Explained& each) { return each.topic->latest.permanent == permanent; });
  };
  if (some(true)) return "The refused mail has left your queue: send it again, after one test mail. Whose it was: fcrdns explain --list";
  return some(false) ? "The mail still waits in your queue; it is tried again by itself." : "";
}

/// What was read, where nothing was checked.
void unchecked_blocks(const Explanation& explanation, std::vector<Block>& out) {
  const auto& topics = explanation.summary.topics;
  for (std::size_t i = 0; i < std::min(topics.size(), rows_shown); ++i) {
    const auto& claim = topics[i].latest;
    out.push_back({Kind::headline, fmt::format("{} refused your mail{}: {}{}.", receiver_text(claim), claim.address ? " from " + claim.address->text() : "",
                                               cause_text(claim.meaning.cause()), claim.meaning.certainty == bounce::Certainty::literal ? "" : " (a guess by its words)")});
    out.push_back({Kind::paragraph, refusal_text(claim, explanation.now)});
    if (!claim.reply.text.empty()) out.push_back({Kind::paragraph, "It said: " + base::escape(claim.reply.text, 600)});
    if (topics[i].blame.mails > 1) out.push_back({Kind::paragraph, counted(topics[i].blame.mails, "mail", "mails") + " in all."});
    if (claim.address) out.push_back({Kind::paragraph, "Whether that still holds: fcrdns " + claim.address->text()});
  }
}

void check_blocks(const Explanation& explanation, const Look& look, std::vector<Block>& out) {
  const auto& all = explanation.explained;
  const bool at_length = all.size() <= told_at_length || look.style.verbose;
  if (all.size() > 1) {
    std::vector<Row> rows{{"REFUSED", "MAILS", "NOW", "BECAUSE"}};
    for (const auto& each : all)
      rows.push_back({each.topic->address ? each.topic->address->text() : base::escape(each.topic->latest.sending_host, 100),
                      std::to_string(each.topic->blame.mails), std::string(to_word(each.conclusion)), report::headline(each.result)});
    out.push_back({Kind::table, "", std::move(rows)});
  }
  if (at_length)
    for (const auto& each : all) out.push_back({Kind::check, "", {}, &each.result});
  else
    out.push_back({Kind::paragraph, "What to do about one of them: fcrdns check ADDRESS; about all: -v"});
  if (const auto text = of_the_mail(explanation); !text.empty()) out.push_back({Kind::paragraph, text});
  if (explanation.unchecked == 0) return;
  const bool none_named = all.empty();
  out.push_back({none_named ? Kind::headline : Kind::paragraph,
                 counted(explanation.unchecked, "sender was", "senders were") + " not checked: " +
                     (none_named || look.all ? "the reply quotes no address, and the bounce names no host that could be looked up. Which address did the "
                                               "mail leave from? Say it with --address ADDRESS, or give the sending server's mail log too."
                                             : "--all checks more than 20; --address ADDRESS says which one it was where no reply quotes any.")});
}

}  // namespace

std::vector<Block> blocks(const Explanation& explanation, const Look& look) {
  std::vector<Block> out;
  const auto& summary = explanation.summary;
  if (summary.messages == 0) {
    out.push_back({Kind::headline, "Nothing was refused here: no bounce, no server's reply and no refused mail was found in what was read."});
    out.push_back({Kind::paragraph, "A list of addresses or hosts is for: fcrdns check - < FILE"});
  }
  if (summary.messages > 0 && (look.summary || summary.messages > few || summary.inbound > 0)) summary_blocks(explanation, out);
  if (explanation.conclusion) check_blocks(explanation, look, out);
  else unchecked_blocks(explanation, out);
  if (summary.reverse_dns_elsewhere == 0) other_blocks(explanation, out);
  for (const auto& note : summary.notes) out.push_back({Kind::paragraph, "Note: " + note + (note.ends_with('.') ? "" : ".")});
  if (summary.more_notes > 0) out.push_back({Kind::paragraph, fmt::format("Note: {} more of the kind.", summary.more_notes)});
  return out;
}

}  // namespace fcrdns::explanation
